package ctm

import (
	"regexp"
	"time"

	"converse/channels"
	"converse/internal/chat"
)

// Kind is the provider's name in URLs, rows and logs.
const Kind channels.Kind = "ctm"

// Names of the account's fields. Each sender's Ref is its tracking number id, such
// as "TPNC3C4B23", and its Address the tracking number in E.164.
const (
	// SettingAccountID is the account's number at CallTrackingMetrics.
	SettingAccountID = "account_id"
	// SettingCountryCode is "true" to send to numbers with their country code alone.
	SettingCountryCode = "require_country_code"
	// SettingOwnerNumber is "true" to send to a lead only from its owner's number.
	SettingOwnerNumber = "owner_number_only"
	// SettingFiles is "true" to send files in a way that is not documented.
	SettingFiles = "send_files"
	// SecretAccessKey and SecretKey are the two halves of the API key.
	SecretAccessKey = "access_key"
	SecretKey       = "secret_key"
	// SecretSigning signs webhooks. It is not the API key: sub-accounts have been
	// seen to sign with another one. May be empty.
	SecretSigning = "signing_secret"
	// SecretToken is a word of ours that webhooks are to bring along, as the query
	// parameter "token" or as the password of Basic authentication. May be empty.
	SecretToken = "token"
)

const (
	publicBaseURL = "https://api.calltrackingmetrics.com"
	// maxText is the longest text, in characters; longer ones are not taken.
	maxText = 1600
)

// Adapter implements channels.Adapter, MediaFetcher, Explainer, Former, Checker and Poller.
type Adapter struct{}

// New returns the adapter.
func New() Adapter { return Adapter{} }

// Kind is "ctm".
func (Adapter) Kind() channels.Kind { return Kind }

// Capabilities are those of a text; of a file too where the account tries that. The rate
// is one that was seen to hold, of all the account's numbers together.
func (Adapter) Capabilities(account channels.Account) channels.Capabilities {
	can := channels.Capabilities{
		Text: maxText, DeliveredReports: true, AnswersWithoutID: true,
		OwnerNumber: account.Settings[SettingOwnerNumber] == on,
		Rate:        channels.Rate{Calls: 10, Per: time.Second},
	}
	if account.Settings[SettingFiles] == on {
		can.Media, can.FilesPerMessage = mediaRules, 1
	}
	return can
}

// on is what a switch holds.
const on = "true"

// mediaRules are the files that the product sends over CallTrackingMetrics. How large one
// may be is not documented; carriers take a megabyte nearly everywhere.
var mediaRules = []channels.MediaRule{
	{Kind: chat.KindImage, Types: []string{"image/jpeg", "image/png", "image/gif"}, MaxBytes: 1 << 20, Caption: maxText},
	{Kind: chat.KindDocument, Types: []string{"text/vcard"}, MaxBytes: 1 << 20, Caption: maxText},
}

// Secrets lists the account's secrets and the pair that Basic authentication joins.
func (Adapter) Secrets(account channels.Account) []string {
	access, secret := account.Secrets[SecretAccessKey], account.Secrets[SecretKey]
	secrets := []string{access, secret, account.Secrets[SecretSigning], account.Secrets[SecretToken]}
	if access != "" && secret != "" {
		secrets = append(secrets, access+":"+secret)
	}
	return secrets
}

var accountPattern = regexp.MustCompile(`^[0-9A-Za-z]{1,64}$`)
