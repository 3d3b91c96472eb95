package store

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// Orgs lists every org.
func (s *Store) Orgs(ctx context.Context) ([]chat.OrgID, error) {
	rows, err := s.queries().AllOrgs(ctx)
	return convert(rows, func(id string) chat.OrgID { return chat.OrgID(id) }), err
}

// Retention lists how long an org keeps what it may choose the time of.
func (s *Store) Retention(ctx context.Context, org chat.OrgID) ([]chat.Retention, error) {
	out := chat.Retentions()
	err := s.inOrg(ctx, org, func(t *tx) error {
		rows, err := t.ListRetention(ctx, org)
		for i := range out {
			out[i].Days = out[i].Default
			for _, r := range rows {
				if r.Kind == string(out[i].Kind) {
					out[i].RanAt, out[i].Removed, out[i].RemovedTotal = zero(r.RanAt), r.Removed, int(r.RemovedTotal)
					if r.Days != nil {
						out[i].Days = int(*r.Days)
					}
				}
			}
		}
		return err
	})
	return out, err
}

// SetRetention changes how long an org keeps a kind of thing; 0 days is the default.
func (s *Store) SetRetention(ctx context.Context, p chat.Principal, kind chat.RetentionKind, days int) error {
	for _, r := range chat.Retentions() {
		if r.Kind != kind {
			continue
		}
		if days != 0 && (days < r.Least || days > r.Most) {
			return chat.Invalidf("days", "must be from %d to %d.", r.Least, r.Most)
		}
		return s.inOrg(ctx, p.Org, func(t *tx) error {
			detail := fmt.Sprintf("%d days", days)
			if days == 0 {
				detail = "the default"
			}
			if err := t.Queries.SetRetention(ctx, db.SetRetentionParams{OrgID: p.Org, Kind: string(kind), Days: orNull(int32(days))}); err != nil {
				return err
			}
			return t.audit(ctx, p, chat.AuditEntry{Action: "retention.changed", Object: string(kind), Detail: detail})
		})
	}
	return chat.Invalidf("kind", "is not one that can be chosen.")
}

// Forget removes the next of an org's things of a kind that are older than before, and
// returns how many: fewer than most when no more are left. Deleted leads are erased.
func (s *Store) Forget(ctx context.Context, org chat.OrgID, kind chat.RetentionKind, before time.Time, most int) (int, error) {
	removed := 0
	err := s.inOrg(ctx, org, func(t *tx) error {
		var err error
		removed, err = t.forget(ctx, kind, before, int32(most))
		return err
	})
	return removed, err
}

func (t *tx) forget(ctx context.Context, kind chat.RetentionKind, before time.Time, most int32) (int, error) {
	switch kind {
	case chat.RetainCallbacks:
		n, err := t.DeleteOldCallbacks(ctx, db.DeleteOldCallbacksParams{
			OrgID: t.org, BeforeID: firstCallback(before), Before: before, Most: most,
		})
		return int(n), err
	case chat.RetainExchanges:
		n, err := t.DeleteOldExchanges(ctx, db.DeleteOldExchangesParams{OrgID: t.org, BeforeID: chat.ExchangeID(firstCallback(before)), Most: most})
		return int(n), err
	case chat.RetainImports:
		n, err := t.DeleteOldImports(ctx, db.DeleteOldImportsParams{OrgID: t.org, Before: before, Most: most})
		if err != nil {
			return 0, err
		}
		m, err := t.DeleteOldExports(ctx, db.DeleteOldExportsParams{OrgID: t.org, Before: before, Most: most - int32(n)})
		return int(n + m), err
	case chat.RetainDeletedLeads:
		ids, err := t.LeadsToForget(ctx, db.LeadsToForgetParams{OrgID: t.org, Before: &before, Most: 1})
		for _, id := range ids {
			if _, err := t.eraseLead(ctx, chat.Principal{Org: t.org}, id, true); err != nil {
				return 0, err
			}
		}
		return len(ids), err
	}
	return 0, nil
}

// firstCallback is the least id that a callback of that time or later can have. Ids begin
// with their time (RFC 9562, version 7); one that came in a little before it was given its
// id goes a little later.
func firstCallback(at time.Time) chat.CallbackID {
	ms := at.UnixMilli()
	raw := hex.EncodeToString([]byte{byte(ms >> 40), byte(ms >> 32), byte(ms >> 24), byte(ms >> 16), byte(ms >> 8), byte(ms)})
	return chat.CallbackID(raw[:8] + "-" + raw[8:] + "-0000-0000-000000000000")
}

// NoteForgotten writes down that old things were looked for, and how many went.
func (s *Store) NoteForgotten(ctx context.Context, org chat.OrgID, kind chat.RetentionKind, removed int) error {
	return s.inOrg(ctx, org, func(t *tx) error {
		return t.later.NoteRetention(ctx, db.NoteRetentionParams{OrgID: org, Kind: string(kind), Removed: removed})
	})
}
