package channeltest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"strings"

	"converse/channels"
	"converse/channels/answer"
)

// errDoer is the Doer's failure; adapters pass it on unchanged.
var errDoer = errors.New("the call failed")

type contextKey struct{}

// script is a Doer that expects the exchanges of a case, in their order.
type script struct {
	account   channels.Account
	secrets   []string
	exchanges []exchange
	calls     int
	bodies    []*cannedBody
	problems  problems
}

// Do compares the request with the one expected and gives its canned answer.
func (s *script) Do(request *http.Request) (*http.Response, error) {
	s.calls++
	if s.calls > len(s.exchanges) {
		s.problems.addf("unexpected call: %s %s", request.Method, request.URL)
		return nil, errDoer
	}
	want := s.exchanges[s.calls-1]
	body, err := readRequestBody(request)
	if err != nil {
		s.problems.addf("read the request's body: %v", err)
	}
	request, body = withoutBoundary(request, body)
	s.compare(want, request, body)
	s.problems = append(s.problems, leaks(s.account, "the address", request.URL.String())...)
	trace := fmt.Sprintf("%s %s\n%v\n%s\n%v\n%s", request.Method, request.URL, request.Header, body, want.answer.header, want.answer.body)
	s.problems = append(s.problems, leaks(s.account, "a trace redacted by Secrets", answer.Redact(trace, s.secrets))...)
	if want.answer.fail {
		return nil, errDoer
	}
	canned := &cannedBody{Reader: strings.NewReader(want.answer.body)}
	if want.answer.cut {
		canned.Reader = io.MultiReader(canned.Reader, broken{})
	}
	s.bodies = append(s.bodies, canned)
	return &http.Response{
		StatusCode: want.answer.status,
		Status:     http.StatusText(want.answer.status),
		Header:     want.answer.header,
		Body:       canned,
		Request:    request,
	}, nil
}

// end reports what was expected and did not happen.
func (s *script) end() problems {
	if unused := len(s.exchanges) - s.calls; unused > 0 {
		s.problems.addf("%d expected calls were not made", unused)
	}
	for _, body := range s.bodies {
		if !body.closed {
			s.problems.addf("an answer was not closed")
		}
	}
	return s.problems
}

func (s *script) compare(want exchange, request *http.Request, body string) {
	if request.Context().Value(contextKey{}) == nil {
		s.problems.addf("the request does not carry the caller's context")
	}
	if got := request.Method + " " + request.URL.String(); got != want.method+" "+want.url {
		s.problems.addf("the call is\n%s, want\n%s", got, want.method+" "+want.url)
	}
	if !reflect.DeepEqual(request.Header, want.header) {
		s.problems.addf("the headers are\n%swant\n%s", pretty(request.Header), pretty(want.header))
	}
	if same, err := sameBody(want.header.Get("Content-Type"), body, want.body); err != nil || !same {
		s.problems.addf("the request's body is\n%s\nwant\n%s (%v)", body, want.body, err)
	}
}

// withoutBoundary puts the word BOUNDARY in the place of a multipart body's own, which is
// another each time, and line feeds in the place of its line ends.
func withoutBoundary(request *http.Request, body string) (*http.Request, string) {
	kind, parameters, err := mime.ParseMediaType(request.Header.Get("Content-Type"))
	if err != nil || !strings.HasPrefix(kind, "multipart/") {
		return request, body
	}
	plain := request.Clone(request.Context())
	plain.Header.Set("Content-Type", kind+"; boundary=BOUNDARY")
	body = strings.ReplaceAll(body, parameters["boundary"], "BOUNDARY")
	return plain, strings.TrimSuffix(strings.ReplaceAll(body, "\r\n", "\n"), "\n")
}

// sameBody compares JSON by value, forms by fields and anything else by bytes.
func sameBody(contentType, got, want string) (bool, error) {
	if got == want {
		return true, nil
	}
	media, _, _ := mime.ParseMediaType(contentType)
	switch media {
	case "application/json":
		gotValue, err := jsonValue(got)
		if err != nil {
			return false, err
		}
		wantValue, err := jsonValue(want)
		return reflect.DeepEqual(gotValue, wantValue), err
	case "application/x-www-form-urlencoded":
		gotFields, err := url.ParseQuery(got)
		if err != nil {
			return false, fmt.Errorf("read a form: %w", err)
		}
		wantFields, err := url.ParseQuery(want)
		return reflect.DeepEqual(gotFields, wantFields), err
	}
	return false, nil
}

func jsonValue(text string) (any, error) {
	var value any
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		return nil, fmt.Errorf("read a JSON body: %w", err)
	}
	return value, nil
}

func readRequestBody(request *http.Request) (string, error) {
	if request.Body == nil {
		return "", nil
	}
	data, err := io.ReadAll(request.Body)
	if err == nil && request.ContentLength != int64(len(data)) {
		err = fmt.Errorf("its length is announced as %d but is %d", request.ContentLength, len(data))
	}
	return string(data), err
}

type cannedBody struct {
	io.Reader
	closed bool
}

func (b *cannedBody) Close() error {
	b.closed = true
	return nil
}

// broken is a connection that ends in the middle of a body.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func callContext() context.Context {
	return context.WithValue(context.Background(), contextKey{}, true)
}
