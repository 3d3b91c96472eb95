package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

// limited is the principal with what is left of their role's access after a template.
func limited(p chat.Principal, t chat.PermissionTemplate) chat.Principal {
	access := chat.BaseAccess(p.Role).Restrict(t)
	p.Access = &access
	return p
}

// heard are the events since a place in what was committed.
func heard(t testing.TB, w *world.World, since int) []*conversev1.Event {
	t.Helper()
	var out []*conversev1.Event
	for _, e := range w.Events()[since:] {
		var event conversev1.Event
		require.NoError(t, proto.Unmarshal(e.Payload, &event))
		out = append(out, &event)
	}
	return out
}

func reasonOf(err error) string {
	var e *chat.Error
	if !errors.As(err, &e) {
		return ""
	}
	return e.Reason
}

func TestALeadIsChangedByWhoMayAndWhoSawItAsItIs(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	talk := w.Conversation(t, w.SMS)
	since := len(w.Events())
	name, stage := "Ashley", "Won"
	lead, err := w.Store.UpdateLead(t.Context(), w.Sales, store.LeadChange{ID: w.Lead.ID, Version: 1, FirstName: &name, Stage: &stage})
	require.NoError(t, err)
	require.Equal(t, "Ashley", lead.FirstName)
	require.Equal(t, 2, lead.Version)
	var conversation *conversev1.Conversation
	var changed *conversev1.Lead
	for _, e := range heard(t, w, since) {
		if e.GetConversation() != nil {
			conversation = e.GetConversation()
		}
		if e.GetLead() != nil {
			changed = e.GetLead()
		}
	}
	require.Equal(t, "Ashley Rao", conversation.GetLeadName(), "open lists show the new name")
	require.Greater(t, int(conversation.GetVersion()), talk.Version)
	require.Equal(t, "Won", changed.GetStage())
	require.EqualValues(t, 2, changed.GetVersion())
	require.Len(t, leadsFound(t, w, "ashley"), 1)
	require.Empty(t, leadsFound(t, w, "asha"), "the old name finds nothing")

	_, err = w.Store.UpdateLead(t.Context(), w.Sales, store.LeadChange{ID: w.Lead.ID, Version: 1, Stage: &name})
	require.Equal(t, chat.ReasonLeadChanged, reasonOf(err))

	other := chat.Principal{Org: w.Org, User: chat.NewID[chat.UserID](), Role: chat.RoleSalesUser}
	_, err = w.Store.UpdateLead(t.Context(), other, store.LeadChange{ID: w.Lead.ID, Version: 2, Stage: &name})
	require.Equal(t, chat.CodeForbidden, chat.CodeOf(err), "visible, and somebody else's")
	own := limited(other, chat.PermissionTemplate{View: chat.ScopeOwn})
	_, err = w.Store.UpdateLead(t.Context(), own, store.LeadChange{ID: w.Lead.ID, Version: 2, Stage: &name})
	require.Equal(t, chat.NotFound("lead"), err, "as if it were not there")

	since = len(w.Events())
	lead, err = w.Store.UpdateLead(t.Context(), w.Sales, store.LeadChange{ID: w.Lead.ID, Version: 2, Stage: &stage})
	require.NoError(t, err)
	require.Equal(t, 2, lead.Version, "nothing was different")
	require.Empty(t, heard(t, w, since))

	admin := w.Admin.User
	lead, err = w.Store.UpdateLead(t.Context(), w.Sales, store.LeadChange{ID: w.Lead.ID, Version: 2, Owner: &admin})
	require.NoError(t, err)
	require.Equal(t, w.Admin.Name, lead.OwnerName)
	for _, e := range heard(t, w, since) {
		require.Equal(t, string(admin), e.GetOwnerId())
		require.Equal(t, string(w.Sales.User), e.GetPreviousOwnerId(), "whoever saw it through its owner is told that it is gone")
	}
	history, err := w.Store.Activities(t.Context(), w.Admin, store.ActivityQuery{Lead: w.Lead.ID, Most: 10})
	require.NoError(t, err)
	require.Equal(t, []chat.ActivityKind{chat.ActivityAssigned, chat.ActivityUpdated}, []chat.ActivityKind{history[0].Kind, history[1].Kind})
	require.Equal(t, []string{"first_name", "stage"}, history[1].Fields)
	require.Equal(t, w.Sales.Name, history[1].ActorName)
	entries, err := w.Store.AuditEntries(t.Context(), w.Org, store.AuditFilter{Object: string(w.Lead.ID), Most: 10})
	require.NoError(t, err)
	require.Equal(t, []string{"owner"}, entries[0].Fields)
	for _, e := range entries {
		require.NotContains(t, e.Detail, "Ash")
	}
}

