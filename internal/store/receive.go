package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// Received is a message from a lead.
type Received struct {
	ID chat.MessageID
	// Sender is who it was sent to, as the connector has it.
	Sender     chat.Sender
	ProviderID string
	// Phone and WhatsApp are the lead's identities; at least one is set.
	Phone, WhatsApp string
	// Name is the profile name, used when the lead is new.
	Name       string
	Kind       chat.MessageKind
	Text       string
	ReplyTo    string
	ProviderAt time.Time
	ReceivedAt time.Time
	Media      []NewMedia
	// Wish is what the message says about being written to.
	Wish chat.Wish
	// Moved are the identities the lead has from now on.
	Moved []chat.Identifier
	// Echo is set for a message of ours that left by other means: its status.
	Echo chat.Status
}

// plain reports whether the message is one like most, with nothing to it but a text.
func (r Received) plain() bool {
	return len(r.Media) == 0 && r.Wish == chat.WishNone && len(r.Moved) == 0 && r.Echo == ""
}

// NewMedia is a file announced by a message.
type NewMedia struct {
	chat.Media
	Reference string
	SHA256    string
	ExpiresAt time.Time
}

// errRace says that another transaction made the same lead or conversation first;
// run again, the same transaction finds what the other made.
var errRace = errors.New("another transaction made it first")

// Receive stores a lead's message with the callback it came in: the lead if it is
// unknown, the conversation, the seq, the window, files and the event, in one
// transaction. A message that was stored before is ignored (I2).
func (s *Store) Receive(ctx context.Context, org chat.OrgID, a Arrival, r Received) (CallbackEnd, error) {
	message := arrived{org: org, Arrival: a, Received: r}
	if r.plain() {
		end, err := s.questions.received.do(ctx, message)
		if err != nil || end.Result != "" {
			return end, err
		}
	}
	return s.receiveAlone(ctx, message)
}

// receiveAlone stores one message in a transaction of its own.
func (s *Store) receiveAlone(ctx context.Context, x arrived) (CallbackEnd, error) {
	const tries = 10
	var err error
	for range tries {
		err = s.inOrg(ctx, x.org, func(t *tx) error { return t.receive(ctx, x.Arrival, x.Received) })
		if isUnique(err, "messages_once_in") {
			end := CallbackEnd{Result: ResultIgnored, Why: "received before"}
			return end, s.inOrg(ctx, x.org, func(t *tx) error { return t.arrive(ctx, x.Arrival, end) })
		}
		// Two messages of one conversation can also meet on its seq: lock and count again.
		if !errors.Is(err, errRace) && !isUnique(err, "") {
			break
		}
	}
	return CallbackEnd{Result: ResultShown}, err
}

func (t *tx) receive(ctx context.Context, a Arrival, r Received) error {
	conversation, err := t.lockConversationOf(ctx, r)
	if errors.Is(err, pgx.ErrNoRows) {
		conversation, err = t.receiveFirst(ctx, r)
	}
	if err != nil {
		return err
	}
	changed, err := t.heed(ctx, r, conversation)
	if err == nil && changed {
		conversation, err = t.lockConversationOf(ctx, r) // as it is with the change
	}
	if err == nil && len(r.Moved) > 0 {
		err = t.adopt(ctx, conversation.Lead, r.Moved)
	}
	if err != nil {
		return err
	}
	message := r.message(conversation)
	return errors.Join(
		t.arrive(ctx, a, CallbackEnd{Result: ResultShown}),
		t.later.InsertMessage(ctx, db.InsertMessageParams{
			OrgID: t.org, ID: message.ID, ConversationID: message.Conversation, Seq: message.Seq, Direction: message.Direction,
			Kind: message.Kind, Text: message.Text, Status: message.Status, ConnectorID: r.Sender.Connector, ProviderMessageID: &r.ProviderID,
			ReplyTo: r.ReplyTo, CreatedAt: message.CreatedAt, ProviderAt: orNull(message.ProviderAt), AsksStop: message.AsksStop,
		}),
		t.insertMedia(ctx, r),
		t.addToConversation(ctx, conversation, message),
	)
}

