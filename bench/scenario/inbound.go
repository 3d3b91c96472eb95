package scenario

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"converse/bench/host"
	"converse/bench/load"
	"converse/bench/product"
	"converse/bench/side"
	"converse/bench/table"
)

// widths are how many connections webhooks may come in by; the best is taken.
var widths = []int{16, 32, 64}

// inbound compares how many webhooks a second the product takes when each
// connection waits for its answer, with how many bare transactions PostgreSQL
// takes. Either has the two cores, the database included, to itself.
func inbound(ctx context.Context, e *Env, span time.Duration) ([]table.Row, error) {
	row := table.Row{Scenario: "sustained webhooks", Unit: "/s", Aim: &table.Aim{Floor: true, Budget: 0.5, Stretch: 0.75}}
	ours, err := e.ourHooks(ctx, 0)
	if err != nil {
		return nil, fmt.Errorf("product: %w", err)
	}
	defer ours.close()
	width, err := e.widest(ctx, ours, span/2)
	if err != nil {
		return nil, fmt.Errorf("product: %w", err)
	}
	database, err := e.startFloorDatabase(ctx)
	if err != nil {
		return nil, err
	}
	bare := &servers{env: e, dialect: side.Floor}
	if err := bare.add("baretx", "-database", database.url); err != nil {
		return nil, err
	}
	defer bare.stop()
	var program, postgres []float64
	for rep := range e.Reps + 1 { // the first is to warm up
		m, err := e.closedLoop(ctx, ours, width, span)
		if err != nil {
			return nil, fmt.Errorf("product: %w", err)
		}
		floor, err := bareRate(ctx, bare.addrs[0], span)
		if err != nil {
			return nil, fmt.Errorf("floor: %w", err)
		}
		e.Tell("inbound %d/%d: product %.0f/s, bare transactions %.0f/s", rep, e.Reps, m.rate, floor)
		if rep > 0 {
			row.Ours, row.Floor = append(row.Ours, m.rate), append(row.Floor, floor)
			program, postgres = append(program, m.program), append(postgres, m.postgres)
		}
	}
	row.Notes = append(row.Notes, fmt.Sprintf("by %d connections; %.0f µs of the program and %.0f µs of PostgreSQL each",
		width, table.Median(program), table.Median(postgres)))
	return []table.Row{row}, e.profile(ctx, "inbound", []string{e.product.Internal}, span, func() error {
		_, err := e.closedLoop(ctx, ours, width, span)
		return err
	})
}

// closedLoop is what one repetition of the product gave: webhooks a second and
// microseconds of processor time for each.
type closed struct{ rate, program, postgres float64 }

// closedLoop posts from width connections, each as soon as it is answered.
func (e *Env) closedLoop(ctx context.Context, s *hookSide, width int, span time.Duration) (closed, error) {
	p := e.product
	lanes, err := load.NewLanes(p.Addr, width, width, len(p.hooks), hookPost(p.hooks, runID()))
	if err != nil {
		return closed{}, err
	}
	defer lanes.Close()
	f, err := load.NewFleet(true)
	if err != nil {
		return closed{}, err
	}
	defer f.Close()
	if err := e.listen(ctx, p, p.hooks, f); err != nil {
		return closed{}, err
	}
	programBefore, postgresBefore, began := host.Used(p.PID()), host.Used(p.Database()...), time.Now()
	n, err := lanes.Saturate(ctx, f, 1, 1<<30, span)
	took := time.Since(began)
	if err == nil {
		err = f.Wait(ctx, int64(n))
	}
	if err == nil {
		err = s.alive()
	}
	each := 1e6 / float64(max(n, 1))
	return closed{
		rate:     float64(n) / took.Seconds(),
		program:  host.Used(p.PID()).Since(programBefore).Seconds() * each,
		postgres: host.Used(p.Database()...).Since(postgresBefore).Seconds() * each,
	}, err
}

// widest tries the widths and returns the one that takes most.
func (e *Env) widest(ctx context.Context, s *hookSide, span time.Duration) (int, error) {
	best, most := widths[0], 0.0
	for _, width := range widths {
		m, err := e.closedLoop(ctx, s, width, span)
		if err != nil {
			return 0, err
		}
		e.Tell("inbound by %d connections: %.0f/s", width, m.rate)
		if m.rate > most {
			best, most = width, m.rate
		}
	}
	return best, nil
}

// bareRate asks the bare transaction server for a run.
func bareRate(ctx context.Context, addr string, span time.Duration) (float64, error) {
	c, err := load.NewCaller(addr)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	body := product.Body("12025550123", "bare", "")
	answer, err := c.Post("/run?"+url.Values{"for": {span.String()}}.Encode(), "", body)
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(string(answer))
	return float64(n) / span.Seconds(), err
}
