package hub_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"converse/hub"
	"converse/internal/chat"
)

func TestBothSubprotocolsReceiveEqualEvents(t *testing.T) {
	t.Parallel()
	r := setup(t, nil, hub.Options{})
	binary, text := r.joinAs(t, speakProto, "ann", nil), r.joinAs(t, speakJSON, "ann", nil)
	r.publish(t, orgStream,
		event(1),
		chat.Event{Message: &chat.MessageEvent{Message: chat.Message{ID: "m", Text: "zażółć 🙂 \u2028"}, Conversation: chat.Conversation{ID: talk}}},
		chat.Event{Tick: &chat.Tick{Conversation: talk, Message: "m", Seq: 3, Status: chat.StatusRead, At: time.Unix(1, 2)}},
		chat.Event{Conversation: &chat.Conversation{ID: talk}},
	)
	want := binary.got(t, orgStream, 4)
	got := text.got(t, orgStream, 4)
	require.Len(t, want, 4)
	require.Len(t, got, 4)
	for i := range want {
		require.True(t, proto.Equal(want[i], got[i]), "%v and %v", want[i], got[i])
	}
	require.Equal(t, binary.at(), text.at())
}

func TestBubble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := bubble(t, nil, hub.Options{})
		c := r.join(t, "ann", nil)
		r.numbered(t, orgStream, 1, 3)
		require.Equal(t, span(1, 3), numbers(c.got(t, orgStream, 3)))
		time.Sleep(10 * time.Minute)
		r.numbered(t, orgStream, 4, 4)
		require.Equal(t, span(1, 4), numbers(c.got(t, orgStream, 4)))
	})
}