// receiveFirst makes and locks the conversation of somebody who writes to a sender for
// the first time. The owner of a new lead is found last: everybody else whose turn is to
// be taken waits from then to the commit.
func (t *tx) receiveFirst(ctx context.Context, r Received) (chat.Conversation, error) {
	stranger, err := t.meet(ctx, r)
	if err != nil {
		return chat.Conversation{}, err
	}
	conversation, err := t.lockConversationOf(ctx, r)
	if err == nil && stranger != nil {
		conversation.Owner, err = t.house(ctx, *stranger, r)
	}
	return conversation, err
}

func (t *tx) lockConversationOf(ctx context.Context, r Received) (chat.Conversation, error) {
	row, err := t.LockConversationOf(ctx, db.LockConversationOfParams{
		OrgID: t.org, Phone: r.Phone, Whatsapp: r.WhatsApp, SenderID: r.Sender.ID,
	})
	if err == nil && row.LeadDeletedAt != nil {
		err = t.restoreLead(ctx, chat.Principal{}, row.LeadID)
	}
	if err == nil && row.Identities == 1 {
		err = t.linkIdentities(ctx, r)
	}
	return r.conversation(row), err
}

// conversation is the one that the message goes to.
func (r Received) conversation(row db.LockConversationOfRow) chat.Conversation {
	return conversationOf(db.ConversationRow{
		ID: row.ID, LeadID: row.LeadID, FirstName: row.FirstName, LastName: row.LastName, OwnerID: row.OwnerID,
		IdentifierID: row.IdentifierID, IdentifierKind: chat.IdentifierKind(row.IdentifierKind), IdentifierValue: row.IdentifierValue, IdentifierLabel: row.IdentifierLabel,
		IdentifierInvalid: row.IdentifierInvalid, OptedOutAt: row.OptedOutAt,
		SenderID: r.Sender.ID, SenderAddress: r.Sender.Address, SenderLabel: r.Sender.Label, ConnectorID: r.Sender.Connector,
		Provider: r.Sender.Provider, Channel: r.Sender.Channel,
		LastSeq: row.LastSeq, InboundCount: row.InboundCount, WindowExpiresAt: row.WindowExpiresAt, Version: row.Version,
		SnoozedUntil: row.SnoozedUntil, SnoozedBy: row.SnoozedBy, BackAt: row.BackAt, Stops: row.Stops,
	})
}

// message is what becomes of it at the end of that conversation.
func (r Received) message(c chat.Conversation) chat.Message {
	m := chat.Message{
		ID: r.ID, Conversation: c.ID, Seq: c.LastSeq + 1, Direction: chat.DirectionInbound, Kind: r.Kind,
		Text: r.Text, Status: chat.StatusReceived, CreatedAt: r.ReceivedAt, ProviderAt: r.ProviderAt, AsksStop: r.Wish == chat.WishUnclear,
	}
	if r.Echo != "" {
		m.Direction, m.Status = chat.DirectionOutbound, r.Echo
	}
	for _, file := range r.Media {
		shown := file.Media
		shown.Version = 1
		m.Media = append(m.Media, shown)
	}
	return m
}

// linkIdentities gives a lead that is known by one of two identities the other one,
// so that a later message with only that one finds it.
func (t *tx) linkIdentities(ctx context.Context, r Received) error {
	if r.Phone == "" || r.WhatsApp == "" {
		return nil
	}
	known, err := t.identities(ctx, r)
	if err != nil || len(known) != 1 {
		return err
	}
	missing := chat.Identifier{ID: chat.NewID[chat.IdentifierID](), Kind: chat.IdentifierPhone, Value: r.Phone}
	if known[0].Kind == chat.IdentifierPhone {
		missing.Kind, missing.Value = chat.IdentifierWhatsApp, r.WhatsApp
	}
	lead := known[0].LeadID
	others, err := t.IdentifiersOfLeads(ctx, db.IdentifiersOfLeadsParams{OrgID: t.org, LeadIds: []string{string(lead)}})
	if err != nil {
		return err
	}
	taken, err := t.insertIdentifier(ctx, lead, missing, len(others))
	if err == nil && taken {
		return errRace
	}
	return errors.Join(err, t.queueTerms(ctx, chat.Lead{ID: lead, Identifiers: []chat.Identifier{missing}}),
		t.activity(ctx, chat.Activity{Lead: lead, Kind: chat.ActivityIdentifierAdded, Fields: []string{string(missing.Kind)}}))
}

