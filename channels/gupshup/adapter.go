package gupshup

import (
	"regexp"
	"time"

	"converse/channels"
	"converse/internal/chat"
)

// Kind is the provider's name in URLs, rows and logs.
const Kind channels.Kind = "gupshup"

// Names of the account's fields. A sender's Ref is Meta's phone number id; it may be
// empty in an account with one number, which is what a Gupshup app has.
const (
	// SettingAppName is the app's name, which goes along with every message.
	SettingAppName = "app_name"
	// SettingAppID is the app's id, for the partner calls. May be empty.
	SettingAppID = "app_id"
	// SettingVersion is the form of callbacks to order: "2" or "3". Empty means 2.
	SettingVersion = "callback_version"
	// SettingDashboard is "true" when the callback address was entered in Gupshup's
	// dashboard, which can send no header of ours along.
	SettingDashboard = "dashboard_webhook"
	// SecretAPIKey is the key of the self-serve API.
	SecretAPIKey = "api_key"
	// SecretAppToken is the app's access token for the partner calls. May be empty.
	SecretAppToken = "app_token"
	// SecretWebhook is the word that callbacks carry in the header X-Converse-Secret.
	SecretWebhook = "webhook_secret"
)

const (
	publicAPI     = "https://api.gupshup.io"
	publicPartner = "https://partner.gupshup.io"
	// maxText and maxCaption are WhatsApp's, in characters (Meta, "Messages").
	maxText    = 4096
	maxCaption = 1024
)

// Adapter implements channels.Adapter, MediaFetcher, Explainer, Former, Checker,
// Subscriber, TemplateLister, TemplateSubmitter and TemplateExampler.
type Adapter struct{}

// New returns the adapter.
func New() Adapter { return Adapter{} }

// Kind is "gupshup".
func (Adapter) Kind() channels.Kind { return Kind }

// Capabilities is the same for every account. Files go one at a time, by link; their
// sizes are WhatsApp's (Meta, "Media"). The rate is that of the self-serve API
// (support.gupshup.io, 2022).
func (Adapter) Capabilities(channels.Account) channels.Capabilities {
	return channels.Capabilities{
		Text:             maxText,
		Templates:        true,
		Window:           true,
		DeliveredReports: true,
		ReadReports:      true,
		Media:            mediaRules,
		FilesPerMessage:  1,
		Rate:             channels.Rate{Calls: 20, Per: time.Second},
	}
}

const megabyte = 1 << 20

// mediaRules are the files that the product sends over WhatsApp. Only pictures and
// films have captions.
var mediaRules = []channels.MediaRule{
	{Kind: chat.KindImage, Types: []string{"image/jpeg", "image/png"}, MaxBytes: 5 * megabyte, Caption: maxCaption},
	{Kind: chat.KindVideo, Types: []string{"video/mp4", "video/3gpp"}, MaxBytes: 16 * megabyte, Caption: maxCaption},
	{Kind: chat.KindAudio, Types: []string{"audio/aac", "audio/mpeg"}, MaxBytes: 16 * megabyte},
	{Kind: chat.KindDocument, Types: []string{
		"application/pdf", "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
	}, MaxBytes: 100 * megabyte},
}

// Secrets lists the key, the app's token and the callbacks' word.
func (Adapter) Secrets(account channels.Account) []string {
	return []string{account.Secrets[SecretAPIKey], account.Secrets[SecretAppToken], account.Secrets[SecretWebhook]}
}

var (
	idPattern   = regexp.MustCompile(`^[0-9A-Za-z_-]{1,128}$`)
	namePattern = regexp.MustCompile(`^[0-9A-Za-z_.-]{1,100}$`)
	// userIDPattern is a business-scoped user id (Meta, "Business-scoped user IDs").
	userIDPattern = regexp.MustCompile(`^[A-Z]{2}\.[0-9A-Za-z.]{1,132}$`)
)

// alone reports whether the account has one number, as a Gupshup app has, so that what
// names no number is about it.
func alone(account channels.Account) bool { return len(account.Senders) == 1 }

// senderOf finds the number that a callback is about.
func senderOf(account channels.Account, id, number string) (channels.AccountSender, bool) {
	if number != "" {
		if found, ok := account.SenderByAddress(number); ok {
			return found, true
		}
	}
	if id != "" {
		return account.SenderByRef(id)
	}
	if number == "" && alone(account) {
		return account.Senders[0], true
	}
	return channels.AccountSender{}, false
}
