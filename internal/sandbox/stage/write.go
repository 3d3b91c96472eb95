package stage

import (
	"slices"
	"time"

	"converse/internal/chat"
	"converse/internal/sandbox/post"
)

// Letter is something a lead does in a thread with a business number: a message,
// a reaction, a tap on a button, a telephone call.
type Letter struct {
	// Provider may be empty when only one account has the number.
	Provider string
	// To is the business number in E.164.
	To string
	// From is the lead: a number in E.164 or a WhatsApp user id.
	From string
	Kind chat.MessageKind
	Text string
	More *More
	// ID repeats a message of that id; empty makes a fresh one.
	ID string
	// At is the provider's time of the message; zero means now.
	At time.Time
	// Name, WhatsAppID and HidePhone complete what is known of the lead.
	Name       string
	WhatsAppID string
	HidePhone  bool
	// Times is how often the webhook is posted at the same time; 0 means once.
	Times int
}

// KindCall is a telephone call, which some text providers also report.
const KindCall chat.MessageKind = "call"

// Write lets a lead write. The function is called, on another goroutine, with how
// the first attempt of every copy went; it may be nil. It is not called for a
// phone in flight mode, nor when the account has no webhook address. The error
// is a *Problem.
func (s *Stage) Write(letter Letter, tried func(post.Outcome)) (id string, posted bool, err error) {
	account, sender, err := s.accountOfAddress(letter.Provider, letter.To)
	if err != nil {
		return "", false, err
	}
	side, _ := s.Side(account.Provider)
	traits := TraitsOf(side, sender)
	if !slices.Contains(traits.Kinds, letter.Kind) {
		return "", false, problem("kind", "%q cannot be sent over %s; it can be one of %v", letter.Kind, account.Provider, traits.Kinds)
	}
	lead, err := letter.lead()
	if err != nil {
		return "", false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if known := s.find(letter.From); lead.Phone == "" && (known == nil || known.phone == "") && traits.Channel == chat.ChannelSMS {
		return "", false, problem("from", "%s has no phone to send a text from", letter.From)
	}
	h := s.introduce(lead)
	t := s.thread(h, account, sender)
	e := s.inbound(side, t, letter)
	if h.flight {
		h.waiting = append(h.waiting, e)
		return e.ID, false, nil
	}
	return e.ID, s.leave(e, max(1, letter.Times), tried), nil
}

func (l Letter) lead() (Lead, error) {
	lead := Lead{Name: l.Name, WhatsAppID: l.WhatsAppID, HidePhone: l.HidePhone}
	if IsUserID(l.From) {
		if lead.WhatsAppID != "" && lead.WhatsAppID != l.From {
			return Lead{}, problem("whatsappId", "differs from the one in from")
		}
		lead.WhatsAppID = l.From
		return lead, nil
	}
	phone, ok := E164(l.From)
	if !ok {
		return Lead{}, problem("from", "must be a number such as +12025550123 or a WhatsApp user id such as US.13491208655302741918")
	}
	if lead.WhatsAppID != "" && !IsUserID(lead.WhatsAppID) {
		return Lead{}, problem("whatsappId", "must look like US.13491208655302741918")
	}
	lead.Phone = phone
	return lead, nil
}

// inbound makes the entry of a lead's message, or finds the one it repeats. The
// caller holds the lock.
func (s *Stage) inbound(side Side, t *thread, letter Letter) *entry {
	if e := s.ids[letter.ID]; e != nil && letter.ID != "" && e.Direction == chat.DirectionInbound {
		return e
	}
	traits := TraitsOf(side, t.sender)
	party := t.handset.party(traits.Channel)
	m := &Message{
		ID: letter.ID, Provider: traits.Provider, AccountID: t.account, Sender: t.sender, Party: party,
		Direction: chat.DirectionInbound, Kind: letter.Kind, Text: letter.Text, At: letter.At, More: letter.More,
	}
	if m.ID == "" {
		m.ID = side.NewID(chat.DirectionInbound, party)
	}
	if m.At.IsZero() {
		m.At = time.Now()
	}
	s.library.sent(m.more().Media, t.handset.id)
	e := &entry{Message: m, thread: t, status: chat.StatusQueued, shown: true, seen: true}
	switch {
	case m.Kind == chat.KindReaction:
		s.react(t, m)
	case m.Kind != KindCall:
		s.keep(e)
	}
	return e
}

// leave hands a lead's message to the provider, which posts it to the hub; false
// when the account has no address to post to. The caller holds the lock.
func (s *Stage) leave(e *entry, times int, tried func(post.Outcome)) bool {
	e.status = e.status.Join(chat.StatusSent)
	s.openWindow(e)
	s.change(e)
	s.stir(e.thread.handset)
	s.hear(e.Message)
	side, account, ok := s.desk(e.Message)
	if !ok {
		return false
	}
	letter, ok := s.letter(side, account, e.Message)
	if !ok {
		return false
	}
	letter.About, letter.MessageID, letter.Lane = "message "+string(e.Kind), e.ID, e.thread.lane
	if times > 1 {
		letter.Lane = 0
	}
	message, base := e.Message, s.Base()
	letter.Body = func() []byte {
		if caller, ok := side.(Caller); ok && message.Kind == KindCall {
			return caller.Call(account, message)
		}
		return side.Inbound(account, message, base)
	}
	report := letter.Tried
	letter.Tried = func(o post.Outcome) {
		report(o)
		if o.OK() {
			s.arrived(e)
		}
		if tried != nil && o.Attempt == 1 {
			tried(o)
		}
	}
	for range times {
		s.dispatch(letter, e.thread.handset.id)
	}
	return true
}

// hear lets a side act on a lead's words. The caller holds the lock.
func (s *Stage) hear(m *Message) {
	side, _ := s.Side(m.Provider)
	account, found := s.Account(m.Provider, m.AccountID)
	if hearer, ok := side.(Hearer); ok && found {
		hearer.Hear(account, m)
	}
}

// arrived gives a lead's message its second tick: the hub took it.
func (s *Stage) arrived(e *entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.status.Rank() < chat.StatusDelivered.Rank() {
		e.status = chat.StatusDelivered
		s.change(e)
	}
}

// react puts a reaction on the message it is about. The caller holds the lock.
func (s *Stage) react(t *thread, m *Message) {
	target := s.ids[m.more().Reaction.target()]
	if target == nil || target.thread != t {
		return
	}
	if m.Direction == chat.DirectionInbound {
		target.leadEmoji = m.More.Reaction.Emoji
	} else {
		target.businessEmoji = m.More.Reaction.Emoji
	}
	s.change(target)
}

func (r *Reaction) target() string {
	if r == nil {
		return ""
	}
	return r.MessageID
}
