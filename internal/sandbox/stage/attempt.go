package stage

import (
	"net/http"
	"time"

	"converse/internal/chat"
	"converse/internal/sandbox/fault"
)

// Attempt is a send call that a side has read and found right.
type Attempt struct {
	Account *Account
	Sender  Sender
	// To is a number in E.164 or a WhatsApp user id.
	To   string
	Path string
	// Reference is what the hub sent along. Empty means the provider has no such
	// thing, and the message id is used in its place.
	Reference string
	Kind      chat.MessageKind
	Text      string
	More      *More
	// Fails is the code of the failure that will be reported for the message
	// although it is taken; empty for a message that goes through.
	Fails string
	// Taken makes the answer for a taken message; odd is NoID, WithID or empty.
	Taken func(id string, party Party, odd fault.Kind) Answer
	// Refused makes the answer for Throttle, ServerError and BadCredentials.
	Refused func(fault.Kind, int) Answer
}

// Refuse answers a send call that broke a rule of the provider, and records it.
func (s *Stage) Refuse(w http.ResponseWriter, side Side, attempt Attempt, answer Answer) {
	sends(w)
	s.mu.Lock()
	s.record(attempt.call(side, CallStatus(answer.Status), answer.Code))
	s.mu.Unlock()
	answer.write(w)
}

// Perform carries a send call out: it throws the dice for a fault, takes the
// message, plans its receipts, records the call and answers it, in this order.
func (s *Stage) Perform(w http.ResponseWriter, r *http.Request, side Side, attempt Attempt) {
	sends(w)
	rule, _ := s.faults.PickAnswer(side.Traits().Provider, s.HandsetID(attempt.To))
	if s.Outstanding() > s.config.OpenSize {
		rule = fault.Rule{Kind: fault.Throttle, DelayMs: 1000}
	}
	answer, status := attempt.plan(rule)
	if rule.Kind != "" && !rule.Takes() {
		s.mu.Lock()
		s.record(attempt.call(side, status, answer.Code))
		s.mu.Unlock()
		s.deliver(w, r, rule, answer)
		return
	}
	e, early := s.take(side, attempt, rule, status)
	if answer.Status == 0 {
		answer = attempt.Taken(e.ID, e.Party, rule.Kind)
	}
	if early != nil {
		s.await(r, early, rule.Delay(0))
	}
	s.deliver(w, r, rule, answer)
}

// plan says what the journal will note as status, and the answer where it does
// not depend on the message.
func (a Attempt) plan(rule fault.Rule) (Answer, CallStatus) {
	var answer Answer
	status := http.StatusOK
	switch rule.Kind { //nolint:exhaustive // the others leave the answer as it is
	case fault.Hang:
		return answer, Hung
	case fault.Reset:
		return answer, Dropped
	case fault.Throttle:
		answer = a.Refused(fault.Throttle, http.StatusTooManyRequests)
		answer = answer.retryAfter(rule.Delay(0))
	case fault.ServerError, fault.ServerErrorAccepted:
		status = orDefault(rule.Status, http.StatusInternalServerError)
		answer = a.Refused(fault.ServerError, status)
	case fault.BadCredentials:
		answer = a.Refused(fault.BadCredentials, http.StatusUnauthorized)
	case fault.Redirect:
		answer = redirect(orDefault(rule.Status, http.StatusTemporaryRedirect), a.Path)
	case fault.HTML:
		answer = page()
	}
	if answer.Status != 0 {
		status = answer.Status
	}
	return answer, CallStatus(status)
}

func (a Attempt) call(side Side, status CallStatus, code string) Call {
	key := a.Reference
	if key == "" {
		key = a.To + " " + a.Text
	}
	return Call{
		Provider: side.Traits().Provider, Path: a.Path, To: a.To, Reference: a.Reference, Text: a.Text,
		Status: status, Code: code, key: key,
	}
}

// take makes the message, plans its receipts and records the call. The channel
// is closed when the early receipt was tried; it is nil when there is none.
func (s *Stage) take(side Side, attempt Attempt, rule fault.Rule, status CallStatus) (*entry, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.addressee(attempt.To)
	traits := TraitsOf(side, attempt.Sender)
	party := h.party(traits.Channel)
	message := &Message{
		ID: side.NewID(chat.DirectionOutbound, party), Reference: attempt.Reference,
		Provider: traits.Provider, AccountID: attempt.Account.AccountID, Sender: attempt.Sender, Party: party,
		Direction: chat.DirectionOutbound, Kind: attempt.Kind, Text: attempt.Text, At: time.Now(), More: attempt.More,
	}
	if message.Reference == "" {
		message.Reference = message.ID
	}
	fails := attempt.Fails
	if rule.Kind == fault.NotRegistered {
		fails = traits.Unreachable
	}
	call := attempt.call(side, status, fails)
	call.Reference, call.Accepted, call.ID = message.Reference, true, message.ID
	s.record(call)

	e := &entry{Message: message, thread: s.thread(h, attempt.Account, attempt.Sender), status: chat.StatusQueued}
	if message.Kind == chat.KindReaction {
		s.react(e.thread, message)
	} else {
		s.keep(e)
	}
	var early chan struct{}
	if rule.Kind == fault.EarlyReceipt && fails == "" {
		early = make(chan struct{})
		e.early = true
		s.advance(e, chat.StatusSent, early)
	}
	s.travel(e, fails)
	return e, early
}

// addressee is the phone that a message goes to. The caller holds the lock.
func (s *Stage) addressee(to string) *handset {
	if h := s.find(to); h != nil {
		return h
	}
	if IsUserID(to) {
		return s.meet("", to)
	}
	return s.meet(to, "")
}

// HandsetID is the id of the phone with an address, or the address when there is
// no such phone yet.
func (s *Stage) HandsetID(address string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h := s.find(address); h != nil {
		return h.id
	}
	return address
}

// Outstanding is how many receipts are still to be reported or posted.
func (s *Stage) Outstanding() int {
	s.mu.Lock()
	planned := s.planned
	s.mu.Unlock()
	return planned + s.office.Open()
}

// await waits until the early receipt was tried, and then for the span.
func (s *Stage) await(r *http.Request, early <-chan struct{}, span time.Duration) {
	select {
	case <-early:
	case <-r.Context().Done():
		return
	case <-s.closing:
		return
	}
	s.pause(r, span)
}
