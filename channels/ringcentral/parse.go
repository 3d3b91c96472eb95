package ringcentral

import (
	"errors"
	"fmt"
	"strings"

	"converse/channels"
	"converse/channels/jsonstrict"
)

// mostElements is how many records of one webhook are read; a webhook of more was made
// to cost us.
const mostElements = 1000

// Parse reads one event: an inbound text whole, a count of changes to outbound ones,
// consents, or a reminder. An empty body is the handshake, answered with its own token.
func (a Adapter) Parse(account channels.Account, webhook *channels.Webhook) ([]channels.Event, channels.Reply, error) {
	if token, ok := handshake(account, webhook); ok {
		return []channels.Event{channels.Ignored{Why: "RingCentral tried the webhook's address."}}, echo(token), nil
	}
	var body envelope
	if err := jsonstrict.Unmarshal(webhook.Body, &body); err != nil {
		return nil, channels.Reply{}, fmt.Errorf("read the webhook: %w", err)
	}
	if body.Event == "" {
		return nil, channels.Reply{}, errors.New("read the webhook: it does not say which event it is")
	}
	p := &parser{account: account, secrets: a.known(account)}
	p.event(body)
	return p.events, channels.Reply{}, nil
}

// parser collects the events of one webhook or page.
type parser struct {
	account channels.Account
	secrets []string
	events  []channels.Event
}

func (p *parser) add(event channels.Event) { p.events = append(p.events, event) }

func (p *parser) ignore(why string) { p.add(channels.Ignored{Why: why}) }

func (p *parser) malformed(where, what string) { p.add(channels.Malformed{Why: where + ": " + what}) }

// event sorts by the filter that an event answers to.
func (p *parser) event(e envelope) {
	path, _, _ := strings.Cut(e.Event, "?")
	body := e.Body.Value
	switch {
	case e.Body.Err != nil:
		p.malformed("the event", e.Body.Err.Error())
	case strings.HasSuffix(path, "/message-store/instant"):
		p.message("the text", body.message)
	case strings.HasSuffix(path, "/message-store"):
		p.changes(body.Changes)
	case strings.HasSuffix(path, "/sms/consents"):
		p.consents(body.Records)
	case strings.Contains(path, "/subscription/"):
		p.ignore("RingCentral reminds that the subscription runs out; it is renewed by itself.")
	default:
		p.ignore("An event of a kind that is not followed.")
	}
}

// changes tells that outbound texts came or moved on. The event says how many and not
// which, so the message store has to be asked.
func (p *parser) changes(list jsonstrict.List[change]) {
	others := 0
	for c, err := range list.All() {
		if err != nil || c.Type == "" || c.Type == "SMS" || others == mostElements {
			others = 0
			break
		}
		others++
	}
	if others > 0 {
		p.ignore("Other messages than texts changed.")
		return
	}
	p.add(channels.Changed{Why: "RingCentral counts new or changed texts."})
}
