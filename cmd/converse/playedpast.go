package main

import (
	"context"
	"slices"

	"converse/internal/chat"
	"converse/internal/sandbox"
	"converse/internal/store"
)

// How much of the past the phones show.
const (
	pastThreads  = 60
	pastMessages = 30
)

// playedPast is what an org and its leads have said, as the leads' phones have it: a
// window that is open here is open there too, whenever the program was started.
func playedPast(ctx context.Context, kept *store.Store, org chat.OrgID) ([]sandbox.Past, error) {
	users, err := kept.Users(ctx, org)
	if err != nil || len(users) == 0 {
		return nil, err
	}
	looking := chat.Principal{Org: org, User: users[0].ID, Role: chat.RoleAdministrator}
	page, err := kept.Conversations(ctx, looking, store.ConversationFilter{Most: pastThreads})
	if err != nil {
		return nil, err
	}
	var out []sandbox.Past
	// The latest last, so that it comes to lie on top of the phones.
	for _, c := range slices.Backward(page.Conversations) {
		messages, err := kept.Messages(ctx, looking, c.ID, 0, 0, pastMessages)
		if err != nil {
			return nil, err
		}
		past := sandbox.Past{Provider: c.Sender.Provider, Sender: c.Sender.Address, Lead: c.Identifier.Value}
		for _, m := range messages {
			if line, ok := playedMessage(m); ok {
				past.Messages = append(past.Messages, line)
			}
		}
		out = append(out, past)
	}
	return out, nil
}

// playedMessage is a message as the provider knew it; false for one that it may
// never have seen.
func playedMessage(m chat.Message) (sandbox.PastMessage, bool) {
	line := sandbox.PastMessage{Text: m.Text, At: m.ProviderAt}
	if line.At.IsZero() {
		line.At = m.CreatedAt
	}
	if line.Text == "" {
		line.Text = "[" + string(m.Kind) + "]"
	}
	if m.Direction == chat.DirectionInbound {
		return line, m.Kind != chat.KindNotice
	}
	line.Reference, line.Status = string(m.ID), m.Status
	return line, m.Status.Rank() >= chat.StatusSent.Rank()
}
