package main_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/testkit"
)

const (
	// megabyte is a MiB, in which providers count.
	megabyte = 1 << 20
	// mostResident is what a node may take while a file goes through it.
	mostResident = 150 * megabyte
)

// film is the beginning of a video; what follows is nothing.
const film = "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00"

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// TestALargeVideoGoesThroughASmallNode uploads 16 MB and sends them over the first WhatsApp
// number that carries videos, and watches how much memory the whole program takes, the
// played provider in it. 100 MB are refused before a byte of them is sent.
func TestALargeVideoGoesThroughASmallNode(t *testing.T) {
	data := filepath.Join(testkit.Folder(t), "data")
	p := startDev(t, data)
	pids := running(t, "converse\x00dev\x00", "\x00"+data+"\x00")
	require.Len(t, pids, 1)
	user := p.signIn(t, "sales_user")
	talk, number, provider := user.videoTalk(t, p)
	leads := list(user.ok(t, "LeadService/SearchLeads", map[string]any{"query": guest})["leads"])
	status, answer := postJSON(t, user.client, p.ready.SandboxURL+"/control/reply", "", map[string]any{
		"provider": provider, "to": number, "from": list(leads[0]["identifiers"])[0]["value"], "text": "Show me the house",
	})
	require.Equal(t, http.StatusOK, status, answer)

	status, refused := postJSON(t, user.client, p.ready.URL+"/converse.v1.MediaService/CreateUpload", user.token, map[string]any{
		"conversationId": talk, "fileName": "tour.mp4", "contentType": "video/mp4", "size": 100 * megabyte,
	})
	require.Equal(t, http.StatusBadRequest, status, refused)

	const size = 16_000_000 // as the strictest provider counts
	require.NoError(t, os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pids[0]), []byte("5"), 0), "forget the peak of the start")
	made := user.ok(t, "MediaService/CreateUpload", map[string]any{"conversationId": talk, "fileName": "tour.mp4", "contentType": "video/mp4", "size": size})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, made["uploadUrl"].(string),
		io.MultiReader(strings.NewReader(film), io.LimitReader(zeros{}, size-int64(len(film)))))
	require.NoError(t, err)
	req.ContentLength = size
	status, said := do(t, user.client, req)
	require.Equal(t, http.StatusNoContent, status, said)
	user.ok(t, "MediaService/CompleteUpload", map[string]any{"mediaId": made["mediaId"]})
	sent := user.ok(t, "ConversationService/SendMessage", map[string]any{
		"conversationId": talk, "clientId": "film", "text": "The house", "mediaIds": []any{made["mediaId"]},
	})
	user.becomes(t, talk, sent["message"].(map[string]any)["id"], "delivered", "read")
	require.Less(t, peak(t, pids[0]), mostResident)
}

// videoTalk opens a conversation from a WhatsApp number that carries videos.
func (c *caller) videoTalk(t *testing.T, p *program) (talk, number, provider string) {
	t.Helper()
	lead := list(c.ok(t, "LeadService/SearchLeads", map[string]any{"query": guest})["leads"])[0]["id"]
	for _, connector := range list(p.signIn(t, "administrator").ok(t, "ConnectorService/ListConnectors", map[string]any{})["connectors"]) {
		for _, sender := range list(connector["senders"]) {
			if sender["channel"] != "whatsapp" {
				continue
			}
			started := c.ok(t, "ConversationService/StartConversation", map[string]any{"leadId": lead, "channel": "whatsapp", "senderId": sender["id"]})
			talk = started["conversation"].(map[string]any)["id"].(string)
			can := c.ok(t, "ConversationService/GetCapabilities", map[string]any{"conversationId": talk})["capabilities"].(map[string]any)
			for _, rule := range list(can["media"]) {
				if strings.Contains(fmt.Sprint(rule["types"]), "video/mp4") {
					return talk, sender["address"].(string), connector["provider"].(string)
				}
			}
		}
	}
	t.Fatal("no WhatsApp number carries videos")
	return "", "", ""
}

// peak is the most memory that a process has held since its peak was last forgotten, in bytes.
func peak(t *testing.T, pid int) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kilobytes, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")))
			require.NoError(t, err)
			return kilobytes << 10
		}
	}
	t.Fatal("the kernel does not say")
	return 0
}
