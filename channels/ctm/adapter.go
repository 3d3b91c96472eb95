package ctm

import (
	"regexp"

	"converse/channels"
)

// Kind is the provider's name in URLs, rows and logs.
const Kind channels.Kind = "ctm"

// Names of the account's fields. Each sender's Ref is its tracking number id, such
// as "TPNC3C4B23", and its Address the tracking number in E.164.
const (
	// SettingAccountID is the account's number at CallTrackingMetrics.
	SettingAccountID = "account_id"
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

// Adapter implements channels.Adapter, MediaFetcher, Explainer and Former.
type Adapter struct{}

// New returns the adapter.
func New() Adapter { return Adapter{} }

// Kind is "ctm".
func (Adapter) Kind() channels.Kind { return Kind }

// Capabilities is the same for every account.
func (Adapter) Capabilities(channels.Account) channels.Capabilities {
	return channels.Capabilities{Text: maxText, DeliveredReports: true, AnswersWithoutID: true}
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