func TestIdentifiersAreAddedChangedOrderedAndTakenAway(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	first := w.Lead.Identifiers[0]
	mail, office, label := "asha@example.com", "+12025550166", "home"
	lead, err := w.Store.UpdateLead(t.Context(), w.Sales, store.LeadChange{ID: w.Lead.ID, Version: 1, Identifiers: []store.IdentifierChange{
		{Kind: chat.IdentifierEmail, Value: &mail}, {ID: first.ID, Label: &label}, {Kind: chat.IdentifierPhone, Value: &office},
	}})
	require.NoError(t, err)
	require.Len(t, lead.Identifiers, 3)
	require.Equal(t, "asha@example.com", lead.Identifiers[0].Value)
	require.Equal(t, chat.Identifier{ID: first.ID, Kind: first.Kind, Value: first.Value, Label: "home"}, lead.Identifiers[1])
	require.Len(t, leadsFound(t, w, "0166"), 1)

	w.Conversation(t, w.SMS) // with the first
	_, err = w.Store.UpdateLead(t.Context(), w.Sales, store.LeadChange{ID: w.Lead.ID, Version: 2, Identifiers: []store.IdentifierChange{}})
	require.Equal(t, chat.ReasonIdentifierStays, reasonOf(err))
	lead, err = w.Store.UpdateLead(t.Context(), w.Sales, store.LeadChange{ID: w.Lead.ID, Version: 2, Identifiers: []store.IdentifierChange{{ID: first.ID}}})
	require.NoError(t, err)
	require.Len(t, lead.Identifiers, 1)
	require.Empty(t, leadsFound(t, w, "0166"))

	stranger := w.NewLead(t, "Ben", "Key", "+12025550167")
	_, err = w.Store.UpdateLead(t.Context(), w.Sales, store.LeadChange{ID: stranger.ID, Version: 1, Identifiers: []store.IdentifierChange{
		{ID: first.ID, Label: &label},
	}})
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err), "another lead's identifier")
}

// TestI8WhoseANumberIsStaysWithThoseWhoMaySeeIt: that it is taken is said to all, and
// whose it is to those who may see the lead and such values.
func TestI8WhoseANumberIsStaysWithThoseWhoMaySeeIt(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	number := w.Lead.Identifiers[0].Value
	add := func(p chat.Principal) *chat.Error {
		t.Helper()
		_, err := w.Store.AddLead(t.Context(), p, chat.Lead{
			ID: chat.NewID[chat.LeadID](), FirstName: "Copy", Identifiers: []chat.Identifier{{ID: chat.NewID[chat.IdentifierID](), Kind: chat.IdentifierPhone, Value: number}},
		})
		var e *chat.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, chat.ReasonIdentifierTaken, e.Reason)
		require.Equal(t, "identifiers[0].value", e.Field)
		require.NotContains(t, e.Error(), number)
		return e
	}
	require.Equal(t, w.Lead.ID, add(w.Sales).Lead)
	require.Empty(t, add(limited(w.Sales, chat.PermissionTemplate{Masks: map[chat.LeadField]chat.Mask{chat.FieldPhone: chat.MaskEnds}})).Lead)
	require.Empty(t, add(limited(w.Admin, chat.PermissionTemplate{View: chat.ScopeOwn})).Lead)
	_, err := w.Store.DeleteLeads(t.Context(), w.Admin, []chat.LeadID{w.Lead.ID})
	require.NoError(t, err)
	require.Contains(t, add(w.Admin).Message, "deleted")
}

func TestADeletedLeadIsHiddenAndComesBack(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	receive(t, w, w.SMS, received(w.SMS, "in-1", w.Lead.Identifiers[0].Value, "hello"))
	require.Len(t, conversations(t, w), 1)
	result, err := w.Store.DeleteLeads(t.Context(), w.Sales, []chat.LeadID{w.Lead.ID})
	require.NoError(t, err)
	require.Equal(t, store.BulkResult{Refused: 1}, result, "sales users delete nothing")
	gone := func() {
		t.Helper()
		result, err := w.Store.DeleteLeads(t.Context(), w.Admin, []chat.LeadID{w.Lead.ID})
		require.NoError(t, err)
		require.Equal(t, store.BulkResult{Done: 1}, result)
		require.Empty(t, conversations(t, w))
		require.Empty(t, leadsFound(t, w, "asha"))
		_, err = w.Store.Lead(t.Context(), w.Admin, w.Lead.ID)
		require.Equal(t, chat.CodeNotFound, chat.CodeOf(err))
		page, err := w.Store.LeadPage(t.Context(), w.Admin, store.LeadPageQuery{Most: 10})
		require.NoError(t, err)
		require.Empty(t, page.Leads)
	}
	there := func() {
		t.Helper()
		require.Len(t, conversations(t, w), 1)
		require.Len(t, leadsFound(t, w, "asha"), 1)
	}
	gone()
	n, err := w.Store.RestoreLeads(t.Context(), w.Admin, []chat.LeadID{w.Lead.ID})
	require.NoError(t, err)
	require.Equal(t, 1, n)
	there()

	// Nobody's message is lost: whoever writes is back, alone or among others.
	gone()
	receive(t, w, w.SMS, received(w.SMS, "in-2", w.Lead.Identifiers[0].Value, "are you there?"))
	there()
	gone()
	stored, err := w.Store.ReceiveTogether(t.Context(), w.Org, []store.Arrival{arrival(w.SMS)}, []store.Received{received(w.SMS, "in-3", w.Lead.Identifiers[0].Value, "hello?")})
	require.NoError(t, err)
	require.Equal(t, []bool{false}, stored, "left for a closer look")
	receive(t, w, w.SMS, received(w.SMS, "in-3", w.Lead.Identifiers[0].Value, "hello?"))
	there()

	// After a while it is too late.
	gone()
	exec(t, owner(t, w), "update leads set deleted_at = now() - interval '31 days' where id = $1", w.Lead.ID)
	_, err = w.Store.RestoreLeads(t.Context(), w.Admin, []chat.LeadID{w.Lead.ID})
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err))
	old, err := w.Store.DeletedLeads(t.Context(), w.Org, 10)
	require.NoError(t, err)
	require.Equal(t, []chat.LeadID{w.Lead.ID}, old)
}

