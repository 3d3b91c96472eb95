package product

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"converse/bench/load"
	"converse/bench/payload"
)

// Hook is where an org's webhooks go and what they are signed with.
type Hook struct{ endpoint, secret string }

// Path is the address without the host.
func (h Hook) Path() string { return "/hooks/whatsapp_cloud/" + h.endpoint }

// Headers are the lines that go with a body, signature included (Meta, "Webhooks,
// Validating payloads").
func (h Hook) Headers(body []byte) string {
	mac := hmac.New(sha256.New, []byte(h.secret))
	mac.Write(body)
	return "Content-Type: application/json\r\nX-Hub-Signature-256: sha256=" + hex.EncodeToString(mac.Sum(nil)) + "\r\n"
}

// Body is a webhook with one text message of payload.Size bytes from a lead. The
// provider's id of it is made from what is unique about it.
func Body(lead, unique, text string) []byte {
	text += strings.Repeat(".", max(payload.Size-len(text), 0))
	return fmt.Appendf(nil, `{"object":"whatsapp_business_account","entry":[{"id":"102290129340398","changes":[{"value":{`+
		`"messaging_product":"whatsapp","metadata":{"display_phone_number":"%s","phone_number_id":"%s"},`+
		`"contacts":[{"profile":{"name":"Asha Rao"},"wa_id":"%s"}],`+
		`"messages":[{"from":"%s","id":"wamid.%s","timestamp":"%d","type":"text","text":{"body":"%s"}}]},"field":"messages"}]}]}`,
		number, ref, lead, lead, unique, time.Now().Unix(), text)
}

// Ticket asks for a socket ticket, as a browser does before it connects.
func Ticket(c *load.Caller, token string) (string, error) {
	answer, err := c.Post("/converse.v1.AuthService/CreateTicket", "Content-Type: application/json\r\nAuthorization: Bearer "+token+"\r\n", []byte("{}"))
	if err != nil {
		return "", err
	}
	var out struct{ Ticket string }
	if err := json.Unmarshal(answer, &out); err != nil {
		return "", fmt.Errorf("read the ticket: %w", err)
	}
	return out.Ticket, nil
}
