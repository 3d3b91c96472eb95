package store_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/testkit/world"
)

// seller adds an active sales user to the world, in a group or none.
func seller(t testing.TB, w *world.World, name string, groups ...chat.GroupID) chat.UserID {
	t.Helper()
	u := chat.User{ID: chat.NewID[chat.UserID](), Name: name, Role: chat.RoleSalesUser}
	u.Email = string(u.ID) + "@example.com"
	require.NoError(t, w.Store.CreateUser(t.Context(), w.Org, u, "none"))
	if len(groups) > 0 {
		_, err := w.Store.UpdateMember(t.Context(), w.Admin, u.ID, u.Name, u.Role, groups)
		require.NoError(t, err)
	}
	return u.ID
}

func TestLeadsOfOneWhoLeavesArePassedInTurn(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	ctx := t.Context()
	const leads = 450 // several transactions
	for n := range leads - 1 {
		w.NewLead(t, "Lead", fmt.Sprint(n), phone(1000+n))
	}
	heirs := []chat.UserID{seller(t, w, "A"), seller(t, w, "B"), seller(t, w, "C")}
	given := 0
	for {
		n, err := w.Store.PassLeads(ctx, w.Org, w.Sales.User, heirs, given)
		require.NoError(t, err)
		if n == 0 {
			break
		}
		given += n
	}
	require.Equal(t, leads, given)
	pool := owner(t, w)
	for _, heir := range heirs {
		require.Equal(t, leads/3, count(t, pool, "select count(*) from leads where owner_id = $1", heir))
		require.Equal(t, leads/3, count(t, pool, "select count(*) from activities where kind = 'assigned' and detail->>'owner_id' = $1", string(heir)))
	}
}

func TestWhoCanGetTheLeadsOfOneWhoLeaves(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	group := chat.Group{ID: chat.NewID[chat.GroupID](), Name: "North"}
	require.NoError(t, w.Store.SaveGroup(t.Context(), w.Admin, group, true))
	gone := seller(t, w, "Gone", group.ID)
	require.NoError(t, w.Store.Deactivate(t.Context(), w.Admin, gone, chat.LeavingLeads{}))
	for name, c := range map[string]struct {
		to   chat.LeavingLeads
		code chat.Code
	}{
		"themselves":                {chat.LeavingLeads{User: w.Sales.User}, chat.CodeInvalid},
		"one who is gone":           {chat.LeavingLeads{User: gone}, chat.CodeInvalid},
		"nobody at all":             {chat.LeavingLeads{User: chat.NewID[chat.UserID]()}, chat.CodeNotFound},
		"a group without anybody":   {chat.LeavingLeads{Group: group.ID}, chat.CodeInvalid},
		"a group that is not there": {chat.LeavingLeads{Group: chat.NewID[chat.GroupID]()}, chat.CodeNotFound},
	} {
		require.Equal(t, c.code, chat.CodeOf(w.Store.Deactivate(t.Context(), w.Admin, w.Sales.User, c.to)), name)
	}
	seller(t, w, "There", group.ID)
	require.NoError(t, w.Store.Deactivate(t.Context(), w.Admin, w.Sales.User, chat.LeavingLeads{Group: group.ID}))
}
