package rpc_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
)

// rights are what GetSession says that a token's user may do.
func (b *bundle) rights(t testing.TB, token string) map[string]any {
	t.Helper()
	return b.ok(t, token, "AuthService/GetSession", "{}")["rights"].(map[string]any)
}

func TestTheSessionTellsWhatTheUserMayDo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	admin := b.rights(t, b.token(t, b.Admin))
	require.Equal(t, map[string]any{
		"view": "all", "edit": "all", "delete": "all", "export": "all", "create": true, "import": true,
		"masks": []any{}, "maskText": false, "noReveal": false,
	}, admin["leads"])
	require.Equal(t, true, admin["administers"])
	require.Equal(t, true, admin["managesPeople"])

	_, sales := b.person(t, chat.RoleSalesUser)
	mine := b.rights(t, sales)
	require.Equal(t, map[string]any{
		"view": "all", "edit": "group", "delete": "none", "export": "none", "create": true, "import": false,
		"masks": []any{}, "maskText": false, "noReveal": false,
	}, mine["leads"])
	require.Equal(t, false, mine["administers"])
	require.Equal(t, false, mine["managesPeople"])
}

func TestATemplateTakesRightsFromTheSession(t *testing.T) {
	t.Parallel()
	b := setup(t)
	group := b.group(t, "North")
	manager, word := b.person(t, chat.RoleSalesManager, group)
	other, _ := b.person(t, chat.RoleSalesUser, group)
	before := b.rights(t, word)
	require.Equal(t, "group", before["leads"].(map[string]any)["export"])

	admin := b.token(t, b.Admin)
	saved := b.ok(t, admin, "AdminService/SavePermissionTemplate", map[string]any{"template": map[string]any{
		"name": "No files", "export": "none", "noImport": true, "noCreate": true, "noReveal": true,
		"masks": []any{map[string]any{"field": "phone", "mask": "ends"}},
	}})
	b.ok(t, admin, "AdminService/SetAssignments", map[string]any{
		"permissionTemplateId": saved["template"].(map[string]any)["id"], "assignments": []any{map[string]any{"userId": manager.User}},
	})
	b.signIns.ForgetUser(manager.User) // as the product does behind such a change
	now := b.rights(t, word)
	require.Equal(t, map[string]any{
		"view": "all", "edit": "group", "delete": "group", "export": "none", "create": false, "import": false,
		"maskText": false, "noReveal": true,
		"masks": []any{map[string]any{"field": "phone", "mask": "ends"}},
	}, now["leads"])
	require.Equal(t, []any{string(other.User)}, now["colleagueIds"])
	require.Equal(t, now["version"], b.ok(t, word, "AuthService/CreateTicket", "{}")["rightsVersion"], "a new socket is for what the session tells")
	require.Greater(t, now["version"], before["version"])
	require.Equal(t, "permission_denied", b.post(t, word, "LeadService/StartExport", map[string]any{"fields": []any{"phone"}}).code)
}

// What a mask hides is not written over: neither by saving something else, nor by
// sending the mask back.
func TestI8AMaskedValueIsNotWrittenOver(t *testing.T) {
	t.Parallel()
	b := setup(t)
	admin := b.token(t, b.Admin)
	user, word := b.person(t, chat.RoleSalesUser)
	saved := b.ok(t, admin, "AdminService/SavePermissionTemplate", map[string]any{"template": map[string]any{
		"name": "Masked", "masks": []any{map[string]any{"field": "last_name", "mask": "all"}, map[string]any{"field": "phone", "mask": "ends"}},
	}})
	b.ok(t, admin, "AdminService/SetAssignments", map[string]any{
		"permissionTemplateId": saved["template"].(map[string]any)["id"], "assignments": []any{map[string]any{"userId": user.User}},
	})
	b.signIns.ForgetUser(user.User)
	made := b.ok(t, word, "LeadService/CreateLead", map[string]any{
		"firstName": "Ines", "lastName": "Quade", "identifiers": []any{map[string]any{"kind": "phone", "value": "+14155550177"}},
	})["lead"].(map[string]any)
	id, phone := made["id"], made["identifiers"].([]any)[0].(map[string]any)
	require.NotEqual(t, "Quade", made["lastName"])
	require.Equal(t, true, phone["masked"])

	saved = b.ok(t, word, "LeadService/UpdateLead", map[string]any{"leadId": id, "version": made["version"], "stage": "Visit", "identifiers": map[string]any{
		"edits": []any{map[string]any{"id": phone["id"], "label": "work"}},
	}})
	for field, change := range map[string]map[string]any{
		"lastName":                   {"lastName": made["lastName"]},
		"identifiers.edits[0].value": {"identifiers": map[string]any{"edits": []any{map[string]any{"id": phone["id"], "value": phone["value"]}}}},
	} {
		change["leadId"], change["version"] = id, saved["lead"].(map[string]any)["version"]
		refused := b.post(t, word, "LeadService/UpdateLead", change)
		require.Equal(t, "permission_denied", refused.code, refused.raw)
		require.Equal(t, field, refused.details[0].Field)
	}

	whole := b.ok(t, admin, "LeadService/GetLead", map[string]any{"leadId": id})["lead"].(map[string]any)
	require.Equal(t, "Quade", whole["lastName"])
	require.Equal(t, "Visit", whole["stage"])
	require.Equal(t, "+14155550177", whole["identifiers"].([]any)[0].(map[string]any)["value"])
	require.Equal(t, "work", whole["identifiers"].([]any)[0].(map[string]any)["label"])
}
