package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"converse/internal/chat"
	"converse/internal/store/db"
)

const (
	// mostAPIKeys is how many keys of an org may be in use at once.
	mostAPIKeys = 100
	// keyUsePause is how far apart the uses of a key are that are noted.
	keyUsePause = time.Minute
)

// CreateAPIKey stores a key by its SHA-256. p is the administrator who makes it.
func (s *Store) CreateAPIKey(ctx context.Context, p chat.Principal, k chat.APIKey, hash [sha256.Size]byte) error {
	return s.inOrg(ctx, p.Org, func(t *tx) error {
		live, err := t.CountLiveAPIKeys(ctx, p.Org)
		if err != nil {
			return err
		}
		if live >= mostAPIKeys {
			return &chat.Error{Code: chat.CodeBlocked, Message: "There are too many API keys. Revoke one that is not used any more."}
		}
		return errors.Join(
			t.later.InsertAPIKey(ctx, db.InsertAPIKeyParams{
				OrgID: p.Org, ID: k.ID, Name: k.Name, Hash: hash[:], Hint: k.Hint, Scopes: texts(k.Scopes), CreatedBy: p.User,
				ExpiresAt: orNull(k.ExpiresAt),
			}),
			t.audit(ctx, p, chat.AuditEntry{Action: "api_key.created", Object: string(k.ID), Detail: k.Name}),
		)
	})
}

// APIKeys lists an org's keys, the newest first, those that are over included.
func (s *Store) APIKeys(ctx context.Context, org chat.OrgID) ([]chat.APIKey, error) {
	var out []chat.APIKey
	err := s.inOrg(ctx, org, func(t *tx) error {
		rows, err := t.ListAPIKeys(ctx, org)
		out = convert(rows, func(r db.ListAPIKeysRow) chat.APIKey {
			return chat.APIKey{
				ID: r.ID, Name: r.Name, Hint: r.Hint, Scopes: keyScopes(r.Scopes), CreatedBy: r.CreatedBy, CreatedByName: r.CreatedByName,
				CreatedAt: r.CreatedAt, ExpiresAt: zero(r.ExpiresAt), RevokedAt: zero(r.RevokedAt), LastUsedAt: zero(r.LastUsedAt),
			}
		})
		return err
	})
	return out, err
}

// RevokeAPIKey ends a key and the sign-ins of the widgets it vouches for, whose
// sockets are told. Doing it twice is not an error.
func (s *Store) RevokeAPIKey(ctx context.Context, p chat.Principal, id chat.APIKeyID) error {
	return s.inOrg(ctx, p.Org, func(t *tx) error {
		name, err := t.Queries.RevokeAPIKey(ctx, db.RevokeAPIKeyParams{OrgID: p.Org, ID: id})
		if err != nil {
			return notFound(err, "API key")
		}
		ended, err := t.EndSignInsOfKey(ctx, db.EndSignInsOfKeyParams{OrgID: p.Org, KeyID: string(id)})
		if err != nil {
			return err
		}
		for _, e := range ended {
			if err := t.publish(chat.UserTopic(e.UserID), chat.Event{SignedOut: &chat.SignedOut{SignIn: e.ID}}); err != nil {
				return err
			}
		}
		return t.audit(ctx, p, chat.AuditEntry{Action: "api_key.revoked", Object: string(id), Detail: name})
	})
}

// PrincipalByKey finds whose an API key is by its SHA-256, and notes that it was used.
// ok is false for one that is unknown, revoked or expired.
func (s *Store) PrincipalByKey(ctx context.Context, hash [sha256.Size]byte) (p chat.Principal, ok bool, err error) {
	row, err := s.queries().APIKeyByHash(ctx, hash[:])
	if errors.Is(err, pgx.ErrNoRows) {
		return chat.Principal{}, false, nil
	}
	if err != nil {
		return chat.Principal{}, false, err
	}
	scopes := keyScopes(row.Scopes)
	access := chat.KeyAccess(scopes)
	p = chat.Principal{Org: row.OrgID, Name: row.Name, Via: chat.ViaKey, Key: row.ID, KeyScopes: scopes, Access: &access}
	if row.LastUsedAt == nil || time.Since(*row.LastUsedAt) >= keyUsePause {
		err = s.inOrg(ctx, row.OrgID, func(t *tx) error {
			return t.later.TouchAPIKey(ctx, db.TouchAPIKeyParams{OrgID: row.OrgID, ID: row.ID, Pause: keyUsePause})
		})
	}
	return p, err == nil, err
}

func keyScopes(words []string) []chat.KeyScope {
	return convert(words, func(word string) chat.KeyScope { return chat.KeyScope(word) })
}
