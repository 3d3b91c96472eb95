package store

import (
	"context"
	"crypto/hmac"
	"errors"

	"github.com/jackc/pgx/v5"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// How much of the audit is checked in one transaction, and in one call.
const (
	auditPage = 2_000
	auditCall = 200_000
)

// VerifyAudit checks that the audit is as it was written, from the entry after one that
// is known to be good (0: from the first). It looks at up to auditCall entries and says
// how far it came; More says that there are others.
func (s *Store) VerifyAudit(ctx context.Context, org chat.OrgID, after int64) (chat.AuditCheck, error) {
	out := chat.AuditCheck{Upto: after}
	var before []byte
	for range auditCall / auditPage {
		done := false
		err := s.inOrg(ctx, org, func(t *tx) error {
			if out.Upto > 0 && before == nil {
				good, err := t.AuditEntryAt(ctx, db.AuditEntryAtParams{OrgID: org, Seq: out.Upto})
				if err != nil {
					return notFound(err, "audit entry")
				}
				before = good.Hash
			}
			var err error
			done, err = t.verifyPage(ctx, &out, &before)
			return err
		})
		if err != nil || done {
			return out, err
		}
	}
	out.More = true
	return out, nil
}

// verifyPage checks the next entries. It is done at the end and at the first that is wrong.
func (t *tx) verifyPage(ctx context.Context, out *chat.AuditCheck, before *[]byte) (done bool, err error) {
	rows, err := t.AuditEntriesAfter(ctx, db.AuditEntriesAfterParams{OrgID: t.org, After: out.Upto, Most: auditPage})
	if err != nil {
		return false, err
	}
	for _, row := range rows {
		if row.Seq != out.Upto+1 {
			out.BrokenAt, out.Problem = out.Upto+1, chat.AuditMissing
			return true, nil
		}
		if !t.holds(row, *before) {
			out.BrokenAt, out.Problem = row.Seq, chat.AuditChanged
			return true, nil
		}
		out.Upto, *before = row.Seq, row.Hash
	}
	if len(rows) == auditPage {
		return false, nil
	}
	head, err := t.AuditHead(ctx, t.org)
	if errors.Is(err, pgx.ErrNoRows) {
		head, err = db.AuditHeadRow{}, nil
	}
	switch {
	case err != nil:
		return false, err
	case head.Seq > out.Upto:
		out.BrokenAt, out.Problem = out.Upto+1, chat.AuditMissing
	case head.Seq < out.Upto || !hmac.Equal(head.Hash, *before):
		out.BrokenAt, out.Problem = out.Upto, chat.AuditChanged
	}
	return true, nil
}

// holds reports whether an entry's hash is right behind the one before, under any key
// that it may have been made with. Entries of before keys were named have no key's id.
func (t *tx) holds(row db.AuditEntry, before []byte) bool {
	keys := t.options.AuditKeys
	if len(keys) == 0 {
		keys = [][]byte{nil}
	}
	for _, key := range keys {
		hash, err := chain(key, before, t.org, auditEntryOf(row))
		if err == nil && (hmac.Equal(hash, row.Hash) || hmac.Equal(hash[1:], row.Hash)) {
			return true
		}
	}
	return false
}
