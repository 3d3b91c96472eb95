package stage

import (
	"container/list"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"converse/internal/chat"
	"converse/internal/sandbox/post"
)

// handset is a lead's phone. All of it is guarded by the stage's lock.
type handset struct {
	// id is the phone in E.164, or the WhatsApp user id of a lead without one.
	id        string
	phone     string
	name      string
	userID    string
	hidePhone bool
	// kept: set up or used by a person, so that others go first when there are too many.
	kept bool

	// The switches. Their meaning is told in Switches.
	readReceipts, autoRead, flight, silent bool

	threads []*thread
	// held are messages that reach the phone when flight mode ends, and waiting are
	// the lead's own that leave then.
	held, waiting []*entry
	revision      int64
	lastAt        time.Time
	place         *list.Element
}

// thread is what the phone shows of one business number.
type thread struct {
	handset  *handset
	provider string
	account  string
	sender   Sender
	lane     post.Lane
	entries  []*entry
	// windowUntil is when the service window closes; zero when it was never open.
	windowUntil time.Time
	// typingUntil is how long the phone shows that the business is typing.
	typingUntil time.Time
}

// threadSize is how many messages of one thread a phone shows.
const threadSize = 500

// entry is a message with what has become of it.
type entry struct {
	*Message
	thread *thread
	status chat.Status
	code   string
	// shown: the phone has it on screen. seen: the lead has opened it.
	shown, seen bool
	// early: its first receipt went out before the answer to the send call.
	early     bool
	revision  int64
	changedAt time.Time
	// Reactions on this message.
	leadEmoji, businessEmoji string
}

// party is the lead as a provider of the channel knows it.
func (h *handset) party(channel chat.Channel) Party {
	p := Party{Phone: h.phone, Name: h.name}
	if channel == chat.ChannelWhatsApp {
		p.UserID = h.userID
		if h.hidePhone {
			p.Phone = ""
		}
	}
	return p
}

// introduce adds a phone, or completes one that is there. The caller holds the lock.
func (s *Stage) introduce(lead Lead) *handset {
	if lead.HidePhone && lead.WhatsAppID == "" {
		lead.WhatsAppID = madeUpUserID()
	}
	h := s.meet(lead.Phone, lead.WhatsAppID)
	h.kept = true
	if lead.Name != "" {
		h.name = lead.Name
	}
	if lead.HidePhone {
		h.hidePhone = true
	}
	s.touch(h)
	return h
}

// meet finds the phone with a number or a user id, or makes one. The caller
// holds the lock.
func (s *Stage) meet(phone, userID string) *handset {
	h := s.handsets[phone]
	if h == nil && userID != "" {
		h = s.users[userID]
	}
	if h == nil {
		h = &handset{id: phone, readReceipts: true}
		if h.id == "" {
			h.id = userID
		}
		s.handsets[h.id] = h
		h.place = s.recent.PushFront(h)
		s.evict()
	}
	if phone != "" && h.phone == "" {
		h.phone = phone
		s.handsets[phone] = h
	}
	if userID != "" && h.userID == "" {
		h.userID = userID
		s.users[userID] = h
	}
	return h
}

// find looks a phone up by number or user id. The caller holds the lock.
func (s *Stage) find(address string) *handset {
	if h := s.handsets[address]; h != nil {
		return h
	}
	return s.users[address]
}

// evict removes the phone that was quiet the longest when there are too many,
// one that no person uses before one that somebody does.
func (s *Stage) evict() {
	if s.recent.Len() <= s.config.HandsetSize {
		return
	}
	// Looking at the last few is enough to spare the phones in use.
	const look = 64
	victim := s.recent.Back()
	for at, tries := victim, 0; at != nil && tries < look; at, tries = at.Prev(), tries+1 {
		if h := at.Value.(*handset); !h.kept { //nolint:errcheck // only handsets are in the list
			victim = at
			break
		}
	}
	h := victim.Value.(*handset) //nolint:errcheck // only handsets are in the list
	s.recent.Remove(victim)
	delete(s.handsets, h.id)
	delete(s.handsets, h.phone)
	delete(s.users, h.userID)
}

// touch notes that the phone changed and tells who watches. The caller holds the lock.
func (s *Stage) touch(h *handset) {
	h.revision++
	for w := range s.watchers {
		w.note(h.id)
	}
}

// stir is touch for a change that brings the phone to the top of the list.
func (s *Stage) stir(h *handset) {
	h.lastAt = time.Now()
	s.recent.MoveToFront(h.place)
	s.touch(h)
}

// thread finds the thread of a phone with a business number, or opens it. The
// caller holds the lock.
func (s *Stage) thread(h *handset, account *Account, sender Sender) *thread {
	i := slices.IndexFunc(h.threads, func(t *thread) bool {
		return t.provider == account.Provider && t.sender.Address == sender.Address
	})
	if i >= 0 {
		h.threads[i].account, h.threads[i].sender = account.AccountID, sender
		return h.threads[i]
	}
	s.lanes++
	t := &thread{
		handset: h, provider: account.Provider, account: account.AccountID, sender: sender, lane: s.lanes,
	}
	t.windowUntil = s.windows[t.line()]
	h.threads = append(h.threads, t)
	return t
}

// keep adds a message to its thread and to the indexes. The caller holds the lock.
func (s *Stage) keep(e *entry) {
	t := e.thread
	if len(t.entries) >= threadSize {
		t.entries = append(t.entries[:0], t.entries[len(t.entries)-threadSize+1:]...)
	}
	t.entries = append(t.entries, e)
	s.ids[e.ID] = e
	if e.Reference != "" {
		s.refs[e.Reference] = e
	}
	if old, full := s.messages.add(e); full {
		if s.ids[old.ID] == old {
			delete(s.ids, old.ID)
		}
		if s.refs[old.Reference] == old {
			delete(s.refs, old.Reference)
		}
	}
	s.change(e)
	s.stir(t.handset)
}

// change notes that a message looks different now. The caller holds the lock.
func (s *Stage) change(e *entry) {
	e.revision = e.thread.handset.revision + 1
	e.changedAt = time.Now()
	s.touch(e.thread.handset)
}

func madeUpUserID() string {
	return fmt.Sprintf("US.%020d", rand.Uint64())
}
