package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// MostAtOnce bounds how many leads one transaction gives away.
const MostAtOnce = 200

// routingCase is a lead who writes, as rules look at them.
func (r Received) routingCase(lead chat.Lead) chat.RoutingCase {
	return chat.RoutingCase{Channel: r.Sender.Channel, Sender: r.Sender.ID, Text: r.Text, At: r.ReceivedAt, Fields: routingFields(lead)}
}

// routingFields are the values that rules can ask for.
func routingFields(l chat.Lead) map[chat.LeadField]string {
	out := map[chat.LeadField]string{
		chat.FieldFirstName: l.FirstName, chat.FieldLastName: l.LastName, chat.FieldSource: l.Source, chat.FieldStage: l.Stage,
	}
	kinds := map[chat.IdentifierKind]chat.LeadField{
		chat.IdentifierPhone: chat.FieldPhone, chat.IdentifierEmail: chat.FieldEmail, chat.IdentifierWhatsApp: chat.FieldWhatsApp,
	}
	for _, i := range l.Identifiers {
		if out[kinds[i.Kind]] == "" {
			out[kinds[i.Kind]] = i.Value
		}
	}
	for _, v := range l.Custom {
		out[chat.CustomField(v.Key)] = v.Value
	}
	return out
}

// house finds an owner for a new lead, and returns them; with nobody to give it to the
// lead stays unassigned, and waits. All it writes goes with the commit.
func (t *tx) house(ctx context.Context, lead chat.Lead, r Received) (chat.UserID, error) {
	found, err := t.route(ctx, r.routingCase(lead), true)
	switch {
	case err != nil:
		return "", err
	case found.Owner == "":
		return "", t.wait(ctx, lead.ID, r.ReceivedAt, found)
	}
	return found.Owner, errors.Join(
		t.later.SetFirstOwner(ctx, db.SetFirstOwnerParams{OrgID: t.org, OwnerID: &found.Owner, ID: lead.ID}),
		t.activity(ctx, assignment(chat.Principal{}, lead.ID, found.Routed)),
	)
}

// routeKnown finds an owner for a lead that has none and writes to a sender for the
// first time. Rules alone decide, the default does not: somebody has kept this lead.
func (t *tx) routeKnown(ctx context.Context, id chat.LeadID, r Received) error {
	lead, err := t.lead(ctx, id)
	if chat.CodeOf(err) == chat.CodeNotFound {
		if err = t.restoreLead(ctx, chat.Principal{}, id); err == nil { // it was deleted
			lead, err = t.lead(ctx, id)
		}
	}
	if err != nil || lead.Owner != "" {
		return err
	}
	found, err := t.route(ctx, r.routingCase(lead), false)
	if err != nil {
		return err
	}
	if found.Owner == "" {
		return t.wait(ctx, id, r.ReceivedAt, found)
	}
	_, err = t.give(ctx, chat.Principal{}, found.Routed, []chat.LeadID{id})
	return err
}

// assignment is how a lead's history tells of its owner.
func assignment(p chat.Principal, lead chat.LeadID, r chat.Routed) chat.Activity {
	detail := map[string]string{"owner_id": string(r.Owner)}
	if r.Rule != "" {
		detail["rule_id"] = string(r.Rule)
	}
	return chat.Activity{Lead: lead, Kind: chat.ActivityAssigned, Actor: p.User, Fields: []string{string(chat.FieldOwner)}, Detail: detail}
}

// wait puts a lead into the line of those who have nobody, and tells the org.
func (t *tx) wait(ctx context.Context, lead chat.LeadID, since time.Time, found routed) error {
	t.unserved = t.unserved || found.unserved
	return errors.Join(
		t.later.InsertWaiting(ctx, db.InsertWaitingParams{
			OrgID: t.org, LeadID: lead, Since: since, RuleID: orNull(found.keeper), Unserved: found.unserved,
		}),
		t.offer(chat.OrgTopic(t.org)),
	)
}

func (t *tx) offer(topic chat.Topic) error {
	return t.publish(topic, chat.Event{Offer: &chat.Offer{At: time.Now()}})
}

// give makes somebody the owner of those leads that have none, and tells the org. p is
// who does it. It returns which.
func (t *tx) give(ctx context.Context, p chat.Principal, r chat.Routed, leads []chat.LeadID) ([]chat.LeadID, error) {
	given, err := t.TakeUnassigned(ctx, db.TakeUnassignedParams{OrgID: t.org, OwnerID: &r.Owner, LeadIds: texts(leads)})
	if err != nil || len(given) == 0 {
		return nil, err
	}
	if err := t.RaiseTaken(ctx, db.RaiseTakenParams{OrgID: t.org, LeadIds: texts(given)}); err != nil {
		return nil, err
	}
	for _, id := range given {
		err = errors.Join(err, t.activity(ctx, assignment(p, id, r)), t.tellLead(ctx, id, chat.Nobody))
	}
	return given, errors.Join(err, t.tellConversations(ctx, given, chat.Nobody), t.offer(chat.OrgTopic(t.org)))
}

