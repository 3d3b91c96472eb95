package store

import (
	"context"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// SignInsOf lists the live sign-ins of a user: the principal's own, or for an
// administrator anyone's of the org, the one used last first.
func (s *Store) SignInsOf(ctx context.Context, p chat.Principal, id chat.UserID) ([]chat.SignIn, error) {
	var out []chat.SignIn
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		if err := t.ownOrAdministered(ctx, p, id); err != nil {
			return err
		}
		rows, err := t.SignInsOfUser(ctx, db.SignInsOfUserParams{OrgID: t.org, UserID: id})
		out = convert(rows, signInOf)
		return err
	})
	return out, err
}

func signInOf(r db.SignIn) chat.SignIn {
	return chat.SignIn{
		ID: r.ID, User: r.UserID, Via: r.Via, Agent: r.Agent, Address: r.Address, CreatedAt: r.CreatedAt, LastSeen: r.LastSeenAt, ExpiresAt: r.ExpiresAt,
	}
}

// ownOrAdministered returns nil when the user is the principal, or one of the org and
// the principal its administrator.
func (t *tx) ownOrAdministered(ctx context.Context, p chat.Principal, id chat.UserID) error {
	if id == p.User {
		return nil
	}
	if !p.MayAdminister() {
		return chat.NotFound("user")
	}
	_, err := t.GetUser(ctx, db.GetUserParams{OrgID: t.org, ID: id})
	return notFound(err, "user")
}

// RevokeSignIn ends one sign-in, the principal's own or as an administrator anyone's,
// and tells its sockets.
func (s *Store) RevokeSignIn(ctx context.Context, p chat.Principal, id chat.SignInID) error {
	return s.inOrg(ctx, p.Org, func(t *tx) error {
		row, err := t.LiveSignIn(ctx, db.LiveSignInParams{OrgID: t.org, ID: id})
		if err != nil {
			return notFound(err, "session")
		}
		if row.UserID != p.User && !p.MayAdminister() {
			return chat.NotFound("session")
		}
		if _, err := t.Queries.EndSignIn(ctx, db.EndSignInParams{OrgID: t.org, ID: id}); err != nil {
			return err
		}
		if err := t.publish(chat.UserTopic(row.UserID), chat.Event{SignedOut: &chat.SignedOut{SignIn: id}}); err != nil {
			return err
		}
		return t.audit(ctx, p, chat.AuditEntry{Action: "session.revoked", Object: string(row.UserID)})
	})
}

// RevokeSignIns ends all sign-ins of a user but the one to keep, "" for none, and
// returns how many there were.
func (s *Store) RevokeSignIns(ctx context.Context, p chat.Principal, id chat.UserID, keep chat.SignInID) (int, error) {
	ended := 0
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		err := t.ownOrAdministered(ctx, p, id)
		if err != nil {
			return err
		}
		if ended, err = t.endSignIns(ctx, id, keep); err != nil || ended == 0 {
			return err
		}
		return t.audit(ctx, p, chat.AuditEntry{Action: "session.revoked_all", Object: string(id)})
	})
	return ended, err
}

// endSignIns ends the sign-ins of a user but the one to keep, "" for none, and tells
// their sockets.
func (t *tx) endSignIns(ctx context.Context, id chat.UserID, keep chat.SignInID) (int, error) {
	ended, err := t.EndSignIns(ctx, db.EndSignInsParams{OrgID: t.org, UserID: id, Keep: (*string)(orNull(keep))})
	if err != nil {
		return 0, err
	}
	for _, signIn := range ended {
		if err := t.publish(chat.UserTopic(id), chat.Event{SignedOut: &chat.SignedOut{SignIn: signIn}}); err != nil {
			return 0, err
		}
	}
	return len(ended), nil
}

// TouchSignIns notes that sign-ins of an org are in use now, which puts off the end of
// those that end when nobody uses them.
func (s *Store) TouchSignIns(ctx context.Context, org chat.OrgID, ids []chat.SignInID) error {
	return s.inOrg(ctx, org, func(t *tx) error {
		return t.Queries.TouchSignIns(ctx, db.TouchSignInsParams{OrgID: org, Ids: texts(ids)})
	})
}
