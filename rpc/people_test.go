package rpc_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
)

// person signs a fresh colleague in.
func (b *bundle) person(t testing.TB, role chat.Role, groups ...chat.GroupID) (chat.Principal, string) {
	t.Helper()
	p := colleague(t, b.World, role)
	if len(groups) > 0 {
		_, err := b.Store.UpdateMember(t.Context(), b.Admin, p.User, p.Name, role, groups)
		require.NoError(t, err)
	}
	return p, b.token(t, p)
}

// group makes a group without members.
func (b *bundle) group(t testing.TB, name string) chat.GroupID {
	t.Helper()
	g := chat.Group{ID: chat.NewID[chat.GroupID](), Name: name}
	require.NoError(t, b.Store.SaveGroup(t.Context(), b.Admin, g, true))
	return g.ID
}

func token(link any) string {
	_, token, _ := strings.Cut(link.(map[string]any)["url"].(string), "#")
	return token
}

// state finds a user in the list.
func (b *bundle) state(t testing.TB, admin, id string) map[string]any {
	t.Helper()
	for _, u := range b.ok(t, admin, "AdminService/ListUsers", "{}")["users"].([]any) {
		if u := u.(map[string]any); u["id"] == id {
			return u
		}
	}
	return nil
}

const goodPassword = "gravel tin cup"

func TestAnInvitationIsAcceptedOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	admin := b.token(t, b.Admin)
	group := b.group(t, "North")
	made := b.ok(t, admin, "AdminService/InviteUser", map[string]any{
		"email": " Nils@Harbour.example ", "name": "  Nils   Berg ", "role": "sales_user", "groupIds": []any{group},
	})
	id := made["user"].(map[string]any)["id"].(string)
	invited := b.state(t, admin, id)
	require.Equal(t, "invited", invited["state"])
	require.Equal(t, "nils@harbour.example", invited["email"])
	require.Equal(t, "Nils Berg", invited["name"])
	link := made["link"].(map[string]any)["url"].(string)
	require.True(t, strings.HasPrefix(link, "https://chat.example.com/welcome#"), link)
	word := token(made["link"])

	looked := b.ok(t, "", "AuthService/LookUpLink", map[string]any{"token": word})
	require.Equal(t, "invitation", looked["kind"])
	require.Equal(t, "Harbour Homes", looked["orgName"])
	require.EqualValues(t, 12, looked["passwordMin"])

	refused := b.post(t, "", "AuthService/AcceptInvitation", map[string]any{"token": word, "password": "nilsberg1234"})
	require.Equal(t, "invalid_argument", refused.code, refused.raw)
	require.Equal(t, "password", refused.details[0].Field)
	require.Equal(t, "unauthenticated", b.post(t, "", "AuthService/LogIn", map[string]any{"email": "nils@harbour.example", "password": "" + goodPassword}).code)

	in := b.post(t, "", "AuthService/AcceptInvitation", map[string]any{"token": word, "password": goodPassword})
	require.Equal(t, http.StatusOK, in.status, in.raw)
	require.Contains(t, in.header.Get("Set-Cookie"), "HttpOnly")
	mine := in.body["signedIn"].(map[string]any)["token"].(string)
	session := b.ok(t, mine, "AuthService/GetSession", "{}")
	require.Equal(t, id, session["user"].(map[string]any)["id"])
	require.Equal(t, "active", b.state(t, admin, id)["state"])

	again := b.post(t, "", "AuthService/AcceptInvitation", map[string]any{"token": word, "password": "another tin cup"})
	require.Equal(t, "not_found", again.code, again.raw)
	require.Equal(t, again.raw, b.post(t, "", "AuthService/AcceptInvitation", map[string]any{"token": "unknown", "password": "another tin cup"}).raw)
	require.Equal(t, "failed_precondition", b.post(t, admin, "AdminService/ResendInvitation", map[string]any{"userId": id}).code)
	taken := b.post(t, admin, "AdminService/InviteUser", map[string]any{"email": "NILS@harbour.example", "name": "N", "role": "sales_user"})
	require.Equal(t, "aborted", taken.code)
	require.Equal(t, "email", taken.details[0].Field)
}

