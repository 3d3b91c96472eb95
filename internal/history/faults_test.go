package history_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"converse/internal/sandbox/fault"
	"converse/internal/testkit"
)

// The kinds of faults that a run plays, each at least once when it has time.
const (
	killNode      = "kill -9 a node"
	killBoth      = "kill -9 both nodes"
	drainNode     = "SIGTERM a node"
	freezeNode    = "freeze a node past its lease"
	killRedis     = "kill Redis and start it empty"
	cutPubsub     = "cut the subscriptions in Redis"
	crashPostgres = "stop PostgreSQL without a word"
	crashBoth     = "PostgreSQL and Redis at once"
)

// step is one act of the plan: something is broken, or put right again.
type step struct {
	at   time.Duration
	what string
	do   func()
}

// plan is what will be broken and when, decided before anything happens.
type plan struct {
	steps []step
	// planned counts the faults by kind.
	planned map[string]int
}

// storm breaks an installation.
type storm struct {
	t        testing.TB
	in       *installation
	postgres *testkit.PostgresCluster
	log      *chronicle
	dice     *rand.Rand
	// free is when each part may be broken again.
	free map[string]time.Duration
	plan plan
	// coming are nodes on their way back.
	coming sync.WaitGroup
}

func newStorm(t testing.TB, in *installation, postgres *testkit.PostgresCluster, log *chronicle) *storm {
	return &storm{
		t: t, in: in, postgres: postgres, log: log, dice: dice(in.seed, "storm"), free: map[string]time.Duration{},
		plan: plan{planned: map[string]int{}},
	}
}

// kinds lists every fault once, the two nodes included where one is hurt.
func kinds() []string {
	return []string{
		killNode + " a", killNode + " b", killBoth, drainNode + " a", drainNode + " b", freezeNode,
		killRedis, cutPubsub, crashPostgres, crashBoth,
	}
}

// prepare decides everything up to a length: each kind once in an order of chance,
// then a few more, so that there is calm to work in between. Different parts break at the same time; one
// part has to be whole again before it breaks anew.
func (s *storm) prepare(length time.Duration) {
	list := kinds()
	s.dice.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	// The longest first, so that it fits.
	slices.SortStableFunc(list, func(a, b string) int { return rankOf(b) - rankOf(a) })
	for _, kind := range list {
		s.add(kind, length)
	}
	for range int(length / (15 * time.Second)) {
		s.add(list[s.dice.IntN(len(list))], length)
	}
	slices.SortStableFunc(s.plan.steps, func(a, b step) int { return int(a.at - b.at) })
}

func rankOf(kind string) int {
	if kind == freezeNode {
		return 1
	}
	return 0
}

// between is a random span.
func (s *storm) between(least, most time.Duration) time.Duration {
	return least + time.Duration(s.dice.Int64N(int64(most-least)))
}

// add plans one fault if it is over before the end.
func (s *storm) add(kind string, length time.Duration) {
	parts, lasts := s.partsOf(kind), s.between(300*time.Millisecond, 1800*time.Millisecond)
	if kind == freezeNode {
		lasts = lease + s.between(time.Second, 3*time.Second)
	}
	var from time.Duration
	for _, part := range parts {
		from = max(from, s.free[part])
	}
	from += s.between(500*time.Millisecond, 3*time.Second)
	until := from + lasts
	if until > length {
		return
	}
	for _, part := range parts {
		s.free[part] = until + time.Second // a node needs that to begin its work
	}
	s.plan.planned[kind]++
	s.set(kind, parts, from, until)
}

// partsOf says what a fault breaks.
func (s *storm) partsOf(kind string) []string {
	switch kind {
	case killNode + " a", drainNode + " a":
		return []string{"a"}
	case killNode + " b", drainNode + " b":
		return []string{"b"}
	case killBoth:
		return []string{"a", "b"}
	case freezeNode:
		return []string{[]string{"a", "b"}[s.dice.IntN(2)]}
	case killRedis, cutPubsub:
		return []string{"redis"}
	case crashPostgres:
		return []string{"postgres"}
	}
	return []string{"postgres", "redis"}
}

