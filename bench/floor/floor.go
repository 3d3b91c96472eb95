// Package floor is the smallest broadcast server we know: gws and a list of
// sockets a topic.
//
// It owns nothing else: no history, no positions, no pings, no authentication, and
// its frames hold the payload alone. It shows what the machine can do, and is
// nobody's competitor.
//
// It must not be told anything about the load.
package floor

import (
	"net/http"
	"slices"
	"sync"

	"github.com/lxzan/gws"

	"converse/bench/serve"
)

// Topics are the sockets of each topic. It is the handler of all of them.
type Topics struct {
	gws.BuiltinEventHandler
	upgrader *gws.Upgrader

	mu      sync.RWMutex // guards what follows
	sockets map[string][]*gws.Conn
	open    int
}

// topicKey is where a socket keeps the name of its topic.
const topicKey = "topic"

// NewTopics returns an empty list.
func NewTopics() *Topics {
	t := &Topics{sockets: map[string][]*gws.Conn{}}
	t.upgrader = gws.NewUpgrader(t, nil)
	return t
}

// Main runs the server.
func Main([]string) error {
	s, err := serve.New()
	if err != nil {
		return err
	}
	t := NewTopics()
	s.Mux.Handle("/ws", t)
	s.Publish(func(_ *http.Request, topic string, body []byte) error {
		t.Broadcast(topic, body)
		return nil
	})
	return s.Run(t.Len)
}

// ServeHTTP opens a socket that follows ?topic=….
func (t *Topics) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	topic := r.URL.Query().Get("topic")
	socket, err := t.upgrader.Upgrade(w, r)
	if err != nil {
		return // the upgrader has answered
	}
	socket.Session().Store(topicKey, topic)
	t.mu.Lock()
	t.sockets[topic] = append(t.sockets[topic], socket)
	t.open++
	t.mu.Unlock()
	_ = socket.WriteString("open") // a socket that is gone is found by its reader
	// gws asks for a goroutine here, so that the request can be freed.
	go socket.ReadLoop()
}

// OnClose implements gws.Event.
func (t *Topics) OnClose(socket *gws.Conn, _ error) {
	value, _ := socket.Session().Load(topicKey)
	topic, _ := value.(string)
	t.mu.Lock()
	defer t.mu.Unlock()
	if i := slices.Index(t.sockets[topic], socket); i >= 0 {
		t.sockets[topic] = slices.Delete(t.sockets[topic], i, i+1)
		t.open--
	}
}

// Broadcast writes a text frame to every socket of a topic.
func (t *Topics) Broadcast(topic string, payload []byte) {
	b := gws.NewBroadcaster(gws.OpcodeText, payload)
	defer func() { _ = b.Close() }() // it returns a buffer
	t.mu.RLock()
	defer t.mu.RUnlock()
	for _, socket := range t.sockets[topic] {
		_ = b.Broadcast(socket) // a socket that is gone is found by its reader
	}
}

// Len is how many sockets are open.
func (t *Topics) Len() int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.open
}