func TestAnotherInvitationReplacesTheFirst(t *testing.T) {
	t.Parallel()
	b := setup(t)
	admin := b.token(t, b.Admin)
	made := b.ok(t, admin, "AdminService/InviteUser", map[string]any{"email": "nils@harbour.example", "name": "Nils", "role": "sales_user"})
	id := made["user"].(map[string]any)["id"].(string)
	second := b.ok(t, admin, "AdminService/ResendInvitation", map[string]any{"userId": id})
	require.Equal(t, "not_found", b.post(t, "", "AuthService/LookUpLink", map[string]any{"token": token(made["link"])}).code)
	b.ok(t, "", "AuthService/LookUpLink", map[string]any{"token": token(second["link"])})

	b.ok(t, admin, "AdminService/RevokeInvitation", map[string]any{"userId": id})
	require.Equal(t, "not_found", b.post(t, "", "AuthService/LookUpLink", map[string]any{"token": token(second["link"])}).code)
	require.Nil(t, b.state(t, admin, id))
	b.ok(t, admin, "AdminService/InviteUser", map[string]any{"email": "nils@harbour.example", "name": "Nils", "role": "sales_user"})
}

func TestAResetEndsEverySession(t *testing.T) {
	t.Parallel()
	b := setup(t)
	admin := b.token(t, b.Admin)
	p, before := b.person(t, chat.RoleSalesUser)
	link := b.ok(t, admin, "AdminService/RequestPasswordReset", map[string]any{"userId": p.User})["link"]
	b.ok(t, before, "AuthService/GetSession", "{}")
	in := b.ok(t, "", "AuthService/AcceptInvitation", map[string]any{"token": token(link), "password": goodPassword})
	require.Equal(t, "active", b.state(t, admin, string(p.User))["state"])
	require.Empty(t, b.live(t, p)[:0])
	require.Len(t, b.live(t, p), 1, "the one it signed in")
	b.ok(t, in["signedIn"].(map[string]any)["token"].(string), "AuthService/GetSession", "{}")

	// One who was deactivated meanwhile stays so.
	link = b.ok(t, admin, "AdminService/RequestPasswordReset", map[string]any{"userId": p.User})["link"]
	b.ok(t, admin, "AdminService/DeactivateUser", map[string]any{"userId": p.User})
	require.Equal(t, "not_found", b.post(t, "", "AuthService/AcceptInvitation", map[string]any{"token": token(link), "password": "another tin cup"}).code)
	require.Equal(t, "failed_precondition", b.post(t, admin, "AdminService/RequestPasswordReset", map[string]any{"userId": p.User}).code)
	require.Equal(t, "deactivated", b.state(t, admin, string(p.User))["state"])
}

// live are the ids of a user's sessions.
func (b *bundle) live(t testing.TB, p chat.Principal) []chat.SignIn {
	t.Helper()
	found, err := b.Store.SignInsOf(t.Context(), b.Admin, p.User)
	require.NoError(t, err)
	return found
}

func TestChangingAPasswordNeedsTheOldOne(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p, mine := b.person(t, chat.RoleSalesUser)
	_ = b.token(t, p)
	change := func(old, fresh string) answer {
		return b.post(t, mine, "AuthService/ChangePassword", map[string]any{"oldPassword": old, "newPassword": fresh})
	}
	wrong := change("wrong", goodPassword)
	require.Equal(t, "invalid_argument", wrong.code)
	require.Equal(t, "oldPassword", wrong.details[0].Field)
	for _, bad := range []string{"short", "password1234", colleaguesPassword + strings.Repeat("x", 200), string(p.User) + "@example.com"} {
		a := change(colleaguesPassword, bad)
		require.Equal(t, "invalid_argument", a.code, bad)
		require.Equal(t, "newPassword", a.details[0].Field)
	}
	require.Contains(t, change(colleaguesPassword, colleaguesPassword).message, "had this password")
	require.Len(t, b.live(t, p), 2)
	require.Empty(t, change(colleaguesPassword, goodPassword).code)
	left := b.live(t, p)
	require.Len(t, left, 1, "the other device is signed out")
	b.ok(t, mine, "AuthService/GetSession", "{}")
	require.Equal(t, "unauthenticated", b.post(t, "", "AuthService/LogIn", map[string]any{"email": string(p.User) + "@example.com", "password": colleaguesPassword}).code)
	b.ok(t, "", "AuthService/LogIn", map[string]any{"email": string(p.User) + "@example.com", "password": goodPassword})

	// Without a rule about earlier ones, those may come back; with one they may not.
	require.Empty(t, change(goodPassword, "another tin cup").code)
	require.Empty(t, change("another tin cup", goodPassword).code)
	b.ok(t, b.token(t, b.Admin), "AdminService/SetAccountPolicy", map[string]any{
		"policy": map[string]any{"passwordMin": 10, "passwordHistory": 2, "absoluteMinutes": 600, "idleMinutes": 60},
	})
	require.Contains(t, change(goodPassword, "another tin cup").message, "had this password")
	require.Empty(t, change(goodPassword, "tin cup ten").code)
}

