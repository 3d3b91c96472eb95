package channeltest

import (
	"bufio"
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"time"

	"converse/channels"
)

// inCase is one webhook, read from request.http:
//
//	# Comment lines say what the case shows. Two have a meaning:
//	# unsigned
//	# received 2025-07-08T18:42:00Z
//	POST /hooks/kind/endpoint?hub.mode=subscribe HTTP/1.1
//	Content-Type: application/json
//
//	{"the body": "all bytes after the empty line, to the end of the file"}
//
// The request is signed by the test's Signer unless it carries the signature
// header or is marked unsigned. {{name}} and {{url name}} in the head stand for a
// secret. Lines of the head may end in LF alone; a Host is not needed.
type inCase struct {
	webhook  *channels.Webhook
	unsigned bool
}

// defaultReceived is when a webhook came in unless its case says otherwise.
var defaultReceived = time.Date(2025, time.July, 8, 18, 42, 0, 0, time.UTC)

func readInCase(dir string, account channels.Account) (inCase, error) {
	c := inCase{webhook: &channels.Webhook{ReceivedAt: defaultReceived}}
	data, err := caseFile(dir, "request.http")
	if err != nil {
		return c, fmt.Errorf("read the webhook: %w", err)
	}
	for bytes.HasPrefix(data, []byte("#")) {
		line, rest, _ := bytes.Cut(data, []byte("\n"))
		if err := c.directive(strings.TrimSpace(string(line[1:]))); err != nil {
			return c, err
		}
		data = rest
	}
	head, body, found := bytes.Cut(data, []byte("\n\n"))
	if !found {
		return c, fmt.Errorf("read the webhook: no empty line after the head")
	}
	filled, err := fill(string(head), account)
	if err != nil {
		return c, err
	}
	request, err := http.ReadRequest(bufio.NewReader(strings.NewReader(filled + "\nHost: hub.example.com\n\n")))
	if err != nil {
		return c, fmt.Errorf("read the webhook's head: %w", err)
	}
	c.webhook.Method = request.Method
	c.webhook.Header = request.Header
	c.webhook.Query, c.webhook.RawQuery = request.URL.Query(), request.URL.RawQuery
	c.webhook.Body = body
	return c, nil
}

func (c *inCase) directive(line string) error {
	if line == "unsigned" {
		c.unsigned = true
		return nil
	}
	if at, ok := strings.CutPrefix(line, "received "); ok {
		received, err := time.Parse(time.RFC3339, at)
		if err != nil {
			return fmt.Errorf("read when the webhook came in: %w", err)
		}
		c.webhook.ReceivedAt = received
	}
	return nil
}

// clone copies a webhook so that a check may change it.
func clone(w *channels.Webhook) *channels.Webhook {
	copied := *w
	copied.Header = w.Header.Clone()
	copied.Body = bytes.Clone(w.Body)
	return &copied
}

func withBody(w *channels.Webhook, body []byte) *channels.Webhook {
	changed := clone(w)
	changed.Body = body
	return changed
}
