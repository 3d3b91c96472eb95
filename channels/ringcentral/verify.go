package ringcentral

import (
	"crypto/subtle"
	"fmt"
	"net/http"
	"regexp"

	"converse/channels"
)

const (
	verification = "Verification-Token"
	validation   = "Validation-Token"
)

// echoPattern is what a handshake's token may look like: it goes into a header of ours.
// The whole answer may be 1,024 bytes long (guide, "Creating webhooks").
var echoPattern = regexp.MustCompile(`^[\x21-\x7e]{1,512}$`)

// Verify compares the word that every event brings along with the account's own: it
// comes as Verification-Token, or, as one page of the guide has it, as Validation-Token
// (guide, "Creating webhooks" and "Receiving webhooks"). Events carry no signature.
//
// A request with an empty body and a Validation-Token is the handshake that comes while
// the subscription is made. It proves nothing, and nothing but its own token is given
// back; a word that it brings along must be the right one all the same.
func (Adapter) Verify(account channels.Account, webhook *channels.Webhook) error {
	if _, ok := handshake(account, webhook); ok && webhook.Header.Values(verification) == nil {
		return nil
	}
	if account.Secrets[SecretVerification] == "" {
		return fmt.Errorf("%w: the account has no verification token", channels.ErrForged)
	}
	values := webhook.Header.Values(verification)
	if values == nil {
		values = webhook.Header.Values(validation)
	}
	if len(values) != 1 {
		return fmt.Errorf("%w: %d verification tokens", channels.ErrForged, len(values))
	}
	if !isWord(account, values[0]) {
		return fmt.Errorf("%w: the verification token does not match", channels.ErrForged)
	}
	return nil
}

func isWord(account channels.Account, value string) bool {
	return subtle.ConstantTimeCompare([]byte(value), []byte(account.Secrets[SecretVerification])) == 1
}

// handshake returns the token to give back. The account's own word is never given back:
// with it, the request is an event whose body got lost.
func handshake(account channels.Account, webhook *channels.Webhook) (token string, ok bool) {
	values := webhook.Header.Values(validation)
	if len(webhook.Body) > 0 || len(values) != 1 || !echoPattern.MatchString(values[0]) || isWord(account, values[0]) {
		return "", false
	}
	return values[0], true
}

// echo is the answer to a handshake.
func echo(token string) channels.Reply {
	return channels.Reply{Status: http.StatusOK, Header: http.Header{validation: {token}}}
}
