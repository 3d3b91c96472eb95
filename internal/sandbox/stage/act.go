package stage

import (
	"time"

	"converse/internal/chat"
	"converse/internal/sandbox/post"
)

// Switches are a phone's settings; nil leaves one as it is.
type Switches struct {
	Name *string `json:"name"`
	// ReadReceipts: opening a message tells the business so. On by default.
	ReadReceipts *bool `json:"readReceipts"`
	// AutoRead: the lead opens every message by itself a moment after it came.
	AutoRead *bool `json:"autoRead"`
	// Flight: nothing reaches or leaves the phone until it is switched off; then
	// everything that was held back does.
	Flight *bool `json:"flight"`
	// Silent: the phone gives no receipts, then or later. What the provider itself
	// says (sent) still comes.
	Silent *bool `json:"silent"`
}

// Switch changes a phone's settings; false when there is no such phone.
func (s *Stage) Switch(address string, to Switches) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.find(address)
	if h == nil {
		return false
	}
	h.kept = true
	if to.Name != nil {
		h.name = *to.Name
	}
	assign(&h.readReceipts, to.ReadReceipts)
	assign(&h.autoRead, to.AutoRead)
	assign(&h.silent, to.Silent)
	assign(&h.flight, to.Flight)
	if to.Flight != nil && !h.flight {
		s.land(h)
	}
	s.touch(h)
	return true
}

func assign(setting, to *bool) {
	if to != nil {
		*setting = *to
	}
}

// Introduce adds a phone, or completes the one that is there, and returns its
// id. The error is a *Problem.
func (s *Stage) Introduce(lead Lead) (string, error) {
	if lead.Phone == "" && lead.WhatsAppID == "" {
		return "", problem("phone", "or whatsappId must be given")
	}
	if lead.Phone != "" {
		phone, ok := E164(lead.Phone)
		if !ok {
			return "", problem("phone", "must be a number such as +12025550123")
		}
		lead.Phone = phone
	}
	if lead.WhatsAppID != "" && !IsUserID(lead.WhatsAppID) {
		return "", problem("whatsappId", "must look like US.13491208655302741918")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.introduce(lead)
	s.stir(h)
	return h.id, nil
}

// MarkRead notes that the business has read a lead's message and all before it,
// and perhaps shows that it is typing. False when the message is not known.
func (s *Stage) MarkRead(provider, senderAddress, id string, typing bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.ids[id]
	if e == nil || e.Direction != chat.DirectionInbound || e.Provider != provider || e.Sender.Address != senderAddress {
		return false
	}
	for _, other := range e.thread.entries {
		unread := other.status == chat.StatusSent || other.status == chat.StatusDelivered
		if other.Direction == chat.DirectionInbound && !other.At.After(e.At) && unread {
			other.status = chat.StatusRead
			s.change(other)
		}
	}
	if typing {
		// WhatsApp takes the dots away after 25 seconds (Meta, "Typing indicators").
		const typingFor = 25 * time.Second
		e.thread.typingUntil = time.Now().Add(typingFor)
		s.touch(e.thread.handset)
	}
	return true
}

// Receipt is a receipt that somebody asks for, whatever the phone does.
type Receipt struct {
	// Reference is the hub's reference or the provider's message id.
	Reference string
	Status    chat.Status
	Code      string
	At        time.Time
	// Times is how often it is posted at the same time; 0 means once.
	Times int
	// Provider, From and To describe a message that was never sent from here.
	Provider, From, To string
}

// SendReceipt posts a receipt now. The function is called, on another goroutine,
// with how the first attempt of every copy went. The error is a *Problem.
func (s *Stage) SendReceipt(r Receipt, tried func(post.Outcome)) (id string, posted bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	message, err := s.subject(r)
	if err != nil {
		return "", false, err
	}
	if r.At.IsZero() {
		r.At = time.Now()
	}
	if e := s.ids[message.ID]; e != nil {
		e.status = e.status.Join(r.Status)
		if r.Status == chat.StatusFailed {
			e.code = r.Code
		}
		s.change(e)
	}
	letter, ok := s.receipt(Report{Message: message, Status: r.Status, Code: r.Code, At: r.At})
	if !ok {
		return message.ID, false, nil
	}
	report := letter.Tried
	letter.Tried = func(o post.Outcome) {
		report(o)
		if o.Attempt == 1 {
			tried(o)
		}
	}
	for range max(1, r.Times) {
		s.office.Post(letter)
	}
	return message.ID, true, nil
}

// subject is the message that a receipt is about. The caller holds the lock.
func (s *Stage) subject(r Receipt) (*Message, error) {
	if e := s.refs[r.Reference]; e != nil {
		return e.Message, nil
	}
	if e := s.ids[r.Reference]; e != nil {
		return e.Message, nil
	}
	if r.From == "" || r.To == "" {
		return nil, problem("reference", "%q is not known; to report on a message never sent from here, say from and to", r.Reference)
	}
	account, sender, err := s.accountOfAddress(r.Provider, r.From)
	if err != nil {
		return nil, problem("from", "%s is not a number of one account here", r.From)
	}
	party := Party{Phone: r.To}
	if IsUserID(r.To) {
		party = Party{UserID: r.To}
	}
	return &Message{
		ID: r.Reference, Provider: account.Provider, AccountID: account.AccountID, Sender: sender, Party: party,
		Direction: chat.DirectionOutbound, Kind: chat.KindText, At: time.Now(),
	}, nil
}
