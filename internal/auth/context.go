package auth

import (
	"context"

	"converse/internal/chat"
)

type principalKey struct{}

// With returns a context that carries who is asking.
func With(ctx context.Context, p chat.Principal) context.Context {
	return context.WithValue(ctx, principalKey{}, p)
}

// From returns who is asking, or an error with code unauthenticated.
func From(ctx context.Context) (chat.Principal, error) {
	p, ok := ctx.Value(principalKey{}).(chat.Principal)
	if !ok {
		return chat.Principal{}, unauthenticated("Sign in first.")
	}
	return p, nil
}

// Caller is where a request comes from, as far as it tells: what a user reads about
// their sign-ins.
type Caller struct{ Address, Agent string }

type callerKey struct{}

// WithCaller returns a context that carries where a request comes from.
func WithCaller(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// callerOf is where a request comes from; zero where nobody said.
func callerOf(ctx context.Context) Caller {
	c, _ := ctx.Value(callerKey{}).(Caller)
	return c
}

func unauthenticated(message string) error {
	return &chat.Error{Code: chat.CodeUnauthenticated, Message: message}
}