func TestManyLeadsGetOneOwnerAndStage(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	var ids []chat.LeadID
	for n := range 20 {
		ids = append(ids, w.NewLead(t, "Lead", "Number", phone(n)).ID)
	}
	admin, stage := w.Admin.User, "Won"
	result, err := w.Store.UpdateLeads(t.Context(), w.Sales, ids, store.LeadChange{Owner: &admin, Stage: &stage})
	require.NoError(t, err)
	require.Equal(t, store.BulkResult{Done: 20}, result)
	result, err = w.Store.UpdateLeads(t.Context(), w.Sales, ids, store.LeadChange{Owner: &admin})
	require.NoError(t, err)
	require.Equal(t, store.BulkResult{Refused: 20}, result, "they are somebody else's now")
	_, err = w.Store.UpdateLeads(t.Context(), w.Admin, append(ids, chat.NewID[chat.LeadID]()), store.LeadChange{Stage: new(string)})
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err))
	require.Equal(t, 20, count(t, owner(t, w), "select count(*) from leads where stage = 'Won' and owner_id = $1", admin), "all or nothing")
}

func TestTheHistoryOfALeadHoldsItsMessages(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	receive(t, w, w.SMS, received(w.SMS, "in-1", w.Lead.Identifiers[0].Value, "hello"))
	_, err := w.Store.AcceptMessage(t.Context(), w.Sales, newMessage(w.Conversation(t, w.WhatsApp), "hi", "c1"), fine)
	require.NoError(t, err)
	lead, err := w.Store.SetOptOut(t.Context(), w.Sales, w.Lead.Identifiers[0].ID, true, "asked on the phone")
	require.NoError(t, err)
	require.Equal(t, "user", lead.Identifiers[0].OptOutSource)
	require.True(t, lead.Identifiers[0].OptedOut())
	said := func(kind chat.ActivityKind) string {
		page, err := w.Store.Activities(t.Context(), w.Sales, store.ActivityQuery{Lead: w.Lead.ID, Most: 1, Kinds: []chat.ActivityKind{kind}})
		require.NoError(t, err)
		return page[0].Detail["message_kind"]
	}
	require.Equal(t, "text", said(chat.ActivitySMSReceived), "a file without a text is named by what it is")
	kinds := func(narrow ...chat.ActivityKind) []chat.ActivityKind {
		t.Helper()
		var out []chat.ActivityKind
		q := store.ActivityQuery{Lead: w.Lead.ID, Most: 1, Kinds: narrow}
		for range 10 { // a page each
			page, err := w.Store.Activities(t.Context(), w.Sales, q)
			require.NoError(t, err)
			if len(page) == 0 {
				return out
			}
			out = append(out, page[0].Kind)
			q.Before, q.BeforeID = page[0].At, page[0].ID
		}
		return out
	}
	require.ElementsMatch(t, []chat.ActivityKind{chat.ActivityOptedOut, chat.ActivityWhatsAppSent, chat.ActivitySMSReceived}, kinds())
	require.Equal(t, []chat.ActivityKind{chat.ActivitySMSReceived}, kinds(chat.ActivitySMSReceived, chat.ActivityNote))
	require.Equal(t, []chat.ActivityKind{chat.ActivityOptedOut}, kinds(chat.ActivityOptedOut))
	own := limited(w.Admin, chat.PermissionTemplate{View: chat.ScopeOwn})
	_, err = w.Store.Activities(t.Context(), own, store.ActivityQuery{Lead: w.Lead.ID, Most: 1, Before: time.Now()})
	require.Equal(t, chat.NotFound("lead"), err)
	_, err = w.Store.SetOptOut(t.Context(), own, w.Lead.Identifiers[0].ID, false, "")
	require.Equal(t, chat.NotFound("identifier"), err)
}
