package hub_test

import (
	"context"
	"sync"

	"converse/internal/bus"
	"converse/internal/chat"
)

// gate is a memory bus whose answers and deliveries a test can hold up, fail, lose
// and make up.
type gate struct {
	*bus.Memory

	mu       sync.Mutex
	receiver bus.Receiver
	fail     error // of History, Positions and presence
	deaf     bool  // entries are lost on their way
	looks    int   // calls of History
	// history is called after each look and may change what it found.
	history func(topic chat.Topic, since bus.Position, h *bus.History)
}

func newGate() *gate { return &gate{Memory: bus.NewMemory(bus.Limits{})} }

func (g *gate) set(change func(*gate)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	change(g)
}

func (g *gate) Start(ctx context.Context, r bus.Receiver) error {
	g.receiver = r
	return g.Memory.Start(ctx, gateReceiver{g, r})
}

func (g *gate) failure() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.fail
}

func (g *gate) looked() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.looks
}

func (g *gate) History(ctx context.Context, topic chat.Topic, since bus.Position, most int) (bus.History, error) {
	g.mu.Lock()
	g.looks++
	fail, change := g.fail, g.history
	g.mu.Unlock()
	if fail != nil {
		return bus.History{}, fail
	}
	h, err := g.Memory.History(ctx, topic, since, most)
	if change != nil {
		change(topic, since, &h)
	}
	return h, err
}

func (g *gate) Positions(ctx context.Context, topics []chat.Topic) ([]bus.Position, error) {
	if err := g.failure(); err != nil {
		return nil, err
	}
	return g.Memory.Positions(ctx, topics)
}

func (g *gate) SetPresence(ctx context.Context, marks []bus.PresenceMark) error {
	if err := g.failure(); err != nil {
		return err
	}
	return g.Memory.SetPresence(ctx, marks)
}

func (g *gate) Presence(ctx context.Context, org chat.OrgID) ([]chat.Presence, error) {
	if err := g.failure(); err != nil {
		return nil, err
	}
	return g.Memory.Presence(ctx, org)
}

// gateReceiver stands between the bus and the hub.
type gateReceiver struct {
	gate *gate
	bus.Receiver
}

func (r gateReceiver) Entry(e bus.Entry) {
	r.gate.mu.Lock()
	deaf := r.gate.deaf
	r.gate.mu.Unlock()
	if !deaf {
		r.Receiver.Entry(e)
	}
}
