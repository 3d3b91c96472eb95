package scenario

import (
	"context"
	"fmt"
	"time"

	"converse/bench/load"
	"converse/bench/side"
	"converse/bench/table"
)

// idle compares what an open session costs in memory: on our side with hello, a
// ticket, the org's topic shared with 49 others, the user's own and presence; on
// the peer's with two recoverable subscriptions. The processes are new each time,
// and what they held before the first session is taken off.
func idle(ctx context.Context, e *Env, _ time.Duration) ([]table.Row, error) {
	sessions := e.few(10_000)
	row := table.Row{Scenario: "idle memory", Unit: "bytes/session", Aim: &table.Aim{Most: true, Budget: 0.40, Stretch: 0.25}}
	for rep := range e.Reps {
		for _, d := range []side.Dialect{side.Ours, side.Peer, side.Floor} {
			each, err := e.idleOnce(ctx, d, sessions, rep == e.Reps-1)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", d.Name, err)
			}
			add(&row, d, each)
			e.Tell("idle %d/%d %s: %.0f bytes a session", rep+1, e.Reps, d.Name, each)
		}
	}
	row.Notes = append(row.Notes, fmt.Sprintf("%d sessions, two topics each (gws: one)", sessions))
	return []table.Row{row}, nil
}

func (e *Env) idleOnce(ctx context.Context, d side.Dialect, sessions int, profile bool) (float64, error) {
	s, err := e.start(d, 1)
	if err != nil {
		return 0, err
	}
	defer s.stop()
	before, err := s.memory(ctx)
	if err != nil {
		return 0, err
	}
	f, err := load.NewFleet(false)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	c := crowd{topics: max(sessions/50, 1), sessions: sessions, own: true}
	if err := c.open(ctx, s, f); err != nil {
		return 0, err
	}
	time.Sleep(3 * time.Second) // presence has been told by then
	after, err := s.memory(ctx)
	if err != nil {
		return 0, err
	}
	if profile {
		if err := e.profile(ctx, "idle."+d.Name, []string{"http://" + s.addrs[0]}, 0, func() error { return nil }); err != nil {
			return 0, err
		}
	}
	if err := f.Err(); err != nil {
		return 0, err
	}
	return (after - before) / float64(sessions), s.err()
}

// add adds a value of a repetition to a row.
func add(row *table.Row, d side.Dialect, value float64) {
	switch d.Name {
	case side.Ours.Name:
		row.Ours = append(row.Ours, value)
	case side.Peer.Name:
		row.Peer = append(row.Peer, value)
	case side.Floor.Name:
		row.Floor = append(row.Floor, value)
	}
}
