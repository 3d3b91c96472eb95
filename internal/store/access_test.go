package store_test

import (
	"crypto/sha256"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/testkit/world"
)

// restrict assigns a template to whoever a column names: user_id, role or group_id.
func restrict(t testing.TB, w *world.World, pool *pgxpool.Pool, template chat.PermissionTemplate, column string, whom any) {
	t.Helper()
	restrictions, err := json.Marshal(template)
	require.NoError(t, err)
	id := chat.NewID[chat.PermissionTemplateID]()
	exec(t, pool, "insert into permission_templates (org_id, id, name, restrictions) values ($1, $2, $3, $4)", w.Org, id, string(id), restrictions)
	exec(t, pool, "insert into permission_assignments (org_id, id, restricts, "+column+") values ($1, $2, $2, $3)", w.Org, id, whom)
}

// member puts a user into a group.
func member(t testing.TB, w *world.World, pool *pgxpool.Pool, group chat.GroupID, users ...chat.UserID) {
	t.Helper()
	exec(t, pool, "insert into groups (org_id, id, name) values ($1, $2, $3) on conflict do nothing", w.Org, group, string(group))
	for _, user := range users {
		exec(t, pool, "insert into group_members (org_id, group_id, user_id) values ($1, $2, $3)", w.Org, group, user)
	}
}

// asked is the principal as authentication finds it.
func asked(t testing.TB, w *world.World, p chat.Principal) chat.Principal {
	t.Helper()
	p.SignIn = chat.NewID[chat.SignInID]()
	hash := sha256.Sum256([]byte(p.SignIn))
	require.NoError(t, w.Store.CreateSignIn(t.Context(), p, hash, time.Now().Add(time.Hour)))
	found, ok, err := w.Store.PrincipalByToken(t.Context(), hash)
	require.NoError(t, err)
	require.True(t, ok)
	return found
}

// told are the versions that users' sessions have been told of.
func told(t testing.TB, w *world.World, user chat.UserID) []int {
	t.Helper()
	var out []int
	for _, e := range w.Events() {
		var event conversev1.Event
		require.NoError(t, proto.Unmarshal(e.Payload, &event))
		if changed := event.GetAccessChanged(); changed != nil && e.Topic == chat.UserTopic(user) {
			out = append(out, int(changed.GetVersion()))
		}
	}
	return out
}

func TestAnAccessIsTheRolesLessEveryTemplate(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	pool := owner(t, w)
	group := chat.NewID[chat.GroupID]()
	member(t, w, pool, group, w.Sales.User, w.Admin.User)
	ends := map[chat.LeadField]chat.Mask{chat.FieldPhone: chat.MaskEnds}
	restrict(t, w, pool, chat.PermissionTemplate{Masks: ends}, "user_id", w.Sales.User)
	restrict(t, w, pool, chat.PermissionTemplate{View: chat.ScopeGroup, NoCreate: true}, "role", chat.RoleSalesUser)
	restrict(t, w, pool, chat.PermissionTemplate{
		Masks: map[chat.LeadField]chat.Mask{chat.FieldPhone: chat.MaskAll, chat.FieldEmail: chat.MaskEnds}, NoReveal: true,
	}, "group_id", group)
	require.NoError(t, w.Store.RecomputeAccess(t.Context(), w.Org))

	sales := asked(t, w, w.Sales)
	require.Equal(t, chat.Access{
		View: chat.ScopeGroup, Edit: chat.ScopeGroup, Delete: chat.ScopeNone, Export: chat.ScopeNone,
		Masks:    map[chat.LeadField]chat.Mask{chat.FieldPhone: chat.MaskAll, chat.FieldEmail: chat.MaskEnds},
		NoReveal: true, Colleagues: []chat.UserID{w.Admin.User},
	}, sales.Rights())
	require.Equal(t, 2, sales.AccessVersion)
	require.Equal(t, []int{2}, told(t, w, w.Sales.User))

	require.NoError(t, w.Store.RecomputeAccess(t.Context(), w.Org))
	require.Equal(t, []int{2}, told(t, w, w.Sales.User), "nothing has changed")

	exec(t, pool, "delete from permission_templates")
	exec(t, pool, "delete from groups")
	require.NoError(t, w.Store.RecomputeAccess(t.Context(), w.Org, w.Sales.User))
	sales = asked(t, w, w.Sales)
	require.Nil(t, sales.Access, "nothing but the role")
	require.Equal(t, 3, sales.AccessVersion)
	require.NotNil(t, asked(t, w, w.Admin).Access, "nobody asked for the administrator's")
}

func TestARoleAloneChangesTheAccess(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	exec(t, owner(t, w), "update users set role = 'sales_manager' where id = $1", w.Sales.User)
	require.NoError(t, w.Store.RecomputeAccess(t.Context(), w.Org, w.Sales.User))
	require.Equal(t, []int{2}, told(t, w, w.Sales.User))
	require.NoError(t, w.Store.RecomputeAccess(t.Context(), w.Org, w.Sales.User))
	require.Equal(t, []int{2}, told(t, w, w.Sales.User))
}

func TestTwoTemplatesAssignedAtOnceBothCount(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	pool := owner(t, w)
	fields := []chat.LeadField{chat.FieldPhone, chat.FieldEmail, chat.FieldLastName, chat.FieldStage}
	errs := make([]error, len(fields))
	together(len(fields), func(i int) {
		restrict(t, w, pool, chat.PermissionTemplate{Masks: map[chat.LeadField]chat.Mask{fields[i]: chat.MaskAll}}, "user_id", w.Sales.User)
		errs[i] = w.Store.RecomputeAccess(t.Context(), w.Org)
	})
	require.False(t, slices.ContainsFunc(errs, func(err error) bool { return err != nil }), errs)
	require.Len(t, asked(t, w, w.Sales).Rights().Masks, len(fields))
}
