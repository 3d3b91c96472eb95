package store_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"converse/internal/chat"
	"converse/internal/testkit/world"
)

// TestTheStrictestTemplateWins draws templates and whom they restrict, saves them in some
// order, and compares what the database keeps of every user with all of them applied at
// once: nobody may do more than any of their templates leaves, whatever the order, and
// none who is touched by none does less.
func TestTheStrictestTemplateWins(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	groups := []chat.Group{{ID: chat.NewID[chat.GroupID](), Name: "North"}, {ID: chat.NewID[chat.GroupID](), Name: "South"}}
	mine := []chat.UserID{w.Sales.User, seller(t, w, "A"), seller(t, w, "B")}
	for i := range groups {
		groups[i].Members = mine[i : i+2]
		require.NoError(t, w.Store.SaveGroup(t.Context(), w.Admin, groups[i], true))
	}
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		var made []chat.PermissionTemplateID
		for range rapid.IntRange(1, 3).Draw(rt, "templates") {
			n++
			template := drawTemplate(rt)
			template.ID, template.Name = chat.NewID[chat.PermissionTemplateID](), fmt.Sprint("T", n)
			require.NoError(rt, w.Store.SavePermissionTemplate(t.Context(), w.Admin, template, true, true))
			require.NoError(rt, w.Store.SetAssignments(t.Context(), w.Admin, template.ID, drawAssignments(rt, mine, groups), true))
			made = append(made, template.ID)
		}
		everyone, err := w.Store.People(t.Context(), w.Org)
		require.NoError(rt, err)
		for _, m := range everyone.Members {
			backwards := slices.Clone(everyone.Templates)
			slices.Reverse(backwards)
			for _, templates := range [][]chat.AssignedTemplate{everyone.Templates, backwards} {
				want, why := chat.Restrictions(m, templates)
				require.True(rt, reflect.DeepEqual(want, m.Access), "%s: kept %+v, should be %+v", m.Name, m.Access, want)
				for _, r := range why {
					requireNoMore(rt, m.Access, r.Template)
				}
				if len(why) == 0 {
					base := chat.BaseAccess(m.Role)
					base.Colleagues = m.Access.Colleagues
					require.Equal(rt, base, m.Access)
				}
			}
		}
		for _, id := range made {
			require.NoError(rt, w.Store.DeletePermissionTemplate(t.Context(), w.Admin, id))
		}
	})
}

// requireNoMore says in other words than the code does that a template holds.
func requireNoMore(rt *rapid.T, a chat.Access, t chat.PermissionTemplate) {
	width := map[chat.Scope]int{chat.ScopeNone: 0, chat.ScopeOwn: 1, chat.ScopeGroup: 2, chat.ScopeAll: 3, "": 3}
	for _, scope := range [][2]chat.Scope{{a.View, t.View}, {a.Edit, t.Edit}, {a.Delete, t.Delete}, {a.Export, t.Export}, {a.Edit, a.View}, {a.Export, a.View}} {
		require.LessOrEqual(rt, width[scope[0]], width[scope[1]])
	}
	require.False(rt, a.Create && t.NoCreate || a.Import && t.NoImport)
	require.True(rt, (a.MaskText || !t.MaskText) && (a.NoReveal || !t.NoReveal))
	for field, mask := range t.Masks {
		require.NotEmpty(rt, a.Masks[field])
		require.True(rt, mask != chat.MaskAll || a.Masks[field] == chat.MaskAll)
	}
}

func drawTemplate(rt *rapid.T) chat.PermissionTemplate {
	scope := rapid.SampledFrom([]chat.Scope{"", chat.ScopeNone, chat.ScopeOwn, chat.ScopeGroup, chat.ScopeAll})
	field := rapid.SampledFrom([]chat.LeadField{chat.FieldPhone, chat.FieldLastName, chat.CustomField("budget")})
	mask := rapid.SampledFrom([]chat.Mask{chat.MaskEnds, chat.MaskAll})
	return chat.PermissionTemplate{
		View: scope.Draw(rt, "view"), Edit: scope.Draw(rt, "edit"), Delete: scope.Draw(rt, "delete"), Export: scope.Draw(rt, "export"),
		NoCreate: rapid.Bool().Draw(rt, "no create"), NoImport: rapid.Bool().Draw(rt, "no import"), MaskText: rapid.Bool().Draw(rt, "text"),
		NoReveal: rapid.Bool().Draw(rt, "no reveal"), Masks: rapid.MapOfN(field, mask, 0, 2).Draw(rt, "masks"),
	}
}

func drawAssignments(rt *rapid.T, users []chat.UserID, groups []chat.Group) []chat.Assignment {
	all := []chat.Assignment{{Role: chat.RoleSalesUser}, {Role: chat.RoleAdministrator}, {Group: groups[0].ID}, {Group: groups[1].ID}}
	for _, u := range users {
		all = append(all, chat.Assignment{User: u})
	}
	return rapid.SliceOfNDistinct(rapid.SampledFrom(all), 0, 3, rapid.ID).Draw(rt, "assignments")
}

