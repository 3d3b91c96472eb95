package auth

import (
	"context"
	"crypto/sha256"
	"strings"
	"time"

	"converse/internal/chat"
)

// widgetPrefix tells a widget's token from others, here and where it must not be.
const widgetPrefix = "cvw_"

// TokenStore finds whose tokens are, by their hashes. ok is false for those that are
// unknown or over.
type TokenStore interface {
	PrincipalByToken(ctx context.Context, tokenHash [sha256.Size]byte) (p chat.Principal, ok bool, err error)
	PrincipalByKey(ctx context.Context, keyHash [sha256.Size]byte) (p chat.Principal, ok bool, err error)
	PrincipalByWidgetToken(ctx context.Context, tokenHash [sha256.Size]byte) (p chat.Principal, ok bool, err error)
}

// Authenticate is Identify for callers whose address does not matter.
func (s *SignIns) Authenticate(ctx context.Context, token string) (chat.Principal, error) {
	return s.Identify(ctx, token, "")
}

// Identify returns who a token belongs to, be it a sign-in's, a widget's or an API key,
// or an error with code unauthenticated. An answer may be up to cacheLife old. Many
// wrong API keys in a row from one address are code too_many.
func (s *SignIns) Identify(ctx context.Context, token, from string) (chat.Principal, error) {
	hash := hashOf(token)
	now := time.Now()
	if p, ok := s.seen.get(hash, now); ok {
		return p, nil
	}
	p, err := s.lookUp(ctx, token, from, hash)
	if err == nil {
		s.seen.put(hash, p, now)
		s.touched.note(p, now)
	}
	return p, err
}

func (s *SignIns) lookUp(ctx context.Context, token, from string, hash [sha256.Size]byte) (chat.Principal, error) {
	find, ended := s.store.PrincipalByToken, "Your sign-in has ended. Sign in again."
	switch {
	case isKey(token):
		return s.lookUpKey(ctx, token, from, hash)
	case strings.HasPrefix(token, widgetPrefix) && len(token) != secretLength:
		find, ended = s.store.PrincipalByWidgetToken, "This widget token has ended. Ask for another one."
	}
	p, ok, err := find(ctx, hash)
	if err == nil && !ok {
		err = unauthenticated(ended)
	}
	return p, err
}

// lookUpKey looks an API key up, unless its check says that it never was one, or it was
// wrong too often already, or too many wrong ones came from there: a program that goes
// on with a key that was revoked does not stand in the way of one that has the new key.
func (s *SignIns) lookUpKey(ctx context.Context, key, from string, hash [sha256.Size]byte) (chat.Principal, error) {
	const refused = "This API key is wrong, was revoked or has expired."
	if !wellFormed(key) {
		return chat.Principal{}, unauthenticated(refused)
	}
	now, name := time.Now(), string(hash[:])
	if !s.failures.allow(name, from, now) || !s.failures.allow(keyPrefix, from, now) {
		return chat.Principal{}, tooMany()
	}
	p, ok, err := s.store.PrincipalByKey(ctx, hash)
	if err != nil || ok {
		return p, err
	}
	if s.failures.add(name, from, now) == 1 {
		s.failures.add(keyPrefix, from, now)
	}
	return chat.Principal{}, unauthenticated(refused)
}
