package history_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
	"google.golang.org/protobuf/encoding/protojson"

	conversev1 "converse/internal/gen/converse/v1"
)

// device is one screen of a user: a live session that comes back by itself, and the
// model it feeds.
type device struct {
	name string
	*caller
	log *chronicle
	d   *rand.Rand // of the session's goroutine alone

	mu      sync.Mutex // guards what follows
	model   *model
	places  map[string]string // where the device is in each stream
	live    bool
	session string
	asked   time.Duration // a server that goes away asked for this pause
	refetch bool          // something was missed for good
	gaps    map[string]bool
	glances []glance
	wake    chan struct{} // the mender has something to do
}

func newDevice(name string, c *caller, log *chronicle) *device {
	return &device{
		name: name, caller: c, log: log, d: dice(c.in.seed, "socket "+name), model: newModel(),
		places: map[string]string{}, gaps: map[string]bool{}, wake: make(chan struct{}, 1),
	}
}

// run keeps the device connected until the context ends.
func (d *device) run(ctx context.Context) {
	mending := make(chan struct{})
	go func() {
		defer close(mending)
		d.mend(ctx)
	}()
	defer func() { <-mending }()
	for attempt := 0; ctx.Err() == nil; {
		begun := time.Now()
		err := d.connect(ctx)
		d.mu.Lock()
		d.live = false
		wait := d.asked
		d.asked = 0
		d.mu.Unlock()
		if ctx.Err() != nil {
			return
		}
		d.log.note(d.name, "", "disconnected: %v", err)
		if time.Since(begun) > 5*time.Second {
			attempt = 0
		}
		if wait == 0 {
			// Full jitter, over a bound that doubles: the browser's, ten times faster.
			wait = time.Duration(d.d.Int64N(int64(min(3*time.Second, 50*time.Millisecond<<min(attempt, 10)))))
		}
		attempt++
		pause(ctx, wait)
	}
}

// welcomeLimit is how long a client waits from the dial to the welcome.
const welcomeLimit = 6 * time.Second

// connect opens one session and reads until it ends.
func (d *device) connect(ctx context.Context) error {
	ticket, err := ask(ctx, d.caller, func(ctx context.Context, s services) (*conversev1.CreateTicketResponse, error) {
		return s.auth.CreateTicket(ctx, &conversev1.CreateTicketRequest{})
	})
	if err != nil {
		return err
	}
	url := d.in.any(d.d)
	if url == "" {
		return errNobody
	}
	greeting, cancel := context.WithTimeout(ctx, welcomeLimit)
	defer cancel()
	socket, answer, err := websocket.Dial(greeting, strings.Replace(url, "http", "ws", 1)+"/ws", &websocket.DialOptions{
		HTTPClient: d.in.client, HTTPHeader: http.Header{"Origin": {d.in.balancer.URL}}, Subprotocols: []string{"converse.v1.json"},
	})
	if answer != nil && answer.Body != nil {
		_ = answer.Body.Close()
	}
	if err != nil {
		return err
	}
	defer socket.CloseNow()
	socket.SetReadLimit(8 << 20)
	if err := d.greet(greeting, socket, ticket.GetTicket()); err != nil {
		return err
	}
	for first := true; ; first = false {
		reading := ctx
		if first {
			reading = greeting
		}
		_, data, err := socket.Read(reading)
		if err != nil {
			return err
		}
		var f conversev1.ServerFrame
		if err := protojson.Unmarshal(data, &f); err != nil {
			return err
		}
		if first && f.GetWelcome() == nil {
			return errors.New("the first frame is no welcome")
		}
		d.hear(&f)
	}
}

func (d *device) greet(ctx context.Context, socket *websocket.Conn, ticket string) error {
	hello := &conversev1.Hello{Ticket: ticket}
	d.mu.Lock()
	for stream, at := range d.places {
		hello.Positions = append(hello.Positions, &conversev1.Position{Stream: stream, At: at})
	}
	d.mu.Unlock()
	data, err := protojson.Marshal(&conversev1.ClientFrame{Frame: &conversev1.ClientFrame_Hello{Hello: hello}})
	if err != nil {
		return err
	}
	return socket.Write(ctx, websocket.MessageText, data)
}

// hear applies a frame before the places move on, so that a session that breaks off
// in between loses nothing.
func (d *device) hear(f *conversev1.ServerFrame) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if f.GetClosing() != nil {
		d.asked = max(time.Millisecond, time.Duration(f.GetClosing().GetReconnectAfterMs())*time.Millisecond)
	}
	for _, b := range f.GetBatches() {
		for _, e := range b.GetEvents() {
			d.apply(e)
		}
	}
	if f.GetWelcome() != nil {
		d.welcome(f)
	}
	for _, r := range f.GetResets() {
		d.places[r.GetStream()] = r.GetAt()
		d.refetch = true
		d.poke()
		if f.GetWelcome() == nil {
			d.log.count("resets while live")
			d.log.note(d.name, "", "reset %s", r.GetStream())
		}
	}
	for _, b := range f.GetBatches() {
		if b.GetAt() != "" {
			d.places[b.GetStream()] = b.GetAt()
		}
	}
}

// welcome begins a session. A stream that is new to the device begins at the place
// that the welcome names; of one that resumes, the missed events follow.
func (d *device) welcome(f *conversev1.ServerFrame) {
	d.live, d.session = true, f.GetWelcome().GetSessionId()
	reset := map[string]bool{}
	for _, r := range f.GetResets() {
		reset[r.GetStream()] = true
	}
	for _, p := range f.GetWelcome().GetPositions() {
		_, known := d.places[p.GetStream()]
		switch {
		case !known:
			d.places[p.GetStream()] = p.GetAt()
			d.refetch = true
			d.poke()
		case reset[p.GetStream()]:
			d.log.count("resets")
			d.log.note(d.name, "", "connected, with a reset of %s", p.GetStream())
		default:
			d.log.count("resumes")
		}
	}
	d.log.note(d.name, "", "connected")
}

// apply takes one event; mu is held.
func (d *device) apply(e *conversev1.Event) {
	switch {
	case e.GetMessage() != nil:
		m := e.GetMessage().GetMessage()
		d.witness(m.GetConversationId(), m.GetId(), m.GetText(), m.GetStatus(), int(m.GetSeq()), false)
	case e.GetTick() != nil:
		k := e.GetTick()
		d.witness(k.GetConversationId(), k.GetMessageId(), "", k.GetStatus(), int(k.GetSeq()), true)
	}
	if t := d.model.apply(e); t != nil && t.hole() != 0 {
		d.gaps[t.id] = true
		d.poke()
	}
}

func (d *device) poke() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}
