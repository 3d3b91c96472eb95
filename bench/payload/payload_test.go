package payload_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/bench/payload"
	"converse/internal/wire"
)

func TestEverySideDeliversTheSameNumberOfBytes(t *testing.T) {
	t.Parallel()
	m, err := payload.NewMaker()
	require.NoError(t, err)
	for _, text := range []string{"", "hello", payload.Mark{Topic: 65535, Lane: 255, Seq: 1 << 31, At: 1 << 62}.String()} {
		out, err := m.JSON(text)
		require.NoError(t, err)
		require.Len(t, out, payload.Size)
		require.True(t, json.Valid(out))
		stored, err := wire.EncodeEvent(m.Event(text))
		require.NoError(t, err)
		require.Less(t, len(stored), payload.Size, "the stored form is protobuf")
	}
}

func TestAMarkIsFoundOncePerEvent(t *testing.T) {
	t.Parallel()
	m, err := payload.NewMaker()
	require.NoError(t, err)
	var frame []byte
	var want []payload.Mark
	for i := range 5 {
		mark := payload.Mark{Topic: uint16(i), Lane: uint8(i), Seq: uint32(1000 * i), At: int64(i) << 40}
		event, err := m.JSON(mark.String())
		require.NoError(t, err)
		want = append(want, mark)
		frame = append(append(frame, event...), " @~ someone@example.com ~ @00 "...)
	}
	var got []payload.Mark
	for mark, rest, ok := payload.Next(frame); ok; mark, rest, ok = payload.Next(rest) {
		got = append(got, mark)
	}
	require.Equal(t, want, got)
}
