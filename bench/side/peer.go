package side

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Peer is a server on the centrifuge library. Its subscriptions are made by the
// server with the connect command: one frame each way, the fewest it can do with.
var Peer = Dialect{
	Name:     "peer",
	Path:     func(Identity) string { return "/connection/websocket" },
	Hello:    peerHello,
	Opened:   peerOpened,
	TextPing: true,
	Body:     whole,
}

type peerSince struct {
	Recover bool   `json:"recover"`
	Epoch   string `json:"epoch"`
	Offset  uint64 `json:"offset"`
}

// Token is the identity as the peer's server reads it.
func Token(i Identity) string { return i.User + "|" + strings.Join(i.Topics, "|") }

func peerHello(i Identity, since []Position) []byte {
	type connect struct {
		Token string               `json:"token"`
		Subs  map[string]peerSince `json:"subs,omitempty"`
	}
	c := connect{Token: Token(i)}
	for _, p := range since {
		if c.Subs == nil {
			c.Subs = map[string]peerSince{}
		}
		c.Subs[p.Stream] = peerSince{Recover: true, Epoch: p.Epoch, Offset: p.Offset}
	}
	out, err := json.Marshal(map[string]any{"id": 1, "connect": c})
	if err != nil {
		panic(err) // strings and numbers can always be encoded
	}
	return out
}

func peerOpened(frame []byte, asked []Position) ([]Position, error) {
	var f struct {
		Connect *struct {
			Subs map[string]struct {
				Epoch       string
				Offset      uint64
				Recoverable bool
				Recovered   bool
			}
		}
		Error json.RawMessage
	}
	// Replies to one client may share a frame, a line each.
	if err := json.NewDecoder(bytes.NewReader(frame)).Decode(&f); err != nil {
		return nil, fmt.Errorf("read the connect reply: %w", err)
	}
	if f.Error != nil || f.Connect == nil {
		return nil, fmt.Errorf("the connect was refused: %s", f.Error)
	}
	var out []Position
	for stream, s := range f.Connect.Subs {
		if !s.Recoverable {
			return nil, fmt.Errorf("the stream %s cannot be recovered", stream)
		}
		out = append(out, Position{Stream: stream, Epoch: s.Epoch, Offset: s.Offset})
	}
	for _, p := range asked {
		if !f.Connect.Subs[p.Stream].Recovered {
			return nil, errors.New("the stream " + p.Stream + " was not recovered")
		}
	}
	return out, nil
}

// IsTextPing reports whether a frame of the peer holds a ping.
func IsTextPing(frame []byte) bool {
	if !bytes.HasPrefix(frame, []byte("{}")) {
		return bytes.HasSuffix(frame, []byte("\n{}")) || bytes.Contains(frame, []byte("\n{}\n"))
	}
	return len(frame) == 2 || frame[2] == '\n'
}

// Floor is the smallest broadcast server on gws. It says "open" once a socket is
// among those it writes to.
var Floor = Dialect{
	Name: "floor",
	Path: func(i Identity) string { return "/ws?topic=" + i.Topics[0] },
	Opened: func(frame []byte, _ []Position) ([]Position, error) {
		if string(frame) != "open" {
			return nil, errors.New("the first frame does not say that the socket is open")
		}
		return nil, nil
	},
	Body: whole,
}
