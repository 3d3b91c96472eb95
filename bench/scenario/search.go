package scenario

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"converse/bench/product"
	"converse/bench/table"
)

const (
	// crowdLeads is how many leads are searched.
	crowdLeads = 1_000_000
	// searches is how many times each kind is asked in one repetition.
	searches = 100
	// searchBudget is what the 99th percentile may be, in milliseconds. It stands in the
	// column of the floor, because nothing else does the same.
	searchBudget = 100
)

// searchKind is one way to look for a lead.
type searchKind struct {
	name  string
	query func(*rand.Rand, *product.Crowd) string
	// finds: somebody is found, or nobody.
	finds bool
}

func searchKinds() []searchKind {
	first := func(r *rand.Rand, c *product.Crowd) string { return c.First[r.IntN(len(c.First))] }
	last := func(r *rand.Rand, c *product.Crowd) string { return c.Last[r.IntN(len(c.Last))] }
	return []searchKind{
		{"prefix", func(r *rand.Rand, c *product.Crowd) string { return last(r, c)[:4] }, true},
		{"two words", func(_ *rand.Rand, c *product.Crowd) string { return c.First[0] + " " + c.Last[0] }, true},
		{"typo", func(r *rand.Rand, c *product.Crowd) string { return swapped(last(r, c)) }, true},
		{"phone", func(r *rand.Rand, c *product.Crowd) string { return "+" + c.Phone(r.IntN(c.Leads())) }, true},
		{"last digits", func(r *rand.Rand, c *product.Crowd) string { return c.Phone(r.IntN(c.Leads()))[7:] }, true},
		{"no hit", func(r *rand.Rand, c *product.Crowd) string { return "qqqq" + first(r, c) }, false},
		{"common prefix", func(*rand.Rand, *product.Crowd) string { return "a" }, true},
	}
}

// swapped is a name with two letters in each other's place, and one more after it.
func swapped(name string) string {
	if len(name) < 4 {
		return name
	}
	out := []byte(name)
	out[1], out[2] = out[2], out[1]
	return string(out)
}

// search times finding leads among a million, one question after the other.
func search(ctx context.Context, e *Env, _ time.Duration) ([]table.Row, error) {
	p, err := e.startProduct(ctx)
	if err != nil {
		return nil, err
	}
	leads := e.few(crowdLeads)
	e.Tell("storing %d leads", leads)
	crowd, err := p.SeedCrowd(ctx, leads)
	if err != nil {
		return nil, fmt.Errorf("store leads: %w", err)
	}
	var rows []table.Row
	for _, kind := range searchKinds() {
		row := table.Row{
			Scenario: fmt.Sprintf("search of %d leads, %s, p99", leads, kind.name), Unit: "ms",
			Aim: &table.Aim{Most: true, Floor: true, Budget: 1, Stretch: 0.5},
		}
		for rep := range e.Reps + 1 { // the first is to warm up
			times, found, err := askAll(ctx, p, crowd, kind, e.few(searches))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", kind.name, err)
			}
			p50, p99 := milliseconds(times, 50), milliseconds(times, 99)
			e.Tell("%s %d/%d: p50 %.2f ms, p99 %.2f ms, %d found", row.Scenario, rep, e.Reps, p50, p99, found)
			if rep > 0 {
				row.Ours, row.Floor = append(row.Ours, p99), append(row.Floor, searchBudget)
				row.Notes = append(row.Notes, fmt.Sprintf("p50 %.2f ms", p50))
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func milliseconds(h *hdrhistogram.Histogram, quantile float64) float64 {
	return float64(h.ValueAtQuantile(quantile)) / float64(time.Millisecond)
}

// askAll asks many times, and checks that what is to be found is.
func askAll(ctx context.Context, p *productEnv, crowd *product.Crowd, kind searchKind, times int) (*hdrhistogram.Histogram, int, error) {
	random := rand.New(rand.NewPCG(1, 2))
	h := hdrhistogram.New(1, int64(time.Minute), 3)
	all, misses := 0, 0
	for range times {
		query := kind.query(random, crowd)
		began := time.Now()
		found, err := p.Search(ctx, crowd.User.Token, query)
		if err != nil {
			return nil, 0, err
		}
		if err := h.RecordValue(int64(time.Since(began))); err != nil {
			return nil, 0, err
		}
		all += found
		if found == 0 {
			misses++
		}
	}
	if kind.finds && misses > times/10 || !kind.finds && misses < times {
		return nil, 0, fmt.Errorf("%d of %d questions found nobody", misses, times)
	}
	return h, all, nil
}
