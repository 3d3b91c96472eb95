package hub_test

import (
	"bufio"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"converse/hub"
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
)

func TestA5FrameFlood(t *testing.T) {
	a := setupAbuse(t, hub.Options{})
	for name, f := range map[string][]byte{
		"activity":  frame(true, opBinary, marshal(t, activity())),
		"typing":    frame(true, opBinary, marshal(t, typing(talk))),
		"unknown":   frame(true, opBinary, []byte{0xFA, 0x01, 0x00}),
		"in pieces": append(frame(false, opBinary, nil), frame(true, opMore, nil)...),
	} {
		t.Run(name, func(t *testing.T) {
			a.attack(t, speakProto, true, hub.CodeTooManyFrames.Number, always(bytes.Repeat(f, 100)))
		})
	}
}

// TestA5FramesAtTheirPace for long are no flood, and a few at once are none.
func TestA5FramesAtTheirPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := bubble(t, nil, hub.Options{})
		c := r.join(t, "ann", nil)
		for range 20 * 60 {
			time.Sleep(time.Second / 20)
			require.NoError(t, c.say(activity()))
		}
		time.Sleep(time.Minute)
		for range 40 {
			require.NoError(t, c.say(activity()))
		}
		synctest.Wait()
		require.NoError(t, c.ended)
		require.Zero(t, c.code)
	})
}

func TestA5PingFlood(t *testing.T) {
	a := setupAbuse(t, hub.Options{})
	open := frame(false, opBinary, nil)
	for name, opcode := range map[string]byte{"pings": opPing, "pongs": opPong} {
		flood := bytes.Repeat(frame(true, opcode, make([]byte, 125)), 100)
		t.Run(name, func(t *testing.T) {
			a.attack(t, speakProto, true, hub.CodeTooManyFrames.Number, always(flood))
		})
		t.Run(name+" before hello", func(t *testing.T) {
			a.attack(t, speakProto, false, hub.CodeTooManyFrames.Number, always(flood))
		})
		t.Run(name+" within a message", func(t *testing.T) {
			a.attack(t, speakProto, true, hub.CodeTooManyFrames.Number, begun(append(open, flood...), flood))
		})
	}
	t.Run("for long after it was closed", func(t *testing.T) {
		flood := bytes.Repeat(frame(true, opPing, make([]byte, 125)), 1<<15)
		made := a.attack(t, speakProto, true, hub.CodeTooManyFrames.Number, always(flood))
		require.Less(t, made, len(flood), "of eight times that, most is not even looked at")
	})
}

// TestA5HugeFrame: what a frame says of its length is not believed, and no more of it is
// kept than the largest may have, whether it is the first of all or not.
func TestA5HugeFrame(t *testing.T) {
	a := setupAbuse(t, hub.Options{})
	head := func(opcode byte, length uint64) []byte {
		return append(binary.BigEndian.AppendUint64([]byte{0x80 | opcode, 0x80 | 127}, length), 0, 0, 0, 0)
	}
	content := bytes.Repeat([]byte{' '}, 1<<20)
	for _, greeted := range []bool{true, false} {
		for name, frame := range map[string][]byte{"binary of 1 TiB": head(opBinary, 1<<40), "text of all there can be": head(opText, 1<<63-1)} {
			t.Run(fmt.Sprint(name, " greeted ", greeted), func(t *testing.T) {
				made := a.attack(t, speakProto, greeted, hub.CodeTooBig.Number, begun(append(frame, content...), content))
				require.Less(t, made, 256<<10, "a message of the largest size, read in pieces, and what a session costs")
			})
		}
	}
	for name, size := range map[string]int{"a byte too large": 16<<10 + 1, "1 MiB": 1 << 20} {
		t.Run(name+" and over", func(t *testing.T) {
			f := frame(true, opBinary, make([]byte, size))
			a.attack(t, speakProto, true, hub.CodeTooBig.Number, begun(f, nil))
			a.attack(t, speakProto, false, hub.CodeTooBig.Number, begun(f, nil))
		})
	}
	t.Run("a length below nothing", func(t *testing.T) {
		a.attack(t, speakProto, true, 0, begun(append(head(opBinary, 1<<63), content...), content))
	})
}

