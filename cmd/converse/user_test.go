package main_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/testkit"
)

// nobody is the uid and gid of a user without any rights.
const nobody = 65534

// asUser is a command line that drops from root; one who is not root is a normal
// user already.
func asUser(t testing.TB, args ...string) []string {
	t.Helper()
	line := append([]string{binary(t)}, args...)
	if os.Geteuid() != 0 {
		return line
	}
	id := strconv.Itoa(nobody)
	return append([]string{"setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups", "--"}, line...)
}

func TestANormalUserNeedsNoRights(t *testing.T) {
	t.Parallel()
	home := testkit.Folder(t)
	if os.Geteuid() == 0 {
		require.NoError(t, os.Chown(home, nobody, nobody))
	}
	data := filepath.Join(home, "deep", "data")
	p := startAs(t, nil, asUser(t, append([]string{"dev", "--data", data}, anywhere...)...)...)
	user := p.signIn(t, "sales_user")
	conversation := user.talk(t, guest, "sms")
	sent := user.ok(t, "ConversationService/SendMessage", map[string]any{"conversationId": conversation, "clientId": "1", "text": "Hello"})
	user.becomes(t, conversation, sent["message"].(map[string]any)["id"], "delivered", "read")
	for _, secret := range []string{"master.key", filepath.Join("db", "pg"), filepath.Join("db", "run")} {
		info, err := os.Stat(filepath.Join(data, secret))
		require.NoError(t, err)
		require.Zero(t, info.Mode().Perm()&0o077, "%s is for its owner alone", secret)
	}
	p.Signal(syscall.SIGTERM)
	require.Equal(t, "exit status 0", p.ended(t), p.stderr)
	require.Empty(t, postgresOf(t, data))
}

// TestAFolderOutOfReachIsNamed: root reaches it and its PostgreSQL does not, or the
// user does not.
func TestAFolderOutOfReachIsNamed(t *testing.T) {
	t.Parallel()
	closed := filepath.Join(testkit.Folder(t), "closed")
	mode := os.FileMode(0o700)
	if os.Geteuid() != 0 {
		mode = 0 // even its owner cannot enter it
	}
	require.NoError(t, os.Mkdir(closed, mode))
	args := append([]string{"dev", "--data", filepath.Join(closed, "data")}, anywhere...)
	for _, line := range [][]string{asUser(t, args...), append([]string{binary(t)}, args...)} {
		said := runAs(t, nil, line...).complains(t, 2)
		require.Contains(t, said, "--data (CONVERSE_DATA)")
		require.Contains(t, said, closed)
		require.Regexp(t, `permission denied|not searchable`, said)
	}
	if os.Geteuid() == 0 {
		entries, err := os.ReadDir(filepath.Join(closed, "data", "db"))
		require.NoError(t, err)
		for _, e := range entries {
			require.False(t, strings.HasPrefix(e.Name(), "pg"), "no database was begun")
		}
	}
}
