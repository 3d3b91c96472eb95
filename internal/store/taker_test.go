package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

func toGroup(lead chat.LeadID, group chat.GroupID) store.NewTransfer {
	n := transferOf(lead, "", "")
	n.Group = group
	return n
}

// TestAHundredTransfersToAGroupAreTwentyForEachOfFive: all at once, with rules saved meanwhile.
func TestAHundredTransfersToAGroupAreTwentyForEachOfFive(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	const leads, people = 100, 5
	members := colleagues(t, w, chat.RoleSalesUser, people)
	inbound := group(t, w, "Inbound", members...)
	ids := make([]chat.LeadID, leads)
	for i := range ids {
		ids[i] = w.NewLead(t, "Lead", "", phone(i)).ID
	}
	together(leads, func(n int) {
		_, err := w.Store.Transfer(t.Context(), w.Admin, toGroup(ids[n], inbound))
		require.NoError(t, err)
		if n == leads/2 {
			saveRules(t, w, nobody)
		}
	})
	got := map[chat.UserID]int{}
	for _, id := range ids {
		got[ownerOf(t, w, id)]++
	}
	want := map[chat.UserID]int{}
	for _, m := range members {
		want[m] = leads / people
	}
	require.Equal(t, want, got)
}

func TestATransferToAGroupGoesToTheNextWhoMayTakeIt(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	talk := w.Conversation(t, w.WhatsApp)
	two := colleagues(t, w, chat.RoleSalesUser, 2)
	gone := colleagues(t, w, chat.RoleSalesUser, 1)
	inbound := group(t, w, "Inbound", append(append(gone, w.Sales.User), two...)...)
	exec(t, owner(t, w), "update users set active = false where id = $1", gone[0])

	n := toGroup(w.Lead.ID, inbound)
	n.Comment = "she asks for Spanish"
	got, err := w.Store.Transfer(t.Context(), w.Sales, n)
	require.NoError(t, err)
	require.Contains(t, two, got.ID, "neither who is gone nor who has it")
	require.Equal(t, got.ID, ownerOf(t, w, w.Lead.ID))
	messages, err := w.Store.Messages(t.Context(), w.Admin, talk.ID, 0, 0, 10)
	require.NoError(t, err)
	require.Contains(t, messages[0].Text, "It was the turn of "+got.Name)
	require.Equal(t, "she asks for Spanish", messages[1].Text)

	back, err := w.Store.UndoTransfer(t.Context(), w.Sales, n.ID, time.Time{}, time.Now())
	require.NoError(t, err)
	require.Equal(t, w.Sales.User, back)
	next, err := w.Store.Transfer(t.Context(), w.Sales, toGroup(w.Lead.ID, inbound))
	require.NoError(t, err)
	require.NotEqual(t, got.ID, next.ID, "a turn that was taken is over")
}

func TestAGroupInWhichNobodyMayTakeALeadIsNotOffered(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	talk := w.Conversation(t, w.WhatsApp)
	none, onlyTheOwner, one := group(t, w, "None"), group(t, w, "Mira", w.Sales.User), group(t, w, "Both", w.Sales.User, w.Admin.User)
	_, groups, err := w.Store.Colleagues(t.Context(), w.Sales, talk.ID)
	require.NoError(t, err)
	require.Len(t, groups, 1)
	require.Equal(t, one, groups[0].ID)
	require.Equal(t, 1, groups[0].Takers)
	for _, id := range []chat.GroupID{none, onlyTheOwner} {
		_, err := w.Store.Transfer(t.Context(), w.Sales, toGroup(w.Lead.ID, id))
		require.Equal(t, chat.CodeConflict, chat.CodeOf(err))
	}
	require.Equal(t, w.Sales.User, ownerOf(t, w, w.Lead.ID))
}
