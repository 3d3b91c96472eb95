package hub

import (
	"context"
	"time"

	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/wire"
)

// typing passes on how far the user is with an answer, to those who may see the
// conversation.
func (s *session) typing(f *conversev1.TypingSignal) *Code {
	id, err := chat.ParseID[chat.ConversationID]("conversationId", f.GetConversationId())
	if err != nil {
		return &CodeBadFrame
	}
	s.active.set(time.Now())
	if !s.who.MayChat() {
		return nil
	}
	ctx, cancel := context.WithTimeout(s.hub.ctx, 2*time.Second)
	defer cancel()
	owner, ok, err := s.hub.ownerOf(ctx, s.who.Org, id)
	if err != nil || !ok || !s.who.Sees(owner) {
		return nil // nobody learns from the answer whether there is such a conversation
	}
	state := chat.TypingState(f.GetState())
	if state == "" {
		state = chat.TypingWriting
	}
	payload, err := wire.EncodeEvent(chat.Event{
		Typing: &chat.Typing{Conversation: id, User: s.who.User, UserName: s.who.Name, State: state}, Owner: owner,
	})
	if err != nil {
		return &CodeBadFrame
	}
	if err := s.hub.bus.Signal(ctx, chat.OrgTopic(s.who.Org), payload); err != nil {
		s.hub.log.Debug("pass on typing", "cause", err) // the next one may get through
	}
	return nil
}
