package crm

import (
	"context"
	"strconv"
	"strings"
	"time"

	"converse/internal/chat"
	"converse/internal/store"
)

const usualActivities, mostActivities = 50, 100

// Activities returns a page of a lead's history, the newest first, and the cursor of the
// next one, which is empty on the last.
func (s *Service) Activities(ctx context.Context, p chat.Principal, q store.ActivityQuery, cursor string) ([]chat.Activity, string, error) {
	if q.Most <= 0 {
		q.Most = usualActivities
	}
	q.Most = min(q.Most, mostActivities)
	if cursor != "" {
		at, id, _ := strings.Cut(cursor, ".")
		micros, err := strconv.ParseInt(at, 10, 64)
		before, idErr := chat.ParseID[chat.ActivityID]("cursor", id)
		if err != nil || idErr != nil {
			return nil, "", chat.Invalidf("cursor", "is not one of ours")
		}
		q.Before, q.BeforeID = time.UnixMicro(micros).UTC(), before
	}
	most := q.Most
	q.Most++
	out, err := s.store.Activities(ctx, p, q)
	if p.Rights().Masks[chat.FieldOwner] != "" {
		for i := range out {
			out[i].Detail = nil // it names owners
		}
	}
	if err != nil || len(out) <= most {
		return out, "", err
	}
	out = out[:most]
	last := out[most-1]
	return out, strconv.FormatInt(last.At.UnixMicro(), 10) + "." + string(last.ID), nil
}
