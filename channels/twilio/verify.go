package twilio

import (
	"fmt"

	"github.com/twilio/twilio-go/client"

	"converse/channels"
)

// signatureHeader carries base64 of HMAC-SHA1 over the webhook's address and its fields.
const signatureHeader = "X-Twilio-Signature"

// Verify checks X-Twilio-Signature with the auth token, or with the one before (Twilio,
// "Webhooks security"). The address that was signed is the one we gave to Twilio, with
// the query that came in: what a proxy says of host and scheme is not asked.
//
// The signature covers the first value of each field alone, so a form with a field twice
// proves nothing.
func (Adapter) Verify(account channels.Account, webhook *channels.Webhook) error {
	if account.Secrets[SecretToken] == "" || account.WebhookURL == "" {
		return fmt.Errorf("%w: the account has no auth token, or no public address", channels.ErrForged)
	}
	signatures := webhook.Header.Values(signatureHeader)
	if len(signatures) != 1 {
		return fmt.Errorf("%w: %d signature headers", channels.ErrForged, len(signatures))
	}
	if !webhook.Query.Has("bodySHA256") {
		if _, err := readForm(webhook.Body); err != nil {
			return fmt.Errorf("%w: %w", channels.ErrForged, err)
		}
	}
	address := account.WebhookURL
	if webhook.RawQuery != "" {
		address += "?" + webhook.RawQuery
	}
	for _, token := range []string{account.Secrets[SecretToken], account.Secrets[SecretPrevious]} {
		if token == "" {
			continue
		}
		validator := client.NewRequestValidator(token)
		if validator.ValidateBody(address, webhook.Body, signatures[0]) {
			return nil
		}
	}
	return fmt.Errorf("%w: the signature does not match the address and the fields", channels.ErrForged)
}
