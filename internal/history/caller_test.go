package history_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"connectrpc.com/connect"

	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/gen/converse/v1/conversev1connect"
)

// caller makes a user's calls to whichever node it likes. One caller is one sign-in.
type caller struct {
	in    *installation
	token string
	user  *conversev1.User

	mu sync.Mutex // guards dice and services
	d  *rand.Rand
	// services are clients of each node, by its address.
	services map[string]services
}

type services struct {
	auth          conversev1connect.AuthServiceClient
	conversations conversev1connect.ConversationServiceClient
	leads         conversev1connect.LeadServiceClient
	connectors    conversev1connect.ConnectorServiceClient
}

// callLimit is how long a client waits for an answer before it asks again. It is
// shorter than faults last, so that clients do ask again.
const callLimit = 2 * time.Second

var errNobody = errors.New("no node runs")

// signIn signs a user in at a node that runs.
func (in *installation) signIn(ctx context.Context, l login, d *rand.Rand) (*caller, error) {
	c := &caller{in: in, d: d, services: map[string]services{}}
	answer, err := insist(ctx, c, func(ctx context.Context, s services) (*conversev1.LogInResponse, error) {
		return s.auth.LogIn(ctx, &conversev1.LogInRequest{Email: l.Email, Password: l.Password})
	})
	if err != nil {
		return nil, err
	}
	c.token, c.user = answer.GetToken(), answer.GetUser()
	return c, nil
}

// ask makes one call to some node that runs.
func ask[T any](ctx context.Context, c *caller, call func(context.Context, services) (T, error)) (T, error) {
	return askAt(ctx, c, c.anywhere(), call)
}

// askAt makes one call to one node.
func askAt[T any](ctx context.Context, c *caller, url string, call func(context.Context, services) (T, error)) (T, error) {
	if url == "" {
		var none T
		return none, errNobody
	}
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	return call(ctx, c.at(url))
}

// insist makes a call until it is answered, for what a user would not give up.
func insist[T any](ctx context.Context, c *caller, call func(context.Context, services) (T, error)) (T, error) {
	for {
		out, err := ask(ctx, c, call)
		if err == nil || !temporary(err) {
			return out, err
		}
		if !pause(ctx, c.jitter(300*time.Millisecond)) {
			return out, err
		}
	}
}

func (c *caller) anywhere() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.in.any(c.d)
}

func (c *caller) jitter(mean time.Duration) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return about(c.d, mean)
}

func (c *caller) at(url string) services {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, ok := c.services[url]
	if !ok {
		h := &http.Client{Transport: signed{c}}
		s = services{
			auth:          conversev1connect.NewAuthServiceClient(h, url, connect.WithProtoJSON()),
			conversations: conversev1connect.NewConversationServiceClient(h, url, connect.WithProtoJSON()),
			leads:         conversev1connect.NewLeadServiceClient(h, url, connect.WithProtoJSON()),
			connectors:    conversev1connect.NewConnectorServiceClient(h, url, connect.WithProtoJSON()),
		}
		c.services[url] = s
	}
	return s
}

// signed adds the sign-in's token to every request.
type signed struct{ c *caller }

func (s signed) RoundTrip(r *http.Request) (*http.Response, error) {
	if s.c.token != "" {
		r = r.Clone(r.Context())
		r.Header.Set("Authorization", "Bearer "+s.c.token)
	}
	return s.c.in.client.Transport.RoundTrip(r)
}

// temporary reports whether the same call may succeed later, as the browser decides
// it. No answer at all is one such case.
func temporary(err error) bool {
	if errors.Is(err, errNobody) {
		return true
	}
	switch connect.CodeOf(err) {
	case connect.CodeCanceled, connect.CodeUnknown, connect.CodeDeadlineExceeded, connect.CodeResourceExhausted,
		connect.CodeInternal, connect.CodeUnavailable:
		return true
	}
	return false
}

// reason is the word an error carries for screens, such as stale_view.
func reason(err error) string {
	var failed *connect.Error
	if !errors.As(err, &failed) {
		return ""
	}
	for _, d := range failed.Details() {
		if value, err := d.Value(); err == nil {
			if detail, ok := value.(*conversev1.ErrorDetail); ok {
				return detail.GetReason()
			}
		}
	}
	return ""
}
