package ctm

import (
	"fmt"

	"converse/channels"
	"converse/channels/jsonstrict"
	"converse/internal/chat"
)

// mostFiles is how many files of one text are read. No carrier takes more than ten;
// a webhook of more was made to cost us.
const mostFiles = 50

// The directions of a text.
const (
	inbound  = "msg_inbound"
	outbound = "msg_outbound"
)

// Parse reads one activity. Texts come by the triggers "inbound_text" and
// "status_change"; the latter also brings calls, which have no message id.
func (a Adapter) Parse(account channels.Account, webhook *channels.Webhook) ([]channels.Event, channels.Reply, error) {
	var body activity
	if err := jsonstrict.Unmarshal(webhook.Body, &body); err != nil {
		return nil, channels.Reply{}, fmt.Errorf("read the webhook: %w", err)
	}
	if body.Call != nil {
		body = *body.Call
	}
	return body.events(account, a.Secrets(account)), channels.Reply{}, nil
}

func (a activity) events(account channels.Account, secrets []string) []channels.Event {
	if a.MessageID == "" {
		return ignored("It is about a call, not a text.")
	}
	if a.Direction != inbound && a.Direction != outbound {
		return malformed("the text's direction is neither in nor out")
	}
	ends := a.ends(account)
	switch {
	case len(ends.own) == 0:
		return ignored("None of its numbers is one of the connector's tracking numbers.")
	case ends.lead == "" && len(ends.own) > 1:
		return ignored("It is a text between two of the connector's own numbers.")
	case ends.lead == "":
		return malformed("the lead's number is missing or cannot be read")
	case a.Direction == inbound:
		return a.received(ends)
	}
	return a.report(ends, secrets)
}

func (a activity) received(ends ends) []channels.Event {
	message := channels.Received{
		ProviderID: string(a.MessageID),
		Sender:     ends.own[0].ID,
		From:       channels.Party{Phone: ends.lead},
		Kind:       chat.KindText,
		Text:       string(a.Body),
		At:         a.UnixTime.Time(),
	}
	var bad []channels.Event
	if a.Media.Err() != nil {
		bad = malformed("the text's list of files cannot be read")
	}
	number := 0
	for file, err := range a.Media.All() {
		if number++; number > mostFiles {
			bad = append(bad, malformed(fmt.Sprintf("the text has more than %d files", mostFiles))...)
			break
		}
		if err != nil {
			bad = append(bad, malformed(fmt.Sprintf("file %d of the text has no address", number))...)
			continue
		}
		if len(message.Media) == 0 {
			message.Kind = file.kind()
		}
		message.Media = append(message.Media, file.announce())
	}
	switch {
	case message.Text != "" || len(message.Media) > 0:
	case len(bad) > 0:
		message.Kind, message.Text = chat.KindUnsupported, "The lead sent a file that could not be read."
	default:
		message.Kind, message.Text = chat.KindUnsupported, "The lead sent an empty message."
	}
	return append([]channels.Event{message}, bad...)
}

func ignored(why string) []channels.Event {
	return []channels.Event{channels.Ignored{Why: why}}
}

func malformed(why string) []channels.Event {
	return []channels.Event{channels.Malformed{Why: why}}
}
