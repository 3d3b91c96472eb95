package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// Lane says which messages of a connector go first.
type Lane int

// The lanes.
const (
	// LaneLive is for messages a person waits for.
	LaneLive Lane = 0
	// LaneBulk is for campaigns; it takes what live leaves.
	LaneBulk Lane = 1
)

// Parameter is the value of one place of a template.
type Parameter struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	// Place is empty for the body; ofHeader, ofFile and ofButton say where else.
	Place string `json:"place,omitempty"`
	// Index and Kind are those of a button.
	Index int    `json:"index,omitempty"`
	Kind  string `json:"kind,omitempty"`
	// At is the place of a header that is one.
	At *PlaceRow `json:"at,omitempty"`
}

// PlaceRow is a chat.Place as it is stored.
type PlaceRow struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
	Name      string  `json:"name"`
	Address   string  `json:"address"`
}

// Places of a template besides its body.
const (
	PlaceHeader = "header"
	// PlaceFile: the message's file is the template's header.
	PlaceFile   = "file"
	PlaceButton = "button"
	// PlaceMap: the header is a place on the map, which is in At.
	PlaceMap = "map"
)

// NewMessage is a message that a user wants sent.
type NewMessage struct {
	ID           chat.MessageID
	Conversation chat.ConversationID
	// ClientID is the client's own key; ContentHash a digest of what it sent with it.
	ClientID    string
	ContentHash []byte
	// Kind is that of the first file where there are files.
	Kind chat.MessageKind
	Text string
	// Uploads are the principal's own files that become the message's.
	Uploads []chat.MediaID
	// Files are files that are there already, under new ids.
	Files []SentFile
	// Template is set for messages made from one.
	Template         chat.TemplateID
	TemplateName     string
	TemplateCategory string
	Parameters       []Parameter
	RetryOf          chat.MessageID
	// ViewedSeq is what the user has on screen; 0 for no check.
	ViewedSeq int
	Lane      Lane
	At        time.Time
	// Patience is how long to try to reach the provider before giving up.
	Patience time.Duration
}

// CheckFunc sees a conversation and the files of a message for it, and may refuse it.
type CheckFunc func(chat.Conversation, []chat.Media) error

// AcceptMessage stores a message, its place in the conversation, the job to send
// it and the event, all or nothing. A repeat of the same client id with the same
// content returns the message stored the first time; with other content it is a
// conflict. check sees the conversation under its lock and may refuse.
func (s *Store) AcceptMessage(ctx context.Context, p chat.Principal, n NewMessage, check CheckFunc) (chat.Message, error) {
	var out chat.Message
	accept := func(t *tx) error {
		var err error
		out, err = t.accept(ctx, p, n, check)
		return err
	}
	err := s.inOrg(ctx, p.Org, accept)
	if isUnique(err, "messages_once_accepted") {
		// The key is being used in another conversation, and that has won.
		err = s.inOrg(ctx, p.Org, accept)
	}
	return out, err
}

func (t *tx) accept(ctx context.Context, p chat.Principal, n NewMessage, check CheckFunc) (chat.Message, error) {
	conversation, first, err := t.lockForNew(ctx, p, n)
	if err != nil || first != nil {
		return zero(first), err
	}
	files, err := t.filesOf(ctx, p, n)
	if err != nil {
		return chat.Message{}, err
	}
	var shown []chat.Media
	if len(files) > 0 {
		if n.Kind != chat.KindTemplate {
			n.Kind = files[0].Kind
		}
		shown = convert(files, func(f SentFile) chat.Media { return f.Media })
	}
	if err := check(conversation, shown); err != nil {
		return chat.Message{}, err
	}
	if err := t.refuseStale(ctx, p, n, conversation); err != nil {
		return chat.Message{}, err
	}
	message := newOf(p, n, conversation, chat.StatusQueued)
	message.Media = shown
	return message, errors.Join(
		t.insertNew(ctx, p, n, conversation, message, nil),
		t.insertFiles(ctx, conversation, message, files),
		t.later.InsertSendJob(ctx, db.InsertSendJobParams{
			OrgID: t.org, MessageID: message.ID, ConnectorID: conversation.Sender.Connector, ConversationID: conversation.ID,
			Seq: message.Seq, Lane: int(n.Lane), Patience: n.Patience,
		}),
	)
}

