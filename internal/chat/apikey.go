package chat

import "time"

// KeyScope is one thing an API key may be used for.
type KeyScope string

// The scopes of API keys.
const (
	KeyLeadsRead  KeyScope = "leads.read"
	KeyLeadsWrite KeyScope = "leads.write"
	// KeyWidget: make widget tokens for the org's users.
	KeyWidget KeyScope = "widget"
)

// KeyScopes lists the scopes there are.
func KeyScopes() []KeyScope { return []KeyScope{KeyLeadsRead, KeyLeadsWrite, KeyWidget} }

// APIKey is what is known of an org's key. The key itself is shown once, when it is
// made, and is nowhere.
type APIKey struct {
	ID   APIKeyID
	Name string
	// Hint is how the key ends, to tell keys apart by.
	Hint          string
	Scopes        []KeyScope
	CreatedBy     UserID
	CreatedByName string
	CreatedAt     time.Time
	// ExpiresAt is zero for a key that lasts until it is revoked.
	ExpiresAt time.Time
	RevokedAt time.Time
	// LastUsedAt is exact to a minute; zero: never.
	LastUsedAt time.Time
}

// KeyAccess is what an API key may do with leads. It acts for the whole org, for a
// program that knows the leads anyway: it sees all of them, and nothing of them is
// hidden. Which calls it may make is its scopes' to say.
func KeyAccess(scopes []KeyScope) Access {
	out := BaseAccess("")
	for _, scope := range scopes {
		switch scope {
		case KeyLeadsRead:
			out.View, out.Export = ScopeAll, ScopeAll
		case KeyLeadsWrite:
			out.View, out.Edit, out.Delete, out.Create, out.Import = ScopeAll, ScopeAll, ScopeAll, true, true
		case KeyWidget:
		}
	}
	return out
}
