package scenario

import (
	"context"
	"fmt"
	"time"

	"converse/bench/host"
	"converse/bench/load"
	"converse/bench/side"
	"converse/bench/table"
)

const (
	// missed is how many events a topic gets while its sessions are away.
	missed = 5
	// storming is how many clients come back at the same moment.
	storming = 256
	// away is how long sessions are open before they are dropped: longer than any
	// answer about a token is remembered.
	away = 6 * time.Second
)

// storm is one side's ten thousand sessions.
type storm struct {
	dialect  side.Dialect
	sessions int
	session  func(n int) load.Session
	// miss publishes the events that sessions miss; empty waits until the server has
	// noticed that they are gone.
	miss, empty func(ctx context.Context) error
	// server is the process that is compared; beside are those it needs besides.
	server  int
	beside  func() []int
	alive   func() error
	profile []string
}

// stormed is what one repetition gave, each: microseconds of processor time and
// how many came back a second.
type stormed struct{ server, beside, rate float64 }

// reconnect compares the processor time of a server for each of ten thousand
// sessions that come back at once and resume: on our side the real product, with a
// fresh ticket for each; on the peer's a connect command that recovers.
func reconnect(ctx context.Context, e *Env, _ time.Duration) ([]table.Row, error) {
	ours, stopOurs, err := e.ourStorm(ctx)
	if err != nil {
		return nil, fmt.Errorf("product: %w", err)
	}
	defer stopOurs()
	peer, stopPeer, err := e.peerStorm(ctx)
	if err != nil {
		return nil, fmt.Errorf("peer: %w", err)
	}
	defer stopPeer()
	row := table.Row{Scenario: "reconnect storm", Unit: "µs CPU each", Aim: &table.Aim{Most: true, Budget: 1.5, Stretch: 1.0}}
	whole := table.Row{Scenario: "the same, with PostgreSQL", Unit: "µs CPU each"}
	var rates [2][]float64
	for rep := range e.Reps {
		for i, s := range []*storm{ours, peer} {
			m, err := s.run(ctx)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", s.dialect.Name, err)
			}
			e.Tell("reconnect %d/%d %s: %.0f µs (and %.0f µs beside) each, %.0f/s", rep+1, e.Reps, s.dialect.Name, m.server, m.beside, m.rate)
			add(&row, s.dialect, m.server)
			add(&whole, s.dialect, m.server+m.beside)
			rates[i] = append(rates[i], m.rate)
		}
	}
	row.Notes = append(row.Notes, fmt.Sprintf("%d sessions, %d missed events each, none lost; ours %.0f/s, peer %.0f/s",
		ours.sessions, missed, table.Median(rates[0]), table.Median(rates[1])))
	for _, s := range []*storm{ours, peer} {
		err := e.profile(ctx, "reconnect."+s.dialect.Name, s.profile, 20*time.Second, func() error {
			_, err := s.run(ctx)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return []table.Row{row, whole}, nil
}

// run opens all sessions, drops them at once, lets events pass, and measures how
// all come back and get what they missed.
func (s *storm) run(ctx context.Context) (stormed, error) {
	f, err := load.NewFleet(true)
	if err != nil {
		return stormed{}, err
	}
	began := time.Now()
	places, err := f.Open(ctx, s.dialect, s.sessions, connecting, s.session)
	if err == nil {
		time.Sleep(time.Until(began.Add(away)))
		time.Sleep(time.Second)
		err = f.Err()
	}
	f.Close()
	if err == nil {
		err = s.empty(ctx)
	}
	if err == nil {
		err = s.miss(ctx)
	}
	if err != nil {
		return stormed{}, err
	}
	time.Sleep(time.Second)
	return s.back(ctx, places)
}

func (s *storm) back(ctx context.Context, places load.Opened) (stormed, error) {
	f, err := load.NewFleet(false)
	if err != nil {
		return stormed{}, err
	}
	defer f.Close()
	beside := s.beside()
	server, besides, began := host.Used(s.server), host.Used(beside...), time.Now()
	_, err = f.Open(ctx, s.dialect, s.sessions, storming, func(n int) load.Session {
		session := s.session(n)
		session.Since = places[n]
		return session
	})
	if err == nil {
		err = f.Wait(ctx, int64(s.sessions*missed))
	}
	if err == nil {
		err = s.alive()
	}
	if err != nil {
		return stormed{}, err
	}
	took, each := time.Since(began), 1e6/float64(s.sessions)
	m := stormed{
		server: host.Used(s.server).Since(server).Seconds() * each,
		beside: host.Used(beside...).Since(besides).Seconds() * each,
		rate:   float64(s.sessions) / took.Seconds(),
	}
	f.Close()
	return m, s.empty(ctx)
}

// ourStorm makes the crowd in the product: orgs of 50 users, one session each.
func (e *Env) ourStorm(ctx context.Context) (*storm, func(), error) {
	p, err := e.startProduct(ctx)
	if err != nil {
		return nil, nil, err
	}
	const users = 50
	if p.crowd == nil {
		e.Tell("making %d users", e.few(200)*users)
		if p.crowd, err = p.Seed(ctx, e.few(200), users, 1); err != nil {
			return nil, nil, err
		}
	}
	orgs := p.crowd
	callers, stop, err := openCallers(p.Addr, connecting)
	if err != nil {
		return nil, nil, err
	}
	return &storm{
		dialect: side.Ours, sessions: len(orgs) * users, server: p.PID(), beside: p.Database, alive: p.Err, profile: []string{p.Internal},
		session: func(n int) load.Session {
			org := orgs[n%len(orgs)]
			return load.Session{
				Addr: p.Addr, Topic: uint16(n % len(orgs)), Prepare: ticket(callers, org.Users[n/len(orgs)].Token),
				Identity: side.Identity{Topics: []string{org.Topic()}},
			}
		},
		miss: func(ctx context.Context) error { return round(ctx, p.Addr, len(orgs), hookPost(orgs, runID())) },
		empty: func(ctx context.Context) error {
			return eventually(ctx, func() (bool, error) {
				n, err := p.Sessions(ctx)
				return n == 0, err
			})
		},
	}, stop, nil
}

// peerStorm makes the same crowd on the peer.
func (e *Env) peerStorm(ctx context.Context) (*storm, func(), error) {
	s, err := e.start(side.Peer, 1)
	if err != nil {
		return nil, nil, err
	}
	c := crowd{topics: e.few(200), sessions: e.few(10_000), own: true}
	return &storm{
		dialect: side.Peer, sessions: c.sessions, server: s.pids()[0], beside: func() []int { return nil }, alive: s.err,
		profile: []string{"http://" + s.addrs[0]},
		session: func(n int) load.Session {
			return load.Session{Addr: s.addrs[0], Topic: uint16(n % c.topics), Identity: c.identity(n)}
		},
		miss: func(ctx context.Context) error {
			return round(ctx, s.addrs[0], c.topics, c.publish(s.dialect, e.maker))
		},
		empty: s.empty,
	}, s.stop, nil
}

// round publishes what is missed to every topic.
func round(ctx context.Context, addr string, topics int, post load.Post) error {
	lanes, err := load.NewLanes(addr, 0, 8, topics, post)
	if err != nil {
		return err
	}
	defer lanes.Close()
	return lanes.Round(ctx, missed)
}
