// Package scenario is what is measured: each scenario runs our side and the others
// in turn, again and again, and reports one row or more.
//
// It owns which servers are started with which sessions, what counts as one
// repetition, and the budgets. It promises that both sides of a row carry the same
// load, that every delivery was checked before a number is reported, and that a
// scenario leaves no process behind.
//
// It must not know how the rows are shown.
package scenario

import (
	"context"
	"fmt"
	"time"

	"converse/bench/payload"
	"converse/bench/table"
)

// Scenario is one thing to measure.
type Scenario struct {
	// Name is what it is asked for by.
	Name string
	// Span is how long one side is measured in one repetition; 0 where the work, not
	// the time, is given.
	Span time.Duration
	run  func(ctx context.Context, e *Env, span time.Duration) ([]table.Row, error)
}

// Env is what every scenario is given.
type Env struct {
	// Self is the bench's own program, which is its servers too. Converse is the
	// product's.
	Self, Converse string
	// Dir is a folder for data and logs that PostgreSQL's user can enter.
	Dir string
	// Reps is how often the sides take turns.
	Reps int
	// Quick: fewer sessions and shorter spans, to see that all works.
	Quick bool
	// Spans replace a scenario's own.
	Spans map[string]time.Duration
	// Profile is a folder for profiles of the servers; none means no profiles.
	Profile string
	// Tell reports progress.
	Tell func(format string, args ...any)

	maker    payload.Maker
	database *floorDatabase
	product  *productEnv
}

// All lists the scenarios in the order they are best run in: the product, whose
// database grows, comes last.
func All() []Scenario {
	return []Scenario{
		{"idle", 0, idle},
		{"A", 4 * time.Second, scenarioA.run},
		{"B", 5 * time.Second, scenarioB.run},
		{"C", 3 * time.Second, scenarioC.run},
		{"D", 3 * time.Second, scenarioD.run},
		{"B-redis", 5 * time.Second, scenarioBRedis.run},
		{"webhook-200", 5 * time.Second, webhook(200)},
		{"webhook-1000", 5 * time.Second, webhook(1000)},
		{"inbound", 4 * time.Second, inbound},
		{"reconnect", 0, reconnect},
		{"search", 0, search},
	}
}

// Run runs a scenario. A failure is a row too.
func (s Scenario) Run(ctx context.Context, e *Env) []table.Row {
	span := s.Span
	if e.Quick {
		span /= 4
	}
	if own, ok := e.Spans[s.Name]; ok {
		span = own
	}
	began := time.Now()
	rows, err := s.run(ctx, e, span)
	if err != nil {
		rows = []table.Row{{Scenario: s.Name, Err: err.Error()}}
	}
	e.Tell("%s took %s", s.Name, time.Since(began).Round(100*time.Millisecond))
	return rows
}

// Prepare is called once before any scenario, Close once after all.
func (e *Env) Prepare() error {
	var err error
	if e.maker, err = payload.NewMaker(); err != nil {
		return fmt.Errorf("prepare the payload: %w", err)
	}
	return nil
}

// Close stops what scenarios share.
func (e *Env) Close() {
	if e.product != nil {
		e.product.stop()
	}
	if e.database != nil {
		e.database.stop()
	}
}

// few is n, or a tenth of it in a quick run.
func (e *Env) few(n int) int {
	if e.Quick {
		return max(n/10, 1)
	}
	return n
}
