package side

import (
	"encoding/json"
	"errors"
	"fmt"

	"converse/bench/payload"
)

// Ours is our hub, at /ws in the product and in the bench's small server.
var Ours = Dialect{
	Name: "ours", Protocol: "converse.v1.json",
	Path:   func(Identity) string { return "/ws" },
	Hello:  ourHello,
	Opened: ourOpened,
	// The event as it stands in the database, which is how the product's feed gets it.
	Body: func(m payload.Maker, text string) ([]byte, error) { return m.Stored(text) },
}

type ourPosition struct {
	Stream string `json:"stream"`
	At     string `json:"at"`
}

func ourHello(i Identity, since []Position) []byte {
	type hello struct {
		Ticket    string        `json:"ticket"`
		Positions []ourPosition `json:"positions,omitempty"`
	}
	h := hello{Ticket: i.Ticket}
	for _, p := range since {
		h.Positions = append(h.Positions, ourPosition{p.Stream, p.Epoch})
	}
	out, err := json.Marshal(map[string]hello{"hello": h})
	if err != nil {
		panic(err) // strings can always be encoded
	}
	return out
}

func ourOpened(frame []byte, _ []Position) ([]Position, error) {
	var f struct {
		Welcome *struct{ Positions []ourPosition }
		Resets  []ourPosition
	}
	if err := json.Unmarshal(frame, &f); err != nil {
		return nil, fmt.Errorf("read the welcome: %w", err)
	}
	if f.Welcome == nil {
		return nil, errors.New("the first frame is no welcome")
	}
	if len(f.Resets) > 0 {
		return nil, fmt.Errorf("the stream %s was reset", f.Resets[0].Stream)
	}
	var out []Position
	for _, p := range f.Welcome.Positions {
		out = append(out, Position{Stream: p.Stream, Epoch: p.At})
	}
	return out, nil
}
