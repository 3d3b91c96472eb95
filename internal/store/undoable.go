package store

import (
	"context"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// withMerges says of each merge in a lead's history whether it can be undone, and if not
// why. may: the user may change the lead.
func (t *tx) withMerges(ctx context.Context, history []chat.Activity, may bool) error {
	var ids []string
	for i, a := range history {
		if a.Kind == chat.ActivityMerged && a.Detail["merge_id"] != "" {
			history[i].Merge = chat.MergeID(a.Detail["merge_id"])
			ids = append(ids, a.Detail["merge_id"])
		}
	}
	if len(ids) == 0 {
		return nil
	}
	rows, err := t.MergesByID(ctx, db.MergesByIDParams{OrgID: t.org, Ids: ids})
	if err != nil {
		return err
	}
	there := map[chat.MergeID]db.MergesByIDRow{}
	for _, r := range rows {
		there[r.ID] = r
	}
	for i, a := range history {
		if a.Merge != "" {
			r, ok := there[a.Merge]
			history[i].MergeStays = mergeStays(r, ok, may)
		}
	}
	return nil
}

// mergeStays is why a merge cannot be undone; empty when it can be. there is false for one
// that is no more.
func mergeStays(m db.MergesByIDRow, there, may bool) string {
	switch {
	case !there:
		return "It has been undone."
	case m.LeadID != m.ParentID:
		return intoAnother
	case m.Later:
		return anotherSince
	case !may:
		return "You may not change this lead."
	}
	return ""
}
