package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// audit adds entries to the org's audit in the transaction that does what they tell
// of: neither is there without the other. p is who did it; a principal without a user
// and a name is the product itself. The org's entries have one order, so a transaction
// should do this last, and once.
func (t *tx) audit(ctx context.Context, p chat.Principal, entries ...chat.AuditEntry) error {
	if len(entries) == 0 {
		return nil
	}
	head, err := t.LockAuditHead(ctx, t.org)
	if err != nil {
		return err
	}
	seq, hash := head.Seq, head.Hash
	for _, e := range entries {
		seq++
		e.Seq, e.At = seq, time.Now().UTC().Truncate(time.Microsecond)
		e.Actor, e.ActorName, e.Via, e.Address = p.User, p.Name, p.Via, p.Address
		if hash, err = chain(t.auditKey(), hash, t.org, e); err != nil {
			return err
		}
		fields := e.Fields
		if fields == nil {
			fields = []string{}
		}
		err = t.later.InsertAuditEntry(ctx, db.InsertAuditEntryParams{
			OrgID: t.org, Seq: e.Seq, At: e.At, ActorID: orNull(e.Actor), ActorName: e.ActorName, Via: string(e.Via), Action: e.Action,
			Object: e.Object, Fields: fields, Detail: e.Detail, Address: e.Address, Hash: hash,
		})
		if err != nil {
			return err
		}
	}
	return t.later.SetAuditHead(ctx, db.SetAuditHeadParams{OrgID: t.org, Seq: seq, Hash: hash})
}

// auditKey is what new entries are hashed with. Without any, in a test or a tool, the
// chain still shows gaps.
func (t *tx) auditKey() []byte {
	if len(t.options.AuditKeys) == 0 {
		return nil
	}
	return t.options.AuditKeys[0]
}

// keyID names an audit key in the hashes that are made with it. Two keys may share one;
// both are then tried.
func keyID(key []byte) byte {
	sum := sha256.Sum256(append([]byte("converse audit key id"), key...))
	return sum[0]
}

// chain is the hash of an entry and of all before it, with the key's id in front:
// HMAC-SHA-256, so that whoever can write to the database still cannot make a chain that
// holds.
func chain(key, before []byte, org chat.OrgID, e chat.AuditEntry) ([]byte, error) {
	if e.Fields == nil {
		e.Fields = []string{}
	}
	e.At = e.At.UTC()
	text, err := json.Marshal(struct { //nolint:musttag // what was hashed once must stay the same
		Org chat.OrgID
		chat.AuditEntry
	}{org, e})
	if err != nil {
		return nil, fmt.Errorf("encode audit entry: %w", err)
	}
	mac := hmac.New(sha256.New, key)
	mac.Write(before)
	mac.Write(text)
	return mac.Sum([]byte{keyID(key)}), nil
}

// AuditFilter narrows the audit. Zero values do not narrow.
type AuditFilter struct {
	Actor  chat.UserID
	Object string
	// Action is how actions begin.
	Action     string
	From, Upto time.Time
	// Before is the Seq where the page before ended.
	Before int64
	Most   int
}

// AuditEntries returns entries of the org's audit, the newest first.
func (s *Store) AuditEntries(ctx context.Context, org chat.OrgID, f AuditFilter) ([]chat.AuditEntry, error) {
	p := db.AuditEntriesParams{
		OrgID: org, Before: f.Before, ActorID: (*string)(orNull(f.Actor)), Object: f.Object, Action: f.Action, FromAt: f.From, UptoAt: f.Upto,
		Most: int32(f.Most),
	}
	if f.Before == 0 {
		p.Before = math.MaxInt64
	}
	if f.Upto.IsZero() {
		p.UptoAt = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	var out []chat.AuditEntry
	err := s.inOrg(ctx, org, func(t *tx) error {
		rows, err := t.Queries.AuditEntries(ctx, p)
		out = convert(rows, auditEntryOf)
		return err
	})
	return out, err
}

func auditEntryOf(r db.AuditEntry) chat.AuditEntry {
	return chat.AuditEntry{
		Seq: r.Seq, At: r.At, Actor: zero(r.ActorID), ActorName: r.ActorName, Via: chat.Via(r.Via), Action: r.Action, Object: r.Object,
		Fields: r.Fields, Detail: r.Detail, Address: r.Address,
	}
}
