package store

import (
	"context"
	"crypto/sha256"
	"time"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// CreateWidgetToken stores a token, by its SHA-256, of a user whom the API key p
// vouches for, by id or by e-mail address. It returns the user and when the token is over: after life, or with
// the key. Every token of a user and a key belongs to one sign-in, which lasts as long
// as the last of them. signIn is its token's hash, should it be new: nobody holds one.
func (s *Store) CreateWidgetToken(ctx context.Context, p chat.Principal, id chat.UserID, email string, hash, signIn [sha256.Size]byte, life time.Duration) (
	user chat.User, expires time.Time, err error,
) {
	err = s.inOrg(ctx, p.Org, func(t *tx) error {
		// Whoever revokes the key waits, and then ends this sign-in too.
		latest, err := t.LockAPIKey(ctx, db.LockAPIKeyParams{OrgID: p.Org, ID: p.Key})
		if err != nil {
			return notFound(err, "API key")
		}
		row, err := t.Queries.WidgetUser(ctx, db.WidgetUserParams{OrgID: p.Org, ID: (*string)(orNull(id)), Email: orNull(email)})
		if err != nil {
			return notFound(err, "user")
		}
		user = userOf(row)
		prolonged, err := t.ProlongWidgetSignIn(ctx, db.ProlongWidgetSignInParams{
			OrgID: p.Org, ID: chat.NewID[chat.SignInID](), UserID: user.ID, KeyID: string(p.Key), TokenHash: signIn[:], Life: life, Latest: latest,
		})
		if err != nil {
			return err
		}
		expires = prolonged.TokenExpiresAt
		return t.later.InsertWidgetToken(ctx, db.InsertWidgetTokenParams{
			OrgID: p.Org, Hash: hash[:], SignInID: prolonged.ID, ExpiresAt: expires,
		})
	})
	return user, expires, err
}

// PrincipalByWidgetToken finds who a widget token belongs to by its SHA-256. ok is
// false for one that is unknown or expired, or whose sign-in is over.
func (s *Store) PrincipalByWidgetToken(ctx context.Context, hash [sha256.Size]byte) (p chat.Principal, ok bool, err error) {
	p, err = s.questions.widgets.do(ctx, hash)
	return p, p.User != "" && err == nil, err
}
