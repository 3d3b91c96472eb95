// Package side says how a client of each side talks: our hub, the peer
// (centrifuge) and the floor (gws).
//
// It owns the first frames of a session, with and without resuming, and what
// publishing one event looks like. All three speak JSON text, as browsers do. It
// promises that a session counts as open only once the server has said so, and
// that a session that was to resume and was told to start over is an error.
//
// It must not know how many sessions there are, nor what is measured.
package side

import "converse/bench/payload"

// Identity is who a session belongs to and what it follows.
type Identity struct {
	Org, User string
	// Topics are what the session is to follow. Our hub derives them from who it is.
	Topics []string
	// Ticket opens one session of ours.
	Ticket string
}

// Position is a place in a stream.
type Position struct {
	Stream, Epoch string
	// Offset is the peer's; ours is opaque and stands in Epoch.
	Offset uint64
}

// Dialect is how one side is spoken to.
type Dialect struct {
	Name string
	// Protocol is the websocket subprotocol.
	Protocol string
	// Path is where a session's socket is.
	Path func(Identity) string
	// Hello is the first frame of a client; nil for none. Positions are where it
	// left off, empty for a new one.
	Hello func(Identity, []Position) []byte
	// Opened reads the server's first frame: where the session is now.
	Opened func(frame []byte, asked []Position) ([]Position, error)
	// TextPing: the server pings with the text frame {}, and wants the same back.
	TextPing bool
	// Body is what is posted to publish an event with that text.
	Body func(m payload.Maker, text string) ([]byte, error)
}

// whole is for sides that are given the event as it stands in a frame.
func whole(m payload.Maker, text string) ([]byte, error) { return m.JSON(text) }
