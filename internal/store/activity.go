package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// activity adds to the history of a lead, together with the commit. Messages are not
// added: they are read where they are.
func (t *tx) activity(ctx context.Context, a chat.Activity) error {
	if a.At.IsZero() {
		a.At = time.Now()
	}
	detail := []byte("{}")
	if len(a.Detail) > 0 {
		var err error
		if detail, err = json.Marshal(a.Detail); err != nil {
			return fmt.Errorf("encode the detail of an activity: %w", err)
		}
	}
	fields := a.Fields
	if fields == nil {
		fields = []string{}
	}
	return t.later.InsertActivity(ctx, db.InsertActivityParams{
		OrgID: t.org, ID: chat.NewID[chat.ActivityID](), LeadID: a.Lead, Kind: a.Kind, At: a.At, ActorID: orNull(a.Actor),
		ConversationID: orNull(a.Conversation), MessageID: orNull(a.Message), Fields: fields, Detail: detail,
	})
}

// ActivityQuery asks for a page of a lead's history.
type ActivityQuery struct {
	Lead chat.LeadID
	// Kinds narrow; none means all.
	Kinds []chat.ActivityKind
	// Before and BeforeID are where the page before ended; zero for the first page.
	Before   time.Time
	BeforeID chat.ActivityID
	Most     int
}

// Activities returns the history of a lead that the principal sees, the newest first:
// what was done to it, and its messages.
func (s *Store) Activities(ctx context.Context, p chat.Principal, q ActivityQuery) ([]chat.Activity, error) {
	if q.Before.IsZero() {
		q.Before, q.BeforeID = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), "ffffffff-ffff-ffff-ffff-ffffffffffff"
	}
	kinds, messages := []string{}, []string{}
	for _, kind := range q.Kinds {
		if place, ok := messageKinds[kind]; ok {
			messages = append(messages, place)
		} else {
			kinds = append(kinds, string(kind))
		}
	}
	var out []chat.Activity
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		lead, err := t.seenLead(ctx, p, q.Lead)
		if err != nil {
			return err
		}
		done, err := t.ActivitiesOfLead(ctx, db.ActivitiesOfLeadParams{
			OrgID: t.org, LeadID: q.Lead, BeforeAt: q.Before, BeforeID: string(q.BeforeID), AllKinds: len(q.Kinds) == 0, Kinds: kinds, Most: int32(q.Most),
		})
		if err != nil {
			return err
		}
		said, err := t.MessagesOfLead(ctx, db.MessagesOfLeadParams{
			OrgID: t.org, LeadID: q.Lead, BeforeAt: q.Before, BeforeID: string(q.BeforeID), AllKinds: len(q.Kinds) == 0, Kinds: messages, Most: int32(q.Most),
		})
		if err != nil {
			return err
		}
		if out, err = newestFirst(done, said, q.Most); err != nil {
			return err
		}
		return t.withMerges(ctx, out, p.Reach(p.Rights().Edit).Covers(lead.Owner))
	})
	return out, err
}

// messageKinds are the kinds that are read from messages, with their channel and
// direction as the query has them.
var messageKinds = map[chat.ActivityKind]string{
	chat.ActivitySMSSent: "sms_outbound", chat.ActivitySMSReceived: "sms_inbound",
	chat.ActivityWhatsAppSent: "whatsapp_outbound", chat.ActivityWhatsAppReceived: "whatsapp_inbound",
}

func newestFirst(done []db.ActivitiesOfLeadRow, said []db.MessagesOfLeadRow, most int) ([]chat.Activity, error) {
	var out []chat.Activity
	for _, r := range done {
		a := chat.Activity{
			ID: r.ID, Kind: r.Kind, At: r.At, Actor: zero(r.ActorID), ActorName: r.ActorName, Conversation: zero(r.ConversationID),
			Message: zero(r.MessageID), Fields: r.Fields,
		}
		if err := json.Unmarshal(r.Detail, &a.Detail); err != nil {
			return nil, fmt.Errorf("read the detail of an activity: %w", err)
		}
		out = append(out, a)
	}
	for _, r := range said {
		a := chat.Activity{
			ID: chat.ActivityID(r.ID), At: r.CreatedAt, Actor: zero(r.AuthorID), ActorName: r.AuthorName, Conversation: r.ConversationID,
			Message: r.ID, Text: r.Text, Detail: map[string]string{"message_kind": string(r.Kind)},
		}
		for kind, place := range messageKinds {
			if place == string(r.Channel)+"_"+string(r.Direction) {
				a.Kind = kind
			}
		}
		out = append(out, a)
	}
	slices.SortFunc(out, func(a, b chat.Activity) int {
		return cmp.Or(b.At.Compare(a.At), strings.Compare(string(b.ID), string(a.ID)))
	})
	return out[:min(len(out), most)], nil
}
