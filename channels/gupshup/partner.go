package gupshup

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"converse/channels"
	"converse/channels/answer"
	"converse/channels/jsonstrict"
)

// hasPartner reports whether the account can make partner calls.
func hasPartner(account channels.Account) bool {
	return account.Settings[SettingAppID] != "" && account.Secrets[SecretAppToken] != ""
}

// noPartner is what an account without partner access is told.
func noPartner() *channels.Error {
	return &channels.Error{
		Reason: unsupported, Text: "This needs the App ID and App token from Gupshup's partner portal. Enter both in the connector.",
	}
}

// partnerAddress is the address of a partner call about the account's app.
func partnerAddress(account channels.Account, path string) (string, error) {
	if !hasPartner(account) {
		return "", noPartner()
	}
	app := account.Settings[SettingAppID]
	if !idPattern.MatchString(app) {
		return "", channels.Misconfigured("The app's id has strange characters.")
	}
	return account.API(publicPartner) + "/partner/app/" + app + path, nil
}

// newPartner makes a request of the partner API about the account's app
// (partner-docs.gupshup.io, "API reference"). A form goes into the body.
func newPartner(ctx context.Context, account channels.Account, method, path string, form url.Values) (*http.Request, error) {
	address, err := partnerAddress(account, path)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, channels.Misconfigured("The provider's address cannot be read.")
	}
	request.Header.Set("Authorization", account.Secrets[SecretAppToken])
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return request, nil
}

// partnerAnswer is what every answer of the partner API says of itself.
type partnerAnswer struct {
	Status  string                              `json:"status"`
	Message jsonstrict.Element[jsonstrict.Text] `json:"message"`
}

// partnerCall makes a call and reads its answer into said. An answer that does not say
// "success" is an *Error; none of these calls sends anything, so it is never ambiguous.
//
//nolint:ireturn // T is a plain type
func partnerCall[T any](doer channels.Doer, account channels.Account, request *http.Request) (said T, err error) {
	got, err := answer.Of(doer, request)
	if err != nil {
		return said, err
	}
	var head partnerAnswer
	if !got.OK() || !got.Whole || jsonstrict.Unmarshal(got.Body, &head) != nil || head.Status != "success" {
		return said, partnerRefusal(account, got)
	}
	if err := jsonstrict.Unmarshal(got.Body, &said); err != nil {
		return said, &channels.Error{Reason: unavailable, Text: "Gupshup's answer was not understood: " + answer.Words(err.Error(), nil)}
	}
	return said, nil
}

// partnerRefusal sorts an answer of the partner API that is no success.
func partnerRefusal(account channels.Account, got answer.Answer) *channels.Error {
	var head partnerAnswer
	readable := got.Whole && jsonstrict.Unmarshal(got.Body, &head) == nil
	refused := &channels.Error{
		Reason: unavailable, RetryAfter: got.RetryAfter,
		Text: answer.Words(string(head.Message.Value), Adapter{}.Secrets(account)),
	}
	if refused.Text == "" {
		refused.Text = fmt.Sprintf("Gupshup answered HTTP %d without a reason.", got.Status)
	}
	switch {
	case got.Status == http.StatusTooManyRequests:
		refused.Reason = throttled
	case got.Status == http.StatusUnauthorized, got.Status == http.StatusForbidden, refused.Text == "Authentication Failed":
		refused.Reason = badCredentials
	case readable && head.Status == "error" && got.Status < 500:
		refused.Reason = rejected
	}
	return refused
}
