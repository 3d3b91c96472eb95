package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
)

// smallStore is another store on the same database, with few connections.
func smallStore(t testing.TB, f *filled, conns int) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{URL: f.URL, MaxConns: conns})
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s
}

// hear is everything that one of many calls says, as text.
func hear(ctx context.Context, s *store.Store, mine, foreign *filled, worker, n int) (string, error) {
	var said any
	var err error
	switch n % 10 {
	case 0:
		said, err = s.Conversations(ctx, mine.Sales, store.ConversationFilter{Most: 50})
	case 1:
		said, err = s.SearchLeads(ctx, mine.Sales, chat.SearchWords("lead", nil), 50)
	case 2:
		said, err = s.Messages(ctx, mine.Sales, mine.conversation.ID, 0, 0, 50)
	case 3:
		said, err = s.Users(ctx, mine.Org)
	case 4:
		said, err = s.AcceptMessage(ctx, mine.Sales, newMessage(mine.conversation, "hello", fmt.Sprint(worker, n)), fine)
	case 5:
		said, err = s.Connectors(ctx, mine.Org)
	case 6:
		said, err = s.Callbacks(ctx, mine.Org, "", "", "", 50)
	case 7:
		said, err = s.Lead(ctx, mine.Sales, foreign.Lead.ID)
	case 8:
		said, err = s.MarkRead(ctx, mine.Sales, mine.conversation.ID, n)
	case 9:
		said, err = s.Conversation(ctx, mine.Sales, foreign.conversation.ID)
	}
	return fmt.Sprintf("%+v", said), err
}

