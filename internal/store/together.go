package store

import (
	"context"
	"time"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// arrived is a message that is to be stored with the callback it came in.
type arrived struct {
	org chat.OrgID
	Arrival
	Received
}

// receiveMany stores messages of one org: one by itself, more in one transaction. Whose
// end is empty is to be received alone.
func (s *Store) receiveMany(ctx context.Context, list []arrived) ([]CallbackEnd, error) {
	if len(list) == 1 {
		end, err := s.receiveAlone(ctx, list[0])
		return []CallbackEnd{end}, err
	}
	stored, err := s.receiveTogether(ctx, list)
	ends := make([]CallbackEnd, len(list))
	for i := range stored {
		if stored[i] {
			ends[i].Result = ResultShown
		}
	}
	return ends, err
}

// receiveTogether stores messages in one transaction: those of people who are known, in
// conversations that nobody else has locked. It says which; PostgreSQL refusing one is
// none. Under load this halves what a message costs, and nobody waits for anybody's lock.
func (s *Store) receiveTogether(ctx context.Context, list []arrived) ([]bool, error) {
	var stored []bool
	err := s.inOrg(ctx, list[0].org, func(t *tx) error {
		var err error
		stored, err = t.receiveTogether(ctx, list)
		return err
	})
	if err == nil || IsAway(err) || ctx.Err() != nil {
		return stored, err
	}
	return make([]bool, len(list)), nil
}

func (t *tx) receiveTogether(ctx context.Context, list []arrived) ([]bool, error) {
	rows, err := t.lockConversationsOf(ctx, list)
	if err != nil {
		return nil, err
	}
	w := newReceivedRows(t.org)
	stored := make([]bool, len(list))
	type once struct {
		connector  chat.ConnectorID
		providerID string
	}
	seen := map[once]bool{}
	for i, x := range list {
		row, ok := rows[i]
		key := once{x.Sender.Connector, x.ProviderID}
		if !ok || seen[key] {
			continue // alone, the second of the same is found to be that
		}
		seen[key], stored[i] = true, true
		c, m := w.add(x, row)
		if err := t.tell(c, m); err != nil {
			return nil, err
		}
		if err := w.addCallback(x); err != nil {
			return nil, err
		}
	}
	return stored, w.insert(ctx, t)
}

// lockConversationsOf finds and locks the conversations, by the place of their message
// in the list. A message that has none there needs a closer look.
func (t *tx) lockConversationsOf(ctx context.Context, list []arrived) (map[int]db.LockConversationOfRow, error) {
	p := db.LockConversationsOfParams{OrgID: t.org}
	for i, x := range list {
		p.Places = append(p.Places, i)
		p.Phones, p.Whatsapps = append(p.Phones, x.Phone), append(p.Whatsapps, x.WhatsApp)
		p.SenderIds = append(p.SenderIds, string(x.Sender.ID))
	}
	rows, err := t.LockConversationsOf(ctx, p)
	found := make(map[int]db.LockConversationOfRow, len(rows))
	for _, r := range rows {
		x := list[r.Place]
		if x.Phone != "" && x.WhatsApp != "" && (r.Identities != 2 || r.Conversations != 1) {
			continue // one identity is new, or it is to be decided which conversation
		}
		if r.LeadDeletedAt != nil {
			continue // the lead comes back
		}
		found[r.Place] = db.LockConversationOfRow{
			ID: r.ID, LeadID: r.LeadID, FirstName: r.FirstName, LastName: r.LastName, OwnerID: r.OwnerID,
			IdentifierID: r.IdentifierID, IdentifierKind: string(r.IdentifierKind), IdentifierValue: r.IdentifierValue, IdentifierLabel: r.IdentifierLabel,
			IdentifierInvalid: r.IdentifierInvalid, OptedOutAt: r.OptedOutAt,
			LastSeq: r.LastSeq, InboundCount: r.InboundCount, WindowExpiresAt: r.WindowExpiresAt, Version: r.Version,
			SnoozedUntil: r.SnoozedUntil, SnoozedBy: r.SnoozedBy, BackAt: r.BackAt, Stops: r.Stops,
		}
	}
	return found, err
}

// receivedRows collects what received messages write, one statement a table.
type receivedRows struct {
	callbacks     db.InsertCallbacksParams
	messages      db.InsertReceivedParams
	conversations map[chat.ConversationID]*grown
	order         []*grown
}

// grown is a conversation as it is after the messages so far.
type grown struct {
	chat.Conversation
	lastAt time.Time
}

func newReceivedRows(org chat.OrgID) *receivedRows {
	return &receivedRows{
		callbacks: db.InsertCallbacksParams{OrgID: org}, messages: db.InsertReceivedParams{OrgID: org},
		conversations: map[chat.ConversationID]*grown{},
	}
}

// add puts a message at the end of its conversation, and returns both.
func (w *receivedRows) add(x arrived, row db.LockConversationOfRow) (chat.Conversation, chat.Message) {
	g := w.conversations[row.ID]
	if g == nil {
		g = &grown{Conversation: x.conversation(row)}
		w.conversations[row.ID] = g
		w.order = append(w.order, g)
	}
	m := x.message(g.Conversation)
	g.Conversation = advance(g.Conversation, m)
	g.lastAt = later(g.lastAt, m.CreatedAt)
	p := &w.messages
	p.Ids, p.ConversationIds = append(p.Ids, string(m.ID)), append(p.ConversationIds, string(m.Conversation))
	p.Seqs, p.Kinds, p.Texts = append(p.Seqs, m.Seq), append(p.Kinds, string(m.Kind)), append(p.Texts, m.Text)
	p.ConnectorIds = append(p.ConnectorIds, string(x.Sender.Connector))
	p.ProviderMessageIds, p.ReplyTos = append(p.ProviderMessageIds, x.ProviderID), append(p.ReplyTos, x.ReplyTo)
	p.CreatedAts, p.ProviderAts = append(p.CreatedAts, m.CreatedAt), append(p.ProviderAts, m.ProviderAt)
	return g.Conversation, m
}

// addCallback adds the callback that a message came in, unless that is stored already.
func (w *receivedRows) addCallback(x arrived) error {
	if x.Stored {
		return nil
	}
	headers, err := x.encodedHeaders()
	if err != nil {
		return err
	}
	p := &w.callbacks
	p.Ids, p.ConnectorIds = append(p.Ids, string(x.Arrival.ID)), append(p.ConnectorIds, string(x.Arrival.Connector))
	p.ReceivedAts, p.Headers = append(p.ReceivedAts, x.Arrival.ReceivedAt), append(p.Headers, headers)
	p.Queries, p.Bodies = append(p.Queries, x.Query), append(p.Bodies, x.Body)
	return nil
}

// insert queues the statements behind the transaction's last one.
func (w *receivedRows) insert(ctx context.Context, t *tx) error {
	if len(w.order) == 0 {
		return nil
	}
	if len(w.callbacks.Ids) > 0 {
		if err := t.later.InsertCallbacks(ctx, w.callbacks); err != nil {
			return err
		}
	}
	if err := t.later.InsertReceived(ctx, w.messages); err != nil {
		return err
	}
	p := db.AdvanceConversationsParams{OrgID: t.org}
	for _, g := range w.order {
		p.Ids = append(p.Ids, string(g.ID))
		p.LastSeqs, p.InboundCounts = append(p.LastSeqs, g.LastSeq), append(p.InboundCounts, g.InboundCount)
		p.Versions, p.WindowExpiresAts = append(p.Versions, g.Version), append(p.WindowExpiresAts, g.WindowExpiresAt)
		p.LastMessageAts = append(p.LastMessageAts, g.lastAt)
	}
	return t.later.AdvanceConversations(ctx, p)
}
