package scenario

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"converse/bench/floorhook"
	"converse/bench/load"
	"converse/bench/payload"
	"converse/bench/product"
	"converse/bench/side"
	"converse/internal/localdb"
)

// productEnv is the product with the people of the scenarios that need it.
type productEnv struct {
	*product.Product
	// hooks are orgs with one user and many leads each, crowd are orgs with many users.
	hooks, crowd []product.Org
}

// How many orgs there are for webhooks, and leads in each: enough that two webhooks
// seldom meet in one conversation.
const (
	hookOrgs  = 20
	hookLeads = 50
)

// startProduct starts the product, once for all scenarios.
func (e *Env) startProduct(ctx context.Context) (*productEnv, error) {
	if e.product != nil {
		return e.product, e.product.Err()
	}
	e.Tell("starting the product")
	p, err := product.Start(ctx, e.Converse, e.Dir)
	if err != nil {
		return nil, err
	}
	e.product = &productEnv{Product: p}
	return e.product, nil
}

func (p *productEnv) stop() { p.Stop() }

// forHooks makes the orgs for webhooks, once, and lets every lead write for the
// first time, which makes the conversation: in what is measured all are known.
func (p *productEnv) forHooks(ctx context.Context) ([]product.Org, error) {
	if p.hooks != nil {
		return p.hooks, nil
	}
	orgs, err := p.Seed(ctx, hookOrgs, 1, hookLeads)
	if err != nil {
		return nil, err
	}
	first := hookPost(orgs, "first")
	lanes, err := load.NewLanes(p.Addr, 0, 8, len(orgs), first)
	if err != nil {
		return nil, err
	}
	defer lanes.Close()
	if err := lanes.Round(ctx, hookLeads); err != nil {
		return nil, fmt.Errorf("let every lead write: %w", err)
	}
	if err := p.Analyze(ctx); err != nil {
		return nil, err
	}
	p.hooks = orgs
	return orgs, nil
}

// hookPost posts webhooks to the product: an event's topic is the org, and its
// leads take turns. run keeps the provider's ids of two runs apart.
func hookPost(orgs []product.Org, run string) load.Post {
	return func(c *load.Caller, m payload.Mark) error {
		org := orgs[m.Topic]
		lead := org.Leads[(int(m.Seq)+7*int(m.Lane))%len(org.Leads)]
		text := m.String()
		body := product.Body(lead, run+text[1:len(text)-1], text)
		_, err := c.Post(org.Hook.Path(), org.Hook.Headers(body), body)
		return err
	}
}

// ticket gets one user a ticket, over one of a few connections that stay open.
func ticket(callers chan *load.Caller, token string) func(context.Context, *side.Identity) error {
	return func(ctx context.Context, i *side.Identity) error {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case c := <-callers:
			defer func() { callers <- c }()
			var err error
			i.Ticket, err = product.Ticket(c, token)
			return err
		}
	}
}

// openCallers connects n times.
func openCallers(addr string, n int) (callers chan *load.Caller, stop func(), err error) {
	callers = make(chan *load.Caller, n)
	stop = func() {
		for range n {
			(<-callers).Close()
		}
	}
	for i := range n {
		c, err := load.NewCaller(addr)
		if err != nil {
			n = i
			stop()
			return nil, nil, err
		}
		callers <- c
	}
	return callers, stop, nil
}

// floorDatabase is a private PostgreSQL like the product's, for the floors.
type floorDatabase struct {
	*localdb.Server
	url string
}

// startFloorDatabase starts it, once for all scenarios.
func (e *Env) startFloorDatabase(ctx context.Context) (*floorDatabase, error) {
	if e.database != nil {
		return e.database, nil
	}
	dir := filepath.Join(e.Dir, "floor")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	server, err := localdb.Start(ctx, localdb.Options{Dir: dir})
	if err != nil {
		return nil, err
	}
	e.database = &floorDatabase{Server: server, url: server.URL("")}
	return e.database, floorhook.Make(ctx, e.database.url)
}

func (d *floorDatabase) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	_ = d.Stop(ctx) // it dies with us at the latest
}
