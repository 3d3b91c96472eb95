package wire_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/wire"
)

// fill sets every field of a value to something of its own.
func fill(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("word %d", *n))
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), n)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Unix(int64(*n), 5).UTC()))
			return
		}
		for _, field := range v.Fields() {
			fill(field, n)
		}
	}
}

func filled[T any]() T {
	var v T
	n := 0
	fill(reflect.ValueOf(&v).Elem(), &n)
	return v
}

// complete requires that each field of a message is set, and those within.
func complete(t *testing.T, m protoreflect.Message, path string, but map[string]bool) {
	t.Helper()
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		f := fields.Get(i)
		name := path + "." + string(f.Name())
		if but[name] || f.Name() == "masked" || f.Name() == "masked_fields" { // said by what hides things
			require.False(t, m.Has(f), "%s is set", name)
			continue
		}
		require.True(t, m.Has(f), "%s is not set", name)
		switch {
		case f.IsList() && f.Message() != nil:
			complete(t, m.Get(f).List().Get(0).Message(), name, but)
		case f.Message() != nil && f.Message().FullName() != "google.protobuf.Timestamp":
			complete(t, m.Get(f).Message(), name, but)
		}
	}
}

func TestEveryFieldOfAValueReachesTheWire(t *testing.T) {
	t.Parallel()
	unread := map[string]bool{
		"conversation.read_seq": true, "conversation.inbound_read": true, "conversation.unread": true,
		"conversation.mark": true,
	}
	conversation := filled[chat.Conversation]()
	conversation.InboundCount, conversation.InboundRead = 9, 4
	for name, m := range map[string]proto.Message{
		"user": wire.User(filled[chat.User]()), "identifier": wire.Identifier(filled[chat.Identifier]()), "lead": wire.Lead(filled[chat.Lead]()),
		"sender": wire.Sender(filled[chat.Sender]()), "conversation": wire.Conversation(conversation),
		"conversationFor": wire.ConversationFor(conversation), "message": wire.Message(filled[chat.Message]()),
		"template": wire.Template(filled[chat.Template]()), "presence": wire.Presence(filled[chat.Presence]()),
	} {
		complete(t, m.ProtoReflect(), name, unread)
	}
	require.EqualValues(t, 5, wire.ConversationFor(conversation).GetUnread())
}

func TestAZeroValueHasAForm(t *testing.T) {
	t.Parallel()
	require.Nil(t, wire.Time(time.Time{}))
	require.Nil(t, wire.Failure(nil))
	for _, m := range []proto.Message{
		wire.User(chat.User{}), wire.Lead(chat.Lead{}), wire.Message(chat.Message{}), wire.Template(chat.Template{}),
		wire.ConversationFor(chat.Conversation{}), wire.Event(chat.Event{}),
	} {
		data, err := proto.Marshal(m)
		require.NoError(t, err)
		require.NoError(t, proto.Unmarshal(data, m.ProtoReflect().New().Interface()))
	}
}

// TestEveryKindOfEventIsCarried gives each field of chat.Event alone: it comes out as
// the field of the same name, complete.
func TestEveryKindOfEventIsCarried(t *testing.T) {
	t.Parallel()
	var kinds []reflect.StructField
	for _, f := range reflect.VisibleFields(reflect.TypeFor[chat.Event]()) {
		if f.Type.Kind() == reflect.Pointer {
			kinds = append(kinds, f)
		}
	}
	carried := (&conversev1.Event{}).ProtoReflect().Descriptor().Oneofs().ByName("event").Fields()
	require.Len(t, kinds, carried.Len())
	// The words of an event that are a reader's own, or that no reader is told.
	but := map[string]bool{
		"message.conversation.read_seq": true, "message.conversation.inbound_read": true, "message.conversation.unread": true,
		"message.conversation.mark": true,
		"conversation.read_seq":     true, "conversation.inbound_read": true, "conversation.unread": true,
		"conversation.mark": true,
	}
	seen := map[protoreflect.Name]bool{}
	for _, kind := range kinds {
		e := chat.Event{Owner: "owner", PreviousOwner: "previous"}
		n := 0
		fill(reflect.ValueOf(&e).Elem().FieldByIndex(kind.Index), &n)
		data, err := wire.EncodeEvent(e)
		require.NoError(t, err)
		var got conversev1.Event
		require.NoError(t, proto.Unmarshal(data, &got))
		field := got.ProtoReflect().WhichOneof(got.ProtoReflect().Descriptor().Oneofs().ByName("event"))
		require.NotNil(t, field, kind.Name)
		require.Equal(t, "owner", got.GetOwnerId())
		require.Equal(t, "previous", got.GetPreviousOwnerId())
		first, _, _ := protowire.ConsumeTag(data)
		require.Equal(t, field.Number(), first, "what an event is comes first, so that it can be told without reading the rest")
		seen[field.Name()] = true
		complete(t, got.ProtoReflect().Get(field).Message(), string(field.Name()), but)
	}
	require.Len(t, seen, carried.Len())
}

func TestTextThatIsNoUTF8IsNotPublished(t *testing.T) {
	t.Parallel()
	_, err := wire.EncodeEvent(chat.Event{Message: &chat.MessageEvent{Message: chat.Message{Text: "\xff"}}})
	require.Error(t, err)
}