// TestBlindingAdministratorsIsAskedAboutFirst: it is not done until it is confirmed, and
// then an administrator can undo it.
func TestBlindingAdministratorsIsAskedAboutFirst(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	ctx := t.Context()
	for name, template := range map[string]chat.PermissionTemplate{
		"out of sight": {View: chat.ScopeOwn}, "hidden from all": {Masks: map[chat.LeadField]chat.Mask{chat.FieldStage: chat.MaskAll}},
	} {
		template.ID, template.Name = chat.NewID[chat.PermissionTemplateID](), name
		require.NoError(t, w.Store.SavePermissionTemplate(ctx, w.Admin, template, true, false), "it touches nobody yet")
		all := []chat.Assignment{{Role: chat.RoleAdministrator}}
		err := w.Store.SetAssignments(ctx, w.Admin, template.ID, all, false)
		require.Equal(t, chat.CodeBlocked, chat.CodeOf(err), name)
		require.ErrorContains(t, err, "administrator")
		seen := func() chat.Access {
			m, _, err := w.Store.Member(ctx, w.Admin, w.Admin.User)
			require.NoError(t, err)
			return m.Access
		}
		require.Equal(t, chat.BaseAccess(chat.RoleAdministrator), seen(), "it was undone")
		require.NoError(t, w.Store.SetAssignments(ctx, w.Admin, template.ID, all, true))
		require.NotEqual(t, chat.BaseAccess(chat.RoleAdministrator), seen())
		require.NoError(t, w.Store.SetAssignments(ctx, w.Admin, template.ID, all, false), "nothing more is taken")
		require.NoError(t, w.Store.DeletePermissionTemplate(ctx, w.Admin, template.ID))
		require.Equal(t, chat.BaseAccess(chat.RoleAdministrator), seen())
	}
}

// TestI7GroupsAndTemplatesStayInTheirOrg: ids of another org's people, groups and
// templates are those that do not exist, and nothing is written.
func TestI7GroupsAndTemplatesStayInTheirOrg(t *testing.T) {
	t.Parallel()
	a := world.New(t)
	b := world.At(t, a.URL)
	ctx := t.Context()
	group := chat.Group{ID: chat.NewID[chat.GroupID](), Name: "Theirs", Members: []chat.UserID{b.Sales.User}}
	require.NoError(t, b.Store.SaveGroup(ctx, b.Admin, group, true))
	template := chat.PermissionTemplate{ID: chat.NewID[chat.PermissionTemplateID](), Name: "Theirs", View: chat.ScopeNone}
	require.NoError(t, b.Store.SavePermissionTemplate(ctx, b.Admin, template, true, false))
	own := chat.PermissionTemplate{ID: chat.NewID[chat.PermissionTemplateID](), Name: "Ours", View: chat.ScopeNone}
	require.NoError(t, a.Store.SavePermissionTemplate(ctx, a.Admin, own, true, false))
	signedIn, _ := signIn(t, b, b.Sales)
	s := a.Store
	for name, err := range map[string]error{
		"a member of theirs":       s.SaveGroup(ctx, a.Admin, chat.Group{ID: chat.NewID[chat.GroupID](), Name: "X", Members: []chat.UserID{b.Sales.User}}, true),
		"their group":              s.SaveGroup(ctx, a.Admin, chat.Group{ID: group.ID, Name: "Stolen"}, false),
		"deleting their group":     s.DeleteGroup(ctx, a.Admin, group.ID),
		"their template":           s.SavePermissionTemplate(ctx, a.Admin, template, false, true),
		"deleting their template":  s.DeletePermissionTemplate(ctx, a.Admin, template.ID),
		"assigning their template": s.SetAssignments(ctx, a.Admin, template.ID, nil, true),
		"assigning to their group": s.SetAssignments(ctx, a.Admin, own.ID, []chat.Assignment{{Group: group.ID}}, true),
		"assigning to their user":  s.SetAssignments(ctx, a.Admin, own.ID, []chat.Assignment{{User: b.Sales.User}}, true),
		"deactivating theirs":      s.Deactivate(ctx, a.Admin, b.Sales.User, chat.LeavingLeads{}),
		"leads to theirs":          s.Deactivate(ctx, a.Admin, a.Sales.User, chat.LeavingLeads{User: b.Sales.User}),
		"leads to their group":     s.Deactivate(ctx, a.Admin, a.Sales.User, chat.LeavingLeads{Group: group.ID}),
		"their session":            s.RevokeSignIn(ctx, a.Admin, signedIn.SignIn),
		"into their group":         erring(s.UpdateMember(ctx, a.Admin, a.Sales.User, "X", chat.RoleSalesUser, []chat.GroupID{group.ID})),
		"renaming theirs":          erring(s.UpdateMember(ctx, a.Admin, b.Sales.User, "X", chat.RoleSalesUser, nil)),
		"their sessions":           erring(s.SignInsOf(ctx, a.Admin, b.Sales.User)),
	} {
		require.Equal(t, chat.CodeNotFound, chat.CodeOf(err), "%s: %v", name, err)
	}
	theirs, err := b.Store.People(ctx, b.Org)
	require.NoError(t, err)
	require.Len(t, theirs.Groups, 1)
	require.Equal(t, group.Members, theirs.Groups[0].Members)
	require.Len(t, theirs.Templates, 1)
	ours, err := a.Store.People(ctx, a.Org)
	require.NoError(t, err)
	require.Empty(t, ours.Groups)
	require.Empty(t, ours.Templates[0].Assignments)
}

func erring[T any](_ T, err error) error { return err }
