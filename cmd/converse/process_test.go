package main_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// running lists the processes that have all these words on their command line.
func running(t testing.TB, words ...string) []int {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	require.NoError(t, err)
	var out []int
next:
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		line := "\x00" + string(text)
		for _, word := range words {
			if !strings.Contains(line, word) {
				continue next
			}
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		require.NoError(t, err)
		out = append(out, pid)
	}
	return out
}

// postgresOf lists the server processes of a data folder. The others of a server have
// titles instead of command lines, and end with it.
func postgresOf(t testing.TB, data string) []int {
	t.Helper()
	return running(t, "postgres\x00", "\x00"+filepath.Join(data, "db", "pg")+"\x00")
}

// noPostgres waits until none of a data folder's server is left.
func noPostgres(t testing.TB, data string) {
	t.Helper()
	require.Eventually(t, func() bool { return len(postgresOf(t, data)) == 0 }, patience, 10*time.Millisecond, "PostgreSQL was left behind")
}

var socketLink = regexp.MustCompile(`^socket:\[(\d+)\]$`)

// listensOn lists the TCP addresses that a process listens on, as the kernel writes
// them: the address in hexadecimal, a colon and the port.
func listensOn(t testing.TB, pid int) []string {
	t.Helper()
	sockets := map[string]bool{}
	links, err := filepath.Glob("/proc/" + strconv.Itoa(pid) + "/fd/*")
	require.NoError(t, err)
	require.NotEmpty(t, links, "its files cannot be seen")
	for _, link := range links {
		target, err := os.Readlink(link)
		if err != nil {
			continue // closed since
		}
		if found := socketLink.FindStringSubmatch(target); found != nil {
			sockets[found[1]] = true
		}
	}
	var out []string
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		text, err := os.ReadFile(table)
		if os.IsNotExist(err) {
			continue // no IPv6 here
		}
		require.NoError(t, err)
		for line := range strings.Lines(string(text)) {
			const address, state, inode, listening = 1, 3, 9, "0A"
			if fields := strings.Fields(line); len(fields) > inode && fields[state] == listening && sockets[fields[inode]] {
				out = append(out, fields[address])
			}
		}
	}
	return out
}
