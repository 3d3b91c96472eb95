package whatsappcloud

import (
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"

	"converse/internal/sandbox/fault"
	"converse/internal/sandbox/stage"
)

// graphError is the error of a Graph answer or of a webhook.
type graphError struct {
	code    int
	status  int
	title   string
	details string
	subcode int
	// user is a sentence for whoever made what is refused.
	user string
}

// The errors that are documented for the calls played here (Meta, "Error codes").
// Their HTTP status is the documented one, which clients are told not to rely on.
func errParameter(format string, values ...any) *graphError {
	return &graphError{code: 100, status: http.StatusBadRequest, title: "Invalid parameter", details: fmt.Sprintf(format, values...)}
}

func errMissing(format string, values ...any) *graphError {
	return &graphError{
		code: 131008, status: http.StatusBadRequest, title: "Required parameter is missing", details: fmt.Sprintf(format, values...),
	}
}

func errValue(format string, values ...any) *graphError {
	return &graphError{
		code: 131009, status: http.StatusBadRequest, title: "Parameter value is not valid", details: fmt.Sprintf(format, values...),
	}
}

func errToken() *graphError {
	return &graphError{code: 190, status: http.StatusUnauthorized, title: "Invalid OAuth access token", subcode: 463}
}

// errObject is what Graph says to an id it does not know or does not show.
func errObject(method, id string) *graphError {
	return &graphError{
		code: 100, status: http.StatusBadRequest, subcode: 33,
		title: fmt.Sprintf("Unsupported %s request. Object with ID '%s' does not exist, cannot be loaded due to missing "+
			"permissions, or does not support this operation", strings.ToLower(method), id),
	}
}

func unknownPath(method, path string) stage.Answer {
	e := graphError{
		code: 2500, status: http.StatusBadRequest,
		title: fmt.Sprintf("Unknown path components: %s (%s)", path, method),
	}
	return e.answer()
}

func (e *graphError) answer() stage.Answer {
	type data struct {
		Product string `json:"messaging_product"`
		Details string `json:"details"`
	}
	var out struct {
		Error struct {
			Message string `json:"message"`
			Type    string `json:"type"`
			Code    int    `json:"code"`
			Data    *data  `json:"error_data,omitempty"`
			Subcode int    `json:"error_subcode,omitempty"`
			User    string `json:"error_user_msg,omitempty"`
			Trace   string `json:"fbtrace_id"`
		} `json:"error"`
	}
	out.Error.Message = e.title
	if e.details != "" {
		out.Error.Message = fmt.Sprintf("(#%d) %s", e.code, e.title)
		out.Error.Data = &data{Product: "whatsapp", Details: e.details}
	}
	out.Error.Type, out.Error.Code, out.Error.Subcode = "OAuthException", e.code, e.subcode
	out.Error.User = e.user
	out.Error.Trace = "A" + strconv.FormatUint(rand.Uint64(), 36)
	a := answer(e.status, out)
	a.Code = strconv.Itoa(e.code)
	if e.status == http.StatusUnauthorized {
		a.Header = http.Header{
			"Www-Authenticate": {`OAuth "Facebook Platform" "invalid_token" "Invalid OAuth access token"`},
		}
	}
	return a
}

func answer(status int, value any) stage.Answer {
	body, err := json.Marshal(value)
	if err != nil {
		panic(err) // only plain values are written
	}
	return stage.Answer{
		Status: status, ContentType: "application/json; charset=UTF-8", Body: body,
		Header: http.Header{"Facebook-Api-Version": {"v23.0"}},
	}
}

// refused is the answer for the faults that refuse a call.
func refused(kind fault.Kind, status int) stage.Answer {
	e := graphError{code: 131000, status: status, title: "Something went wrong", details: "Message failed to send because of an unknown error."}
	switch {
	case kind == fault.Throttle:
		e = graphError{
			code: 130429, status: status, subcode: 2494055,
			title: "Rate limit hit", details: "Cloud API message throughput has been reached.",
		}
	case kind == fault.BadCredentials:
		e = *errToken()
	case status == http.StatusServiceUnavailable:
		e = graphError{code: 131016, status: status, title: "Service unavailable", details: "A service is temporarily unavailable."}
	}
	return e.answer()
}

// bearer is the token a request shows.
func bearer(r *http.Request) string {
	token, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !found {
		return ""
	}
	return token
}

// allows reports whether the request shows the account's token.
func allows(account *stage.Account, r *http.Request) bool {
	want := account.Credentials.AccessToken
	return want != "" && subtle.ConstantTimeCompare([]byte(bearer(r)), []byte(want)) == 1
}

// known reports whether the request shows the token of any account.
func (s *Side) known(r *http.Request) bool {
	for _, account := range s.stage.Accounts() {
		if account.Provider == Provider && allows(account, r) {
			return true
		}
	}
	return false
}

// number finds the account and the sender of the phone number id in the path.
func (s *Side) number(r *http.Request) (*stage.Account, stage.Sender, *graphError) {
	if !s.known(r) {
		return nil, stage.Sender{}, errToken()
	}
	id := r.PathValue("number")
	account, sender, found := s.stage.AccountOfRef(Provider, id)
	if !found || !allows(account, r) {
		return nil, stage.Sender{}, errObject(r.Method, id)
	}
	return account, sender, nil
}
