package ringcentral

import (
	"time"

	"converse/channels"
	"converse/internal/chat"
)

// Kind is the provider's name in URLs, rows and logs.
const Kind channels.Kind = "ringcentral"

// Names of the account's fields. A sender's Address is its number; its Ref, the
// number's id at RingCentral, is not needed.
const (
	// SettingClientID names the app.
	SettingClientID = "client_id"
	// SecretClient is the app's secret.
	SecretClient = "client_secret"
	// SecretJWT is the credential of the user whose numbers are used.
	SecretJWT = "jwt"
	// SecretVerification is a word of ours that every webhook brings along.
	SecretVerification = "verification_token"
)

const (
	publicBaseURL = "https://platform.ringcentral.com"
	// extension is the user that the token belongs to.
	extension = "/restapi/v1.0/account/~/extension/~"
	// maxText is the longest text, in UTF-16 units (guide, "Sending SMS").
	maxText = 1000
	// maxFiles and maxBytes bound the files of one message, all together (guide, "Sending images").
	maxFiles = 10
	maxBytes = 1_500_000
	// perMinute is how many calls of the group Medium, which sending is of, one user may
	// make (guide, "Rate limits").
	perMinute = 40
	// pollEvery is how often to look without an event: a net under the webhooks.
	pollEvery = 5 * time.Minute
)

// Adapter implements channels.Adapter and, of the abilities, TokenGranter, Subscriber,
// Poller, Checker, MediaFetcher, Explainer and Former.
type Adapter struct{}

// New returns the adapter.
func New() Adapter { return Adapter{} }

// Kind is "ringcentral".
func (Adapter) Kind() channels.Kind { return Kind }

// Capabilities is the same for every account. RingCentral may carry more types of
// files than these, which are the ones the product promises.
func (Adapter) Capabilities(channels.Account) channels.Capabilities {
	rule := func(kind chat.MessageKind, types ...string) channels.MediaRule {
		return channels.MediaRule{Kind: kind, Types: types, MaxBytes: maxBytes, Caption: maxText}
	}
	return channels.Capabilities{
		Text:             maxText,
		DeliveredReports: true,
		Media: []channels.MediaRule{
			rule(chat.KindImage, "image/jpeg", "image/png", "image/gif", "image/bmp", "image/tiff", "image/svg+xml"),
			rule(chat.KindVideo, "video/mp4"),
			rule(chat.KindAudio, "audio/mpeg"),
			rule(chat.KindDocument, "text/rtf", "application/rtf"),
		},
		FilesPerMessage: maxFiles,
		Rate:            channels.Rate{Calls: perMinute, Per: time.Minute},
	}
}

// Secrets lists the account's secrets and the pair that Basic authentication joins.
func (Adapter) Secrets(account channels.Account) []string {
	id, secret := account.Settings[SettingClientID], account.Secrets[SecretClient]
	secrets := []string{secret, account.Secrets[SecretJWT], account.Secrets[SecretVerification]}
	if id != "" && secret != "" {
		secrets = append(secrets, id+":"+secret)
	}
	return secrets
}

// known is every secret an answer may repeat.
func (a Adapter) known(account channels.Account) []string { return channels.SecretsOf(a, account) }
