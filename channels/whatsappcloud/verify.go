package whatsappcloud

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net/http"
	"regexp"

	"converse/channels"
)

// signaturePattern is stricter than the comparison needs: Meta writes lower-case
// hex, and a signature that can be spelt in two ways can be replayed in two ways.
var signaturePattern = regexp.MustCompile(`^sha256=[0-9a-f]{64}$`)

// Verify checks X-Hub-Signature-256, the HMAC-SHA256 of the raw body under the app
// secret (Meta, "Webhooks, Validating payloads").
func (Adapter) Verify(account channels.Account, webhook *channels.Webhook) error {
	key := account.Secrets[SecretApp]
	if key == "" {
		return fmt.Errorf("%w: the account has no app secret", channels.ErrForged)
	}
	values := webhook.Header.Values("X-Hub-Signature-256")
	if len(values) != 1 {
		return fmt.Errorf("%w: %d signature headers", channels.ErrForged, len(values))
	}
	if !signaturePattern.MatchString(values[0]) {
		return fmt.Errorf("%w: the signature is not sha256= and lower-case hex", channels.ErrForged)
	}
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write(webhook.Body)
	want := "sha256=" + hex.EncodeToString(mac.Sum(nil))
	if !hmac.Equal([]byte(values[0]), []byte(want)) {
		return fmt.Errorf("%w: the signature does not match the body", channels.ErrForged)
	}
	return nil
}

// Challenge answers the GET handshake by which Meta checks a webhook's address
// (Meta, "Webhooks, Verification requests").
func (Adapter) Challenge(account channels.Account, webhook *channels.Webhook) (channels.Reply, error) {
	token := account.Secrets[SecretVerifyToken]
	if token == "" {
		return channels.Reply{}, fmt.Errorf("%w: the account has no verify token", channels.ErrForged)
	}
	if webhook.Method != http.MethodGet {
		return channels.Reply{}, fmt.Errorf("%w: the handshake is a GET", channels.ErrForged)
	}
	for _, name := range []string{"hub.mode", "hub.verify_token", "hub.challenge"} {
		if len(webhook.Query[name]) != 1 {
			return channels.Reply{}, fmt.Errorf("%w: the handshake has not exactly one %s", channels.ErrForged, name)
		}
	}
	if webhook.Query.Get("hub.mode") != "subscribe" {
		return channels.Reply{}, fmt.Errorf("%w: the handshake is not a subscription", channels.ErrForged)
	}
	if subtle.ConstantTimeCompare([]byte(webhook.Query.Get("hub.verify_token")), []byte(token)) != 1 {
		return channels.Reply{}, fmt.Errorf("%w: the verify token does not match", channels.ErrForged)
	}
	return channels.Reply{
		Status:      http.StatusOK,
		ContentType: "text/plain; charset=utf-8",
		Body:        []byte(webhook.Query.Get("hub.challenge")),
	}, nil
}
