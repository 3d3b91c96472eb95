package twilio

import (
	"context"
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"

	"converse/channels"
	"converse/internal/chat"
)

// Kind is the provider's name in URLs, rows and logs.
const Kind channels.Kind = "twilio"

// Names of the account's fields. A sender's Ref is the Messaging Service that it sends
// through, such as "MG…"; empty means the account's, or none.
const (
	// SettingAccount is the account SID, "AC…".
	SettingAccount = "account_sid"
	// SettingService is the Messaging Service that all SMS numbers send through. May be
	// empty.
	SettingService = "messaging_service_sid"
	// SettingKey is the SID of an API key, "SK…", that calls are made with in place of
	// the auth token. May be empty.
	SettingKey = "api_key_sid"
	// SecretToken is the account's auth token. Twilio signs webhooks with it, also where
	// calls are made with an API key.
	SecretToken = "auth_token"
	// SecretPrevious is the auth token before, while a new one is brought in. May be empty.
	SecretPrevious = "previous_auth_token"
	// SecretKey is the secret of the API key. May be empty.
	SecretKey = "api_key_secret"
)

const (
	publicAPI       = "https://api.twilio.com"
	publicContent   = "https://content.twilio.com"
	publicMessaging = "https://messaging.twilio.com"

	// maxText is the longest Body, in characters (Messages API).
	maxText = 1600
	// whatsAppPrefix stands before every address of WhatsApp.
	whatsAppPrefix = "whatsapp:"
)

// Adapter implements channels.Adapter, MediaFetcher, Explainer, Former, Checker,
// Poller, TemplateLister and TemplateSubmitter.
type Adapter struct{}

// New returns the adapter.
func New() Adapter { return Adapter{} }

// Kind is "twilio".
func (Adapter) Kind() channels.Kind { return Kind }

// Capabilities is the same for every account. The rate is that of a WhatsApp number
// (Twilio, "Best practices and FAQs"); what an SMS number cannot take at once Twilio
// queues for hours by itself.
func (Adapter) Capabilities(channels.Account) channels.Capabilities {
	return channels.Capabilities{
		Text:             maxText,
		Templates:        true,
		Window:           true,
		DeliveredReports: true,
		ReadReports:      true,
		EchoesReference:  true,
		Media:            mediaRules(),
		FilesPerMessage:  maxFiles,
		Rate:             channels.Rate{Calls: 80, Per: time.Second, Each: true},
	}
}

// Secrets lists the tokens, the key's secret, and the pairs that Basic authentication
// joins.
func (Adapter) Secrets(account channels.Account) []string {
	secrets := []string{account.Secrets[SecretToken], account.Secrets[SecretPrevious], account.Secrets[SecretKey]}
	for user, password := range map[string]string{
		account.Settings[SettingAccount]: account.Secrets[SecretToken],
		account.Settings[SettingKey]:     account.Secrets[SecretKey],
	} {
		if user != "" && password != "" {
			secrets = append(secrets, user+":"+password)
		}
	}
	return secrets
}

var (
	accountPattern = regexp.MustCompile(`^AC[0-9a-fA-F]{32}$`)
	servicePattern = regexp.MustCompile(`^MG[0-9a-fA-F]{32}$`)
	keyPattern     = regexp.MustCompile(`^SK[0-9a-fA-F]{32}$`)
	contentPattern = regexp.MustCompile(`^HX[0-9a-fA-F]{32}$`)
)

// resource is the address of something of the account, such as "/Messages.json". The
// account SID is checked because it becomes part of a path.
func resource(account channels.Account, rest string) (string, error) {
	sid := account.Settings[SettingAccount]
	if !accountPattern.MatchString(sid) {
		return "", channels.Misconfigured("The connector has no account SID, or one that is not AC and 32 hex digits.")
	}
	return account.API(publicAPI) + "/2010-04-01/Accounts/" + sid + rest, nil
}

// newRequest makes a request with the account's API key, or else with its auth token.
func newRequest(ctx context.Context, account channels.Account, method, address, body string) (*http.Request, error) {
	user, password := account.Settings[SettingKey], account.Secrets[SecretKey]
	if user == "" || password == "" {
		user, password = account.Settings[SettingAccount], account.Secrets[SecretToken]
	}
	if user == "" || password == "" {
		return nil, channels.Misconfigured("The connector has neither an auth token nor an API key.")
	}
	var content io.Reader
	if body != "" {
		content = strings.NewReader(body)
	}
	request, err := http.NewRequestWithContext(ctx, method, address, content)
	if err != nil {
		return nil, channels.Misconfigured("The provider's address cannot be read.")
	}
	request.SetBasicAuth(user, password)
	return request, nil
}

// senderOf finds the account's number by its channel and its address.
func senderOf(account channels.Account, channel chat.Channel, address string) (channels.AccountSender, bool) {
	for _, sender := range account.Senders {
		if sender.Channel == channel && sender.Address == address {
			return sender, true
		}
	}
	return channels.AccountSender{}, false
}
