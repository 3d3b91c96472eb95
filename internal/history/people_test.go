package history_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/google/uuid"

	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
)

// user is somebody who writes and reads on one device while others listen.
type user struct {
	*device
	dice *rand.Rand // of the goroutine that acts alone
	sent int
}

// mostUnanswered bounds how many messages one user has on the way to be accepted.
const mostUnanswered = 4

func newUser(d *device) *user {
	return &user{device: d, dice: dice(d.in.seed, "user "+d.name)}
}

// sentences end the texts, some of them long or in other scripts.
var sentences = []string{
	"shall we say ten?", "thank you!", "नमस्ते, कल मिलते हैं", "the papers are ready 👍", "a\nsecond line", "see https://example.com/plan",
}

// act writes and reads until ctx ends, and returns when every message it began has an
// answer, or at the end.
func (u *user) act(ctx, end context.Context, pace time.Duration) {
	var unanswered sync.WaitGroup
	defer unanswered.Wait()
	slots := make(chan struct{}, mostUnanswered)
	for pause(ctx, about(u.dice, pace)) {
		if oneIn(u.dice, 3) {
			u.read(end)
			continue
		}
		id, view := u.choose()
		if id == "" {
			continue
		}
		d := u.draft(id, view)
		d.Note = oneIn(u.dice, 5)
		slots <- struct{}{}
		unanswered.Go(func() {
			u.deliver(end, d)
			<-slots
		})
	}
}

// draft is a message that its user will not give up.
type draft struct {
	*send
	request *conversev1.SendMessageRequest
	dice    *rand.Rand
	// hasty users give up at once and try again; impatient ones have the same message on
	// its way to both nodes at the same time.
	hasty, impatient bool
}

// draft composes one message.
func (u *user) draft(conversation string, view int) draft {
	u.sent++
	text := fmt.Sprintf("%s-%03d %s", u.name, u.sent, sentences[u.dice.IntN(len(sentences))])
	d := draft{
		dice: dice(u.in.seed, text), hasty: oneIn(u.dice, 8), impatient: oneIn(u.dice, 8),
		send: &send{Who: u.name, ClientID: uuid.NewString(), Conversation: conversation, Text: text},
	}
	d.request = &conversev1.SendMessageRequest{ConversationId: conversation, ClientId: d.ClientID, Text: text}
	if oneIn(u.dice, 3) {
		d.request.ViewedSeq = int32(view)
	}
	u.log.begin(d.send)
	return d
}

// choose picks a conversation that can be written to, and what is on its screen. An
// SMS can always be answered, WhatsApp to whoever wrote in this run.
func (u *user) choose() (id string, view int) {
	u.mu.Lock()
	defer u.mu.Unlock()
	var may []*talk
	for _, id := range u.model.ids() {
		if t := u.model.talks[id]; t.channel != string(chat.ChannelWhatsApp) || wroteNow(t) {
			may = append(may, t)
		}
	}
	if len(may) == 0 {
		return "", 0
	}
	t := may[u.dice.IntN(len(may))]
	return t.id, t.whole()
}

// wroteNow reports whether the lead has written in this run: the played provider
// knows of no earlier message, and its window is closed.
func wroteNow(t *talk) bool {
	for _, m := range t.messages {
		if m.direction == string(chat.DirectionInbound) && leadKey.MatchString(keyOf(m.text)) {
			return true
		}
	}
	return false
}

// deliver sends a draft until it is answered.
func (u *user) deliver(ctx context.Context, d draft) {
	for ctx.Err() == nil {
		d.Tries++
		answer, err := u.try(ctx, d)
		switch {
		case err == nil:
			u.accepted(d.send, answer.GetMessage())
			return
		case temporary(err):
			u.log.note(u.name, keyOf(d.Text), "no answer to send: %v", err)
		case reason(err) == chat.ReasonStaleView:
			// Held: the user reads what is newer, and presses send again.
			u.log.count("sends held")
			u.log.note(u.name, keyOf(d.Text), "held: %v", err)
			d.request.ViewedSeq = int32(u.seen(d.Conversation))
		default:
			d.Refused = true
			u.log.note(u.name, keyOf(d.Text), "refused: %v", err)
			return
		}
		pause(ctx, about(d.dice, 250*time.Millisecond))
	}
}

func (u *user) accepted(s *send, m *conversev1.Message) {
	s.Accepted, s.MessageID, s.Seq = true, m.GetId(), int(m.GetSeq())
	u.log.note(u.name, keyOf(s.Text), "accepted as %s (seq %d) after %d tries", s.MessageID, s.Seq, s.Tries)
	u.mu.Lock()
	defer u.mu.Unlock()
	u.model.putMessage(u.model.talks[s.Conversation], m)
}

// seen is how far the device shows a conversation.
func (u *user) seen(conversation string) int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.model.talks[conversation].whole()
}

// try makes the call.
func (u *user) try(ctx context.Context, d draft) (*conversev1.SendMessageResponse, error) {
	if d.hasty && d.Tries == 1 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Duration(d.dice.IntN(15))*time.Millisecond)
		defer cancel()
	}
	call := func(ctx context.Context, s services) (*conversev1.SendMessageResponse, error) {
		if d.Note {
			return d.noted(ctx, s)
		}
		return s.conversations.SendMessage(ctx, d.request)
	}
	if !d.impatient {
		return ask(ctx, u.caller, call)
	}
	type result struct {
		answer *conversev1.SendMessageResponse
		err    error
	}
	results := make(chan result, len(u.in.nodes))
	for _, n := range u.in.nodes {
		go func() {
			answer, err := askAt(ctx, u.caller, n.address(), call)
			results <- result{answer, err}
		}()
	}
	var out result
	for range u.in.nodes {
		got := <-results
		if got.err == nil && out.answer != nil && out.answer.GetMessage().GetId() != got.answer.GetMessage().GetId() {
			u.log.early(keyOf(d.Text), "two answers to one client id name two messages")
		}
		if got.err == nil || out.answer == nil && (out.err == nil || temporary(out.err)) {
			out = got
		}
	}
	return out.answer, out.err
}

// noted writes the draft down for colleagues instead.
func (d draft) noted(ctx context.Context, s services) (*conversev1.SendMessageResponse, error) {
	answer, err := s.conversations.AddNote(ctx, &conversev1.AddNoteRequest{
		ConversationId: d.Conversation, ClientId: d.ClientID, Text: d.Text,
	})
	return &conversev1.SendMessageResponse{Message: answer.GetMessage()}, err
}

// read moves the user's marker to what is on screen.
func (u *user) read(ctx context.Context) {
	u.mu.Lock()
	ids := u.model.ids()
	var id string
	var whole int
	if len(ids) > 0 {
		id = ids[u.dice.IntN(len(ids))]
		whole = u.model.talks[id].whole()
	}
	u.mu.Unlock()
	if whole == 0 {
		return
	}
	_, err := insist(ctx, u.caller, func(ctx context.Context, s services) (*conversev1.MarkReadResponse, error) {
		return s.conversations.MarkRead(ctx, &conversev1.MarkReadRequest{ConversationId: id, Seq: int32(whole)})
	})
	if err == nil {
		u.log.count("read markers moved")
	}
}