func TestA5FragmentsWithoutEnd(t *testing.T) {
	a := setupAbuse(t, hub.Options{})
	more := func(size int) []byte { return frame(false, opMore, make([]byte, size)) }
	for name, c := range map[string]struct {
		piece []byte
		code  hub.Code
	}{
		"empty":              {bytes.Repeat(more(0), 1000), hub.CodeTooManyFrames},
		"of a byte":          {bytes.Repeat(more(1), 1000), hub.CodeTooManyFrames},
		"of a kilobyte":      {bytes.Repeat(more(1<<10), 100), hub.CodeTooBig},
		"with pings between": {bytes.Repeat(append(bytes.Repeat(more(0), 1000), frame(true, opPing, nil)...), 10), hub.CodeTooManyFrames},
	} {
		t.Run(name, func(t *testing.T) {
			a.attack(t, speakProto, true, c.code.Number, begun(append(frame(false, opBinary, nil), c.piece...), c.piece))
		})
	}
}

// TestA5FragmentsThatTrickle for hours keep no more than one message, and end with it. A
// client that begins so is not waited for.
func TestA5FragmentsThatTrickle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const limit = 1 << 10
		r := bubble(t, nil, hub.Options{Limits: hub.Limits{Frame: limit}})
		c := r.join(t, "ann", nil)
		require.NoError(t, c.raw(frame(false, opBinary, nil)))
		for n := 0; n <= limit; n++ {
			require.NoError(t, c.ended)
			time.Sleep(time.Minute)
			require.NoError(t, c.raw(frame(false, opMore, []byte{0})))
		}
		require.Equal(t, hub.CodeTooBig.Number, c.closed(t))

		silent := listen(r.open(t, speakProto), nil).start()
		require.NoError(t, silent.raw(frame(false, opBinary, []byte{0})))
		require.Equal(t, hub.CodeHelloTimeout.Number, silent.closed(t))
		synctest.Wait()
		require.Zero(t, r.hub.Sessions())
		require.Zero(t, hub.Unopened(r.hub))
	})
}

func TestA5InvalidUTF8(t *testing.T) {
	a := setupAbuse(t, hub.Options{})
	text := func(s string) []byte { return []byte(`{"activity":{},"more":"` + s + `"}`) }
	for name, bad := range map[string]string{
		"no beginning": "\xff", "a rest alone": "\x80", "too long a form": "\xc0\xaf", "half a pair": "\xed\xa0\x80",
		"beyond the last": "\xf4\x90\x80\x80", "cut off": "\xf0\x9f\x99",
	} {
		whole := text(bad)
		for way, sent := range map[string][]byte{
			"whole":     frame(true, opText, whole),
			"in pieces": append(frame(false, opText, whole[:24]), frame(true, opMore, whole[24:])...),
		} {
			t.Run(name+" "+way, func(t *testing.T) {
				a.attack(t, speakJSON, true, hub.CodeNotUTF8.Number, begun(sent, nil))
			})
		}
	}
	t.Run("in a field of a binary frame", func(t *testing.T) {
		f := frame(true, opBinary, []byte{0x12, 3, 0x0a, 1, 0xff}) // typing in conversation ff
		a.attack(t, speakProto, true, hub.CodeBadFrame.Number, begun(f, nil))
	})
	t.Run("a character that is parted is none", func(t *testing.T) {
		c := a.joinAs(t, speakJSON, "ann", nil)
		whole := text("🙂")
		require.NoError(t, c.raw(append(frame(false, opText, whole[:25]), frame(true, opMore, whole[25:])...)))
		require.NoError(t, c.raw(frame(true, opPing, nil))) // is answered after it
		a.goesOn(t)
		require.Len(t, c.got(t, orgStream, 10), 10)
		c.leave()
		a.over(t)
	})
}

