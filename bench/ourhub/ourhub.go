// Package ourhub is our side as a small server: the hub and the bus of the product
// behind a guard whose tickets are in memory, and a way to publish.
//
// It owns the tickets, which are handed in before sessions come. It promises to do
// with an event what the feed does: it is given the event as it was stored, and gives
// it to the bus.
// Nothing of the hub is switched off but the second topic of a session where the
// comparison is about one.
//
// It must not be told anything about the load.
package ourhub

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"sync"

	"github.com/redis/go-redis/v9"

	"converse/bench/serve"
	"converse/hub"
	"converse/internal/bus"
	"converse/internal/chat"
)

// Ticket opens one session.
type Ticket struct {
	Word   string `json:"word"`
	Org    string `json:"org"`
	User   string `json:"user"`
	SignIn string `json:"signIn"`
}

// Main runs the server with the arguments of its command line.
func Main(args []string) error {
	flags := flag.NewFlagSet("ourhub", flag.ContinueOnError)
	redisSocket := flags.String("redis", "", "socket of a Redis to use as the bus; none means memory")
	node := flags.String("node", "bench", "name of the node")
	orgOnly := flags.Bool("org-only", false, "sessions follow their org's topic and no other")
	if err := flags.Parse(args); err != nil {
		return err
	}
	s, err := serve.New()
	if err != nil {
		return err
	}
	b := newBus(*redisSocket)
	g := &guard{tickets: map[string]chat.Principal{}}
	options := hub.Options{Node: *node, Origins: []string{"http://" + s.Addr}, Follows: chat.Follows}
	if *orgOnly {
		options.Follows = func(p chat.Principal) []chat.Topic { return []chat.Topic{chat.OrgTopic(p.Org)} }
	}
	h := hub.New(b, g, options)
	if err := h.Start(context.Background()); err != nil {
		return fmt.Errorf("start hub: %w", err)
	}
	s.Mux.Handle("/ws", h)
	s.Mux.Handle("POST /tickets", g)
	s.Publish(func(r *http.Request, topic string, body []byte) error {
		return b.Publish(r.Context(), []bus.Message{{Topic: chat.Topic(topic), Payload: body}})
	})
	return s.Run(h.Sessions)
}

// publishingBus is what the hub and publishing need of a bus.
type publishingBus interface {
	hub.Bus
	Publish(ctx context.Context, messages []bus.Message) error
}

func newBus(redisSocket string) publishingBus {
	if redisSocket == "" {
		return bus.NewMemory(bus.Limits{})
	}
	client := redis.NewClient(&redis.Options{Network: "unix", Addr: redisSocket})
	return bus.NewRedis(client, bus.RedisOptions{})
}

// guard knows tickets.
type guard struct {
	mu      sync.Mutex // guards tickets
	tickets map[string]chat.Principal
}

// ServeHTTP takes a list of tickets.
func (g *guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var list []Ticket
	if err := json.NewDecoder(r.Body).Decode(&list); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, t := range list {
		g.tickets[t.Word] = chat.Principal{
			Org: chat.OrgID(t.Org), User: chat.UserID(t.User), SignIn: chat.SignInID(t.SignIn), Name: "Somebody", Role: chat.RoleSalesUser,
		}
	}
	w.WriteHeader(http.StatusNoContent)
}

// TakeTicket implements hub.Guard.
func (g *guard) TakeTicket(_ context.Context, word string) (chat.Principal, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	p, ok := g.tickets[word]
	if !ok {
		return chat.Principal{}, &chat.Error{Code: chat.CodeUnauthenticated, Message: "unknown ticket"}
	}
	delete(g.tickets, word)
	if len(g.tickets) == 0 {
		g.tickets = map[string]chat.Principal{} // an emptied map keeps its memory, which is no session's
	}
	return p, nil
}

// Fallen implements hub.Guard: no sign-in ends here.
func (*guard) Fallen(context.Context, chat.OrgID, []chat.Standing) ([]chat.Fallen, error) {
	return nil, nil
}
