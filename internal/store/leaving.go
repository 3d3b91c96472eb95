package store

import (
	"context"
	"errors"
	"slices"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// Deactivate signs a user out everywhere for good. What they did stays, under their
// name; their leads are given on by a job. The last administrator stays too.
func (s *Store) Deactivate(ctx context.Context, p chat.Principal, id chat.UserID, leads chat.LeavingLeads) error {
	return s.inOrg(ctx, p.Org, func(t *tx) error {
		may, member, err := t.managed(ctx, p, id)
		if err != nil {
			return err
		}
		heirs, err := t.heirs(ctx, may, id, leads)
		if err != nil {
			return err
		}
		switch member.State {
		case chat.UserDeactivated:
			return nil
		case chat.UserInvited:
			return blocked("This user has not joined yet. Take the invitation back instead.")
		case chat.UserActive:
		}
		if err := t.notTheLast(ctx, member); err != nil {
			return err
		}
		if err := t.SetActive(ctx, db.SetActiveParams{OrgID: t.org, ID: id, Active: false}); err != nil {
			return err
		}
		if err := t.DeletePasswordLink(ctx, db.DeletePasswordLinkParams{OrgID: t.org, UserID: id}); err != nil {
			return err
		}
		if _, err := t.endSignIns(ctx, id, ""); err != nil {
			return err
		}
		if err := t.giveLater(ctx, id, heirs); err != nil {
			return err
		}
		return t.audit(ctx, p, chat.AuditEntry{Action: "user.deactivated", Object: string(id)})
	})
}

// Reactivate lets a deactivated user sign in again, with the password they had.
func (s *Store) Reactivate(ctx context.Context, p chat.Principal, id chat.UserID) error {
	return s.inOrg(ctx, p.Org, func(t *tx) error {
		_, member, err := t.managed(ctx, p, id)
		if err != nil || member.State == chat.UserActive {
			return err
		}
		if member.State == chat.UserInvited {
			return blocked("This user has not joined yet. Send the invitation again instead.")
		}
		if err := t.SetActive(ctx, db.SetActiveParams{OrgID: t.org, ID: id, Active: true}); err != nil {
			return err
		}
		return t.audit(ctx, p, chat.AuditEntry{Action: "user.reactivated", Object: string(id)})
	})
}

// heirs are the users who get the leads of one who leaves.
func (t *tx) heirs(ctx context.Context, may chat.Management, leaver chat.UserID, leads chat.LeavingLeads) ([]chat.UserID, error) {
	if leads == (chat.LeavingLeads{}) {
		return nil, nil
	}
	field := "toUserId"
	if leads.Group != "" {
		field = "toGroupId"
		if _, err := t.GetGroup(ctx, db.GetGroupParams{OrgID: t.org, ID: leads.Group}); err != nil {
			return nil, notFound(err, "group")
		}
	} else if _, err := t.member(ctx, leads.User); err != nil {
		return nil, err
	}
	all, err := t.members(ctx, nil)
	var out []chat.UserID
	for _, m := range all {
		chosen := m.ID == leads.User || slices.Contains(m.Groups, leads.Group)
		chats := chat.Principal{Role: m.Role}.MayChat()
		if chosen && chats && m.ID != leaver && m.State == chat.UserActive && may.Sees(m) {
			out = append(out, m.ID)
		}
	}
	if err == nil && len(out) == 0 {
		err = chat.Invalidf(field, "Choose somebody who is active and chats with leads.")
	}
	return out, err
}

// giveLater adds the job that gives a user's leads to others.
func (t *tx) giveLater(ctx context.Context, from chat.UserID, to []chat.UserID) error {
	if len(to) == 0 {
		return nil
	}
	within, err := t.pgx(ctx)
	if err != nil {
		return err
	}
	return t.options.PassLeads(ctx, within, t.org, from, to)
}

// passedAtOnce is how many leads change hands in one transaction.
const passedAtOnce = 200

// PassLeads gives some of a user's leads to others, one after the other, and returns how
// many. It is called until there are none left; turn is how many were given before.
func (s *Store) PassLeads(ctx context.Context, org chat.OrgID, from chat.UserID, to []chat.UserID, turn int) (int, error) {
	given := 0
	err := s.inOrg(ctx, org, func(t *tx) error {
		leads, err := t.LeadsToPass(ctx, db.LeadsToPassParams{OrgID: org, FromUser: string(from), Most: passedAtOnce})
		if err != nil || len(leads) == 0 {
			return err
		}
		given = len(leads)
		owners := make([]string, len(leads))
		for i := range leads {
			owners[i] = string(to[(turn+i)%len(to)])
		}
		if err := t.Queries.PassLeads(ctx, db.PassLeadsParams{OrgID: org, Ids: texts(leads), Owners: owners}); err != nil {
			return err
		}
		if err := t.RaiseTaken(ctx, db.RaiseTakenParams{OrgID: org, LeadIds: texts(leads)}); err != nil {
			return err
		}
		for i, id := range leads {
			err = errors.Join(err, t.tellPassed(ctx, id, from, chat.UserID(owners[i])))
		}
		return errors.Join(err, t.tellConversations(ctx, leads, from))
	})
	return given, err
}

// tellPassed writes down that a lead has another owner, and lets the org know. One that
// was deleted only gets the owner: nobody sees it.
func (t *tx) tellPassed(ctx context.Context, id chat.LeadID, from, to chat.UserID) error {
	lead, err := t.lead(ctx, id)
	if chat.CodeOf(err) == chat.CodeNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(
		t.activity(ctx, assignment(chat.Principal{}, id, chat.Routed{Owner: to})),
		t.publish(chat.OrgTopic(t.org), chat.Event{Lead: &lead, Owner: to, PreviousOwner: passed(from, to)}),
	)
}