func (t *tx) identities(ctx context.Context, r Received) ([]db.Identifier, error) {
	return t.IdentifiersByValue(ctx, db.IdentifiersByValueParams{
		OrgID:  t.org,
		Kinds:  []string{string(chat.IdentifierWhatsApp), string(chat.IdentifierPhone)},
		Values: []string{r.WhatsApp, r.Phone},
	})
}

// meet makes the conversation with somebody who writes to a sender for the first
// time. If nobody knows them it makes the lead, too, and returns it: it has no owner yet.
func (t *tx) meet(ctx context.Context, r Received) (stranger *chat.Lead, err error) {
	if err := t.linkIdentities(ctx, r); err != nil {
		return nil, err
	}
	known, err := t.identities(ctx, r)
	if err != nil {
		return nil, err
	}
	merged, err := t.mergeWriters(ctx, known)
	if err == nil && merged {
		known, err = t.identities(ctx, r)
	}
	if err == nil && len(known) == 0 {
		stranger, known, err = t.newLead(ctx, r)
	}
	if err != nil {
		return nil, err
	}
	identifier := known[0]
	for _, i := range known {
		if i.Kind == chat.IdentifierPhone {
			identifier = i // a phone can be written to over any channel
		}
	}
	if stranger == nil {
		if err := t.routeKnown(ctx, identifier.LeadID, r); err != nil {
			return nil, err
		}
	}
	_, err = t.conversationOf(ctx, identifier.LeadID, identifier.ID, r.Sender.ID)
	return stranger, err
}

// newLead makes a lead of an unknown sender.
func (t *tx) newLead(ctx context.Context, r Received) (*chat.Lead, []db.Identifier, error) {
	lead := chat.Lead{ID: chat.NewID[chat.LeadID](), Source: "inbound", CreatedAt: r.ReceivedAt}
	if name := strings.Fields(r.Name); len(name) > 0 {
		lead.FirstName, lead.LastName = name[0], strings.Join(name[1:], " ")
	}
	// The phone first: it is what a new conversation is addressed to.
	for _, i := range []chat.Identifier{{Kind: chat.IdentifierPhone, Value: r.Phone}, {Kind: chat.IdentifierWhatsApp, Value: r.WhatsApp}} {
		if i.Value != "" {
			i.ID = chat.NewID[chat.IdentifierID]()
			lead.Identifiers = append(lead.Identifiers, i)
		}
	}
	taken, err := t.insertLead(ctx, lead)
	if err == nil && taken {
		err = errRace
	}
	if err == nil {
		err = t.activity(ctx, chat.Activity{Lead: lead.ID, Kind: chat.ActivityCreated})
	}
	if err != nil {
		return nil, nil, err
	}
	known, err := t.identities(ctx, r)
	return &lead, known, err
}

func (t *tx) insertMedia(ctx context.Context, r Received) error {
	if len(r.Media) == 0 {
		return nil
	}
	ids := make([]chat.MediaID, len(r.Media))
	for i, m := range r.Media {
		ids[i] = m.ID
		err := t.later.InsertMedia(ctx, db.InsertMediaParams{
			OrgID: t.org, ID: m.ID, MessageID: r.ID, Position: i, ConnectorID: r.Sender.Connector, State: m.State, ContentType: m.ContentType,
			Name: m.Name, Size: m.Size, Sha256: m.SHA256, Reference: m.Reference, ExpiresAt: orNull(m.ExpiresAt),
		})
		if err != nil {
			return err
		}
	}
	transaction, err := t.pgx(ctx)
	if err != nil {
		return err
	}
	return t.options.FetchMedia(ctx, transaction, t.org, ids)
}
