package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"hash/crc32"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"converse/internal/chat"
)

// An API key is a prefix by which it is known where it must not be, 130 random bits,
// and a check of both, so that a key that was typed or cut wrongly costs no look-up.
const (
	keyPrefix   = "cvk_"
	keyCheck    = 7
	keyHint     = 4
	mostKeyName = 80
)

var keyText = base32.StdEncoding.WithPadding(base32.NoPadding)

// newKey makes an API key: letters and digits, so that a double click takes all of it.
func newKey() string {
	body := keyPrefix + strings.ToLower(rand.Text())
	return body + checkOf(body)
}

func checkOf(body string) string {
	var sum [4]byte
	binary.BigEndian.PutUint32(sum[:], crc32.ChecksumIEEE([]byte(body)))
	return strings.ToLower(keyText.EncodeToString(sum[:]))
}

// isKey reports whether a token is an API key, right or wrong. Its length tells it from
// a sign-in's token that happens to begin so.
func isKey(token string) bool {
	return strings.HasPrefix(token, keyPrefix) && len(token) != secretLength
}

// wellFormed reports whether an API key's check is right.
func wellFormed(key string) bool {
	at := len(key) - keyCheck
	return at > len(keyPrefix) && checkOf(key[:at]) == key[at:]
}

// KeyStore keeps API keys.
type KeyStore interface {
	CreateAPIKey(ctx context.Context, p chat.Principal, k chat.APIKey, hash [sha256.Size]byte) error
	APIKeys(ctx context.Context, org chat.OrgID) ([]chat.APIKey, error)
	RevokeAPIKey(ctx context.Context, p chat.Principal, id chat.APIKeyID) error
}

// Keys makes and ends an org's API keys.
type Keys struct{ store KeyStore }

// NewKeys returns a service on a store.
func NewKeys(store KeyStore) *Keys { return &Keys{store: store} }

// NewKey is an API key to be made.
type NewKey struct {
	Name   string
	Scopes []chat.KeyScope
	// Expires is zero for a key that lasts until it is revoked.
	Expires time.Time
}

// Create makes a key and returns it: it cannot be had again. What is wrong with it is
// an error with code invalid that names the field.
func (k *Keys) Create(ctx context.Context, p chat.Principal, n NewKey) (string, chat.APIKey, error) {
	n.Name = strings.TrimSpace(n.Name)
	slices.Sort(n.Scopes)
	n.Scopes = slices.Compact(n.Scopes)
	unknown := func(scope chat.KeyScope) bool { return !slices.Contains(chat.KeyScopes(), scope) }
	switch {
	case n.Name == "" || utf8.RuneCountInString(n.Name) > mostKeyName:
		return "", chat.APIKey{}, chat.Invalidf("name", "is required: what the key is for, up to %d characters", mostKeyName)
	case len(n.Scopes) == 0 || slices.ContainsFunc(n.Scopes, unknown):
		return "", chat.APIKey{}, chat.Invalidf("scopes", "must be one or more of %v", chat.KeyScopes())
	case !n.Expires.IsZero() && !n.Expires.After(time.Now()):
		return "", chat.APIKey{}, chat.Invalidf("expiresAt", "must be in the future, or left out for a key that does not expire")
	}
	key := newKey()
	out := chat.APIKey{
		ID: chat.NewID[chat.APIKeyID](), Name: n.Name, Hint: key[len(key)-keyHint:], Scopes: n.Scopes, CreatedBy: p.User, CreatedByName: p.Name,
		CreatedAt: time.Now(), ExpiresAt: n.Expires,
	}
	return key, out, k.store.CreateAPIKey(ctx, p, out, hashOf(key))
}

// List lists an org's keys, the newest first, those that are over included.
func (k *Keys) List(ctx context.Context, org chat.OrgID) ([]chat.APIKey, error) {
	return k.store.APIKeys(ctx, org)
}

// Revoke ends a key. Within cacheLife nothing takes it any more.
func (k *Keys) Revoke(ctx context.Context, p chat.Principal, id chat.APIKeyID) error {
	return k.store.RevokeAPIKey(ctx, p, id)
}
