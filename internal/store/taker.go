package store

import (
	"context"
	"slices"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// taker is who gets a lead that a user gives away, and the line that says so.
func (t *tx) taker(ctx context.Context, p chat.Principal, before chat.UserID, n NewTransfer) (chat.Principal, string, error) {
	if n.Group != "" {
		return t.takerOf(ctx, p, before, n.Group)
	}
	to, err := t.user(ctx, n.To)
	if err != nil {
		return to, "", err
	}
	if before == to.User {
		return to, "", &chat.Error{Code: chat.CodeConflict, Field: "userId", Message: to.Name + " has this lead already."}
	}
	if err := mayGive(p, before); err != nil {
		return to, "", err
	}
	if !mayOwn(to) {
		return to, "", chat.Invalidf("userId", "%s cannot chat with leads, so nobody can give them one", to.Name)
	}
	if to.User == p.User {
		return to, p.Name + " took this conversation.", nil
	}
	return to, p.Name + " gave this conversation to " + to.Name + ".", nil
}

func mayGive(p chat.Principal, before chat.UserID) error {
	if p.Reach(p.Rights().Edit).Covers(before) {
		return nil
	}
	return &chat.Error{Code: chat.CodeForbidden, Message: "You may see this lead, but not give it to somebody else."}
}

// takerOf is the member of a group whose turn it is to get a lead, and takes their turn.
// Who has the lead is passed over. The rotation stays locked to the commit.
func (t *tx) takerOf(ctx context.Context, p chat.Principal, before chat.UserID, id chat.GroupID) (chat.Principal, string, error) {
	group, err := t.GetGroup(ctx, db.GetGroupParams{OrgID: t.org, ID: id})
	if err != nil {
		return chat.Principal{}, "", notFound(err, "group")
	}
	if err := mayGive(p, before); err != nil {
		return chat.Principal{}, "", err
	}
	// A group's transfers rotate beside those of its rules, under its own id.
	rotation := chat.RoutingRuleID(id)
	if err := t.lockRotation(ctx, rotation); err != nil {
		return chat.Principal{}, "", err
	}
	inTurn, err := t.MembersInTurn(ctx, db.MembersInTurnParams{OrgID: t.org, RuleID: rotation, GroupID: id})
	if err != nil {
		return chat.Principal{}, "", err
	}
	everyone, err := t.everyone(ctx)
	if err != nil {
		return chat.Principal{}, "", err
	}
	for _, member := range inTurn {
		i := slices.IndexFunc(everyone, func(u chat.Principal) bool { return u.User == member && u.User != before && mayOwn(u) })
		if i < 0 {
			continue
		}
		to := everyone[i]
		words := p.Name + " gave this conversation to " + group.Name + ". It was the turn of " + to.Name + "."
		return to, words, t.later.SetTurn(ctx, db.SetTurnParams{OrgID: t.org, RuleID: rotation, UserID: to.User})
	}
	return chat.Principal{}, "", &chat.Error{
		Code: chat.CodeConflict, Field: "groupId", Message: "Nobody in " + group.Name + " can take this lead. Choose somebody else.",
	}
}
