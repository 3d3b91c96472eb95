package channeltest

import (
	"io/fs"
	"net/http"
	"os"
	"strings"
	"testing"

	"converse/channels"
)

// Fuzz fuzzes Parse, seeded from the golden webhooks under dir and from Hostile
// bodies: no panic, and no events that break the contract.
func Fuzz(f *testing.F, adapter channels.Adapter, account channels.Account, dir string) {
	f.Helper()
	files := os.DirFS(dir)
	requests, err := fs.Glob(files, "in/*/request.http")
	if err != nil || len(requests) == 0 {
		f.Fatalf("find the golden webhooks of %s: %v", dir, err)
	}
	for _, path := range requests {
		data, err := fs.ReadFile(files, path)
		if err != nil {
			f.Fatalf("read a golden webhook: %v", err)
		}
		_, body, _ := strings.Cut(string(data), "\n\n")
		f.Add([]byte(body))
	}
	for _, body := range Hostile() {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, problem := range checkBody(adapter, account, body) {
			t.Error(problem)
		}
	})
}

// CheckHostile feeds Parse every Hostile body.
func CheckHostile(t *testing.T, adapter channels.Adapter, account channels.Account) {
	t.Helper()
	for _, body := range Hostile() {
		for _, problem := range checkBody(adapter, account, body) {
			t.Errorf("%.60q: %s", body, problem)
		}
	}
}

func checkBody(adapter channels.Adapter, account channels.Account, body []byte) problems {
	webhook := &channels.Webhook{Method: http.MethodPost, Header: http.Header{}, Body: body, ReceivedAt: defaultReceived}
	events, _, err := adapter.Parse(account, webhook)
	if err != nil {
		return nil
	}
	return checkEvents(adapter, account, events)
}

// Hostile lists bodies made to break a parser.
func Hostile() [][]byte {
	bodies := []string{
		"", " ", "\n", "null", "true", "0", "-", `""`, "[]", "{}", "[[]]", "[{}]", "{", `{"`, "\ufeff{}", "\x00", "\xff\xfe",
		"a=b&c=%zz", "<html><body>502</body></html>",
		`{"entry":{}}`, `{"entry":[null]}`, `{"call":[]}`, `{"call":null}`, `{"call":{"call":{}}}`,
		`{"a":1,"A":2}`, `{"object":"\u0000"}`, `{"object":"\ud800"}`, `{"n":1e9999999}`,
		strings.Repeat("[", 10_000), strings.Repeat(`{"a":`, 10_000),
		strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000),
		strings.Repeat("[", 60) + strings.Repeat("]", 60),
		`{"object":"` + strings.Repeat("x", 1<<20) + `"}`,
		`{` + strings.Repeat(`"k":1,`, 5_000) + `"k":1}`,
		`[` + strings.Repeat("0,", 100_000) + `0]`,
	}
	hostile := make([][]byte, len(bodies))
	for i, body := range bodies {
		hostile[i] = []byte(body)
	}
	return hostile
}
