package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// NewNote is a note that a user wrote to colleagues.
type NewNote struct {
	ID           chat.MessageID
	Conversation chat.ConversationID
	// ClientID is the client's own key; ContentHash a digest of what it sent with it.
	ClientID    string
	ContentHash []byte
	Text        string
	Mentions    []chat.UserID
	At          time.Time
}

// AddNote stores a note at the end of its conversation, and marks the conversation for
// those whom it names. Nothing is sent to anybody. A repeat of the same client id with
// the same content returns the note stored the first time. One who is named must be
// able to see the lead.
func (s *Store) AddNote(ctx context.Context, p chat.Principal, n NewNote) (chat.Message, error) {
	var out chat.Message
	add := func(t *tx) error {
		var err error
		out, err = t.addNote(ctx, p, n)
		return err
	}
	err := s.inOrg(ctx, p.Org, add)
	if isUnique(err, "messages_once_accepted") {
		err = s.inOrg(ctx, p.Org, add) // the key is being used in another conversation
	}
	return out, err
}

func (t *tx) addNote(ctx context.Context, p chat.Principal, n NewNote) (chat.Message, error) {
	n.Text = storable(n.Text)
	key := NewMessage{Conversation: n.Conversation, ClientID: n.ClientID, ContentHash: n.ContentHash}
	c, first, err := t.lockForNew(ctx, p, key)
	if err == nil && !p.Sees(c.Owner) {
		err = chat.NotFound("conversation")
	}
	if err != nil || first != nil {
		return zero(first), err
	}
	if err := t.mustSee(ctx, c.Owner, n.Mentions); err != nil {
		return chat.Message{}, err
	}
	note := chat.Message{
		ID: n.ID, Conversation: c.ID, Seq: c.LastSeq + 1, Direction: chat.DirectionInternal, Kind: chat.KindNote, Text: n.Text,
		Status: chat.StatusNoted, ClientID: n.ClientID, Author: p.User, AuthorName: p.Name, Mentions: n.Mentions, CreatedAt: n.At,
	}
	return note, errors.Join(t.insertInternal(ctx, c, note, n.ContentHash), t.name(ctx, note))
}

// insertInternal stores a message between colleagues and its place in the conversation.
func (t *tx) insertInternal(ctx context.Context, c chat.Conversation, m chat.Message, contentHash []byte) error {
	err := errors.Join(
		t.later.InsertInternal(ctx, db.InsertInternalParams{
			OrgID: t.org, ID: m.ID, ConversationID: c.ID, Seq: m.Seq, Kind: m.Kind, Text: m.Text, AuthorID: orNull(m.Author),
			ClientID: orNull(m.ClientID), ContentHash: contentHash, ConnectorID: c.Sender.Connector, Mentions: texts(m.Mentions),
			CreatedAt: m.CreatedAt,
		}),
		t.addToConversation(ctx, c, m),
	)
	if err != nil || m.Kind != chat.KindNote {
		return err
	}
	return t.activity(ctx, chat.Activity{
		Lead: c.Lead, Kind: chat.ActivityNote, At: m.CreatedAt, Actor: m.Author, Conversation: c.ID, Message: m.ID,
	})
}

// mustSee refuses to name users who cannot see a lead with that owner.
func (t *tx) mustSee(ctx context.Context, owner chat.UserID, users []chat.UserID) error {
	if len(users) == 0 {
		return nil
	}
	everyone, err := t.everyone(ctx)
	if err != nil {
		return err
	}
	for _, id := range users {
		i := slices.IndexFunc(everyone, func(p chat.Principal) bool { return p.User == id })
		if i < 0 {
			return chat.NotFound("colleague")
		}
		if !everyone[i].Sees(owner) {
			return chat.Invalidf("mentionIds", "%s cannot see this lead. Leave them out, or give them the lead.", everyone[i].Name)
		}
	}
	return nil
}

// name tells those whom a note names, but its author.
func (t *tx) name(ctx context.Context, note chat.Message) error {
	named := slices.DeleteFunc(slices.Clone(note.Mentions), func(id chat.UserID) bool { return id == note.Author })
	if len(named) == 0 {
		return nil
	}
	marks, err := t.NameUsers(ctx, db.NameUsersParams{
		OrgID: t.org, ConversationID: note.Conversation, Seq: note.Seq, ByID: &note.Author, UserIds: texts(named),
	})
	return errors.Join(err, t.tellMarks(marks))
}

