package wire

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
)

// Event is the protocol form of an event. An event with no field set is an
// empty message, which readers ignore.
func Event(e chat.Event) *conversev1.Event {
	out := change(e)
	out.OwnerId, out.PreviousOwnerId = string(e.Owner), string(e.PreviousOwner)
	return out
}

func change(e chat.Event) *conversev1.Event {
	switch {
	case e.Message != nil:
		return &conversev1.Event{Event: &conversev1.Event_Message{Message: &conversev1.MessageEvent{
			Message: Message(e.Message.Message), Conversation: Conversation(e.Message.Conversation),
		}}}
	case e.Tick != nil:
		return &conversev1.Event{Event: &conversev1.Event_Tick{Tick: &conversev1.Tick{
			ConversationId: string(e.Tick.Conversation),
			MessageId:      string(e.Tick.Message),
			Seq:            int32(e.Tick.Seq),
			Status:         string(e.Tick.Status),
			Failure:        Failure(e.Tick.Failure),
			At:             Time(e.Tick.At),
		}}}
	case e.Conversation != nil:
		return &conversev1.Event{Event: &conversev1.Event_Conversation{Conversation: Conversation(*e.Conversation)}}
	case e.Read != nil:
		return &conversev1.Event{Event: &conversev1.Event_Read{Read: &conversev1.ReadMarker{
			ConversationId: string(e.Read.Conversation), Seq: int32(e.Read.Seq), InboundRead: int32(e.Read.InboundRead),
		}}}
	case e.Typing != nil:
		return &conversev1.Event{Event: &conversev1.Event_Typing{Typing: &conversev1.Typing{
			ConversationId: string(e.Typing.Conversation), UserId: string(e.Typing.User), UserName: e.Typing.UserName,
			State: string(e.Typing.State),
		}}}
	case e.Presence != nil:
		return &conversev1.Event{Event: &conversev1.Event_Presence{Presence: Presence(*e.Presence)}}
	case e.SignedOut != nil:
		return &conversev1.Event{Event: &conversev1.Event_SignedOut{SignedOut: &conversev1.SignedOut{
			SignInId: string(e.SignedOut.SignIn),
		}}}
	case e.LeadsChanged != nil:
		return &conversev1.Event{Event: &conversev1.Event_LeadsChanged{LeadsChanged: &conversev1.LeadsChanged{}}}
	case e.Lead != nil:
		return &conversev1.Event{Event: &conversev1.Event_Lead{Lead: Lead(*e.Lead)}}
	case e.AccessChanged != nil:
		return &conversev1.Event{Event: &conversev1.Event_AccessChanged{AccessChanged: &conversev1.AccessChanged{
			Version: int32(e.AccessChanged.Version),
		}}}
	case e.Removed != nil:
		return &conversev1.Event{Event: &conversev1.Event_Removed{Removed: &conversev1.Removed{
			ConversationId: string(e.Removed.Conversation), LeadId: string(e.Removed.Lead),
		}}}
	case e.Offer != nil:
		return &conversev1.Event{Event: &conversev1.Event_Offer{Offer: &conversev1.Offer{At: Time(e.Offer.At)}}}
	case e.ConnectorChanged != nil:
		return &conversev1.Event{Event: &conversev1.Event_ConnectorChanged{ConnectorChanged: &conversev1.ConnectorChanged{
			ConnectorId: string(e.ConnectorChanged.Connector), State: e.ConnectorChanged.State,
		}}}
	case e.Mark != nil:
		return &conversev1.Event{Event: &conversev1.Event_Mark{Mark: Mark(*e.Mark)}}
	}
	return &conversev1.Event{}
}

// Presence is a user's reachability.
func Presence(p chat.Presence) *conversev1.Presence {
	return &conversev1.Presence{UserId: string(p.User), State: string(p.State)}
}

// EncodeEvent is an event as it is stored and carried by the bus: converse.v1.Event
// in protobuf's binary form, in the order of Encode.
func EncodeEvent(e chat.Event) ([]byte, error) { return Encode(Event(e)) }

// The numbers of the fields of an event beside what it is.
const (
	FieldOwner         protowire.Number = 30
	FieldPreviousOwner protowire.Number = 31
)

// Encode writes an event in protobuf's binary form, what it is first and then the rest,
// by the numbers of the fields: protobuf itself puts what it is last. So it can be told
// by its first bytes, and goes to JSON in one pass.
func Encode(e *conversev1.Event) ([]byte, error) {
	owner, previous := e.GetOwnerId(), e.GetPreviousOwnerId()
	data, err := proto.Marshal(&conversev1.Event{Event: e.GetEvent()})
	if err != nil {
		return nil, fmt.Errorf("encode event: %w", err)
	}
	return appendText(appendText(data, FieldOwner, owner), FieldPreviousOwner, previous), nil
}

func appendText(data []byte, field protowire.Number, text string) []byte {
	if text == "" {
		return data
	}
	return protowire.AppendString(protowire.AppendTag(data, field, protowire.BytesType), text)
}
