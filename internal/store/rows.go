package store

import (
	"time"

	"github.com/google/uuid"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// The functions of this file turn rows into the product's values. A null column
// becomes the zero value.

func zero[T any](p *T) T {
	if p == nil {
		var none T
		return none
	}
	return *p
}

// orNull is a pointer to v, or nil for the zero value.
func orNull[T comparable](v T) *T {
	var none T
	if v == none {
		return nil
	}
	return &v
}

// reader is whose read markers count. An API key has no user: nobody has that id.
func reader(p chat.Principal) chat.UserID {
	if p.User == "" {
		return chat.UserID(uuid.Nil.String())
	}
	return p.User
}

func texts[T ~string](ids []T) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}

func userOf(r db.User) chat.User {
	return chat.User{ID: r.ID, Email: r.Email, Name: r.Name, Role: r.Role}
}

func identifierOf(r db.Identifier) chat.Identifier {
	return chat.Identifier{
		ID: r.ID, Kind: r.Kind, Value: r.Value, Label: r.Label, Invalid: r.Invalid,
		OptedOutAt: zero(r.OptedOutAt), OptOutSource: r.OptOutSource, OptOutReason: r.OptOutReason,
		Stops: stopsOf(r.Stops),
	}
}

func conversationOf(r db.ConversationRow) chat.Conversation {
	identifier := chat.Identifier{
		ID: r.IdentifierID, Kind: r.IdentifierKind, Value: r.IdentifierValue, Label: r.IdentifierLabel,
		Invalid: r.IdentifierInvalid, OptedOutAt: zero(r.OptedOutAt), Stops: stopsOf(r.Stops),
	}
	lead := chat.Lead{FirstName: r.FirstName, LastName: r.LastName, Identifiers: []chat.Identifier{identifier}}
	return chat.Conversation{
		ID:       r.ID,
		Lead:     r.LeadID,
		LeadName: lead.Name(), LeadFirstName: r.FirstName, LeadLastName: r.LastName,
		Owner:      zero(r.OwnerID),
		Channel:    r.Channel,
		Identifier: identifier,
		Sender: chat.Sender{
			ID: r.SenderID, Connector: r.ConnectorID, Provider: r.Provider, Channel: r.Channel,
			Address: r.SenderAddress, Label: r.SenderLabel,
		},
		LastSeq:         r.LastSeq,
		InboundCount:    r.InboundCount,
		WindowExpiresAt: zero(r.WindowExpiresAt),
		Version:         r.Version,
		ActiveAt:        r.LastMessageAt,
		SnoozedUntil:    zero(r.SnoozedUntil),
		SnoozedBy:       zero(r.SnoozedBy),
		BackAt:          zero(r.BackAt),
	}
}

func messageOf(r db.MessageRow) chat.Message {
	return chat.Message{
		ID:           r.ID,
		Conversation: r.ConversationID,
		Seq:          r.Seq,
		Direction:    r.Direction,
		Kind:         r.Kind,
		Text:         r.Text,
		Status:       r.Status,
		ClientID:     zero(r.ClientID),
		Author:       zero(r.AuthorID),
		AuthorName:   r.AuthorName,
		TemplateName: r.TemplateName,
		Failure:      failureOf(r.Status, r.FailureCode, r.FailureText, r.FailureNext),
		RetryOf:      zero(r.RetryOf),
		CreatedAt:    r.CreatedAt,
		ProviderAt:   zero(r.ProviderAt),
		Mentions:     mentionsOf(r.Mentions),
		Revision:     r.Revision,
		EditedAt:     zero(r.EditedAt),
		DeletedAt:    zero(r.DeletedAt),
		AsksStop:     r.AsksStop,
	}
}

// stopsOf are what a lead asked to be spared; nil for nothing.
func stopsOf(stops []string) []chat.Stop {
	if len(stops) == 0 {
		return nil
	}
	return idsOf[chat.Stop](stops)
}

// mentionsOf are those whom a note names; nil for every other message.
func mentionsOf(ids []string) []chat.UserID {
	if len(ids) == 0 {
		return nil
	}
	return idsOf[chat.UserID](ids)
}

// failureOf is the failure of a message that is failed or unsure now.
func failureOf(status chat.Status, code, text, next string) *chat.Failure {
	if status != chat.StatusFailed && status != chat.StatusUnsure {
		return nil
	}
	return &chat.Failure{Code: code, Text: text, Next: next}
}

func mediaOf(r db.Medium) chat.Media {
	return chat.Media{
		ID: r.ID, State: r.State, Kind: r.Kind, ContentType: r.ContentType, Name: r.Name, Size: r.Size, Width: r.Width, Height: r.Height,
		Preview: r.PreviewKey != "", Why: r.Why, Version: r.Version,
	}
}

// advance is a conversation after one more message. The lead's own brings it back from
// a snooze, and whoever answers has taken note of that.
func advance(c chat.Conversation, m chat.Message) chat.Conversation {
	c.LastSeq = m.Seq
	c.Version++
	c.LastMessage = &m
	c.ActiveAt = time.Time{} // the message's own time
	if m.Direction == chat.DirectionOutbound {
		c.BackAt = time.Time{}
	}
	if m.Direction != chat.DirectionInbound {
		return c
	}
	if !c.SnoozedUntil.IsZero() {
		c.SnoozedUntil, c.BackAt = time.Time{}, m.CreatedAt
	}
	c.InboundCount++
	if opensWindow(c, m) {
		c.WindowExpiresAt = later(c.WindowExpiresAt, m.ProviderAt.Add(chat.ServiceWindow))
	}
	return c
}

// opensWindow reports whether a message opens the service window: one that the lead
// wrote, counted from the provider's time, so that a message delivered late does not
// open it from now, and one without a time does not open it at all.
func opensWindow(c chat.Conversation, m chat.Message) bool {
	return c.Channel == chat.ChannelWhatsApp && m.Kind != chat.KindNotice && !m.ProviderAt.IsZero()
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
