package store

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// Consent is somebody's word, told by a provider, on being written to.
type Consent struct {
	// Phone and WhatsApp say who; at least one is set.
	Phone, WhatsApp string
	// Stop is what is stopped, or allowed again.
	Stop chat.Stop
	// OptedOut is false when the word takes an earlier one back.
	OptedOut bool
	At       time.Time
}

// Consent applies such a word and ends the callback it came in. It holds for the lead
// from the commit on; somebody who is no lead yet is remembered by a keyed hash, and it
// holds when they become one.
func (s *Store) Consent(ctx context.Context, org chat.OrgID, a Arrival, c Consent) (CallbackEnd, error) {
	end := CallbackEnd{Result: ResultShown}
	err := s.inOrg(ctx, org, func(t *tx) error {
		known, err := t.IdentifiersByValue(ctx, identitiesOf(org, c.Phone, c.WhatsApp))
		if err != nil {
			return err
		}
		changed := false
		if len(known) == 0 {
			err = t.suppressStranger(ctx, c)
		} else {
			changed, err = t.stop(ctx, known, c.Stop, c.OptedOut, "provider")
		}
		end = CallbackEnd{Result: ResultShown}
		if len(known) > 0 && !changed {
			end = CallbackEnd{Result: ResultIgnored, Why: "known before"}
		}
		return errors.Join(err, t.arrive(ctx, a, end))
	})
	return end, err
}

func identitiesOf(org chat.OrgID, phone, whatsApp string) db.IdentifiersByValueParams {
	return db.IdentifiersByValueParams{
		OrgID: org, Kinds: []string{string(chat.IdentifierWhatsApp), string(chat.IdentifierPhone)}, Values: []string{whatsApp, phone},
	}
}

// suppressStranger remembers the wish of somebody who is no lead.
func (t *tx) suppressStranger(ctx context.Context, c Consent) error {
	p := db.InsertSuppressionsParams{OrgID: t.org}
	var hashes [][]byte
	for _, i := range []chat.Identifier{{Kind: chat.IdentifierPhone, Value: c.Phone}, {Kind: chat.IdentifierWhatsApp, Value: c.WhatsApp}} {
		if made := t.suppressionHashes(i); i.Value != "" && len(made) > 0 {
			p.Hashes, p.Ats = append(p.Hashes, made[0]), append(p.Ats, time.Time{})
			p.Sources, p.Stops = append(p.Sources, "provider"), append(p.Stops, string(c.Stop))
			hashes = append(hashes, made...)
		}
	}
	if c.OptedOut {
		return t.InsertSuppressions(ctx, p)
	}
	return t.LiftSuppressions(ctx, db.LiftSuppressionsParams{OrgID: t.org, Hashes: hashes, Lifted: texts(undone(c.Stop))})
}

// undone are the stops that a word allowing this one again takes back: who is written to
// over a channel again gets its marketing, too.
func undone(stop chat.Stop) []chat.Stop {
	if stop == chat.StopWhatsApp {
		return []chat.Stop{chat.StopWhatsApp, chat.StopMarketing}
	}
	return []chat.Stop{stop}
}

// stop adds a stop to identifiers, or takes it back, with everything that follows from it,
// and reports whether anything changed. source is who said so: reply or provider.
func (t *tx) stop(ctx context.Context, identifiers []db.Identifier, stop chat.Stop, out bool, source string) (bool, error) {
	byLead := map[chat.LeadID][]chat.IdentifierKind{}
	var leads []chat.LeadID
	for _, row := range identifiers {
		before := identifierOf(row)
		after := slices.DeleteFunc(slices.Clone(before.Stops), func(s chat.Stop) bool { return slices.Contains(undone(stop), s) })
		if out {
			after = append(slices.DeleteFunc(slices.Clone(before.Stops), func(s chat.Stop) bool { return s == stop }), stop)
		}
		if len(after) == len(before.Stops) {
			continue
		}
		if err := t.SetStops(ctx, db.SetStopsParams{OrgID: t.org, ID: row.ID, Stops: texts(after)}); err != nil {
			return false, err
		}
		if byLead[row.LeadID] == nil {
			leads = append(leads, row.LeadID)
		}
		byLead[row.LeadID] = append(byLead[row.LeadID], row.Kind)
	}
	slices.Sort(leads) // two who change the same leads wait instead of meeting
	for _, lead := range leads {
		if err := t.stopped(ctx, lead, byLead[lead], stop, out, source); err != nil {
			return false, err
		}
	}
	return len(leads) > 0, nil
}

// stopped is what else changes with a stop: the lead, its history and the audit.
func (t *tx) stopped(ctx context.Context, lead chat.LeadID, kinds []chat.IdentifierKind, stop chat.Stop, out bool, source string) error {
	locked, err := t.LockLeads(ctx, db.LockLeadsParams{OrgID: t.org, Ids: []string{string(lead)}})
	if err != nil || len(locked) == 0 {
		return err
	}
	if locked[0].DeletedAt != nil {
		return nil // nobody looks at it, and it keeps the wish
	}
	before, err := t.lead(ctx, lead)
	if err != nil {
		return err
	}
	if err = t.touchLead(ctx, before); err != nil {
		return err
	}
	activity, action := chat.ActivityOptedIn, "lead.opted_in"
	if out {
		activity, action = chat.ActivityOptedOut, "lead.opted_out"
	}
	fields := texts(kinds)
	return errors.Join(
		t.activity(ctx, chat.Activity{
			Lead: lead, Kind: activity, Fields: fields, Detail: map[string]string{"source": source, "stop": string(stop)},
		}),
		t.raiseConversations(ctx, lead, true, ""), t.tellLead(ctx, lead, ""),
		t.audit(ctx, chat.Principal{}, chat.AuditEntry{Action: action, Object: string(lead), Fields: fields}),
	)
}

// heed acts on what a lead's message says about being written to, before it is stored: a
// stop holds for every send that starts after the commit.
func (t *tx) heed(ctx context.Context, r Received, c chat.Conversation) (changed bool, err error) {
	stop := chat.StopOf(c.Channel)
	switch r.Wish {
	case chat.WishStop:
		if slices.Contains(c.Identifier.Stops, stop) {
			return false, nil
		}
	case chat.WishStart:
		if len(c.Identifier.Stops) == 0 {
			return false, nil
		}
	case chat.WishNone, chat.WishUnclear:
		return false, nil
	}
	known, err := t.identities(ctx, r)
	if err != nil {
		return false, err
	}
	return t.stop(ctx, known, stop, r.Wish == chat.WishStop, "reply")
}

// joined are stops as InsertSuppressions takes them.
func joined(stops []chat.Stop) string { return strings.Join(texts(stops), ",") }
