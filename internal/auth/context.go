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

func unauthenticated(message string) error {
	return &chat.Error{Code: chat.CodeUnauthenticated, Message: message}
}
