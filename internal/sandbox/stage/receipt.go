package stage

import (
	"net/http"
	"slices"
	"time"

	"converse/internal/chat"
	"converse/internal/sandbox/fault"
	"converse/internal/sandbox/post"
)

// travel plans what becomes of a message that the provider took. The caller
// holds the lock.
func (s *Stage) travel(e *entry, fails string) {
	delays := s.config.Delays
	if side, ok := s.Side(e.Provider); ok && slices.Contains(side.Traits().Reports, chat.StatusQueued) {
		// The provider tells that it passed the message on, before anything else.
		s.after(delays.Sent/2, func() { s.advance(e, chat.StatusQueued, nil) })
	}
	s.after(delays.Sent, func() {
		if fails != "" {
			e.code = fails
			s.advance(e, chat.StatusFailed, nil)
			return
		}
		if !e.early {
			s.advance(e, chat.StatusSent, nil)
		}
		s.after(delays.Delivered-max(0, delays.Sent), func() { s.arrive(e) })
	})
}

// arrive brings the message to the phone, unless that is in flight mode. The
// caller holds the lock.
func (s *Stage) arrive(e *entry) {
	h := e.thread.handset
	if h.flight {
		h.held = append(h.held, e)
		return
	}
	e.shown = true
	e.thread.typingUntil = time.Time{}
	reads := s.reads(e.thread)
	open := s.looksAt(e.thread)
	e.seen = e.seen || open
	switch {
	case h.silent:
		s.change(e)
	case open && h.readReceipts && reads:
		// Read at once: WhatsApp leaves the delivered receipt out (Meta, status webhooks).
		s.advance(e, chat.StatusRead, nil)
	default:
		s.advance(e, chat.StatusDelivered, nil)
	}
	if h.autoRead && !e.seen {
		s.after(s.config.Delays.Read, func() { s.see(e) })
	}
	s.stir(h)
}

// see marks a message as opened by the lead. The caller holds the lock.
func (s *Stage) see(e *entry) {
	h := e.thread.handset
	if e.seen || !e.shown {
		return
	}
	e.seen = true
	if !h.readReceipts || h.silent || !s.reads(e.thread) {
		s.change(e)
		return
	}
	if h.flight {
		h.held = append(h.held, e)
		s.change(e)
		return
	}
	s.advance(e, chat.StatusRead, nil)
}

// land reports what flight mode held back. The caller holds the lock.
func (s *Stage) land(h *handset) {
	held, waiting := h.held, h.waiting
	h.held, h.waiting = nil, nil
	for _, e := range held {
		if e.shown {
			s.advance(e, chat.StatusRead, nil)
		} else {
			s.arrive(e)
		}
	}
	for _, e := range waiting {
		s.leave(e, 1, nil)
	}
}

// reads reports whether the thread's provider passes read receipts on.
func (s *Stage) reads(t *thread) bool {
	side, ok := s.Side(t.provider)
	return ok && TraitsOf(side, t.sender).Reads()
}

// advance moves a message to a state and reports it, unless the provider drops
// its receipts. The channel is closed when the report was tried, or will not be.
// The caller holds the lock.
func (s *Stage) advance(e *entry, status chat.Status, tried chan<- struct{}) {
	e.status = e.status.Join(status)
	s.change(e)
	if _, dropped := s.faults.Pick(fault.DropReceipts, e.Provider, e.thread.handset.id); dropped {
		if tried != nil {
			close(tried)
		}
		return
	}
	letter, ok := s.receipt(Report{Message: e.Message, Status: status, Code: e.code, At: time.Now()})
	if !ok {
		if tried != nil {
			close(tried)
		}
		return
	}
	letter.Lane = e.thread.lane
	if tried != nil {
		letter.Lane = 0
		report := letter.Tried
		letter.Tried = func(o post.Outcome) {
			report(o)
			if o.Attempt == 1 {
				close(tried)
			}
		}
		s.office.Post(letter)
		return
	}
	s.dispatch(letter, e.thread.handset.id)
}

// receipt makes the letter for a report; false when nothing is to be posted.
func (s *Stage) receipt(report Report) (post.Letter, bool) {
	side, account, ok := s.desk(report.Message)
	if !ok || !slices.Contains(TraitsOf(side, report.Message.Sender).Reports, report.Status) {
		return post.Letter{}, false
	}
	letter, ok := s.letter(side, account, report.Message)
	if !ok {
		return post.Letter{}, false
	}
	letter.About = "receipt " + string(report.Status)
	letter.MessageID = report.Message.ID
	letter.Body = func() []byte { return side.Receipt(account, report) }
	return letter, true
}

// desk finds the side and the account that post for a message; false when there
// is no address to post to.
func (s *Stage) desk(about *Message) (Side, *Account, bool) {
	side, known := s.Side(about.Provider)
	account, found := s.Account(about.Provider, about.AccountID)
	if !known || !found {
		return nil, nil, false
	}
	if orders, ok := side.(Ordered); ok {
		ordered := *account
		ordered.WebhookURL = orders.Address(account, about.Direction)
		account = &ordered
	}
	return side, account, account.WebhookURL != ""
}

// letter begins a webhook about a message; false when it is to go nowhere.
func (s *Stage) letter(side Side, account *Account, message *Message) (post.Letter, bool) {
	traits := side.Traits()
	retries := traits.Retries
	if _, hit := s.faults.Pick(fault.RetryWebhooks, traits.Provider, ""); hit {
		retries = max(retries, 5)
	}
	letter := post.Letter{
		Provider: traits.Provider, URL: account.WebhookURL, Retries: retries,
		Header: func(body []byte, at time.Time) http.Header { return side.Header(account, body, at) },
		Tried:  func(o post.Outcome) { noted(side, account, o) },
	}
	if addresser, ok := side.(Addresser); ok {
		letter.URL = addresser.WebhookAddress(account, message)
		letter.Header = func(body []byte, at time.Time) http.Header {
			return addresser.HeaderAt(account, letter.URL, body, at)
		}
	}
	return letter, letter.URL != ""
}

// noted lets a side with orders know how an attempt went.
func noted(side Side, account *Account, o post.Outcome) {
	if orders, ok := side.(Ordered); ok {
		orders.Posted(account, account.WebhookURL, o.OK())
	}
}

// holdBack is how long a delayed webhook waits, and at most how long a reordered
// one does, when the rule does not say.
const holdBack = 2 * time.Second

// dispatch posts a letter through the faults of webhooks. The caller holds the lock.
func (s *Stage) dispatch(letter post.Letter, handset string) {
	var wait time.Duration
	if rule, hit := s.faults.Pick(fault.Delay, letter.Provider, handset); hit {
		wait += rule.Delay(holdBack)
	}
	if rule, hit := s.faults.Pick(fault.Reorder, letter.Provider, handset); hit {
		wait += s.faults.Between(rule.Delay(holdBack))
		letter.Lane = 0
	}
	letters := []post.Letter{letter}
	if _, hit := s.faults.Pick(fault.Duplicate, letter.Provider, handset); hit {
		letters[0].Lane = 0
		again := letters[0]
		again.Tried = nil
		letters = append(letters, again)
	}
	send := func() {
		for _, l := range letters {
			s.office.Post(l)
		}
	}
	if wait > 0 {
		s.after(wait, send)
		return
	}
	send()
}

// looksAt reports whether somebody has the thread open. The caller holds the lock.
func (s *Stage) looksAt(t *thread) bool {
	for w := range s.watchers {
		if slices.Contains(w.open[t.handset.id], t.key()) {
			return true
		}
	}
	return false
}
