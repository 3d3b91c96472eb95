// Package conversation is what a user sees of conversations: starting one, lists
// with unread counts, pages of messages, read markers, templates and timelines.
//
// It owns the rules for choosing an identifier and a sender, and the cursors of
// lists. It promises that everything it returns is visible to the principal who
// asked. Sending is the outbox's; receiving the inbox's. It must not know how
// answers are encoded or events delivered.
package conversation

import (
	"context"
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"converse/internal/chat"
	"converse/internal/store"
)

// Bounds of pages.
const (
	usualList, mostList         = 50, 100
	usualMessages, mostMessages = 50, 200
)

// Service answers questions about conversations.
type Service struct{ store *store.Store }

// New returns a service on a store.
func New(s *store.Store) *Service { return &Service{store: s} }

// Start returns the conversation with a lead on a channel, made now if it is new.
// An empty identifier means the first of the lead's that the channel reaches; an
// empty sender means the channel's default.
func (s *Service) Start(ctx context.Context, p chat.Principal, lead chat.LeadID, channel chat.Channel, identifier chat.IdentifierID, sender chat.SenderID) (chat.Conversation, error) {
	if !p.MayChat() {
		return chat.Conversation{}, &chat.Error{Code: chat.CodeForbidden, Message: "Your role does not start conversations."}
	}
	l, err := s.store.Lead(ctx, p, lead)
	if err != nil {
		return chat.Conversation{}, err
	}
	chosen, err := choose(l, channel, identifier)
	if err != nil {
		return chat.Conversation{}, err
	}
	if sender, err = s.sender(ctx, p.Org, channel, sender); err != nil {
		return chat.Conversation{}, err
	}
	return s.store.StartConversation(ctx, p, l.ID, chosen, sender)
}

// choose picks the lead's identifier to write to.
func choose(l chat.Lead, channel chat.Channel, asked chat.IdentifierID) (chat.IdentifierID, error) {
	for _, i := range l.Identifiers {
		switch {
		case asked == "" && i.Reaches(channel), asked == i.ID && i.Reaches(channel):
			return i.ID, nil
		case asked == i.ID && i.Invalid:
			return "", chat.Invalidf("identifierId", "cannot be a phone number. Correct it on the lead's page")
		case asked == i.ID:
			return "", chat.Invalidf("identifierId", "%s cannot be reached over %s", i.Kind, channel)
		}
	}
	if asked != "" {
		return "", chat.Invalidf("identifierId", "is not one of this lead's")
	}
	if slices.ContainsFunc(l.Identifiers, func(i chat.Identifier) bool { return i.Invalid }) {
		return "", &chat.Error{
			Code: chat.CodeBlocked, Reason: chat.ReasonInvalidNumber, Field: "leadId",
			Message: "This lead's number cannot be a phone number. Correct it on the lead's page.",
		}
	}
	return "", &chat.Error{Code: chat.CodeBlocked, Field: "leadId", Message: "This lead has no number that " + channelName(channel) + " can reach."}
}

func channelName(c chat.Channel) string {
	if c == chat.ChannelWhatsApp {
		return "WhatsApp"
	}
	return "SMS"
}

// sender checks the sender asked for, or picks the channel's default.
func (s *Service) sender(ctx context.Context, org chat.OrgID, channel chat.Channel, asked chat.SenderID) (chat.SenderID, error) {
	if asked == "" {
		return s.store.DefaultSender(ctx, org, channel)
	}
	found, err := s.store.Sender(ctx, org, asked)
	if err != nil {
		return "", err
	}
	if found.Channel != channel {
		return "", chat.Invalidf("senderId", "is a number for %s", channelName(found.Channel))
	}
	return asked, nil
}

// Get returns a conversation and its lead.
func (s *Service) Get(ctx context.Context, p chat.Principal, id chat.ConversationID) (chat.Conversation, chat.Lead, error) {
	c, err := s.store.Conversation(ctx, p, id)
	if err != nil {
		return chat.Conversation{}, chat.Lead{}, err
	}
	l, err := s.store.Lead(ctx, p, c.Lead)
	return c, l, err
}

// OfLead lists a lead's conversations.
func (s *Service) OfLead(ctx context.Context, p chat.Principal, lead chat.LeadID) ([]chat.Conversation, error) {
	return s.store.ConversationsOfLead(ctx, p, lead)
}

// Page is one page of conversations.
type Page struct {
	Conversations []chat.Conversation
	// Next is the cursor of the next page, empty on the last.
	Next       string
	UnreadMine int
}