// TestI7AnotherOrgsIDsAreNotFound gives each method that takes an id one of another
// org's. Every answer is the one for an id that does not exist.
func TestI7AnotherOrgsIDsAreNotFound(t *testing.T) {
	t.Parallel()
	a, b := twoOrgs(t)
	s, ctx := a.Store, t.Context()
	connector, sender, identifier := b.WhatsApp.ID, b.WhatsApp.Senders[0].ID, b.Lead.Identifiers[0].ID
	theirs := group(t, b.World, "Theirs")
	before := fingerprint(t, a)
	for name, call := range map[string]func() (any, error){
		"Connector":    func() (any, error) { return s.Connector(ctx, a.Org, connector) },
		"Conversation": func() (any, error) { return s.Conversation(ctx, a.Sales, b.conversation.ID) },
		"ConversationsOfLead": func() (any, error) {
			return s.ConversationsOfLead(ctx, a.Sales, b.Lead.ID)
		},
		"Messages":      func() (any, error) { return s.Messages(ctx, a.Sales, b.conversation.ID, 0, 0, 50) },
		"MessagesAfter": func() (any, error) { return s.Messages(ctx, a.Sales, b.conversation.ID, 0, 1, 50) },
		"Message":       func() (any, error) { return s.Message(ctx, a.Sales, b.message.ID) },
		"Timeline":      func() (any, error) { return s.Timeline(ctx, a.Sales, b.message.ID) },
		"ContentOf":     func() (any, error) { return s.ContentOf(ctx, a.Sales, b.failed.ID) },
		"MarkRead":      func() (any, error) { return s.MarkRead(ctx, a.Sales, b.conversation.ID, 1) },
		"Sender":        func() (any, error) { return s.Sender(ctx, a.Org, sender) },
		"Lead":          func() (any, error) { return s.Lead(ctx, a.Sales, b.Lead.ID) },
		"Template":      func() (any, error) { return s.Template(ctx, a.Org, b.Template.ID) },
		"Media":         func() (any, error) { return s.Media(ctx, a.Org, b.media) },
		"MediaFor":      func() (any, error) { return s.MediaFor(ctx, a.Sales, b.media) },
		"Org":           func() (any, error) { return s.Org(ctx, chat.NewID[chat.OrgID]()) },
		"SettleMedia": func() (any, error) {
			return s.SettleMedia(ctx, a.Org, store.StoredMedia{Media: chat.Media{ID: b.media, State: chat.MediaReady}})
		},
		"RemoveOrigin": func() (any, error) {
			return nil, s.RemoveOrigin(ctx, a.Admin, "https://"+b.text+".example.com")
		},
		"Callback": func() (any, error) { return s.Callback(ctx, a.Org, b.callback) },
		"EndReplay": func() (any, error) {
			return nil, s.EndReplay(ctx, a.Org, b.callback, store.CallbackEnd{Result: store.ResultShown})
		},
		"EndLater": func() (any, error) {
			return nil, s.EndLater(ctx, a.Org, b.callback, store.CallbackEnd{Result: store.ResultShown})
		},
		"SetConnectorState": func() (any, error) {
			return nil, ignoring(s.SetConnectorState(ctx, a.Org, connector, store.ConnectorPaused, "mine now"))
		},
		"MoveConnector": func() (any, error) {
			return nil, s.MoveConnector(ctx, a.Org, connector, "https://elsewhere.example.com")
		},
		"AcceptMessage": func() (any, error) { return s.AcceptMessage(ctx, a.Sales, newMessage(b.conversation, "x", "y"), fine) },
		"AddNote":       func() (any, error) { return s.AddNote(ctx, a.Sales, newNote(b.conversation, "x")) },
		"AddNote naming": func() (any, error) {
			return s.AddNote(ctx, a.Sales, newNote(a.conversation, "x", b.Sales.User))
		},
		"ChangeNote": func() (any, error) { return s.ChangeNote(ctx, a.Sales, store.ChangedNote{ID: b.note.ID, Text: "x"}) },
		"MarkUnread": func() (any, error) { return s.MarkUnread(ctx, a.Sales, b.conversation.ID) },
		"Colleagues": func() (any, error) {
			people, _, err := s.Colleagues(ctx, a.Sales, b.conversation.ID)
			return people, err
		},
		"Snooze":   func() (any, error) { return s.Snooze(ctx, a.Sales, b.conversation.ID, time.Now()) },
		"Unsnooze": func() (any, error) { return s.Unsnooze(ctx, a.Sales, b.conversation.ID) },
		"Transfer of a lead": func() (any, error) {
			return s.Transfer(ctx, a.Admin, store.NewTransfer{Lead: b.Lead.ID, To: a.Admin.User})
		},
		"Transfer to a user": func() (any, error) {
			return s.Transfer(ctx, a.Admin, store.NewTransfer{Lead: a.Lead.ID, To: b.Admin.User})
		},
		"Transfer to a group": func() (any, error) {
			return s.Transfer(ctx, a.Admin, store.NewTransfer{Lead: a.Lead.ID, Group: theirs})
		},
		"Transfer in a conversation": func() (any, error) {
			return s.Transfer(ctx, a.Admin, store.NewTransfer{Lead: a.Lead.ID, To: a.Admin.User, Conversation: b.conversation.ID})
		},
		"UndoTransfer": func() (any, error) {
			stranger := b.Admin
			stranger.Org = a.Org
			return s.UndoTransfer(ctx, stranger, b.transfer, time.Time{}, time.Now())
		},
		"StartConversation of a lead": func() (any, error) {
			return s.StartConversation(ctx, a.Sales, b.Lead.ID, a.Lead.Identifiers[0].ID, a.WhatsApp.Senders[0].ID)
		},
		"StartConversation with an identifier": func() (any, error) {
			return s.StartConversation(ctx, a.Sales, a.Lead.ID, identifier, a.WhatsApp.Senders[0].ID)
		},
		"StartConversation from a sender": func() (any, error) {
			return s.StartConversation(ctx, a.Sales, a.Lead.ID, a.Lead.Identifiers[0].ID, sender)
		},
	} {
		said, err := call()
		require.Equal(t, chat.CodeNotFound, chat.CodeOf(err), "%s: %v", name, err)
		require.NotContains(t, fmt.Sprintf("%+v", said), b.text, name)
	}
	// These say nothing, and do nothing.
	job := store.Job{Org: a.Org, Message: b.message.ID, Connector: connector}
	_, _, err := s.StartCall(ctx, job, startOf("n1"))
	require.ErrorIs(t, err, store.ErrLeaseLost)
	call := store.Call{Job: job, Number: 1}
	require.NoError(t, s.Accepted(ctx, call, "wamid.stolen", lost().At))
	require.NoError(t, s.Refused(ctx, call, lost()))
	require.NoError(t, s.Unsure(ctx, call, lost()))
	require.NoError(t, s.NotSent(ctx, call, lost(), 0))
	rescued, err := s.Rescue(ctx, job, lost())
	require.NoError(t, err)
	require.False(t, rescued)
	stranger := a.Sales
	stranger.SignIn = b.Sales.SignIn
	require.NoError(t, s.EndSignIn(ctx, stranger))
	on := chat.Standing{SignIn: b.Sales.SignIn, AccessVersion: b.Sales.AccessVersion}
	fallen, err := s.Fallen(ctx, a.Org, []chat.Standing{on})
	require.NoError(t, err)
	require.Equal(t, []chat.Fallen{{Standing: on, Ended: true}}, fallen, "to this org it is over")
	require.NoError(t, s.Wake(ctx, a.Org, b.conversation.ID, time.Time{}))
	require.Equal(t, before, fingerprint(t, a), "nothing was written")
}

func ignoring(_ bool, err error) error { return err }

// fingerprint sums up every row of every org.
func fingerprint(t testing.TB, f *filled) string {
	t.Helper()
	pool := owner(t, f.World)
	var out string
	for _, table := range append(orgTables(t, pool), "orgs") {
		sums := names(t, pool, fmt.Sprintf("select coalesce(md5(string_agg(x::text, ',' order by x::text)), '') from %s x", table))
		out += table + " " + sums[0] + "\n"
	}
	return out
}
