package hub_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"
	"pgregory.net/rapid"

	"converse/hub"
	conversev1 "converse/internal/gen/converse/v1"
)

// readBatch reads what a browser gets back into events.
func readBatch(t require.TestingT, text []byte) []*conversev1.Event {
	require.True(t, json.Valid(text), "%s", text)
	var batch conversev1.Batch
	require.NoError(t, protojson.Unmarshal(text, &batch), "%s", text)
	require.Equal(t, "org-1", batch.Stream)
	require.Equal(t, "x-7", batch.At)
	return batch.Events
}

// anything fills a message with whatever its fields can hold.
func anything(t *rapid.T, m protoreflect.Message) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		f := fields.Get(i)
		switch {
		case rapid.IntRange(0, 3).Draw(t, "absent") == 0:
		case f.IsList():
			list := m.Mutable(f).List()
			for range rapid.IntRange(0, 3).Draw(t, "length") {
				if f.Kind() == protoreflect.MessageKind {
					anything(t, list.AppendMutable().Message())
				} else {
					list.Append(value(t, f.Kind()))
				}
			}
		case f.Kind() == protoreflect.MessageKind && f.Message().FullName() == "google.protobuf.Timestamp":
			at := time.Unix(rapid.Int64Range(-1e9, 1e10).Draw(t, "seconds"), rapid.SampledFrom([]int64{0, 1, 7e6, 120e6, 999_999_999}).Draw(t, "nanos"))
			m.Set(f, protoreflect.ValueOfMessage(timestamppb.New(at).ProtoReflect()))
		case f.Kind() == protoreflect.MessageKind:
			anything(t, m.Mutable(f).Message())
		default:
			m.Set(f, value(t, f.Kind()))
		}
	}
}

func value(t *rapid.T, kind protoreflect.Kind) protoreflect.Value {
	switch kind {
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "\"\\\x00\n\t\x1f", "न_🙂", "</script>"})).Draw(t, "text"))
	case protoreflect.Int32Kind:
		return protoreflect.ValueOfInt32(rapid.Int32().Draw(t, "number"))
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(rapid.Bool().Draw(t, "truth"))
	case protoreflect.DoubleKind:
		return protoreflect.ValueOfFloat64(rapid.Float64Range(-1e18, 1e18).Draw(t, "size"))
	}
	t.Fatalf("events have come to hold a %s: teach the short way to write it", kind)
	return protoreflect.Value{}
}

func TestEventsAreTheSameInJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var events []*conversev1.Event
		var stored [][]byte
		for range rapid.IntRange(1, 4).Draw(t, "events") {
			e := &conversev1.Event{}
			anything(t, e.ProtoReflect()) // the last kind drawn is the one it is
			data, err := proto.Marshal(e)
			require.NoError(t, err)
			events, stored = append(events, e), append(stored, data)
		}
		text, unreadable := hub.JSONBatch("org-1", "x-7", stored)
		require.Zero(t, unreadable)
		read := readBatch(t, text)
		require.Len(t, read, len(events))
		for i := range events {
			require.True(t, proto.Equal(events[i], read[i]), "%v\n%v", events[i], read[i])
		}
	})
}

// Whatever bytes the bus delivers: one event that cannot be read costs only itself.
func FuzzEventsInJSON(f *testing.F) {
	tick := &conversev1.Event{Event: &conversev1.Event_Tick{Tick: &conversev1.Tick{MessageId: "m", Seq: 3, Status: "read", At: timestamppb.New(time.Unix(1, 5))}}}
	good, err := proto.Marshal(tick)
	require.NoError(f, err)
	again := append(append([]byte{}, good...), good...) // legal: the two merge
	for _, seed := range [][]byte{nil, good, good[:len(good)-1], again, {0xff}, protowire.AppendTag(nil, 99, protowire.VarintType)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		text, unreadable := hub.JSONBatch("org-1", "x-7", [][]byte{good, data, good})
		read := readBatch(t, text)
		require.Len(t, read, 3-unreadable)
		require.True(t, proto.Equal(tick, read[0]))
		require.True(t, proto.Equal(tick, read[len(read)-1]))
		want := &conversev1.Event{}
		slow, err := []byte(nil), proto.Unmarshal(data, want)
		if err == nil {
			slow, err = protojson.Marshal(want)
		}
		if err != nil {
			return // what the short way makes of it is at least JSON that clients can read
		}
		require.Zero(t, unreadable)
		want = &conversev1.Event{}
		require.NoError(t, protojson.Unmarshal(slow, want))
		require.True(t, proto.Equal(want, read[1]), "%s\n%s", slow, text)
	})
}