// List returns conversations in the order of their list. most is at most 100, 0 means 50.
func (s *Service) List(ctx context.Context, p chat.Principal, kind store.ListKind, channel chat.Channel, most int, cursor string) (Page, error) {
	f := store.ConversationFilter{Kind: kind, Channel: channel, Most: bounded(most, usualList, mostList)}
	if cursor != "" {
		var err error
		if f.At, f.AtID, err = parseCursor(cursor); err != nil {
			return Page{}, err
		}
	}
	page, err := s.store.Conversations(ctx, p, f)
	if err != nil {
		return Page{}, err
	}
	out := Page{Conversations: page.Conversations, UnreadMine: page.UnreadMine}
	if n := len(page.Conversations); n == f.Most {
		out.Next = makeCursor(page.LastAt, page.Conversations[n-1].ID)
	}
	return out, nil
}

// Counts counts what the lists of a channel have, "" for every channel.
func (s *Service) Counts(ctx context.Context, p chat.Principal, channel chat.Channel) (store.ConversationCounts, error) {
	return s.store.CountConversations(ctx, p, channel)
}

func makeCursor(at time.Time, id chat.ConversationID) string {
	return base64.RawURLEncoding.EncodeToString([]byte(at.Format(time.RFC3339Nano) + " " + string(id)))
}

func parseCursor(cursor string) (time.Time, chat.ConversationID, error) {
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	atText, idText, _ := strings.Cut(string(raw), " ")
	at, atErr := time.Parse(time.RFC3339Nano, atText)
	id, idErr := chat.ParseID[chat.ConversationID]("cursor", idText)
	if err != nil || atErr != nil || idErr != nil {
		return time.Time{}, "", chat.Invalidf("cursor", "is not from a page before")
	}
	return at, id, nil
}

// Messages returns a page of messages, lowest seq first: those after a seq, or
// those before one, or the newest. most is at most 200, 0 means 50.
func (s *Service) Messages(ctx context.Context, p chat.Principal, id chat.ConversationID, before, after, most int) ([]chat.Message, error) {
	if before > 0 && after > 0 {
		return nil, chat.Invalidf("afterSeq", "ask either for what comes before or for what comes after")
	}
	return s.store.Messages(ctx, p, id, before, after, bounded(most, usualMessages, mostMessages))
}

// MarkRead moves the user's read marker forward and returns the unread messages of
// all leads the user owns.
func (s *Service) MarkRead(ctx context.Context, p chat.Principal, id chat.ConversationID, seq int) (int, error) {
	return s.store.MarkRead(ctx, p, id, seq)
}

// Timeline lists the states a message has been in.
func (s *Service) Timeline(ctx context.Context, p chat.Principal, id chat.MessageID) ([]chat.TimelineEntry, error) {
	return s.store.Timeline(ctx, p, id)
}

// TemplateFilter says which templates are asked for: those that a connector can send, or
// that can be sent in a conversation. Empty fields do not narrow.
type TemplateFilter struct {
	Channel      chat.Channel
	Connector    chat.ConnectorID
	Conversation chat.ConversationID
}

// Templates lists templates that can be sent.
func (s *Service) Templates(ctx context.Context, p chat.Principal, f TemplateFilter) ([]chat.Template, error) {
	if f.Conversation != "" {
		c, err := s.store.Conversation(ctx, p, f.Conversation)
		if err != nil {
			return nil, err
		}
		f.Channel, f.Connector = c.Channel, c.Sender.Connector
	}
	if f.Channel == "" {
		return nil, chat.Invalidf("channel", "is required: sms or whatsapp")
	}
	stored, err := s.store.Templates(ctx, p.Org, f.Channel)
	var out []chat.Template
	for _, t := range stored {
		if t.Status == chat.TemplateApproved && (f.Connector == "" || t.Connector == "" || t.Connector == f.Connector) {
			out = append(out, t.Template)
		}
	}
	return once(out, f.Connector != ""), err
}

// once leaves one of templates that share name and language: for one account its own,
// which its provider has approved, else the one that can leave by any.
func once(list []chat.Template, own bool) []chat.Template {
	type name struct{ name, language string }
	place := map[name]int{}
	var out []chat.Template
	for _, t := range list {
		key := name{t.Name, t.Language}
		at, seen := place[key]
		switch {
		case !seen:
			place[key] = len(out)
			out = append(out, t)
		case (t.Connector != "") == own:
			out[at] = t
		}
	}
	return out
}

// Org returns the principal's org and everyone in it.
func (s *Service) Org(ctx context.Context, p chat.Principal) (chat.Org, []chat.User, error) {
	org, err := s.store.Org(ctx, p.Org)
	if err != nil {
		return chat.Org{}, nil, err
	}
	users, err := s.store.Users(ctx, p.Org)
	return org, users, err
}

func bounded(asked, usual, most int) int {
	if asked <= 0 {
		return usual
	}
	return min(asked, most)
}
