package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

// owned is a lead with a conversation that has a message with a file.
type owned struct {
	chat.Lead
	talk    chat.ConversationID
	message chat.MessageID
	file    chat.MediaID
}

// lead makes a lead of an owner, "" for none.
func ownedBy(t testing.TB, w *world.World, owner chat.UserID, n int) owned {
	t.Helper()
	out := owned{Lead: chat.Lead{
		ID: chat.NewID[chat.LeadID](), FirstName: "Visible", LastName: "Lead", Owner: owner,
		Identifiers: []chat.Identifier{{ID: chat.NewID[chat.IdentifierID](), Kind: chat.IdentifierPhone, Value: phone(n)}},
	}, file: chat.NewID[chat.MediaID]()}
	require.NoError(t, w.Store.CreateLead(t.Context(), w.Org, out.Lead))
	r := received(w.WhatsApp, "in-"+phone(n), phone(n), "hello")
	r.Kind = chat.KindImage
	r.Media = []store.NewMedia{{Media: chat.Media{ID: out.file, State: chat.MediaLoading}}}
	receive(t, w, w.WhatsApp, r)
	out.message = r.ID
	c, err := w.Store.ConversationsOfLead(t.Context(), w.Admin, out.ID)
	require.NoError(t, err)
	require.Len(t, c, 1)
	out.talk = c[0].ID
	return out
}

// TestI7NobodySeesLeadsBeyondTheirView asks every read for the leads of oneself, of a
// colleague, of a stranger and of nobody, under each scope.
func TestI7NobodySeesLeadsBeyondTheirView(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	colleague, stranger := chat.NewID[chat.UserID](), chat.NewID[chat.UserID]()
	for _, id := range []chat.UserID{colleague, stranger} {
		require.NoError(t, w.Store.CreateUser(t.Context(), w.Org,
			chat.User{ID: id, Email: string(id) + "@example.com", Name: "A", Role: chat.RoleSalesUser}, "none"))
	}
	leads := map[string]owned{
		"own": ownedBy(t, w, w.Sales.User, 1), "colleague": ownedBy(t, w, colleague, 2), "stranger": ownedBy(t, w, stranger, 3),
		"nobody": ownedBy(t, w, "", 4),
	}
	for scope, seen := range map[chat.Scope]map[string]bool{
		chat.ScopeAll:   {"own": true, "colleague": true, "stranger": true, "nobody": true},
		chat.ScopeGroup: {"own": true, "colleague": true, "nobody": true},
		chat.ScopeOwn:   {"own": true},
		chat.ScopeNone:  {},
	} {
		p := w.Sales
		access := chat.BaseAccess(p.Role).Restrict(chat.PermissionTemplate{View: scope})
		access.Colleagues = []chat.UserID{colleague}
		p.Access = &access
		for whose, l := range leads {
			for name, read := range reads(t, w, p, l) {
				err := read()
				if seen[whose] {
					require.NoError(t, err, "%s of %s under %s", name, whose, scope)
				} else {
					require.Equal(t, chat.CodeNotFound, chat.CodeOf(err), "%s of %s under %s: %v", name, whose, scope, err)
				}
			}
		}
		page, err := w.Store.Conversations(t.Context(), p, store.ConversationFilter{Most: 50})
		require.NoError(t, err)
		require.Len(t, page.Conversations, len(seen), scope)
		require.Equal(t, seen["own"], page.UnreadMine > 0, scope)
		found, err := w.Store.SearchLeads(t.Context(), p, chat.SearchWords("visible", nil), 50)
		require.NoError(t, err)
		require.Len(t, found, len(seen), scope)
	}
}

// reads are the ways to get at a lead by an id.
func reads(t testing.TB, w *world.World, p chat.Principal, l owned) map[string]func() error {
	ctx := t.Context()
	return map[string]func() error{
		"lead":                  func() error { _, err := w.Store.Lead(ctx, p, l.ID); return err },
		"conversation":          func() error { _, err := w.Store.Conversation(ctx, p, l.talk); return err },
		"conversations of lead": func() error { _, err := w.Store.ConversationsOfLead(ctx, p, l.ID); return err },
		"messages":              func() error { _, err := w.Store.Messages(ctx, p, l.talk, 0, 0, 10); return err },
		"message":               func() error { _, err := w.Store.Message(ctx, p, l.message); return err },
		"timeline":              func() error { _, err := w.Store.Timeline(ctx, p, l.message); return err },
		"file":                  func() error { _, err := w.Store.MediaFor(ctx, p, l.file); return err },
		"mark read":             func() error { _, err := w.Store.MarkRead(ctx, p, l.talk, 0); return err },
		"start": func() error {
			_, err := w.Store.StartConversation(ctx, p, l.ID, l.Identifiers[0].ID, w.SMS.Senders[0].ID)
			return err
		},
		"send": func() error {
			n := newMessage(chat.Conversation{ID: l.talk}, "hello", string(chat.NewID[chat.MessageID]()))
			_, err := w.Store.AcceptMessage(ctx, p, n, fine)
			return err
		},
		"send again": func() error {
			_, err := w.Store.ContentOf(ctx, p, l.message)
			if chat.CodeOf(err) == chat.CodeBlocked { // it is not one of ours, which only who sees it learns
				return nil
			}
			return err
		},
	}
}

// TestI7EveryEventAboutALeadNamesItsOwner: by the owner sessions are told apart.
func TestI7EveryEventAboutALeadNamesItsOwner(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	l := ownedBy(t, w, w.Sales.User, 1)
	c, err := w.Store.Conversation(t.Context(), w.Sales, l.talk)
	require.NoError(t, err)
	m := sent(t, w, c, "hello", "wamid.1")
	_, err = w.Store.SettleMedia(t.Context(), w.Org, store.StoredMedia{Media: chat.Media{ID: l.file, State: chat.MediaRefused}})
	require.NoError(t, err)
	report(t, w, w.WhatsApp, reportOf(w.WhatsApp, "wamid.1", chat.StatusRead))
	require.NotEmpty(t, m.ID)
	kinds := map[string]bool{}
	for _, e := range w.Events() {
		if e.Topic != chat.OrgTopic(w.Org) {
			continue
		}
		var event conversev1.Event
		require.NoError(t, proto.Unmarshal(e.Payload, &event))
		require.Equal(t, string(w.Sales.User), event.GetOwnerId(), "%v", &event)
		kinds[string(event.ProtoReflect().WhichOneof(event.ProtoReflect().Descriptor().Oneofs().Get(0)).Name())] = true
	}
	require.True(t, kinds["message"] && kinds["tick"], kinds)
	owner, ok, err := w.Store.OwnerOf(t.Context(), w.Org, l.talk)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, w.Sales.User, owner)
	_, ok, err = w.Store.OwnerOf(t.Context(), chat.NewID[chat.OrgID](), l.talk)
	require.NoError(t, err)
	require.False(t, ok, "another org's")
}
