package bus

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"converse/internal/chat"
)

// Memory is the bus of a single node: everything in this process.
type Memory struct {
	limits   Limits
	receiver Receiver
	presence presenceBoard
	rates    rates
	closed   atomic.Bool

	mu     sync.RWMutex // guards what follows, not what the streams hold
	topics map[chat.Topic]*stream
	swept  time.Time
}

// stream is one topic.
type stream struct {
	mu         sync.Mutex // held while delivering, so that order is that of offsets
	epoch      string
	entries    []Entry // the newest, contiguous
	offset     uint64
	subscribed bool
	touched    time.Time
	forgotten  bool // swept: whoever still holds it looks the topic up again
}

// NewMemory returns an empty bus. Start must be called before any other method.
func NewMemory(limits Limits) *Memory {
	return &Memory{limits: limits.orDefault(), topics: map[chat.Topic]*stream{}, swept: time.Now()}
}

// Start says who receives. It is called once.
func (m *Memory) Start(_ context.Context, r Receiver) error {
	m.receiver = r
	return nil
}

// Close ends delivery. Nothing runs in the background.
func (m *Memory) Close() error {
	m.closed.Store(true)
	return nil
}

// hold returns the topic's stream with its lock held.
func (m *Memory) hold(topic chat.Topic) *stream {
	for {
		s := m.find(topic)
		if s == nil {
			s = m.begin(topic)
		}
		s.mu.Lock()
		if !s.forgotten {
			return s
		}
		s.mu.Unlock()
	}
}

func (m *Memory) find(topic chat.Topic) *stream {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.topics[topic]
}

func (m *Memory) begin(topic chat.Topic) *stream {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	if now.Sub(m.swept) > m.limits.Idle {
		m.sweep(now)
	}
	s := m.topics[topic]
	if s == nil {
		s = &stream{epoch: newEpoch(), touched: now}
		m.topics[topic] = s
	}
	return s
}

// sweep forgets topics nobody follows that have been idle for long; mu must be
// held. Only a new topic makes the map grow, so that is when it is called.
func (m *Memory) sweep(now time.Time) {
	m.swept = now
	for topic, s := range m.topics {
		if !s.mu.TryLock() {
			continue // somebody uses it: not idle
		}
		if !s.subscribed && now.Sub(s.touched) > m.limits.Idle {
			s.forgotten = true
			delete(m.topics, topic)
		}
		s.mu.Unlock()
	}
}

func (s *stream) now() Position { return Position{Epoch: s.epoch, Offset: s.offset} }

// Publish appends events to their topics and delivers them before it returns.
func (m *Memory) Publish(_ context.Context, messages []Message) error {
	for _, message := range messages {
		m.publish(message)
	}
	return nil
}

func (m *Memory) publish(message Message) {
	s := m.hold(message.Topic)
	defer s.mu.Unlock()
	s.offset++
	s.touched = time.Now()
	e := Entry{Topic: message.Topic, Position: s.now(), Payload: message.Payload}
	// Trimming by half now and then keeps appending cheap.
	if keep := m.limits.Entries; len(s.entries) >= 2*keep {
		s.entries = append([]Entry(nil), s.entries[len(s.entries)-keep+1:]...)
	}
	s.entries = append(s.entries, e)
	if s.subscribed && !m.closed.Load() {
		m.receiver.Entry(e)
	}
}

// Signal delivers an event that is not kept.
func (m *Memory) Signal(_ context.Context, topic chat.Topic, payload []byte) error {
	s := m.find(topic)
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.subscribed && !m.closed.Load() {
		m.receiver.Signal(topic, payload)
	}
	return nil
}

// Subscribe begins delivery of a topic.
func (m *Memory) Subscribe(_ context.Context, topic chat.Topic) error {
	s := m.hold(topic)
	defer s.mu.Unlock()
	s.subscribed = true
	if !m.closed.Load() {
		m.receiver.Subscribed(topic)
	}
	return nil
}

// Unsubscribe ends delivery of a topic.
func (m *Memory) Unsubscribe(_ context.Context, topic chat.Topic) error {
	if s := m.find(topic); s != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.subscribed, s.touched = false, time.Now()
	}
	return nil
}

// History returns up to most entries after a position, and where the stream is now.
func (m *Memory) History(_ context.Context, topic chat.Topic, since Position, most int) (History, error) {
	s := m.hold(topic)
	defer s.mu.Unlock()
	h := History{Now: s.now()}
	first := s.offset - uint64(len(s.entries)) + 1
	if since.Epoch != s.epoch || since.Offset > s.offset || since.Offset+1 < first {
		return h, nil
	}
	h.Complete = true
	rest := s.entries[since.Offset+1-first:]
	h.Entries = append(h.Entries, rest[:min(most, len(rest))]...)
	return h, nil
}

// Positions returns where streams are now, the zero Position for one that has not
// begun, and keeps the streams from being forgotten while somebody asks.
func (m *Memory) Positions(_ context.Context, topics []chat.Topic) ([]Position, error) {
	out := make([]Position, len(topics))
	for i, topic := range topics {
		if s := m.find(topic); s != nil {
			s.mu.Lock()
			out[i], s.touched = s.now(), time.Now()
			s.mu.Unlock()
		}
	}
	return out, nil
}

// SetPresence says how a user is reachable through a node, until the time given.
func (m *Memory) SetPresence(_ context.Context, marks []PresenceMark) error {
	m.presence.set(marks)
	return nil
}

// Presence lists the users of an org who are not offline.
func (m *Memory) Presence(_ context.Context, org chat.OrgID) ([]chat.Presence, error) {
	return m.presence.list(org, time.Now()), nil
}
