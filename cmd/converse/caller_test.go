package main_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/require"
)

// web is an HTTP client whose connections end with the test.
func web(t testing.TB) *http.Client {
	t.Helper()
	transport := &http.Transport{ExpectContinueTimeout: patience}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: patience}
}

// caller makes one user's calls in plain JSON.
type caller struct {
	client     *http.Client
	url, token string
}

// signIn signs in the first demo user of a role.
func (p *program) signIn(t testing.TB, role string) *caller {
	t.Helper()
	c := &caller{client: web(t), url: p.ready.URL}
	for _, l := range p.ready.Logins {
		if l.Role == role {
			in := c.ok(t, "AuthService/LogIn", map[string]any{"email": l.Email, "password": l.Password})
			c.token = in["token"].(string)
			if in["mustEnrol"] == true {
				c.enrol(t)
			}
			return c
		}
	}
	t.Fatalf("nobody is a %s", role)
	return nil
}

// enrol sets up a second factor, as an org that was just made requires.
func (c *caller) enrol(t testing.TB) {
	t.Helper()
	secret := c.ok(t, "AuthService/BeginSecondFactor", map[string]any{})["secret"].(string)
	code, err := totp.GenerateCode(secret, time.Now())
	require.NoError(t, err)
	c.token = c.ok(t, "AuthService/ConfirmSecondFactor", map[string]any{"code": code})["token"].(string)
}

// ok makes a call, insists that it goes well, and returns the answer.
func (c *caller) ok(t testing.TB, procedure string, body any) map[string]any {
	t.Helper()
	status, answer := postJSON(t, c.client, c.url+"/converse.v1."+procedure, c.token, body)
	require.Equal(t, http.StatusOK, status, "%s: %v", procedure, answer)
	return answer
}

// messages lists what was said in a conversation.
func (c *caller) messages(t testing.TB, conversation string) []map[string]any {
	t.Helper()
	return list(c.ok(t, "ConversationService/ListMessages", map[string]any{"conversationId": conversation})["messages"])
}

// becomes waits until a message of ours has a status.
func (c *caller) becomes(t testing.TB, conversation string, id any, statuses ...string) {
	t.Helper()
	var last any
	require.Eventually(t, func() bool {
		for _, m := range c.messages(t, conversation) {
			if m["id"] == id {
				last = m["status"]
			}
		}
		for _, s := range statuses {
			if last == s {
				return true
			}
		}
		return false
	}, patience, 20*time.Millisecond, "it never became %v", statuses)
}

// talk starts a conversation with the only lead that a query finds.
func (c *caller) talk(t testing.TB, query, channel string) string {
	t.Helper()
	leads := list(c.ok(t, "LeadService/SearchLeads", map[string]any{"query": query})["leads"])
	require.Len(t, leads, 1, query)
	started := c.ok(t, "ConversationService/StartConversation", map[string]any{"leadId": leads[0]["id"], "channel": channel})
	return started["conversation"].(map[string]any)["id"].(string)
}

// talkOn is the conversation of one of our numbers with a lead's.
func (c *caller) talkOn(t testing.TB, sender, lead string) string {
	t.Helper()
	for _, talk := range list(c.ok(t, "ConversationService/ListConversations", map[string]any{"limit": 50})["conversations"]) {
		if talk["sender"].(map[string]any)["address"] == sender && talk["identifier"].(map[string]any)["value"] == lead {
			return talk["id"].(string)
		}
	}
	t.Fatalf("no conversation of %s with %s", sender, lead)
	return ""
}

func postJSON(t testing.TB, client *http.Client, url, token string, body any) (int, map[string]any) {
	t.Helper()
	text, err := json.Marshal(body)
	require.NoError(t, err)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader(text))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	status, answer := do(t, client, req)
	var out map[string]any
	require.NoError(t, json.Unmarshal([]byte(answer), &out), answer)
	return status, out
}

// do sends a request and returns the status and the body of the answer.
func do(t testing.TB, client *http.Client, req *http.Request) (int, string) {
	t.Helper()
	resp, err := client.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, string(text)
}

func get(t testing.TB, url string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	require.NoError(t, err)
	return do(t, web(t), req)
}

// list is a JSON list of objects.
func list(value any) []map[string]any {
	var out []map[string]any
	for _, v := range value.([]any) {
		out = append(out, v.(map[string]any))
	}
	return out
}

// counter is the value of a metric with these labels, in their order on the page; 0
// when it is not there.
func (p *program) counter(t testing.TB, series string) int {
	t.Helper()
	status, page := get(t, p.ready.InternalURL+"/metrics")
	require.Equal(t, http.StatusOK, status)
	for line := range strings.Lines(page) {
		if rest, ok := strings.CutPrefix(line, series+" "); ok {
			n, err := strconv.ParseFloat(strings.TrimSpace(rest), 64)
			require.NoError(t, err)
			return int(n)
		}
	}
	return 0
}

// callbacks counts webhook calls of a provider that ended so.
func (p *program) callbacks(t testing.TB, provider, result string) int {
	t.Helper()
	return p.counter(t, `converse_callbacks_total{provider="`+provider+`",result="`+result+`"}`)
}
