package rpc

import (
	"context"
	"net/http"
	"strings"
	"time"

	"connectrpc.com/connect"

	"converse/internal/auth"
	"converse/internal/chat"
	"converse/internal/origin"
)

// Cookie is the name of the browser's session cookie. It is bound to the host over
// TLS; without TLS, on a developer's machine, browsers refuse the prefix.
func Cookie(secure bool) string {
	if secure {
		return "__Host-converse"
	}
	return "converse"
}

// Authenticator finds who a token belongs to.
type Authenticator interface {
	Identify(ctx context.Context, token, from string) (chat.Principal, error)
}

// authInterceptor puts the principal into the context, from the bearer token or the
// cookie, and refuses every call but the open ones without. For a page that is not ours
// only a bearer token counts, and only where its org allows that page.
func authInterceptor(a Authenticator, table map[string]right, paced *gate, o Options) connect.UnaryInterceptorFunc {
	return func(next connect.UnaryFunc) connect.UnaryFunc {
		return func(ctx context.Context, req connect.AnyRequest) (connect.AnyResponse, error) {
			at := address(req.Peer(), req.Header(), o.Proxies)
			ctx = auth.WithCaller(ctx, auth.Caller{Address: at, Agent: agent(req.Header())})
			from, foreign := origin.Foreign(req.Header(), o.Origins)
			call := callName(req.Spec().Procedure)
			if r := table[call]; r.open {
				if foreign {
					return nil, forbidden("Sign in on a page of Converse.") // nobody's password belongs on another's page
				}
				if err := paced.pass(call, at, r.pace, time.Now()); err != nil {
					return nil, err
				}
				return next(ctx, req)
			}
			token := Token(req.Header(), o.Secure)
			if foreign {
				token = bearer(req.Header())
			}
			if token == "" {
				return nil, &chat.Error{Code: chat.CodeUnauthenticated, Message: "Sign in first."}
			}
			p, err := a.Identify(ctx, token, at)
			if err != nil {
				return nil, err
			}
			if foreign {
				if err := refuseOrigin(from, p, o.Embeds); err != nil {
					return nil, err
				}
			}
			p.Address = at
			return next(auth.With(ctx, p), req)
		}
	}
}

// longestAgent bounds what is kept of a User-Agent, in bytes.
const longestAgent = 300

// agent is a request's User-Agent, as much of it as is kept.
func agent(h http.Header) string {
	text := h.Get("User-Agent")
	return strings.ToValidUTF8(text[:min(len(text), longestAgent)], "")
}

// bearer is the token that a request names itself, or "".
func bearer(h http.Header) string {
	// The scheme is a word in any case (RFC 9110, 11.1).
	if scheme, token, ok := strings.Cut(h.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "bearer") {
		return strings.TrimSpace(token)
	}
	return ""
}

// Token is the token of a request, or "".
func Token(h http.Header, secure bool) string {
	if token := bearer(h); token != "" {
		return token
	}
	r := http.Request{Header: h}
	if cookie, err := r.Cookie(Cookie(secure)); err == nil {
		return cookie.Value
	}
	return ""
}
