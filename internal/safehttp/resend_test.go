package safehttp_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/safehttp"
)

// A provider that closes a kept connection after reading the next request has
// heard it; net/http would send many such requests again and report success.
func TestNothingIsSentTwiceWhenAKeptConnectionBreaks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		method string
		body   string
		header string
	}{
		"post":                            {http.MethodPost, "text=hello", ""},
		"post with idempotency key":       {http.MethodPost, "text=hello", "Idempotency-Key"},
		"post with x-idempotency key":     {http.MethodPost, "text=hello", "X-Idempotency-Key"},
		"post with key in lower case":     {http.MethodPost, "text=hello", "idempotency-key"},
		"post with twilio's key":          {http.MethodPost, "text=hello", "I-Twilio-Idempotency-Token"},
		"post without a body":             {http.MethodPost, "", ""},
		"post without a body, with a key": {http.MethodPost, "", "Idempotency-Key"},
		"get":                             {http.MethodGet, "", ""},
		"get with a body":                 {http.MethodGet, "text=hello", ""},
		"head":                            {http.MethodHead, "", ""},
		"options":                         {http.MethodOptions, "", ""},
		"put":                             {http.MethodPut, "text=hello", ""},
		"put with idempotency key":        {http.MethodPut, "text=hello", "Idempotency-Key"},
		"delete":                          {http.MethodDelete, "", ""},
		"delete with idempotency key":     {http.MethodDelete, "", "Idempotency-Key"},
		"method left empty":               {"", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// The first request of all is answered; whatever is read after it is not.
			var requests atomic.Int64
			server := serve(t, func(c *connection) {
				for c.next() && requests.Add(1) == 1 {
					_ = c.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
				}
			})
			client := newProvider(t, safehttp.Options{})
			send := func(method, body, header string) error {
				req, err := http.NewRequestWithContext(context.Background(), method, "http://"+server.addr+"/send", strings.NewReader(body))
				require.NoError(t, err)
				if header != "" {
					req.Header[header] = []string{"key-1"}
				}
				req.Method = method // NewRequest fills an empty one in
				resp, err := client.Do(req)
				if err == nil {
					resp.Body.Close()
				}
				return err
			}
			require.NoError(t, send(http.MethodPost, "text=first", ""))
			err := send(c.method, c.body, c.header)
			var failure *safehttp.Error
			require.ErrorAs(t, err, &failure)
			require.True(t, failure.Heard)
			require.Len(t, server.requests(), 2, "the first request and one more")
		})
	}
}

func TestAConnectionIsKeptForTheNextPost(t *testing.T) {
	t.Parallel()
	var connections atomic.Int64
	server := serve(t, func(c *connection) {
		connections.Add(1)
		for c.next() {
			_ = c.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
		}
	})
	client := newProvider(t, safehttp.Options{})
	for range 3 {
		resp, err := client.Do(request(t, http.MethodPost, "http", server.addr))
		require.NoError(t, err)
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.Equal(t, "ok", string(body))
	}
	require.Equal(t, int64(1), connections.Load())
}
