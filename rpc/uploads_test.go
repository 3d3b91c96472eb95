package rpc_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/channels/ctm"
	"converse/channels/whatsappcloud"
	"converse/internal/account"
	"converse/internal/chat"
	"converse/internal/outbox"
	"converse/internal/store"
	"converse/internal/testkit/world"
	"converse/rpc"
)

// carrying serves the rooms, of which the WhatsApp number carries files, to somebody who
// is signed in and has an open conversation.
func carrying(t *testing.T) (b *bundle, token, talk string) {
	t.Helper()
	b = setup(t, func(r *rpc.Rooms, _ *rpc.Options) {
		w := r.Origins.(sites).World
		book := account.NewBook(w.Store, world.Vault(t), "https://hub.example.com", []channels.Adapter{world.Carrier{Adapter: whatsappcloud.New()}, ctm.New()})
		r.Media, r.Outbox = uploads(t, w, book), outbox.New(w.Store, book, nil, outbox.Options{Node: "n1"})
	})
	_, err := b.Store.Receive(t.Context(), b.Org, store.Arrival{Stored: true}, store.Received{
		ID: chat.NewID[chat.MessageID](), Sender: b.WhatsApp.Senders[0].Sender, ProviderID: "in-1", Phone: "+12025550123",
		Kind: chat.KindText, Text: "hello", ProviderAt: time.Now(), ReceivedAt: time.Now(),
	})
	require.NoError(t, err)
	return b, b.token(t, b.Sales), string(b.Conversation(t, b.WhatsApp).ID)
}

// announce makes room for a file and returns its id and the path to send it to.
func announce(t *testing.T, b *bundle, token, talk, name, contentType string, size int) (id, path string) {
	t.Helper()
	made := b.ok(t, token, "MediaService/CreateUpload", map[string]any{"conversationId": talk, "fileName": name, "contentType": contentType, "size": size})
	path, ours := strings.CutPrefix(made["uploadUrl"].(string), "https://chat.example.com")
	require.True(t, ours)
	return made["mediaId"].(string), path
}

func (b *bundle) method(t *testing.T, method, path, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, b.url+path, strings.NewReader(body))
	require.NoError(t, err)
	resp, err := b.client.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, string(text)
}

// film is the beginning of one.
const film = "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00"

func TestAFileIsUploadedAndSent(t *testing.T) {
	t.Parallel()
	b, token, talk := carrying(t)
	can := b.ok(t, token, "ConversationService/GetCapabilities", map[string]any{"conversationId": talk})["capabilities"].(map[string]any)
	require.InDelta(t, 1, can["filesPerMessage"], 0)
	require.Equal(t, true, can["window"])
	image := can["media"].([]any)[0].(map[string]any)
	require.Equal(t, "image", image["kind"])
	require.Contains(t, image["endings"], ".jpeg")
	require.InDelta(t, 5<<20, image["maxBytes"], 0)
	require.InDelta(t, 25_000_000, image["maxPixels"], 0)

	id, path := announce(t, b, token, talk, "tour.mp4", "video/mp4", len(film))
	status, text := b.method(t, http.MethodPut, path, film)
	require.Equal(t, http.StatusNoContent, status, text)
	file := b.ok(t, token, "MediaService/CompleteUpload", map[string]any{"mediaId": id})["media"].(map[string]any)
	require.Equal(t, "ready", file["state"])
	require.Equal(t, "video", file["kind"])
	sent := b.ok(t, token, "ConversationService/SendMessage", map[string]any{
		"conversationId": talk, "clientId": newClientID(), "text": "Have a look", "mediaIds": []string{id},
	})["message"].(map[string]any)
	require.Equal(t, "video", sent["kind"])
	require.Equal(t, "Have a look", sent["text"])
	require.Equal(t, "tour.mp4", sent["media"].([]any)[0].(map[string]any)["name"])
	b.ok(t, token, "MediaService/GetDownload", map[string]any{"mediaId": id})
}

// TestA11AHundredMegabytesAreRefusedUnread says so before anything is sent, and again to
// whoever sends it all the same: the answer comes while the body has not been sent.
func TestA11AHundredMegabytesAreRefusedUnread(t *testing.T) {
	t.Parallel()
	b, token, talk := carrying(t)
	a := b.post(t, token, "MediaService/CreateUpload", map[string]any{
		"conversationId": talk, "fileName": "tour.mp4", "contentType": "video/mp4", "size": 100 << 20,
	})
	require.Equal(t, "invalid_argument", a.code, a.raw)
	require.Equal(t, "size", a.details[0].Field)
	require.Contains(t, a.message, "at most 16 MB")

	id, path := announce(t, b, token, talk, "tour.mp4", "video/mp4", len(film))
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(b.url, "http://"))
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(30*time.Second)))
	_, err = fmt.Fprintf(conn, "PUT %s HTTP/1.1\r\nHost: chat.example.com\r\nContent-Length: %d\r\n\r\n", path, 100<<20)
	require.NoError(t, err)
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	defer resp.Body.Close()
	require.Equal(t, http.StatusRequestEntityTooLarge, resp.StatusCode)
	require.True(t, resp.Close, "the rest is not waited for")
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Contains(t, string(text), "more than was announced")
	status, _ := b.method(t, http.MethodPut, path, film)
	require.Equal(t, http.StatusNoContent, status, "the word was not used by that")
	b.ok(t, token, "MediaService/CompleteUpload", map[string]any{"mediaId": id})
}

func TestAnUploadIsRefusedInWords(t *testing.T) {
	t.Parallel()
	b, token, talk := carrying(t)
	id, path := announce(t, b, token, talk, "tour.mp4", "video/mp4", 11)
	status, text := b.method(t, http.MethodPut, path, "<html><body")
	require.Equal(t, http.StatusBadRequest, status)
	require.Contains(t, text, "is not what the file is")
	a := b.post(t, token, "MediaService/CompleteUpload", map[string]any{"mediaId": id})
	require.Equal(t, "not_found", a.code, "it is forgotten")
	for _, word := range []string{"x", strings.Repeat("A", 76), "..%2f..%2fetc%2fpasswd"} {
		for _, method := range []string{http.MethodPut, http.MethodDelete} {
			status, _ = b.method(t, method, "/uploads/"+word, "")
			require.Equal(t, http.StatusNotFound, status, word)
		}
	}
}

func TestAnUploadIsCancelledByItsAddress(t *testing.T) {
	t.Parallel()
	b, token, talk := carrying(t)
	id, path := announce(t, b, token, talk, "tour.mp4", "video/mp4", len(film))
	status, _ := b.method(t, http.MethodDelete, path, "")
	require.Equal(t, http.StatusNoContent, status)
	status, _ = b.method(t, http.MethodPut, path, film)
	require.Equal(t, http.StatusNotFound, status)
	id2, _ := announce(t, b, token, talk, "tour.mp4", "video/mp4", len(film))
	b.ok(t, token, "MediaService/CancelUpload", map[string]any{"mediaId": id2})
	require.Equal(t, "not_found", b.post(t, token, "MediaService/CancelUpload", map[string]any{"mediaId": id}).code)
}
