// Package payload is what every side delivers: one chat event that is 256 bytes of
// JSON.
//
// It owns the form of that event and the mark in its text, which says which topic
// it was published to, by which lane of the load generator, the how-manieth there
// and when. It promises that our hub, the peer and the floor put the same number
// of payload bytes on the wire, whatever each wraps around them, and that a mark
// is found in a frame exactly as often as its event is.
//
// It must not know how a side is spoken to.
package payload

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/encoding/protojson"

	"converse/internal/chat"
	"converse/internal/wire"
)

// Size is how long the event is as JSON, in bytes.
const Size = 256

// conversation is the one that every event is about: real ones name theirs, and
// which it is changes nothing.
const conversation chat.ConversationID = "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"

// Maker makes events of Size bytes. protojson puts spaces where it likes, one way
// in each build of a program, so the room that is left for text is measured.
type Maker struct{ room int }

// NewMaker measures the room for text. It fails when a mark does not fit.
func NewMaker() (Maker, error) {
	bare, err := protojson.Marshal(wire.Event(event("")))
	if err != nil {
		return Maker{}, fmt.Errorf("encode event: %w", err)
	}
	// An empty text is left out, with its name, quotes and comma.
	one, err := protojson.Marshal(wire.Event(event("x")))
	if err != nil {
		return Maker{}, fmt.Errorf("encode event: %w", err)
	}
	m := Maker{room: Size - len(one) + 1}
	if m.room < MarkSize {
		return Maker{}, fmt.Errorf("an event without text has %d bytes: a mark does not fit", len(bare))
	}
	return m, nil
}

// Event is the event that carries a text, as our product has it.
func (m Maker) Event(text string) chat.Event { return event(m.pad(text)) }

// JSON is the same event as it stands in a frame.
func (m Maker) JSON(text string) ([]byte, error) {
	return protojson.Marshal(wire.Event(m.Event(text)))
}

// Stored is the same event as it is stored and carried by the product's bus.
func (m Maker) Stored(text string) ([]byte, error) { return wire.EncodeEvent(m.Event(text)) }

func (m Maker) pad(text string) string {
	if len(text) >= m.room {
		return text[:m.room]
	}
	return text + strings.Repeat(".", m.room-len(text))
}

func event(text string) chat.Event {
	return chat.Event{Message: &chat.MessageEvent{Message: chat.Message{
		Conversation: conversation, Seq: 1, Direction: chat.DirectionInbound, Kind: chat.KindText, Text: text, Status: chat.StatusReceived,
	}}}
}
