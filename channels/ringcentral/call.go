package ringcentral

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"converse/channels"
	"converse/channels/answer"
	"converse/channels/jsonstrict"
)

// newRequest makes a request with the account's token.
func newRequest(ctx context.Context, account channels.Account, method, path string, body []byte) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, method, account.API(publicBaseURL)+path, bytes.NewReader(body))
	if err != nil {
		return nil, channels.Misconfigured("The provider's address cannot be read.")
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	return request, authorize(request, account)
}

func authorize(request *http.Request, account channels.Account) error {
	if account.Token == "" {
		return &channels.Error{Reason: channels.ReasonTokenExpired, Text: "The connector has no access token."}
	}
	request.Header.Set("Authorization", "Bearer "+account.Token)
	return nil
}

// ask makes a call that may be repeated and reads its answer into said, which may be
// nil. A call that is refused is an *Error.
func (a Adapter) ask(ctx context.Context, doer channels.Doer, account channels.Account, method, path string, body, said any) (answer.Answer, error) {
	var data []byte
	if body != nil {
		var err error
		if data, err = json.Marshal(body); err != nil {
			return answer.Answer{}, fmt.Errorf("write a call as JSON: %w", err)
		}
	}
	request, err := newRequest(ctx, account, method, path, data)
	if err != nil {
		return answer.Answer{}, err
	}
	got, err := answer.Of(doer, request)
	if err != nil {
		return answer.Answer{}, err
	}
	readable := said == nil || got.Whole && jsonstrict.Unmarshal(got.Body, said) == nil
	if !got.OK() || !readable {
		return got, repeatable(refusal(got, a.known(account)))
	}
	return got, nil
}

// repeatable is the refusal of a call that does no harm when it is made twice: what was
// perhaps heard may be tried again.
func repeatable(refused *channels.Error) *channels.Error {
	if refused.Reason == channels.ReasonAmbiguous || refused.Reason == channels.ReasonMalformed {
		refused.Reason = channels.ReasonUnavailable
	}
	return refused
}
