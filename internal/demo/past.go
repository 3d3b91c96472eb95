package demo

import (
	"context"
	"fmt"
	"time"

	"converse/internal/chat"
	"converse/internal/store"
)

// line is one message of a made-up conversation.
type line struct {
	// ago is how long before now it was written.
	ago  time.Duration
	text string
	// status of our own message; empty for the lead's.
	status chat.Status
}

// past makes a few conversations that have already taken place, as rows: nobody is
// called and nothing is counted.
func (m *Maker) past(ctx context.Context, o Options) error {
	conversations := []struct {
		lead    int
		channel chat.Channel
		lines   []line
	}{
		{0, chat.ChannelWhatsApp, []line{
			{26 * time.Hour, "Hello! Is the flat on Quay Street still free?", ""},
			{25*time.Hour + 50*time.Minute, "Hello Asha, yes it is. Would Thursday at five suit you?", chat.StatusRead},
			{2 * time.Hour, "Thursday is perfect 👍 Could you send me the floor plan?", ""},
		}},
		{1, chat.ChannelSMS, []line{
			{5 * time.Hour, "Hi Ben, this is Mira from Harbour Homes. Your papers are ready to sign.", chat.StatusDelivered},
			{4*time.Hour + 30*time.Minute, "Great, I can come by tomorrow morning.", ""},
		}},
		{3, chat.ChannelWhatsApp, []line{
			{22*time.Hour + 40*time.Minute, "Good evening, do you have anything with a garden?", ""},
		}},
		{4, chat.ChannelSMS, []line{
			{3 * 24 * time.Hour, "Hi Elif, sorry we missed your call. When may we call you back?", chat.StatusDelivered},
		}},
		{6, chat.ChannelWhatsApp, []line{
			{50 * time.Hour, "Thank you for the tour yesterday, we loved it.", ""},
			{49 * time.Hour, "So glad to hear that, Grace! I will send the offer on Monday.", chat.StatusDelivered},
		}},
		{7, chat.ChannelSMS, []line{
			{30 * time.Minute, "Is parking included?", ""},
		}},
	}
	for _, c := range conversations {
		if c.lead >= o.Leads {
			continue
		}
		if err := m.conversation(ctx, lead(c.lead, o.Today), c.channel, c.lines); err != nil {
			return err
		}
	}
	return nil
}

func (m *Maker) conversation(ctx context.Context, l chat.Lead, channel chat.Channel, lines []line) error {
	mira := people()[0].principal()
	address := whatsAppNumber
	if channel == chat.ChannelSMS {
		address = smsNumber
	}
	c, err := m.Store.StartConversation(ctx, mira, l.ID, l.Identifiers[0].ID, idOf[chat.SenderID]("sender", channel, address))
	if err != nil {
		return err
	}
	now := time.Now()
	// An earlier start may have been cut short, or people may have gone on from here.
	for n := c.LastSeq; n < len(lines); n++ {
		line := lines[n]
		at := now.Add(-line.ago)
		if line.status == "" {
			err = m.received(ctx, l, c, n, line, at)
		} else {
			err = m.sent(ctx, mira, c, n, line, at)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (m *Maker) received(ctx context.Context, l chat.Lead, c chat.Conversation, n int, line line, at time.Time) error {
	_, err := m.Store.Receive(ctx, orgID(), store.Arrival{Stored: true}, store.Received{
		ID: chat.NewID[chat.MessageID](), Sender: c.Sender, ProviderID: fmt.Sprintf("demo-%s-%d", c.ID, n),
		Phone: l.Identifiers[0].Value, Kind: chat.KindText, Text: line.text, ProviderAt: at, ReceivedAt: at,
	})
	return err
}

// sent makes a message of ours with its whole history: taken, and reported.
func (m *Maker) sent(ctx context.Context, p chat.Principal, c chat.Conversation, n int, line line, at time.Time) error {
	key := fmt.Sprintf("demo-%s-%d", c.ID, n)
	past := store.Sent{
		NewMessage: store.NewMessage{
			ID: chat.NewID[chat.MessageID](), Conversation: c.ID, ClientID: key, ContentHash: []byte(line.text), Kind: chat.KindText,
			Text: line.text, At: at,
		},
		ProviderID: key, TakenAt: at.Add(time.Second),
	}
	for i, status := range []chat.Status{chat.StatusDelivered, chat.StatusRead} {
		if status.Rank() <= line.status.Rank() {
			past.Reports = append(past.Reports, store.SentReport{Status: status, At: at.Add(time.Duration(i+2) * time.Second)})
		}
	}
	return m.Store.AddSent(ctx, p, past)
}