// TestA5CompressedBomb: compression is never agreed on, so that nothing is unpacked.
func TestA5CompressedBomb(t *testing.T) {
	a := setupAbuse(t, hub.Options{})
	conn, err := a.dial()
	require.NoError(t, err)
	defer conn.Close()
	asks := strings.TrimSuffix(request(origin, speakProto), "\r\n") +
		header("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits, x-webkit-deflate-frame") + "\r\n"
	_, err = conn.Write([]byte(asks))
	require.NoError(t, err)
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, http.StatusSwitchingProtocols, answer.StatusCode)
	require.Empty(t, answer.Header.Values("Sec-WebSocket-Extensions"))
	require.NoError(t, conn.Close())
	require.Eventually(t, func() bool { return a.hub.Sessions() == 1 }, patience, time.Millisecond)

	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestCompression)
	require.NoError(t, err)
	_, err = w.Write(make([]byte, 12<<20))
	require.NoError(t, err)
	require.NoError(t, w.Flush())
	bomb := frame(true, opBinary, packed.Bytes())
	bomb[0] |= 0x40 // RSV1: this message is compressed
	require.Less(t, a.attack(t, speakProto, true, protocolError, begun(bomb, nil)), 256<<10)
}

// TestA5TopicsWithoutEnd: what a session follows is not the client's to say. Places of
// more streams than the protocol allows are refused, and those of others are nothing.
func TestA5TopicsWithoutEnd(t *testing.T) {
	a := setupAbuse(t, hub.Options{})
	rules, ok := proto.GetExtension((&conversev1.Hello{}).ProtoReflect().Descriptor().Fields().ByName("positions").Options(), validate.E_Field).(*validate.FieldRules)
	require.True(t, ok)
	most := int(rules.GetRepeated().GetMaxItems())
	require.Positive(t, most)
	saying := func(n int) []byte {
		f := hello("mallory")
		for i := range n {
			f.GetHello().Positions = append(f.GetHello().Positions, &conversev1.Position{Stream: fmt.Sprint("o:", i)})
		}
		return frame(true, opBinary, marshal(t, f))
	}
	for n, code := range map[int]int{100_000: hub.CodeTooBig.Number, 1000: hub.CodeBadFrame.Number, most + 1: hub.CodeBadFrame.Number} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			a.attack(t, speakProto, false, code, begun(saying(n), nil))
			require.Equal(t, 2, hub.Topics(a.hub), "the org's and the witness's")
		})
	}
	c := listen(a.open(t, speakProto), nil).start()
	require.NoError(t, c.raw(saying(most)))
	require.Len(t, c.welcome(t).GetWelcome().GetPositions(), 2)
	require.Equal(t, 3, hub.Topics(a.hub))
	c.leave()
	a.over(t)
}

// TestA5ConversationsWithoutEnd: of those that a client says it writes in, few are
// remembered.
func TestA5ConversationsWithoutEnd(t *testing.T) {
	const all = 25_000
	a := setupAbuse(t, hub.Options{Limits: hub.Limits{FramesPerSecond: all}})
	c := a.join(t, "mallory", nil)
	id := string(chat.NewID[chat.ConversationID]())
	f := frame(true, opBinary, marshal(t, typing(id)))
	var flood []byte
	for n := range all {
		copy(f[len(f)-len(id):], fmt.Sprintf("%08x", n))
		flood = append(flood, f...)
	}
	require.NoError(t, c.raw(flood))
	require.NoError(t, c.say(typing("none"))) // read after the others
	require.Equal(t, hub.CodeBadFrame.Number, c.closed(t))
	require.Positive(t, hub.Owned(a.hub))
	require.LessOrEqual(t, hub.Owned(a.hub), 10_000)
	a.over(t)
}