// set writes the two steps of a fault into the plan.
func (s *storm) set(kind string, parts []string, from, until time.Duration) {
	harm, mend := s.acts(kind, parts)
	var begun time.Duration
	s.plan.steps = append(s.plan.steps,
		step{from, kind, func() {
			begun = s.log.now()
			s.log.note("storm", "", "%s %v", kind, parts)
			harm()
		}},
		step{until, kind + " ends", func() {
			mend()
			s.log.hurt(hurt{Kind: kind, Target: fmt.Sprint(parts), From: begun, Until: s.log.now()})
			s.log.note("storm", "", "%s %v is over", kind, parts)
		}})
}

// acts are what a fault does, and what puts it right.
func (s *storm) acts(kind string, parts []string) (harm, mend func()) {
	var nodes []*node
	for _, n := range s.in.nodes {
		if slices.Contains(parts, n.name) {
			nodes = append(nodes, n)
		}
	}
	each := func(act func(*node)) func() {
		return func() {
			for _, n := range nodes {
				act(n)
			}
		}
	}
	restart := each(func(n *node) {
		// Beside the other steps: it may have to wait for one of them.
		s.coming.Go(func() {
			if why := n.comeBack(s.t.Context()); why != "" {
				s.t.Errorf("node %s does not come back: %s", n.name, why)
			}
		})
	})
	switch kind {
	case drainNode + " a", drainNode + " b":
		return each((*node).terminate), restart
	case freezeNode:
		return each((*node).freeze), each((*node).thaw)
	case killRedis:
		return s.in.redis.Kill, s.in.redis.Start
	case cutPubsub:
		return s.cut, func() {}
	case crashPostgres:
		return s.postgres.Crash, s.postgres.Start
	case crashBoth:
		return func() { s.postgres.Crash(); s.in.redis.Kill() }, func() { s.in.redis.Start(); s.postgres.Start() }
	}
	return each((*node).kill), restart
}

// cut closes every subscribing connection at Redis. That it cannot be reached just
// now is no harm: the next one may.
func (s *storm) cut() {
	conn, err := net.DialTimeout(s.in.redis.Network, s.in.redis.Addr, time.Second)
	if err != nil {
		return
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(time.Second))
	if _, err := conn.Write([]byte("CLIENT KILL TYPE pubsub\r\n")); err == nil {
		_, _ = conn.Read(make([]byte, 64))
	}
}

// rage carries the plan out, and returns when everything runs again.
func (s *storm) rage(ctx context.Context) {
	defer s.coming.Wait()
	begun := time.Now()
	for _, next := range s.plan.steps {
		if !pause(ctx, next.at-time.Since(begun)) {
			return
		}
		next.do()
	}
}

// unwell are the provider's own faults, each in a small share of cases.
func unwell() []fault.Rule {
	return []fault.Rule{
		{Kind: fault.Hang, Share: 0.02},
		{Kind: fault.ServerErrorAccepted, Share: 0.02},
		{Kind: fault.ServerError, Share: 0.02},
		{Kind: fault.Reset, Share: 0.02},
		{Kind: fault.Cut, Share: 0.02},
		{Kind: fault.NotRegistered, Share: 0.02},
		{Kind: fault.Throttle, Share: 0.05, DelayMs: 1000},
		{Kind: fault.EarlyReceipt, Share: 0.1},
		{Kind: fault.DropReceipts, Share: 0.1},
		{Kind: fault.Duplicate, Share: 0.1},
		{Kind: fault.Reorder, Share: 0.1, DelayMs: 1500},
		{Kind: fault.Delay, Share: 0.05, DelayMs: 800},
		{Kind: fault.RetryWebhooks, Share: 0.8},
	}
}