// lockForNew locks the conversation of a new message. first is the message that was
// stored under the same key before, if there is one.
func (t *tx) lockForNew(ctx context.Context, p chat.Principal, n NewMessage) (c chat.Conversation, first *chat.Message, err error) {
	row, err := t.LockConversation(ctx, db.LockConversationParams{OrgID: t.org, ID: n.Conversation})
	if err != nil {
		return c, nil, notFound(err, "conversation")
	}
	if !p.Sees(zero(row.OwnerID)) {
		return c, nil, chat.NotFound("conversation")
	}
	// Behind the lock: whoever is accepting the same message just now has done so.
	before, err := t.AcceptedBefore(ctx, db.AcceptedBeforeParams{OrgID: t.org, AuthorID: string(p.User), ClientID: n.ClientID})
	if err == nil {
		message, err := t.repeat(ctx, n, before)
		return c, &message, err
	}
	return conversationOf(db.ConversationRow(row)), nil, ignoreMissing(err)
}

// repeat answers a client id that was accepted before.
func (t *tx) repeat(ctx context.Context, n NewMessage, first db.AcceptedBeforeRow) (chat.Message, error) {
	if first.ConversationID != n.Conversation || !bytes.Equal(first.ContentHash, n.ContentHash) {
		return chat.Message{}, &chat.Error{
			Code: chat.CodeConflict, Reason: chat.ReasonKeyReused, Field: "clientId",
			Message: "This client id was used for another message. Make a new one for each message.",
		}
	}
	return t.message(ctx, first.ID)
}

// refuseStale holds a message typed on a view that others have written past.
func (t *tx) refuseStale(ctx context.Context, p chat.Principal, n NewMessage, c chat.Conversation) error {
	if n.ViewedSeq == 0 || n.ViewedSeq >= c.LastSeq {
		return nil
	}
	newer, err := t.CountNewer(ctx, db.CountNewerParams{
		OrgID: t.org, ConversationID: c.ID, ViewedSeq: n.ViewedSeq, UserID: string(p.User),
	})
	if err != nil || newer == 0 {
		return err
	}
	return &chat.Error{
		Code: chat.CodeConflict, Reason: chat.ReasonStaleView, Newer: newer,
		Message: fmt.Sprintf("Not sent: there are %d newer messages. Read them, then send again.", newer),
	}
}

// newOf is a new message at the end of its conversation.
func newOf(p chat.Principal, n NewMessage, c chat.Conversation, status chat.Status) chat.Message {
	return chat.Message{
		ID: n.ID, Conversation: c.ID, Seq: c.LastSeq + 1, Direction: chat.DirectionOutbound, Kind: n.Kind, Text: n.Text,
		Status: status, ClientID: n.ClientID, Author: p.User, AuthorName: p.Name, TemplateName: n.TemplateName,
		RetryOf: n.RetryOf, CreatedAt: n.At,
	}
}

// insertNew stores a new message and its place in the conversation.
func (t *tx) insertNew(ctx context.Context, p chat.Principal, n NewMessage, c chat.Conversation, m chat.Message, providerID *string) error {
	parameters, err := json.Marshal(n.Parameters)
	if err != nil {
		return fmt.Errorf("encode template parameters: %w", err)
	}
	return errors.Join(
		t.later.InsertMessage(ctx, db.InsertMessageParams{
			OrgID: t.org, ID: m.ID, ConversationID: c.ID, Seq: m.Seq, Direction: m.Direction, Kind: m.Kind, Text: m.Text, Status: m.Status,
			AuthorID: &p.User, ClientID: &n.ClientID, ContentHash: n.ContentHash, TemplateID: orNull(n.Template), Parameters: parameters,
			RetryOf: orNull(n.RetryOf), ConnectorID: c.Sender.Connector, ProviderMessageID: providerID, CreatedAt: m.CreatedAt,
		}),
		t.addToConversation(ctx, c, m),
	)
}

// addToConversation moves the conversation on to a message that is being stored,
// and tells the org.
func (t *tx) addToConversation(ctx context.Context, c chat.Conversation, m chat.Message) error {
	c = advance(c, m)
	err := t.later.AdvanceConversation(ctx, db.AdvanceConversationParams{
		OrgID: t.org, ID: c.ID, LastSeq: c.LastSeq, InboundCount: c.InboundCount, WindowExpiresAt: orNull(c.WindowExpiresAt),
		LastMessageAt: m.CreatedAt, Version: c.Version, SnoozedUntil: orNull(c.SnoozedUntil), BackAt: orNull(c.BackAt),
	})
	if err != nil {
		return err
	}
	return t.tell(c, m)
}

// tell lets the org know of a message and of its conversation as it is with it.
func (t *tx) tell(c chat.Conversation, m chat.Message) error {
	c.LastMessage = nil // the event carries the message beside the conversation
	return t.publish(chat.OrgTopic(t.org), chat.Event{Message: &chat.MessageEvent{Message: m, Conversation: c}})
}
