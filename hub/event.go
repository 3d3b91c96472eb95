package hub

import (
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
)

// Field numbers of Event, for looking at an event without decoding it whole.
const (
	fieldTick          = 2
	fieldRead          = 4
	fieldPresence      = 6
	fieldSignedOut     = 7
	fieldAccessChanged = 10
	fieldRemoved       = 11
)

func isTick(payload []byte) bool { return eventField(payload) == fieldTick }

// endsSessions reports whether an event ends sessions, which it does even where it is
// not delivered.
func endsSessions(payload []byte) bool {
	field := eventField(payload)
	return field == fieldSignedOut || field == fieldAccessChanged
}

// eventField is the number of what an event is: its first field, as wire.Encode writes it.
func eventField(payload []byte) protowire.Number {
	number, _, n := protowire.ConsumeTag(payload)
	if n < 0 {
		return 0
	}
	return number
}

// tickOf reads a tick's message and the rank of its status. The rank is -1 for other
// events, and for a status unknown here.
func tickOf(payload []byte) (message string, rank int) {
	if !isTick(payload) {
		return "", -1
	}
	var event conversev1.Event
	if proto.Unmarshal(payload, &event) != nil {
		return "", -1
	}
	return event.GetTick().GetMessageId(), chat.Status(event.GetTick().GetStatus()).Rank()
}