// ChangedNote is what is to become of a note.
type ChangedNote struct {
	ID       chat.MessageID
	Text     string
	Mentions []chat.UserID
	// Delete takes the text away and leaves a line.
	Delete bool
	At     time.Time
	// Since is when a note must have been written to be changed still.
	Since time.Time
}

// ChangeNote edits or deletes a note of the user's own. Those whom it names now and did
// not before are told; those whom it does not name any more are no longer asked for.
func (s *Store) ChangeNote(ctx context.Context, p chat.Principal, n ChangedNote) (chat.Message, error) {
	var out chat.Message
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		var err error
		out, err = t.changeNote(ctx, p, n)
		return err
	})
	return out, err
}

func (t *tx) changeNote(ctx context.Context, p chat.Principal, n ChangedNote) (chat.Message, error) {
	// The conversation goes first, as wherever both are locked.
	before, err := t.message(ctx, n.ID)
	if err != nil {
		return chat.Message{}, err
	}
	c, err := t.lockVisible(ctx, p, before.Conversation)
	if err != nil {
		return chat.Message{}, notFoundAs(err, "message")
	}
	if before, err = t.message(ctx, n.ID); err != nil {
		return chat.Message{}, err
	}
	if err := n.allowed(p, before); err != nil {
		return chat.Message{}, err
	}
	after := before
	after.Revision++
	if n.Delete {
		after.Text, after.Mentions, after.DeletedAt = "", nil, n.At
	} else {
		after.Text, after.Mentions, after.EditedAt = storable(n.Text), n.Mentions, n.At
	}
	added, removed := without(after.Mentions, before.Mentions), without(before.Mentions, after.Mentions)
	if err := t.mustSee(ctx, c.Owner, added); err != nil {
		return chat.Message{}, err
	}
	err = t.Queries.ChangeNote(ctx, db.ChangeNoteParams{
		OrgID: t.org, ID: after.ID, Text: after.Text, Mentions: texts(after.Mentions), EditedAt: orNull(after.EditedAt),
		DeletedAt: orNull(after.DeletedAt),
	})
	if err != nil {
		return chat.Message{}, err
	}
	unnamed, err := t.unname(ctx, after, removed)
	if err != nil {
		return chat.Message{}, err
	}
	naming := after
	naming.Mentions = added
	return after, errors.Join(t.name(ctx, naming), t.tellMarks(unnamed), t.tell(c, after))
}

func (n ChangedNote) allowed(p chat.Principal, note chat.Message) error {
	switch {
	case note.Kind != chat.KindNote:
		return &chat.Error{Code: chat.CodeBlocked, Message: "Only notes can be changed."}
	case note.Author != p.User:
		return &chat.Error{Code: chat.CodeForbidden, Message: "Only whoever wrote a note can change it."}
	case !note.DeletedAt.IsZero():
		return &chat.Error{Code: chat.CodeBlocked, Message: "This note was deleted."}
	case note.CreatedAt.Before(n.Since):
		return &chat.Error{Code: chat.CodeBlocked, Message: "It is too late to change this note. Write another one."}
	}
	return nil
}

func (t *tx) unname(ctx context.Context, note chat.Message, users []chat.UserID) ([]db.Mark, error) {
	if len(users) == 0 {
		return nil, nil
	}
	return t.UnnameUsers(ctx, db.UnnameUsersParams{
		OrgID: t.org, ConversationID: note.Conversation, Seq: note.Seq, UserIds: texts(users),
	})
}

// lockVisible locks a conversation that the principal can see.
func (t *tx) lockVisible(ctx context.Context, p chat.Principal, id chat.ConversationID) (chat.Conversation, error) {
	row, err := t.LockConversation(ctx, db.LockConversationParams{OrgID: t.org, ID: id})
	if err != nil {
		return chat.Conversation{}, notFound(err, "conversation")
	}
	c := conversationOf(db.ConversationRow(row))
	if !p.Sees(c.Owner) {
		return chat.Conversation{}, chat.NotFound("conversation")
	}
	return c, nil
}

// notFoundAs says of something hidden what would be said if it were not there.
func notFoundAs(err error, what string) error {
	if chat.CodeOf(err) == chat.CodeNotFound {
		return chat.NotFound(what)
	}
	return err
}
