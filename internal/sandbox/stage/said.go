package stage

import (
	"slices"
	"time"

	"converse/internal/chat"
	"converse/internal/sandbox/post"
)

// Notice is something that a provider tells a business of its number or its account.
type Notice string

// The notices that are played.
const (
	// Flagged and Unflagged: people block the number's messages, or do no longer.
	Flagged   Notice = "flagged"
	Unflagged Notice = "unflagged"
	// LimitRaised and LimitLowered: the number may begin more conversations in a day, or fewer.
	LimitRaised  Notice = "limit_raised"
	LimitLowered Notice = "limit_lowered"
	// NameRefused: the number's display name is not taken.
	NameRefused Notice = "name_refused"
	// Restricted and Disabled: the account may not begin conversations, or do anything.
	Restricted Notice = "restricted"
	Disabled   Notice = "disabled"
)

// Notices lists every notice that is played.
func Notices() []Notice {
	return []Notice{Flagged, Unflagged, LimitRaised, LimitLowered, NameRefused, Restricted, Disabled}
}

// Noticer is a side whose provider tells a business of its number or its account.
type Noticer interface {
	// Notice writes the webhook body of a notice.
	Notice(*Account, Sender, Notice) []byte
}

// Consenter is a side whose provider tells what leads say on being written to.
type Consenter interface {
	// Consent keeps what a lead says to a number of ours, and makes the webhook that tells
	// of it; false where nobody is to be told.
	Consent(account *Account, sender Sender, lead Party, optedOut bool) (post.Letter, bool)
}

// Mover is a side whose provider tells when a lead is reached by another number.
type Mover interface {
	// Moved writes the webhook body with the notice of that id.
	Moved(account *Account, sender Sender, id string, from, to Party, at time.Time) []byte
}

// Echoer is a side whose provider passes on what the business wrote in its own app.
type Echoer interface {
	// Echo writes the webhook body about such a message; nil where nobody is to be told.
	Echo(*Account, *Message) []byte
}

// Notify has a provider tell of one of our numbers, or of its account. As of Write, the
// function hears how the first attempt went. The error is a *Problem.
func (s *Stage) Notify(provider, number string, what Notice, tried func(post.Outcome)) (posted bool, err error) {
	account, sender, err := s.accountOfAddress(provider, number)
	if err != nil {
		return false, err
	}
	side, _ := s.Side(account.Provider)
	noticer, able := side.(Noticer)
	if !able {
		return false, problem("provider", "must be one that sends notices, which %s does not", account.Provider)
	}
	if !slices.Contains(Notices(), what) {
		return false, problem("what", "must be one of %v", Notices())
	}
	letter, ok := s.Bulletin(side, account, "notice", noticer.Notice(account, sender, what))
	return s.told(letter, ok, tried), nil
}

// Consent has a lead say, by the provider's own means and not in a message, whether one of
// our numbers may write to them. As of Write, the function hears how the first attempt
// went. The error is a *Problem.
func (s *Stage) Consent(provider, number, lead string, optedOut bool, tried func(post.Outcome)) (posted bool, err error) {
	account, sender, err := s.accountOfAddress(provider, number)
	if err != nil {
		return false, err
	}
	side, _ := s.Side(account.Provider)
	consenter, able := side.(Consenter)
	if !able {
		return false, problem("provider", "must be one that tells of consents, which %s does not", account.Provider)
	}
	party, err := s.partyAt(lead, TraitsOf(side, sender).Channel)
	if err != nil {
		return false, err
	}
	letter, ok := consenter.Consent(account, sender, party, optedOut)
	return s.told(letter, ok, tried), nil
}

// Move gives a lead another number, and has the provider tell one of ours of it. It
// returns the notice's id. As of Write, the function hears how the first attempt went.
// The error is a *Problem.
func (s *Stage) Move(provider, number, lead, newNumber string, tried func(post.Outcome)) (id string, posted bool, err error) {
	account, sender, err := s.accountOfAddress(provider, number)
	if err != nil {
		return "", false, err
	}
	side, _ := s.Side(account.Provider)
	mover, able := side.(Mover)
	if !able {
		return "", false, problem("provider", "must be one that tells of new numbers, which %s does not", account.Provider)
	}
	from, err := s.partyAt(lead, TraitsOf(side, sender).Channel)
	if err != nil {
		return "", false, err
	}
	phone, ok := E164(newNumber)
	if !ok || phone == from.Phone {
		return "", false, problem("newNumber", "must be another number such as +12025550124")
	}
	if _, err := s.Introduce(Lead{Phone: phone, Name: from.Name}); err != nil {
		return "", false, err
	}
	id = side.NewID(chat.DirectionInbound, from)
	body := mover.Moved(account, sender, id, from, Party{Phone: phone}, time.Now())
	letter, ok := s.Bulletin(side, account, "new number", body)
	return id, s.told(letter, ok, tried), nil
}

// told posts a letter, if there is one, and tells how its first attempt went.
func (s *Stage) told(letter post.Letter, ok bool, tried func(post.Outcome)) bool {
	if !ok {
		return false
	}
	before := letter.Tried
	letter.Tried = func(o post.Outcome) {
		if before != nil {
			before(o)
		}
		if o.Attempt == 1 {
			tried(o)
		}
	}
	s.office.Post(letter)
	return true
}

// partyAt is a lead as a provider of the channel knows them.
func (s *Stage) partyAt(lead string, channel chat.Channel) (Party, error) {
	if number, ok := E164(lead); ok {
		lead = number
	} else if !IsUserID(lead) {
		return Party{}, problem("from", "must be a number such as +12025550123 or a WhatsApp user id")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addressee(lead).party(channel), nil
}
