package scenario

import (
	"context"
	"errors"
	"fmt"
	"time"

	"converse/bench/host"
	"converse/bench/load"
	"converse/bench/side"
	"converse/bench/table"
)

// broadcast compares how many deliveries a second of a server's processor time
// makes. Deliveries are counted where they are read.
type broadcast struct {
	name   string
	topics int
	each   int // sessions a topic
	// perSecond is how many events are published a second; 0 means as many as go,
	// with at most window under way.
	perSecond float64
	window    int
	lanes     int
	// nodes share a Redis when there are several; events are published on the first.
	nodes int
	aim   table.Aim
}

// The scenarios. A is a crowd in one channel, B is agents in chats of their own; C
// and D are the same, saturated. The window lets the peer fill its frames of 16
// and keeps what waits for a session far below every limit.
var (
	scenarioA      = broadcast{"A 1 × 1,000, 20/s", 1, 1000, 20, 0, 1, 1, table.Aim{Budget: 1.2, Stretch: 1.5}}
	scenarioB      = broadcast{"B 2,000 × 2, 1,000/s", 2000, 2, 1000, 0, 8, 1, table.Aim{Budget: 1.3, Stretch: 1.6}}
	scenarioC      = broadcast{"C as A, saturated", 1, 1000, 0, 128, 8, 1, table.Aim{Budget: 1.0, Stretch: 1.3}}
	scenarioD      = broadcast{"D as B, saturated", 2000, 2, 0, 512, 16, 1, table.Aim{Budget: 1.3, Stretch: 1.6}}
	scenarioBRedis = broadcast{"B over Redis, 2 nodes", 2000, 2, 1000, 0, 8, 2, table.Aim{Budget: 1.3, Stretch: 1.6}}
)

// contender is one side of a broadcast, connected and ready.
type contender struct {
	*servers
	fleet *load.Fleet
	lanes *load.Lanes
	redis *host.Redis
}

func (b broadcast) run(ctx context.Context, e *Env, span time.Duration) ([]table.Row, error) {
	sides := []side.Dialect{side.Ours, side.Peer}
	if b.nodes == 1 {
		sides = append(sides, side.Floor)
	}
	if e.Quick {
		b.topics, b.each = e.few(b.topics), max(b.each/10, 2)
	}
	var redis *host.Redis
	if b.nodes > 1 {
		var err error
		if redis, err = host.StartRedis(ctx, e.Dir); err != nil {
			return nil, err
		}
		defer redis.Stop()
	}
	var contenders []*contender
	for _, d := range sides {
		c, err := b.prepare(ctx, e, d, redis)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", d.Name, err)
		}
		defer c.close()
		contenders = append(contenders, c)
	}
	row := table.Row{Scenario: b.name, Unit: "deliveries/CPU-s", Aim: &b.aim}
	notes := map[string]*samples{}
	for rep := range e.Reps + 1 { // the first is to warm up
		for _, c := range contenders {
			m, err := b.measure(ctx, c, span)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.dialect.Name, err)
			}
			e.Tell("%s %d/%d %s: %s", b.name, rep, e.Reps, c.dialect.Name, m)
			if rep == 0 {
				notes[c.dialect.Name] = &samples{}
				continue
			}
			add(&row, c.dialect, m.perCPU())
			notes[c.dialect.Name].add(m)
		}
	}
	for _, c := range contenders {
		row.Notes = append(row.Notes, c.dialect.Name+" "+notes[c.dialect.Name].String())
		if err := b.profile(ctx, e, c, span); err != nil {
			return nil, err
		}
	}
	return []table.Row{row}, nil
}

// prepare starts a side's servers and opens its sessions.
func (b broadcast) prepare(ctx context.Context, e *Env, d side.Dialect, redis *host.Redis) (*contender, error) {
	var args []string
	if redis != nil {
		args = append(args, "-redis", redis.Socket)
	}
	if d.Name == side.Ours.Name {
		args = append(args, "-org-only")
	}
	s, err := e.start(d, b.nodes, args...)
	if err != nil {
		return nil, err
	}
	c := &contender{servers: s, redis: redis}
	if c.fleet, err = load.NewFleet(false); err != nil {
		c.close()
		return nil, err
	}
	people := crowd{topics: b.topics, sessions: b.topics * b.each}
	if err := people.open(ctx, s, c.fleet); err != nil {
		c.close()
		return nil, err
	}
	if c.lanes, err = load.NewLanes(s.addrs[0], 0, b.lanes, b.topics, people.publish(d, e.maker)); err != nil {
		c.close()
		return nil, err
	}
	time.Sleep(time.Second) // presence and the like settle
	return c, nil
}

func (c *contender) close() {
	if c.lanes != nil {
		c.lanes.Close()
	}
	if c.fleet != nil {
		c.fleet.Close()
	}
	c.stop()
}

// measure publishes for a while, waits until all has arrived, and reads what the
// servers used for it.
func (b broadcast) measure(ctx context.Context, c *contender, span time.Duration) (measured, error) {
	c.fleet.Latency()
	first := c.fleet.Delivered()
	pids := c.pids()
	if c.redis != nil {
		pids = append(pids, c.redis.PID())
	}
	before, began := host.Used(pids...), time.Now()
	var n int
	var err error
	if b.perSecond > 0 {
		n, err = c.lanes.AtRate(ctx, b.perSecond, span)
	} else {
		n, err = c.lanes.Saturate(ctx, c.fleet, b.each, b.window, span)
	}
	if err == nil {
		err = c.fleet.Wait(ctx, first+int64(n*b.each))
	}
	if err = errors.Join(err, c.err()); err != nil {
		return measured{}, err
	}
	after, took := host.Used(pids...), time.Since(began)
	m := measured{deliveries: float64(n * b.each), took: took, latency: c.fleet.Latency()}
	if c.redis != nil {
		m.redis = after[c.redis.PID()] - before[c.redis.PID()]
	}
	m.cpu = after.Since(before) - m.redis
	// What was delivered without having been published would have failed the fleet.
	if got := c.fleet.Delivered() - first; got != int64(n*b.each) {
		return measured{}, fmt.Errorf("%d events were delivered where %d were due", got, n*b.each)
	}
	return m, nil
}

func (b broadcast) profile(ctx context.Context, e *Env, c *contender, span time.Duration) error {
	var bases []string
	for _, addr := range c.addrs {
		bases = append(bases, "http://"+addr)
	}
	return e.profile(ctx, b.name[:1]+fmt.Sprint(b.nodes)+"."+c.dialect.Name, bases, span, func() error {
		_, err := b.measure(ctx, c, span)
		return err
	})
}
