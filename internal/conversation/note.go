package conversation

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"converse/internal/chat"
	"converse/internal/store"
)

// noteChangeable is how long a note can be edited or deleted by its author: long enough
// for a slip, too short to rewrite what others have acted on.
const noteChangeable = 15 * time.Minute

// Note is a note as a user wrote it.
type Note struct {
	Conversation chat.ConversationID
	// ClientID is the client's key for the note, the same in every repeat.
	ClientID string
	Text     string
	// Mentions are the colleagues it names.
	Mentions []chat.UserID
}

// AddNote stores a note for colleagues. Nothing is sent to the lead. A repeat of the same
// note under the same client id returns the first one.
func (s *Service) AddNote(ctx context.Context, p chat.Principal, n Note) (chat.Message, error) {
	if err := mayNote(p); err != nil {
		return chat.Message{}, err
	}
	text, err := noteText("text", n.Text)
	if err != nil {
		return chat.Message{}, err
	}
	return s.store.AddNote(ctx, p, store.NewNote{
		ID: chat.NewID[chat.MessageID](), Conversation: n.Conversation, ClientID: n.ClientID, ContentHash: n.hash(), Text: text,
		Mentions: n.Mentions, At: now(),
	})
}

// hash tells a repeat of a note from another note or message under the same key.
func (n Note) hash() []byte {
	mentions := slices.Sorted(slices.Values(n.Mentions))
	encoded, _ := json.Marshal([]any{"note", n.Conversation, n.Text, mentions}) //nolint:errchkjson // texts always encode
	sum := sha256.Sum256(encoded)
	return sum[:]
}

// EditNote changes the text of a note of the user's own, and whom it names.
func (s *Service) EditNote(ctx context.Context, p chat.Principal, id chat.MessageID, text string, mentions []chat.UserID) (chat.Message, error) {
	text, err := noteText("text", text)
	if err != nil {
		return chat.Message{}, err
	}
	return s.changeNote(ctx, p, store.ChangedNote{ID: id, Text: text, Mentions: mentions})
}

// DeleteNote takes the text of a note of the user's own away. Its place stays.
func (s *Service) DeleteNote(ctx context.Context, p chat.Principal, id chat.MessageID) (chat.Message, error) {
	return s.changeNote(ctx, p, store.ChangedNote{ID: id, Delete: true})
}

func (s *Service) changeNote(ctx context.Context, p chat.Principal, n store.ChangedNote) (chat.Message, error) {
	if err := mayNote(p); err != nil {
		return chat.Message{}, err
	}
	n.At = now()
	n.Since = n.At.Add(-noteChangeable)
	return s.store.ChangeNote(ctx, p, n)
}

func mayNote(p chat.Principal) error {
	if p.MayChat() {
		return nil
	}
	return &chat.Error{Code: chat.CodeForbidden, Message: "Your role does not write in chats."}
}

func noteText(field, text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", chat.Invalidf(field, "must not be empty")
	}
	return text, nil
}

// now is the time in the microseconds that PostgreSQL keeps: the first answer is to be
// the one that later reads give.
func now() time.Time { return time.Now().Truncate(time.Microsecond) }
