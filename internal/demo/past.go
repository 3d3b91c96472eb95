package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"converse/internal/chat"
	"converse/internal/store"
)

// thread is a conversation that has already taken place.
type thread struct {
	lead int
	// sender is the org's number that it was led from.
	channel chat.Channel
	sender  string
	lines   []line
}

// line is one message of a thread.
type line struct {
	// ago is how long before the demo's day it was written.
	ago  time.Duration
	text string
	// status of our own message; empty for the lead's.
	status chat.Status
	// tapped: the lead tapped this on a button instead of writing it.
	tapped bool
	// template is the name of the one that our message was made from, and values what
	// it was filled with; text is then empty.
	template string
	values   []string
	// failure says why our message failed.
	failure *chat.Failure
}

const (
	minute = time.Minute
	hour   = time.Hour
	day    = 24 * time.Hour
)

// threads show every state that a conversation can be in: waiting for an answer or
// for a receipt, with a window that is open, about to close or closed, failed with its
// reason, begun with a template, and with somebody who has no number.
func threads() []thread {
	sms, whatsApp := chat.ChannelSMS, chat.ChannelWhatsApp
	return []thread{
		{0, whatsApp, whatsAppNumber, []line{
			{ago: 26 * hour, text: "Hello! Is the flat on Quay Street still free?"},
			{ago: 25*hour + 50*minute, text: "Hello Asha, yes it is. Would Thursday at five suit you?", status: chat.StatusRead},
			{ago: 2 * hour, text: "Thursday is perfect 👍 Could you send me the floor plan?"},
		}},
		{1, sms, smsNumber, []line{
			{ago: 5 * hour, text: "Hi Ben, this is Mira from Harbour Homes. Your papers are ready to sign.", status: chat.StatusDelivered},
			{ago: 4*hour + 30*minute, text: "Great, I can come by tomorrow morning."},
		}},
		{3, whatsApp, whatsAppNumber, []line{
			{ago: 22*hour + 40*minute, text: "Good evening, do you have anything with a garden?"},
		}},
		{4, sms, smsNumber, []line{
			{ago: 3 * day, text: "Hi Elif, sorry we missed your call. When may we call you back?", status: chat.StatusDelivered},
		}},
		{6, whatsApp, whatsAppNumber, []line{
			{ago: 50 * hour, text: "Thank you for the tour yesterday, we loved it."},
			{ago: 49 * hour, text: "So glad to hear that, Grace! I will send the offer on Monday.", status: chat.StatusDelivered},
		}},
		{7, sms, smsNumber, []line{
			{ago: 30 * minute, text: "Is parking included?"},
		}},
		{9, sms, smsNumber, []line{
			{ago: 26 * hour, text: "Hi Jack, the keys are here for you. The office is open until six.", status: chat.StatusFailed, failure: &chat.Failure{
				Code: "30006", Text: "Not delivered: this is a landline, or its carrier takes no texts.", Next: "Call instead.",
			}},
		}},
		{10, whatsApp, whatsAppNumber, []line{
			{ago: 7 * hour, template: "viewing_invitation", values: []string{"Katya", "the house on Mill Lane"}, status: chat.StatusRead},
			{ago: 6*hour + 40*minute, text: "Yes, please", tapped: true},
			{ago: 6*hour + 30*minute, text: "Wonderful! Saturday at eleven, or Sunday at two?", status: chat.StatusRead},
		}},
		{12, sms, smsNumber, []line{
			{ago: 40 * minute, text: "Hi Mei, the surveyor comes on Friday at nine. Does that suit you?", status: chat.StatusSent},
		}},
		{13, whatsApp, secondWhatsApp, []line{
			{ago: 75 * minute, text: "Hello, I found you on the property portal. Is the loft still to let?"},
			{ago: 70 * minute, text: "And are pets allowed?"},
		}},
		{15, whatsApp, whatsAppNumber, []line{
			{ago: 4 * day, template: "document_request", values: []string{"Priya", "a copy of your ID"}, status: chat.StatusDelivered},
		}},
	}
}

