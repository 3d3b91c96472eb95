package store_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// withoutOrg are queries that name no org, and why.
var withoutOrg = map[string]string{
	"InsertOrg":      "the row's id is the org",
	"GetOrg":         "the row's id is the org",
	"ReadByIndex":    "touches no row; settings of the transaction",
	"PlanForValues":  "touches no row; a setting of the transaction",
	"LockProviderID": "touches no row; two orgs that meet on one lock wait for each other and no more",
}

var (
	queryName = regexp.MustCompile(`(?m)^-- name: (\w+) :\w+$`)
	joined    = regexp.MustCompile(`(?m)\bjoin (\w+) (\w+)\s+on ([^\n]*)`)
)

// TestI7EveryQueryNamesTheOrg reads the SQL itself: the first fence must hold
// without the second.
func TestI7EveryQueryNamesTheOrg(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("sql/*.sql")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	seen := map[string]bool{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		text := string(data)
		places := queryName.FindAllStringSubmatchIndex(text, -1)
		require.NotEmpty(t, places, file)
		for i, place := range places {
			end := len(text)
			if i+1 < len(places) {
				end = places[i+1][0]
			}
			name, body := text[place[2]:place[3]], withoutComments(text[place[1]:end])
			seen[name] = true
			if withoutOrg[name] != "" {
				continue
			}
			require.True(t, strings.Contains(body, "@org_id") || callsDoor(body), "%s in %s names no org", name, file)
			for _, j := range joined.FindAllStringSubmatch(body, -1) {
				require.Contains(t, j[3], j[2]+".org_id", "%s joins %s without the org", name, j[1])
			}
		}
	}
	for name := range withoutOrg {
		require.True(t, seen[name], "%s is gone: take it off the list", name)
	}
}

// callsDoor reports whether a query does nothing but call a door.
func callsDoor(body string) bool {
	return regexp.MustCompile(`^select ([\w, ]+ from |\* from )?door_\w+\([^)]*\);$`).MatchString(strings.TrimSpace(body))
}

func withoutComments(sql string) string {
	return regexp.MustCompile(`(?m)--.*$`).ReplaceAllString(sql, "")
}
