package whatsappcloud

import (
	"regexp"
	"time"

	"converse/channels"
)

// Kind is the provider's name in URLs, rows and logs.
const Kind channels.Kind = "whatsapp_cloud"

// Names of the account's fields. Each sender's Ref is its phone number id.
const (
	// SettingAPIVersion is the Graph API version, such as "v25.0". May be empty.
	SettingAPIVersion = "api_version"
	// SettingWABA is the id of the WhatsApp Business Account.
	SettingWABA = "waba_id"
	// SettingAppID is the id of the app that hands over example files for templates. May
	// be empty.
	SettingAppID = "app_id"
	// SecretAccessToken is a system user's token with whatsapp_business_messaging.
	SecretAccessToken = "access_token"
	// SecretApp is the app secret that Meta signs webhooks with.
	SecretApp = "app_secret"
	// SecretVerifyToken is the word we chose for the webhook's GET handshake.
	SecretVerifyToken = "verify_token"
)

const (
	publicBaseURL  = "https://graph.facebook.com"
	defaultVersion = "v25.0"
	// maxText is the longest text body, in characters (Meta, "Text messages").
	maxText = 4096
	// maxReference is the longest biz_opaque_callback_data (Meta, "Messages API").
	maxReference = 512
)

// Adapter implements channels.Adapter, Challenger, MediaFetcher, MediaUploader,
// Explainer, Former, Checker, TemplateLister, TemplateSubmitter and TemplateExampler.
type Adapter struct{}

// New returns the adapter.
func New() Adapter { return Adapter{} }

// Kind is "whatsapp_cloud".
func (Adapter) Kind() channels.Kind { return Kind }

// Capabilities is the same for every account. The rate is that of one number, before
// Meta raises it (Meta, "Throughput").
func (Adapter) Capabilities(channels.Account) channels.Capabilities {
	return channels.Capabilities{
		Text:             maxText,
		Templates:        true,
		Window:           true,
		DeliveredReports: true,
		ReadReports:      true,
		EchoesReference:  true,
		Media:            mediaRules,
		FilesPerMessage:  1,
		Rate:             channels.Rate{Calls: 80, Per: time.Second, Each: true},
	}
}

// Secrets lists the token, the app secret and the handshake's word.
func (Adapter) Secrets(account channels.Account) []string {
	return []string{
		account.Secrets[SecretAccessToken],
		account.Secrets[SecretApp],
		account.Secrets[SecretVerifyToken],
	}
}

var (
	versionPattern = regexp.MustCompile(`^v[0-9]{1,3}\.[0-9]{1,2}$`)
	appPattern     = regexp.MustCompile(`^[0-9]{5,20}$`)
	idPattern      = regexp.MustCompile(`^[0-9A-Za-z_-]{1,128}$`)
)

// endpoint is the address of something Graph knows by an id, below the version.
// The parts are checked because they come from settings and from webhooks.
func endpoint(account channels.Account, id, rest string) (string, error) {
	if !idPattern.MatchString(id) {
		return "", channels.Misconfigured("The number has no phone number id, or one with strange characters.")
	}
	return address(account, id+rest)
}

// address is a path below the version.
func address(account channels.Account, path string) (string, error) {
	version := account.Settings[SettingAPIVersion]
	if version == "" {
		version = defaultVersion
	}
	if !versionPattern.MatchString(version) {
		return "", channels.Misconfigured("The API version is not one like v25.0.")
	}
	return account.API(publicBaseURL) + "/" + version + "/" + path, nil
}
