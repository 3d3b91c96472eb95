package stage

import (
	"time"

	"converse/internal/chat"
)

// SendElsewhere has the business write to a lead from the provider's own app, of which
// the hub learns only afterwards. It returns the message's id. The error is a *Problem.
func (s *Stage) SendElsewhere(provider, from, to, text string) (id string, err error) {
	account, sender, err := s.accountOfAddress(provider, from)
	if err != nil {
		return "", problem("from", "%s is not a number of one account here", from)
	}
	if number, ok := E164(to); ok {
		to = number
	} else if !IsUserID(to) {
		return "", problem("to", "must be a number such as +12025550123 or a WhatsApp user id")
	}
	if text == "" {
		return "", problem("text", "is missing")
	}
	side, _ := s.Side(account.Provider)
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.addressee(to)
	party := h.party(TraitsOf(side, sender).Channel)
	e := &entry{thread: s.thread(h, account, sender), status: chat.StatusQueued, Message: &Message{
		ID: side.NewID(chat.DirectionOutbound, party), Provider: account.Provider, AccountID: account.AccountID,
		Sender: sender, Party: party, Direction: chat.DirectionOutbound, Kind: chat.KindText, Text: text, At: time.Now(),
	}}
	s.keep(e)
	s.echo(side, account, e)
	s.travel(e, "")
	return e.ID, nil
}

// echo passes a message of the business on to the hub, before any receipt of it. The
// caller holds the lock.
func (s *Stage) echo(side Side, account *Account, e *entry) {
	echoer, able := side.(Echoer)
	if !able {
		return
	}
	body := echoer.Echo(account, e.Message)
	if letter, ok := s.Bulletin(side, account, "echo", body); ok && body != nil {
		letter.Lane, letter.MessageID = e.thread.lane, e.ID
		s.office.Post(letter)
	}
}

// StopOrders ends the webhooks that were ordered of a provider, in a way that it has a
// name for. An empty account id means the only account. The error is a *Problem.
func (s *Stage) StopOrders(provider, accountID, how string) error {
	side, _ := s.Side(provider)
	orders, able := side.(Ordered)
	if !able {
		return problem("provider", "must be one at which webhooks are ordered by a call")
	}
	for _, account := range s.Accounts() {
		if account.Provider == provider && (accountID == "" || accountID == account.AccountID) {
			return orders.Stop(account, how)
		}
	}
	return problem("accountId", "there is no such account")
}
