package side_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/bench/side"
)

func TestASessionThatStartsOverIsAnError(t *testing.T) {
	t.Parallel()
	asked := []side.Position{{Stream: "o:1", Epoch: "e", Offset: 3}}
	_, err := side.Ours.Opened([]byte(`{"welcome":{"positions":[{"stream":"o:1","at":"e-3"}]},"resets":[{"stream":"o:1","at":"e-3"}]}`), asked)
	require.ErrorContains(t, err, "reset")
	_, err = side.Peer.Opened([]byte(`{"id":1,"connect":{"subs":{"o:1":{"recoverable":true,"epoch":"e","offset":3}}}}`), asked)
	require.ErrorContains(t, err, "not recovered")
	_, err = side.Peer.Opened([]byte(`{"id":1,"connect":{"subs":{"o:1":{"epoch":"e"}}}}`), nil)
	require.ErrorContains(t, err, "cannot be recovered")
	_, err = side.Peer.Opened([]byte(`{"id":1,"error":{"code":101}}`), nil)
	require.Error(t, err)
}

func TestAPositionIsGivenBackAsItCame(t *testing.T) {
	t.Parallel()
	got, err := side.Ours.Opened([]byte(`{"welcome":{"positions":[{"stream":"o:1","at":"e-3"}]}}`), nil)
	require.NoError(t, err)
	require.JSONEq(t, `{"hello":{"ticket":"t","positions":[{"stream":"o:1","at":"e-3"}]}}`, string(side.Ours.Hello(side.Identity{Ticket: "t"}, got)))

	// A reply may share its frame with what comes after it.
	got, err = side.Peer.Opened([]byte(`{"id":1,"connect":{"subs":{"o:1":{"recoverable":true,"epoch":"e","offset":3}}}}`+"\n{}"), nil)
	require.NoError(t, err)
	hello := side.Peer.Hello(side.Identity{User: "u", Topics: []string{"o:1"}}, got)
	require.True(t, json.Valid(hello))
	require.JSONEq(t, `{"id":1,"connect":{"token":"u|o:1","subs":{"o:1":{"recover":true,"epoch":"e","offset":3}}}}`, string(hello))
}

func TestPingsOfThePeer(t *testing.T) {
	t.Parallel()
	for frame, want := range map[string]bool{
		"{}": true, "{}\n{\"push\":{}}": true, "{\"push\":{}}\n{}": true, "{\"a\":1}\n{}\n{\"b\":2}": true,
		`{"push":{"identifier":{}}}`: false, "{\"a\":{}}\n{\"b\":{}}": false, "": false,
	} {
		require.Equal(t, want, side.IsTextPing([]byte(frame)), frame)
	}
}
