package ctm

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the provider signs with HMAC-SHA1
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"converse/channels"
)

// maxSkew is how far X-CTM-Time may be from our clock. CallTrackingMetrics
// documents no tolerance; 15 minutes allows for clocks and a slow first delivery
// while an old webhook cannot be replayed for ever.
const maxSkew = 15 * time.Minute

var timePattern = regexp.MustCompile(`^[0-9]{1,11}$`)

// Verify checks the account's token and signing secret, each where it is set.
//
// With neither, nothing is checked and nil is returned: CallTrackingMetrics signs
// only where a signing secret was agreed on. The address of the webhook is then the
// only proof; it holds an unguessable token that was checked before this call.
func (Adapter) Verify(account channels.Account, webhook *channels.Webhook) error {
	if token := account.Secrets[SecretToken]; token != "" && !bringsToken(webhook, token) {
		return fmt.Errorf("%w: the token is missing or wrong", channels.ErrForged)
	}
	key := account.Secrets[SecretSigning]
	if key == "" {
		return nil
	}
	sent, err := single(webhook.Header, "X-CTM-Time")
	if err != nil {
		return err
	}
	signature, err := single(webhook.Header, "X-CTM-Signature")
	if err != nil {
		return err
	}
	if !timePattern.MatchString(sent) {
		return fmt.Errorf("%w: X-CTM-Time is not in seconds", channels.ErrForged)
	}
	if !hmac.Equal([]byte(signature), []byte(sign(key, sent, webhook.Body))) {
		return fmt.Errorf("%w: the signature does not match the time and body", channels.ErrForged)
	}
	seconds, err := strconv.ParseInt(sent, 10, 64)
	if err != nil {
		return fmt.Errorf("%w: X-CTM-Time is not in seconds", channels.ErrForged)
	}
	if skew := webhook.ReceivedAt.Sub(time.Unix(seconds, 0)).Abs(); skew > maxSkew {
		return fmt.Errorf("%w: it was signed more than %s away from when it came in", channels.ErrForged, maxSkew)
	}
	return nil
}

// sign is base64 of HMAC-SHA1 over the time and the raw body, after the official
// C# example. SHA-1 is the provider's choice; as an HMAC it still holds.
func sign(key, sent string, body []byte) string {
	mac := hmac.New(sha1.New, []byte(key))
	mac.Write([]byte(sent))
	mac.Write(body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func single(header http.Header, name string) (string, error) {
	values := header.Values(name)
	if len(values) != 1 {
		return "", fmt.Errorf("%w: %d %s headers", channels.ErrForged, len(values), name)
	}
	return values[0], nil
}

func bringsToken(webhook *channels.Webhook, token string) bool {
	same := func(value string) bool {
		return subtle.ConstantTimeCompare([]byte(value), []byte(token)) == 1
	}
	if values := webhook.Query["token"]; len(values) == 1 && same(values[0]) {
		return true
	}
	_, password, ok := (&http.Request{Header: webhook.Header}).BasicAuth()
	return ok && same(password)
}