func TestGuessingTheOldPasswordIsStopped(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, mine := b.person(t, chat.RoleSalesUser)
	for range 10 {
		require.Equal(t, "invalid_argument", b.post(t, mine, "AuthService/ChangePassword", map[string]any{"oldPassword": "wrong", "newPassword": goodPassword}).code)
	}
	require.Equal(t, "resource_exhausted", b.post(t, mine, "AuthService/ChangePassword", map[string]any{"oldPassword": colleaguesPassword, "newPassword": goodPassword}).code)
}

func TestTheLastAdministratorStays(t *testing.T) {
	t.Parallel()
	b := setup(t)
	admin := b.token(t, b.Admin)
	me := map[string]any{"userId": b.Admin.User, "name": "Ada Min", "role": "sales_user"}
	for _, call := range []string{"UpdateUser", "DeactivateUser"} {
		a := b.post(t, admin, "AdminService/"+call, me)
		require.Equal(t, "failed_precondition", a.code, a.raw)
		require.Equal(t, "last_administrator", a.details[0].Reason)
	}
	b.ok(t, admin, "AdminService/InviteUser", map[string]any{"email": "i@example.com", "name": "I", "role": "administrator"})
	require.Equal(t, "failed_precondition", b.post(t, admin, "AdminService/DeactivateUser", me).code, "one who has not joined is none")
	second, _ := b.person(t, chat.RoleAdministrator)
	b.ok(t, admin, "AdminService/UpdateUser", me)
	require.Equal(t, "unauthenticated", b.post(t, b.fresh(t, admin), "AuthService/GetSession", "{}").code, "another role is another sign-in")
	require.Equal(t, "failed_precondition", b.post(t, b.token(t, second), "AdminService/DeactivateUser", map[string]any{"userId": second.User}).code)
}

// fresh has a token's principal looked up again.
func (b *bundle) fresh(t testing.TB, token string) string {
	t.Helper()
	p, err := b.signIns.Authenticate(t.Context(), token)
	if err == nil {
		b.signIns.Forget(p.SignIn)
	}
	return token
}

func TestAManagerManagesTheSalesUsersOfTheirGroupsAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	north, south := b.group(t, "North"), b.group(t, "South")
	_, manager := b.person(t, chat.RoleSalesManager, north)
	theirs, _ := b.person(t, chat.RoleSalesUser, north)
	colleague, _ := b.person(t, chat.RoleMarketingUser, north)
	stranger, _ := b.person(t, chat.RoleSalesUser, south)
	listed := map[string]bool{}
	for _, u := range b.ok(t, manager, "AdminService/ListUsers", "{}")["users"].([]any) {
		u := u.(map[string]any)
		may, _ := u["manageable"].(bool)
		listed[u["id"].(string)] = may
	}
	require.Len(t, listed, 3)
	require.True(t, listed[string(theirs.User)])
	require.False(t, listed[string(colleague.User)])

	update := func(id chat.UserID, role chat.Role, groups ...chat.GroupID) string {
		return b.post(t, manager, "AdminService/UpdateUser", map[string]any{"userId": id, "name": "X", "role": role, "groupIds": groups}).code
	}
	require.Empty(t, update(theirs.User, chat.RoleSalesUser, north))
	require.Equal(t, "permission_denied", update(theirs.User, chat.RoleAdministrator, north), "not beyond their own reach")
	require.Equal(t, "permission_denied", update(theirs.User, chat.RoleSalesUser, north, south))
	require.Equal(t, "invalid_argument", update(theirs.User, chat.RoleSalesUser))
	require.Equal(t, "permission_denied", update(colleague.User, chat.RoleSalesUser, north))
	require.Equal(t, "not_found", update(stranger.User, chat.RoleSalesUser, north))

	invite := func(role chat.Role, groups ...chat.GroupID) string {
		return b.post(t, manager, "AdminService/InviteUser", map[string]any{
			"email": newClientID() + "@example.com", "name": "New", "role": role, "groupIds": groups,
		}).code
	}
	require.Empty(t, invite(chat.RoleSalesUser, north))
	require.Equal(t, "invalid_argument", invite(chat.RoleSalesUser))
	require.Equal(t, "permission_denied", invite(chat.RoleSalesUser, south))
	require.Equal(t, "permission_denied", invite(chat.RoleSalesManager, north))
	for _, call := range []string{"DeactivateUser", "ReactivateUser", "RequestPasswordReset"} {
		require.Empty(t, b.post(t, manager, "AdminService/"+call, map[string]any{"userId": theirs.User}).code, call)
		require.Equal(t, "permission_denied", b.post(t, manager, "AdminService/"+call, map[string]any{"userId": colleague.User}).code, call)
		require.Equal(t, "not_found", b.post(t, manager, "AdminService/"+call, map[string]any{"userId": stranger.User}).code, call)
	}
}
