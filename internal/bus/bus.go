package bus

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"converse/internal/chat"
)

// Position is a place in a topic's stream. The zero Position is no place.
type Position struct {
	// Epoch changes when the stream was lost and begun anew; offsets of different
	// epochs have nothing to do with each other.
	Epoch string
	// Offset counts entries from 1; 0 is before the first.
	Offset uint64
}

// String is the text form given to clients.
func (p Position) String() string {
	if p.Epoch == "" {
		return ""
	}
	return p.Epoch + "-" + strconv.FormatUint(p.Offset, 10)
}

// ParsePosition reads the text form.
func ParsePosition(text string) (Position, error) {
	epoch, number, ok := strings.Cut(text, "-")
	offset, err := strconv.ParseUint(number, 10, 64)
	if !ok || err != nil || epoch == "" {
		return Position{}, fmt.Errorf("position %q is not an epoch and an offset", text)
	}
	return Position{Epoch: epoch, Offset: offset}, nil
}

// Entry is one kept event of a topic.
type Entry struct {
	Topic chat.Topic
	Position
	Payload []byte
}

// Message is an event to be published. The payload must not change afterwards.
type Message struct {
	Topic   chat.Topic
	Payload []byte
}

// History is a part of a topic's stream.
type History struct {
	// Entries follow the asked position without a gap.
	Entries []Entry
	// Now is the newest position of the stream.
	Now Position
	// Complete: nothing between the asked position and Now is missing from Entries,
	// unless there were more than asked for. When false, Entries is empty.
	Complete bool
}

// Receiver is told what happens on subscribed topics. Its methods are called from
// the bus's goroutines, for one topic in order. They must not block and must not
// call the bus, which may hold the topic's lock.
type Receiver interface {
	// Subscribed: entries of the topic arrive from now on. It is called again after
	// every loss of the connection: what was published in between did not arrive and
	// is to be read with History. It may be called once too often.
	Subscribed(chat.Topic)
	// Entry: a kept event. Offsets may repeat or jump; the receiver checks.
	Entry(Entry)
	// Signal: an event that is not kept.
	Signal(chat.Topic, []byte)
}

// Limits bound what is kept of a topic.
type Limits struct {
	// Entries kept per topic; 0 means 1,000.
	Entries int
	// Idle is how long a topic is kept that nobody publishes to or asks about; 0
	// means one hour. A bus may keep it longer.
	Idle time.Duration
}

func (l Limits) orDefault() Limits {
	if l.Entries == 0 {
		l.Entries = 1000
	}
	if l.Idle == 0 {
		l.Idle = time.Hour
	}
	return l
}

// newEpoch is a word that no earlier stream of the topic had.
func newEpoch() string {
	return strconv.FormatUint(rand.Uint64(), 36)
}
