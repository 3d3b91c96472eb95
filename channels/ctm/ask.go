package ctm

import (
	"context"
	"net/http"
	"strings"

	"converse/channels"
	"converse/channels/answer"
	"converse/channels/jsonstrict"
)

// newRequest makes a request below the account, with its keys.
func newRequest(ctx context.Context, account channels.Account, method, path, body string) (*http.Request, error) {
	id := account.Settings[SettingAccountID]
	if !accountPattern.MatchString(id) {
		return nil, channels.Misconfigured("The connector has no account number, or one with strange characters.")
	}
	access, secret := account.Secrets[SecretAccessKey], account.Secrets[SecretKey]
	if access == "" || secret == "" {
		return nil, channels.Misconfigured("The connector has no access key and secret key.")
	}
	address := account.API(publicBaseURL) + "/api/v1/accounts/" + id + path
	request, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err != nil {
		return nil, channels.Misconfigured("The provider's address cannot be read.")
	}
	request.SetBasicAuth(access, secret)
	return request, nil
}

// ask makes a call that only reads, and reads its answer into said. What may pass is
// unavailable: such a call does no harm when it is made again.
func (a Adapter) ask(ctx context.Context, doer channels.Doer, account channels.Account, path string, into any) error {
	request, err := newRequest(ctx, account, http.MethodGet, path, "")
	if err != nil {
		return err
	}
	got, err := answer.Of(doer, request)
	if err != nil {
		return err
	}
	words := readSaid(got)
	if got.OK() && got.Whole && words.Status != "error" && jsonstrict.Unmarshal(got.Body, into) == nil {
		return nil
	}
	refused := refusal(got, words, a.Secrets(account))
	if refused.Reason == channels.ReasonAmbiguous || refused.Reason == channels.ReasonMalformed {
		refused.Reason = channels.ReasonUnavailable
	}
	return refused
}
