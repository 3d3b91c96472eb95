package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// suppressionHashes are an identifier's hashes under every key, the one to write with
// first: keyed, so that whoever reads the table cannot try all numbers there are.
func (t *tx) suppressionHashes(i chat.Identifier) [][]byte {
	out := make([][]byte, len(t.options.SuppressionKeys))
	for n, key := range t.options.SuppressionKeys {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(string(t.org) + "\x00" + string(i.Kind) + "\x00" + i.Value))
		out[n] = mac.Sum(nil)
	}
	return out
}

// suppress keeps those who asked to be left alone from being written to after they were
// erased and come back: identifiers that are new and known to be suppressed are opted
// out, together with the commit.
func (t *tx) suppress(ctx context.Context, identifiers ...chat.Identifier) error {
	var p db.SuppressParams
	for _, i := range identifiers {
		for _, hash := range t.suppressionHashes(i) {
			p.Ids, p.Hashes = append(p.Ids, string(i.ID)), append(p.Hashes, hash)
		}
	}
	if len(p.Ids) == 0 {
		return nil
	}
	p.OrgID = t.org
	return t.later.Suppress(ctx, p)
}

// remember writes down which identifiers had opted out.
func (t *tx) remember(ctx context.Context, identifiers []chat.Identifier) error {
	p := db.InsertSuppressionsParams{OrgID: t.org}
	for _, i := range identifiers {
		if hashes := t.suppressionHashes(i); (i.OptedOut() || len(i.Stops) > 0) && len(hashes) > 0 {
			p.Hashes, p.Ats = append(p.Hashes, hashes[0]), append(p.Ats, i.OptedOutAt)
			p.Sources, p.Stops = append(p.Sources, i.OptOutSource), append(p.Stops, joined(i.Stops))
		}
	}
	if len(p.Hashes) == 0 {
		return nil
	}
	return t.InsertSuppressions(ctx, p)
}
