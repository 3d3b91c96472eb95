package socket_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/bench/socket"
)

// server writes a frame as servers do: without a mask.
func server(opcode byte, payload []byte) []byte {
	out := []byte{0x80 | opcode}
	switch n := len(payload); {
	case n < 126:
		out = append(out, byte(n))
	case n < 1<<16:
		out = append(out, 126, byte(n>>8), byte(n))
	default:
		out = append(out, 127, 0, 0, 0, 0, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
	}
	return append(out, payload...)
}

func TestFramesAreFoundHoweverTheyAreCut(t *testing.T) {
	t.Parallel()
	var stream []byte
	want := [][]byte{[]byte("a"), bytes.Repeat([]byte("b"), 200), bytes.Repeat([]byte("c"), 70_000), {}}
	for _, w := range want {
		stream = append(stream, server(socket.Text, w)...)
	}
	for _, piece := range []int{1, 3, 125, 4096, len(stream)} {
		var p socket.Parser
		var got [][]byte
		for rest := stream; len(rest) > 0; rest = rest[min(piece, len(rest)):] {
			require.NoError(t, p.Take(rest[:min(piece, len(rest))], func(f socket.Frame) error {
				got = append(got, bytes.Clone(f.Payload))
				return nil
			}))
		}
		require.Len(t, got, len(want))
		for i := range want {
			require.True(t, bytes.Equal(want[i], got[i]), "frame %d in pieces of %d", i, piece)
		}
	}
}

func TestWhatServersNeverSendIsRefused(t *testing.T) {
	t.Parallel()
	for name, head := range map[string]byte{"fragment": 0x01, "continuation": 0x80, "compressed": 0xc1} {
		var p socket.Parser
		require.Error(t, p.Take([]byte{head, 0}, func(socket.Frame) error { return nil }), name)
	}
	var p socket.Parser
	require.Error(t, p.Take([]byte{0x81, 0x80}, func(socket.Frame) error { return nil }), "masked")
}