// tellConversations lets the org know of the leads' conversations as they are after the
// statements so far. previous is who had all of them.
func (t *tx) tellConversations(ctx context.Context, leads []chat.LeadID, previous chat.UserID) error {
	rows, err := t.TakenConversations(ctx, db.TakenConversationsParams{OrgID: t.org, LeadIds: texts(leads)})
	for _, row := range rows {
		c := conversationOf(row)
		err = errors.Join(err, t.publish(chat.OrgTopic(t.org), chat.Event{Conversation: &c, PreviousOwner: previous}))
	}
	return err
}

// Waiting are the leads that have nobody.
type Waiting struct {
	// Count is of all; 1000 stands for more, too.
	Count int
	// Unserved of them came in when nobody could get them.
	Unserved int
	// Conversations of those who wait longest, one a lead, with the user's read marker.
	Conversations []chat.Conversation
	// Since is when each began to wait.
	Since []time.Time
}

// Waiting lists the leads that wait for an owner, the longest first. A user whom leads
// without an owner do not concern has none.
func (s *Store) Waiting(ctx context.Context, p chat.Principal, most int) (Waiting, error) {
	var out Waiting
	if !p.Sees("") {
		return out, nil
	}
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		total, err := t.CountWaiting(ctx, t.org)
		if err != nil || total.Waiting == 0 {
			return err
		}
		out = Waiting{Count: total.Waiting, Unserved: total.Unserved}
		rows, err := t.ListWaiting(ctx, db.ListWaitingParams{OrgID: t.org, Most: int32(most)})
		for _, r := range rows {
			c, findErr := t.conversation(ctx, p.User, r.ConversationID)
			err = errors.Join(err, findErr)
			out.Conversations, out.Since = append(out.Conversations, c), append(out.Since, r.Since)
		}
		return err
	})
	return out, err
}

// TakeLead makes the user the owner of a lead that nobody owns. Of two who try at once
// one gets it, for the other it is a conflict.
func (s *Store) TakeLead(ctx context.Context, p chat.Principal, id chat.LeadID) error {
	return s.inOrg(ctx, p.Org, func(t *tx) error {
		lead, err := t.lead(ctx, id)
		if err != nil {
			return err
		}
		if !p.Sees(lead.Owner) {
			return chat.NotFound("lead")
		}
		taken, err := t.give(ctx, p, chat.Routed{Owner: p.User}, []chat.LeadID{id})
		if err != nil {
			return err
		}
		if len(taken) == 0 {
			return &chat.Error{Code: chat.CodeConflict, Field: "leadId", Message: "Somebody has taken this lead already."}
		}
		return t.audit(ctx, p, chat.AuditEntry{Action: "lead.taken", Object: string(id), Fields: []string{string(chat.FieldOwner)}})
	})
}

// TakeWaiting makes the user the owner of the leads that wait longest, most of them.
// Those that somebody else is taking at the moment are passed over.
func (s *Store) TakeWaiting(ctx context.Context, p chat.Principal, most int) ([]chat.LeadID, error) {
	var taken []chat.LeadID
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		leads, err := t.LockWaiting(ctx, db.LockWaitingParams{OrgID: t.org, Most: int32(min(most, MostAtOnce))})
		if err != nil {
			return err
		}
		if taken, err = t.give(ctx, p, chat.Routed{Owner: p.User}, leads); err != nil || len(taken) == 0 {
			return err
		}
		e := chat.AuditEntry{Action: "lead.taken", Fields: []string{string(chat.FieldOwner)}}
		if len(taken) == 1 {
			e.Object = string(taken[0])
		} else {
			e.Detail = fmt.Sprintf("%d leads", len(taken))
		}
		return t.audit(ctx, p, e)
	})
	return taken, err
}

// Offer is called when users of an org have come online: leads that rules keep for whom
// they can get are given away, and the users are told of what waits still.
func (s *Store) Offer(ctx context.Context, org chat.OrgID, users []chat.UserID) error {
	return s.inOrg(ctx, org, func(t *tx) error {
		if err := t.giveKept(ctx); err != nil {
			return err
		}
		left, err := t.CountWaiting(ctx, t.org)
		if err != nil || left.Waiting == 0 {
			return err
		}
		for _, user := range users {
			err = errors.Join(err, t.offer(chat.UserTopic(user)))
		}
		return err
	})
}

// giveKept gives away the leads that rules keep for the first who can be got.
func (t *tx) giveKept(ctx context.Context) error {
	kept, err := t.LockWaitingOfRules(ctx, db.LockWaitingOfRulesParams{OrgID: t.org, Most: MostAtOnce})
	if err != nil || len(kept) == 0 {
		return err
	}
	rules, err := t.routingRules(ctx)
	if err != nil {
		return err
	}
	byID := map[chat.RoutingRuleID]chat.RoutingRule{}
	for _, r := range rules {
		byID[r.ID] = r
	}
	for _, k := range kept {
		r := byID[*k.RuleID]
		if !r.Active || !r.Waits {
			continue
		}
		lead, err := t.lead(ctx, k.LeadID)
		if err != nil {
			return err
		}
		next, ok, err := t.nextOf(ctx, r, chat.RoutingCase{Fields: routingFields(lead)}, t.turnOf(t.Queries))
		if err != nil {
			return err
		}
		if ok {
			if _, err := t.give(ctx, chat.Principal{}, chat.Routed{Owner: next.ID, Rule: r.ID}, []chat.LeadID{lead.ID}); err != nil {
				return err
			}
		}
	}
	return nil
}