// past makes the threads as rows: nobody is called and nothing is counted.
func (m *Maker) past(ctx context.Context, o Options) error {
	for _, t := range threads() {
		if t.lead >= o.Leads {
			continue
		}
		if err := m.thread(ctx, lead(t.lead, o.Today), t, o.Today); err != nil {
			return err
		}
	}
	return nil
}

func (m *Maker) thread(ctx context.Context, l chat.Lead, t thread, today time.Time) error {
	mira := people()[0].principal()
	c, err := m.Store.StartConversation(ctx, mira, l.ID, l.Identifiers[0].ID, idOf[chat.SenderID]("sender", t.channel, t.sender))
	if err != nil {
		return err
	}
	for n, line := range t.lines {
		at := today.Add(-line.ago)
		// An earlier start may have been cut short, or people may have gone on from here.
		if n >= c.LastSeq {
			if line.status == "" {
				err = m.received(ctx, l, c, n, line, at)
			} else {
				err = m.sent(ctx, mira, c, n, line, at)
			}
		}
		if err == nil && line.failure != nil {
			err = m.failed(ctx, c, n, line, at)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// keyOf is what the provider, and the browser, called a message of the past.
func keyOf(c chat.Conversation, n int) string { return fmt.Sprintf("demo-%s-%d", c.ID, n) }

func (m *Maker) received(ctx context.Context, l chat.Lead, c chat.Conversation, n int, line line, at time.Time) error {
	message := store.Received{
		ID: chat.NewID[chat.MessageID](), Sender: c.Sender, ProviderID: keyOf(c, n),
		Kind: chat.KindText, Text: line.text, ProviderAt: at, ReceivedAt: at,
	}
	if line.tapped {
		message.Kind = chat.KindButton
	}
	if first := l.Identifiers[0]; first.Kind == chat.IdentifierWhatsApp {
		message.WhatsApp = first.Value
	} else {
		message.Phone = first.Value
	}
	_, err := m.Store.Receive(ctx, orgID(), store.Arrival{Stored: true}, message)
	return err
}

// sent makes a message of ours with its whole history: taken, and reported.
func (m *Maker) sent(ctx context.Context, p chat.Principal, c chat.Conversation, n int, line line, at time.Time) error {
	past := store.Sent{
		NewMessage: store.NewMessage{
			ID: chat.NewID[chat.MessageID](), Conversation: c.ID, ClientID: keyOf(c, n), ContentHash: []byte(line.text), Kind: chat.KindText,
			Text: line.text, At: at,
		},
		ProviderID: keyOf(c, n), TakenAt: at.Add(time.Second),
	}
	if line.template != "" {
		line.fill(&past.NewMessage)
	}
	for i, status := range []chat.Status{chat.StatusDelivered, chat.StatusRead} {
		if status.Rank() <= line.status.Rank() {
			past.Reports = append(past.Reports, store.SentReport{Status: status, At: at.Add(time.Duration(i+2) * time.Second)})
		}
	}
	return m.Store.AddSent(ctx, p, past)
}

// fill makes a message from the line's template.
func (l line) fill(m *store.NewMessage) {
	list := Templates()
	t := list[slices.IndexFunc(list, func(t store.StoredTemplate) bool { return t.Name == l.template })]
	m.Kind, m.Template, m.TemplateName, m.Text = chat.KindTemplate, t.ID, t.Name, t.Body
	for i, v := range t.Variables {
		m.Parameters = append(m.Parameters, store.Parameter{Name: v.Name, Value: l.values[i]})
		m.Text = strings.ReplaceAll(m.Text, "{{"+v.Name+"}}", l.values[i])
	}
	if t.Footer != "" {
		m.Text += "\n\n" + t.Footer
	}
}

// failed tells what the provider reported. To tell it twice changes nothing.
func (m *Maker) failed(ctx context.Context, c chat.Conversation, n int, line line, at time.Time) error {
	at = at.Add(3 * time.Second)
	_, err := m.Store.Report(ctx, orgID(), store.Arrival{Stored: true}, store.Report{
		Connector: c.Sender.Connector, ProviderID: keyOf(c, n), Status: chat.StatusFailed, Failure: line.failure, ProviderAt: at, ReceivedAt: at,
	})
	return err
}
