package load

import (
	"context"
	"fmt"
	"net"

	"golang.org/x/sync/errgroup"

	"converse/bench/side"
	"converse/bench/socket"
)

// Session says how one session is to be opened.
type Session struct {
	// Addr is the server's host:port.
	Addr string
	// Topic is the number of the topic it gets events of.
	Topic    uint16
	Identity side.Identity
	// Since is where it left off; empty for a new one.
	Since []side.Position
	// Prepare, when set, is called before it connects, to get a ticket for example.
	Prepare func(context.Context, *side.Identity) error
}

// Opened is where a session is after it was opened, by its number.
type Opened [][]side.Position

// Open opens n sessions, up to workers at a time, and adds them to the fleet.
func (f *Fleet) Open(ctx context.Context, d side.Dialect, n, workers int, session func(int) Session) (Opened, error) {
	out := make(Opened, n)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	for i := range n {
		if ctx.Err() != nil {
			break
		}
		group.Go(func() error {
			var err error
			if out[i], err = f.open(ctx, d, i, session(i)); err != nil {
				return fmt.Errorf("open session %d of %s: %w", i, d.Name, err)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return out, f.Err()
}

func (f *Fleet) open(ctx context.Context, d side.Dialect, i int, s Session) ([]side.Position, error) {
	if s.Prepare != nil {
		if err := s.Prepare(ctx, &s.Identity); err != nil {
			return nil, err
		}
	}
	c, err := socket.Dial(ctx, socket.Target{
		Addr: s.Addr, Path: d.Path(s.Identity), Origin: "http://" + s.Addr, Protocol: d.Protocol, Source: source(i),
	})
	if err != nil {
		return nil, err
	}
	defer c.Close()
	if d.Hello != nil {
		if err := c.Send(d.Hello(s.Identity, s.Since)); err != nil {
			return nil, err
		}
	}
	first, err := c.Next()
	if err != nil {
		return nil, err
	}
	positions, err := d.Opened(first, s.Since)
	if err != nil {
		return nil, err
	}
	// A resumed session may have got what it missed in the same frame.
	c.Return(first)
	return positions, f.Add(c, s.Topic, d)
}

// source spreads sessions over local addresses.
func source(i int) net.IP { return net.IPv4(127, 0, 0, byte(1+i%16)) }
