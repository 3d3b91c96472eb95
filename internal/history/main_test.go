package history_test

import (
	"context"
	"flag"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"converse/internal/testkit"
)

var (
	seedFlag     = flag.Uint64("seed", 0, "repeat the decisions of the run with this seed; 0 makes one up")
	durationFlag = flag.Duration("duration", 45*time.Second, "how long people talk and things break, before all must come to rest")
	raceFlag     = flag.Bool("race-nodes", false, "build the nodes with the race detector")
)

// parallel is how many of the short tests run at the same time: they mostly wait for
// leases to run out, and not for the processor.
const parallel = 5

func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", strconv.Itoa(parallel)); err != nil {
		panic(err)
	}
	testkit.Main(m) // reads the command line, which wins
}

// How long to wait for what must come. It says nothing about how long it should take.
const patience = 90 * time.Second

// look is how often a condition that is waited for is looked at.
const look = 50 * time.Millisecond

// until waits for a condition. The condition returns "" when it holds, and else why
// it does not, which is told when it never does.
func until(t testing.TB, what string, condition func() string) {
	t.Helper()
	if why := waitFor(t.Context(), patience, condition); why != "" {
		t.Fatalf("%s: %s", what, why)
	}
}

// waitFor is until for goroutines that may not end the test: it returns why the
// condition does not hold, or "".
func waitFor(ctx context.Context, limit time.Duration, condition func() string) string {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for {
		why := condition()
		if why == "" || !pause(ctx, look) {
			return why
		}
	}
}

// pause lets time pass between two acts of somebody. It is false when the context
// has ended; nothing is synchronised by it.
func pause(ctx context.Context, span time.Duration) bool {
	timer := time.NewTimer(span)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// dice is one actor's chance: the same for the same seed and name.
func dice(seed uint64, name string) *rand.Rand {
	h := seed
	for _, b := range []byte(name) {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return rand.New(rand.NewPCG(seed, h))
}

// about is a random span around a mean: half of it to half more.
func about(d *rand.Rand, mean time.Duration) time.Duration {
	return mean/2 + time.Duration(d.Int64N(int64(mean)))
}

// oneIn is true once in n times.
func oneIn(d *rand.Rand, n int) bool { return d.IntN(n) == 0 }
