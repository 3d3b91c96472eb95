package scenario

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"converse/bench/load"
	"converse/bench/payload"
	"converse/bench/product"
	"converse/bench/side"
	"converse/bench/table"
)

// hookSide is one side of a webhook comparison: sessions that listen, one an org,
// and lanes that post.
type hookSide struct {
	dialect side.Dialect
	fleet   *load.Fleet
	lanes   *load.Lanes
	servers *servers // the floor's
	alive   func() error
}

// posting is how many connections webhooks come in by when they come at a rate.
const posting = 64

// webhook compares the time from posting a webhook to having read its frame, at a
// rate that does not wait.
func webhook(perSecond float64) func(context.Context, *Env, time.Duration) ([]table.Row, error) {
	return func(ctx context.Context, e *Env, span time.Duration) ([]table.Row, error) {
		name := fmt.Sprintf("webhook → frame, %.0f/s", perSecond)
		aim := &table.Aim{Most: true, Floor: true, Budget: 2.5, Stretch: 1.5}
		rows := []table.Row{{Scenario: name + ", p50", Unit: "ms", Aim: aim}, {Scenario: name + ", p99", Unit: "ms", Aim: aim}}
		ours, err := e.ourHooks(ctx, posting)
		if err != nil {
			return nil, fmt.Errorf("product: %w", err)
		}
		defer ours.close()
		bare, err := e.floorHooks(ctx, posting)
		if err != nil {
			return nil, fmt.Errorf("floor: %w", err)
		}
		defer bare.close()
		for rep := range e.Reps + 1 { // the first is to warm up
			for _, s := range []*hookSide{ours, bare} {
				m, err := s.atRate(ctx, perSecond, span)
				if err != nil {
					return nil, fmt.Errorf("%s: %w", s.dialect.Name, err)
				}
				e.Tell("%s %d/%d %s: p50 %.2f ms, p99 %.2f ms", name, rep, e.Reps, s.dialect.Name, m.ms(50), m.ms(99))
				if rep > 0 {
					add(&rows[0], s.dialect, m.ms(50))
					add(&rows[1], s.dialect, m.ms(99))
				}
			}
		}
		if n := ours.fleet.Repeats(); n > 0 {
			rows[0].Notes = append(rows[0].Notes, fmt.Sprintf("%d frames held an event for the second time", n))
		}
		profiled := fmt.Sprintf("webhook%.0f", perSecond)
		return rows, e.profile(ctx, profiled, []string{e.product.Internal}, span, func() error {
			_, err := ours.atRate(ctx, perSecond, span)
			return err
		})
	}
}

func (s *hookSide) atRate(ctx context.Context, perSecond float64, span time.Duration) (measured, error) {
	s.fleet.Latency()
	first := s.fleet.Delivered()
	n, err := s.lanes.AtRate(ctx, perSecond, span)
	if err == nil {
		err = s.fleet.Wait(ctx, first+int64(n))
	}
	if err == nil {
		err = s.alive()
	}
	return measured{deliveries: float64(n), latency: s.fleet.Latency()}, err
}

func (s *hookSide) close() {
	if s.lanes != nil {
		s.lanes.Close()
	}
	if s.fleet != nil {
		s.fleet.Close()
	}
	if s.servers != nil {
		s.servers.stop()
	}
}

// ourHooks opens a session for each org of the product.
func (e *Env) ourHooks(ctx context.Context, lanes int) (*hookSide, error) {
	p, err := e.startProduct(ctx)
	if err != nil {
		return nil, err
	}
	orgs, err := p.forHooks(ctx)
	if err != nil {
		return nil, err
	}
	s := &hookSide{dialect: side.Ours, alive: p.Err}
	// An event that was not marked in time is published again, which is allowed.
	if s.fleet, err = load.NewFleet(true); err != nil {
		return nil, err
	}
	if err := e.listen(ctx, p, orgs, s.fleet); err != nil {
		s.close()
		return nil, err
	}
	if s.lanes, err = load.NewLanes(p.Addr, 0, lanes, len(orgs), hookPost(orgs, runID())); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// listen opens one session an org.
func (e *Env) listen(ctx context.Context, p *productEnv, orgs []product.Org, f *load.Fleet) error {
	callers, stop, err := openCallers(p.Addr, 4)
	if err != nil {
		return err
	}
	defer stop()
	_, err = f.Open(ctx, side.Ours, len(orgs), 4, func(n int) load.Session {
		return load.Session{
			Addr: p.Addr, Topic: uint16(n), Prepare: ticket(callers, orgs[n].Users[0].Token), Identity: side.Identity{Topics: []string{orgs[n].Topic()}},
		}
	})
	return err
}

// floorHooks does the same with the floor.
func (e *Env) floorHooks(ctx context.Context, lanes int) (*hookSide, error) {
	database, err := e.startFloorDatabase(ctx)
	if err != nil {
		return nil, err
	}
	s := &hookSide{dialect: side.Floor, servers: &servers{env: e, dialect: side.Floor}}
	s.alive = s.servers.err
	if err := s.servers.add("floorhook", "-database", database.url); err != nil {
		return nil, err
	}
	if s.fleet, err = load.NewFleet(false); err != nil {
		s.close()
		return nil, err
	}
	people := crowd{topics: hookOrgs, sessions: hookOrgs}
	if err := people.open(ctx, s.servers, s.fleet); err != nil {
		s.close()
		return nil, err
	}
	run := runID()
	s.lanes, err = load.NewLanes(s.servers.addrs[0], 0, lanes, hookOrgs, func(c *load.Caller, m payload.Mark) error {
		conversation := int(m.Topic)*hookLeads + (int(m.Seq)+7*int(m.Lane))%hookLeads
		text := m.String()
		body := product.Body("12025550123", run+text[1:len(text)-1], text)
		_, err := c.Post("/hook?topic="+topic(int(m.Topic))+"&conversation="+strconv.Itoa(conversation), "Content-Type: application/json\r\n", body)
		return err
	})
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// runID keeps the provider's ids of two runs apart.
func runID() string { return strconv.FormatInt(time.Now().UnixNano(), 36) }
