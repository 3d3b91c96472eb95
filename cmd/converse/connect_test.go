package main_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/testkit"
)

// accountFile is the file of a WhatsApp account; change swaps parts of it.
func accountFile(t testing.TB, change ...string) string {
	t.Helper()
	text := strings.NewReplacer(change...).Replace(`{
		"provider": "whatsapp_cloud", "name": "WhatsApp", "base_url": "BASE",
		"settings": {"waba_id": "102290129340398"},
		"secrets": {"access_token": "` + canary + `-access", "app_secret": "` + canary + `-app"},
		"senders": [{"channel": "whatsapp", "address": "+12025550101", "ref": "106540352242922", "label": "Sales"}],
		"templates": [{"channel": "whatsapp", "name": "hello", "language": "en_US", "body": "Hi {{1}}", "examples": {"1": "Asha"}}]
	}`)
	path := filepath.Join(testkit.Folder(t), "account.json")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// setupOrg migrates an installation and makes an org with an administrator.
func setupOrg(t testing.TB, env map[string]string) (org string, logins []login) {
	t.Helper()
	require.Zero(t, run(t, env, "migrate").code)
	made := run(t, env, "setup", "--org", "Harbour", "--admin-name", "Ada", "--admin-email", "ada@example.com")
	require.Zero(t, made.code, made.stderr)
	var out struct {
		Org    string
		Logins []login
	}
	require.NoError(t, json.Unmarshal([]byte(made.stdout), &out))
	return out.Org, out.Logins
}

// TestConnect takes an installation from no provider to a conversation through one.
func TestConnect(t *testing.T) {
	t.Parallel()
	env := installation(t)
	org, logins := setupOrg(t, env)
	played := start(t, nil, "sandbox", "--listen=127.0.0.1:0")
	env["CONVERSE_ALLOW_PRIVATE"] = strings.TrimPrefix(played.ready.SandboxURL, "http://")
	node := start(t, env, "serve")
	node.ready.Logins = logins
	env["CONVERSE_PUBLIC_URL"] = node.ready.URL

	file := accountFile(t, "BASE", played.ready.SandboxURL+"/")
	made := run(t, env, "connect", "--org", org, "--file", file)
	require.Zero(t, made.code, made.stderr)
	saysNoSecret(t, made.stdout+made.stderr)
	var out struct {
		WebhookURL string `json:"webhook_url"`
		Made       map[string]string
		Templates  int `json:"templates_added"`
	}
	require.NoError(t, json.Unmarshal([]byte(made.stdout), &out))
	require.Equal(t, 1, out.Templates)
	require.Len(t, out.Made["verify_token"], 52, "what we choose is made up and told")
	twice := run(t, env, "connect", "--org", org, "--file", file).complains(t, 2)
	require.Contains(t, twice, `senders[0].address is a number of the connector "WhatsApp" already`)

	status, answer := postJSON(t, web(t), played.ready.SandboxURL+"/control/accounts", "", map[string]any{
		"provider": "whatsapp_cloud", "accountId": "102290129340398", "signingSecret": canary + "-app", "webhookUrl": out.WebhookURL,
		"verifyToken": out.Made["verify_token"], "credentials": map[string]any{"accessToken": canary + "-access"},
		"senders":   []any{map[string]any{"address": "+12025550101", "ref": "106540352242922"}},
		"templates": []any{map[string]any{"name": "hello", "language": "en_US", "body": "Hi {{1}}"}},
	})
	require.Equal(t, http.StatusOK, status, answer)
	status, answer = postJSON(t, web(t), played.ready.SandboxURL+"/control/reply", "", map[string]any{"to": "+12025550101", "from": "+13035550177", "text": "Is it for sale?"})
	require.Equal(t, http.StatusOK, status, answer)

	admin := node.signIn(t, "administrator")
	require.Eventually(t, func() bool { return node.callbacks(t, "whatsapp_cloud", "shown") == 1 }, patience, 20*time.Millisecond)
	talk := admin.talk(t, "+13035550177", "whatsapp")
	require.Equal(t, "Is it for sale?", admin.messages(t, talk)[0]["text"])
	templates := list(admin.ok(t, "TemplateService/ListTemplates", map[string]any{"channel": "whatsapp"})["templates"])
	require.Len(t, templates, 1)
	sent := admin.ok(t, "ConversationService/SendMessage", map[string]any{
		"conversationId": talk, "clientId": "1", "templateId": templates[0]["id"], "variables": map[string]string{"1": "Nils"},
	})["message"].(map[string]any)
	require.Equal(t, "Hi Nils", sent["text"])
	admin.becomes(t, talk, sent["id"], "delivered", "read")
	saysNoSecret(t, node.stderr.String())
}

func TestConnectNamesTheFieldAtFault(t *testing.T) {
	t.Parallel()
	env := installation(t)
	org, _ := setupOrg(t, env)
	for name, c := range map[string]struct{ old, new, says string }{
		"no JSON":              {`{`, `{{`, "--file"},
		"a field nobody knows": {`"name"`, `"nom"`, `"nom"`},
		"provider":             {`whatsapp_cloud`, `pigeon`, "provider"},
		"no name":              {`"WhatsApp"`, `""`, "name"},
		"base_url":             {`BASE`, `ftp://x`, "base_url"},
		"no id":                {`"waba_id": "102290129340398"`, ``, "settings.waba_id is required"},
		"odd id":               {`102290129340398`, `1/2`, "settings.waba_id does not look right"},
		"a setting too many":   {`"settings": {`, `"settings": {"colour": "red", `, "settings.colour"},
		"a secret elsewhere":   {`"settings": {`, `"settings": {"app_secret": "x", `, "settings.app_secret"},
		"no secret":            {canary + `-app`, ``, "secrets.app_secret is required"},
		"no senders":           {`[{"channel": "whatsapp", "address": "+12025550101", "ref": "106540352242922", "label": "Sales"}]`, `[]`, "senders"},
		"channel":              {`[{"channel": "whatsapp", "address"`, `[{"channel": "sms", "address"`, "senders[0].channel"},
		"address":              {`+12025550101`, `202 555 0101`, "senders[0].address"},
		"ref":                  {`106540352242922`, ``, "senders[0].ref is required"},
		"template":             {`en_US`, `English`, "templates[0].language"},
		"example":              {`{"1": "Asha"}`, `{"2": "Asha"}`, "templates[0].examples.2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			line := run(t, env, "connect", "--org", org, "--file", accountFile(t, c.old, c.new, "BASE", "")).complains(t, 2)
			require.True(t, strings.HasPrefix(line, "converse: --file (CONVERSE_FILE) cannot be used: "), line)
			require.Contains(t, line, c.says)
			saysNoSecret(t, line)
		})
	}
	elsewhere := run(t, env, "connect", "--org", "00000000-0000-7000-8000-000000000000", "--file", accountFile(t, "BASE", "")).complains(t, 2)
	require.Contains(t, elsewhere, "--org (CONVERSE_ORG)")
}
