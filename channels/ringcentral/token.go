package ringcentral

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"converse/channels"
	"converse/channels/answer"
	"converse/channels/jsonstrict"
)

const (
	grantType = "urn:ietf:params:oauth:grant-type:jwt-bearer"
	// shortLife is taken for a life that is not told; longestLife bounds one that is.
	shortLife   = time.Hour
	longestLife = 24 * time.Hour
)

type tokenAnswer struct {
	Token     string          `json:"access_token"`
	ExpiresIn jsonstrict.Text `json:"expires_in"`
}

// GrantToken exchanges the JWT for an access token (guide, "JWT auth flow"). A refresh
// token, which some apps get, is left alone: the JWT does not wear out.
func (a Adapter) GrantToken(ctx context.Context, doer channels.Doer, account channels.Account) (channels.Token, error) {
	id, secret, jwt := account.Settings[SettingClientID], account.Secrets[SecretClient], account.Secrets[SecretJWT]
	if id == "" || secret == "" || jwt == "" {
		return channels.Token{}, channels.Misconfigured("The connector lacks the client ID, the client secret or the JWT.")
	}
	form := url.Values{"grant_type": {grantType}, "assertion": {jwt}}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, account.API(publicBaseURL)+"/restapi/oauth/token", strings.NewReader(form.Encode()))
	if err != nil {
		return channels.Token{}, channels.Misconfigured("The provider's address cannot be read.")
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.SetBasicAuth(id, secret)
	got, err := answer.Of(doer, request)
	if err != nil {
		return channels.Token{}, err
	}
	var said tokenAnswer
	if got.OK() && got.Whole && jsonstrict.Unmarshal(got.Body, &said) == nil && said.Token != "" {
		return channels.Token{Value: said.Token, Lifetime: said.lifetime()}, nil
	}
	refused := repeatable(refusal(got, a.known(account)))
	switch got.Status {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden:
		// The same call will not be taken another time (guide, "Token endpoint").
		refused.Reason = channels.ReasonBadCredentials
	}
	return channels.Token{}, refused
}

func (t tokenAnswer) lifetime() time.Duration {
	return seconds(t.ExpiresIn, shortLife, longestLife)
}

// seconds reads a span, within bounds, or takes another for one that is not told.
func seconds(text jsonstrict.Text, otherwise, most time.Duration) time.Duration {
	count, err := strconv.ParseInt(string(text), 10, 64)
	switch {
	case err != nil || count <= 0:
		return otherwise
	case count > int64(most/time.Second):
		return most
	}
	return time.Duration(count) * time.Second
}
