package rpc_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
)

// transfer sends or fetches a file of leads beside the calls.
func (b *bundle) transfer(t testing.TB, token, method, path string, body io.Reader) (status int, header http.Header, text string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, b.url+path, body)
	require.NoError(t, err)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := b.client.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, resp.Header, string(data)
}

const twoLeads = "First name,Phone\nBea,+12025550151\nCem,not a number\n"

func TestAFileGoesInAndItsResultComesOut(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.Admin.AccessVersion = 1
	token := b.token(t, b.Admin)
	begun := b.ok(t, token, "LeadService/CreateImport", map[string]any{"fileName": "leads.csv"})
	id := begun["import"].(map[string]any)["id"].(string)
	status, _, text := b.transfer(t, token, http.MethodPut, begun["uploadPath"].(string), strings.NewReader(twoLeads))
	require.Equal(t, http.StatusOK, status, text)
	var put map[string]map[string]any
	require.NoError(t, json.Unmarshal([]byte(text), &put))
	require.Equal(t, "uploaded", put["import"]["state"])

	preview := b.ok(t, token, "LeadService/PreviewImport", map[string]any{"importId": id})
	require.Equal(t, []any{"First name", "Phone"}, preview["headers"])
	settings := map[string]any{"columns": preview["columns"], "rule": "ignore"}
	checking := b.ok(t, token, "LeadService/ValidateImport", map[string]any{"importId": id, "settings": settings})
	require.Equal(t, "checking", checking["import"].(map[string]any)["state"])
	work := store.Transfer{Org: b.Org, Import: chat.ImportID(id)}
	require.NoError(t, b.rooms.Transfers.Work(t.Context(), work, false))
	checked := b.ok(t, token, "LeadService/GetImport", map[string]any{"importId": id})["import"].(map[string]any)
	require.Equal(t, 1.0, checked["created"])
	require.Equal(t, 3.0, checked["problems"].([]any)[0].(map[string]any)["row"])
	b.ok(t, token, "LeadService/StartImport", map[string]any{"importId": id})
	require.NoError(t, b.rooms.Transfers.Work(t.Context(), work, false))
	done := b.ok(t, token, "LeadService/ListImports", "{}")["imports"].([]any)[0].(map[string]any)
	require.Equal(t, "done", done["state"])
	require.Equal(t, true, done["canUndo"])

	status, header, text := b.transfer(t, token, http.MethodGet, done["resultPath"].(string), nil)
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, text, `"2","created","","Bea"`)
	require.Equal(t, "no-store", header.Get("Cache-Control"))
	require.Contains(t, header.Get("Content-Disposition"), "attachment")

	export := b.ok(t, token, "LeadService/StartExport", map[string]any{"fields": []string{"phone"}})["export"].(map[string]any)
	require.NoError(t, b.rooms.Transfers.Work(t.Context(), store.Transfer{Org: b.Org, Export: chat.ExportID(export["id"].(string))}, false))
	export = b.ok(t, token, "LeadService/GetExport", map[string]any{"exportId": export["id"]})["export"].(map[string]any)
	status, _, text = b.transfer(t, token, http.MethodGet, export["filePath"].(string), nil)
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, text, "'+12025550151")
}

// TestFilesAskWhoAndWhoseItIs asks for each file as nobody, with words that are no
// token, after signing out, in roles that may not, and of another's.
func TestFilesAskWhoAndWhoseItIs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	own := stock(t, b.World, b.outbox)
	ended := b.token(t, b.Admin)
	b.ok(t, ended, "AuthService/LogOut", "{}")
	widget := b.Admin
	widget.Via = chat.ViaWidget
	for path, method := range map[string]string{
		"/imports/" + own["importId"] + "/file": http.MethodPut, "/imports/" + own["importId"] + "/result": http.MethodGet,
		"/exports/" + own["exportId"] + "/file": http.MethodGet,
	} {
		for who, c := range map[string]struct {
			token  string
			status int
		}{
			"nobody":       {"", http.StatusUnauthorized},
			"garbage":      {"garbage", http.StatusUnauthorized},
			"signed out":   {ended, http.StatusUnauthorized},
			"a sales user": {b.token(t, b.Sales), http.StatusForbidden},
			"a widget":     {b.token(t, widget), http.StatusForbidden},
			"a colleague":  {b.token(t, colleague(t, b.World, chat.RoleSalesManager)), http.StatusNotFound},
		} {
			status, _, text := b.transfer(t, c.token, method, path, strings.NewReader(twoLeads))
			require.Equal(t, c.status, status, "%s %s: %s", who, path, text)
			require.NotContains(t, text, string(b.Org))
		}
		status, _, _ := b.transfer(t, b.token(t, b.Admin), method, strings.Replace(path, own["importId"], "x", 1), nil)
		require.NotEqual(t, http.StatusOK, status)
	}
}

func TestAFileThatIsTooLargeIsAnsweredAndNotCutOff(t *testing.T) {
	t.Parallel()
	b := setup(t)
	token := b.token(t, b.Admin)
	path := b.ok(t, token, "LeadService/CreateImport", map[string]any{"fileName": "leads.csv"})["uploadPath"].(string)
	large := strings.Repeat("x", chat.MostImportBytes+1)
	for name, body := range map[string]io.Reader{"announced": strings.NewReader(large), "not announced": io.MultiReader(strings.NewReader(large))} {
		status, _, text := b.transfer(t, token, http.MethodPut, path, body)
		require.Equal(t, http.StatusRequestEntityTooLarge, status, name)
		require.Contains(t, text, "larger than 10 MB")
		require.Contains(t, text, `"code":"invalid_argument"`)
	}
	status, _, text := b.transfer(t, token, http.MethodPut, path, strings.NewReader("PK\x03\x04"))
	require.Equal(t, http.StatusBadRequest, status)
	require.Contains(t, text, "workbook")
}
