package gupshup

import (
	"crypto/subtle"
	"fmt"

	"converse/channels"
)

// secretHeader is the header that we have Gupshup send along with callbacks.
const secretHeader = "X-Converse-Secret" //nolint:gosec // a header's name

// Verify compares the word that callbacks bring in a header of ours.
//
// Gupshup documents no signature. A subscription made by a partner call can have
// headers sent along, and that is how the word gets there; it says nothing about the
// body. An address that was entered in the dashboard brings no header: then nothing is
// checked and nil is returned. The address is the only proof; it holds an unguessable
// word that was checked before this call.
func (Adapter) Verify(account channels.Account, webhook *channels.Webhook) error {
	if account.Settings[SettingDashboard] == "true" {
		return nil
	}
	want := account.Secrets[SecretWebhook]
	if want == "" {
		return fmt.Errorf("%w: the account has no callback secret", channels.ErrForged)
	}
	values := webhook.Header.Values(secretHeader)
	if len(values) != 1 {
		return fmt.Errorf("%w: %d headers with the secret", channels.ErrForged, len(values))
	}
	if subtle.ConstantTimeCompare([]byte(values[0]), []byte(want)) != 1 {
		return fmt.Errorf("%w: the secret is wrong", channels.ErrForged)
	}
	return nil
}
