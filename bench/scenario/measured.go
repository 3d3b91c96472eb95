package scenario

import (
	"fmt"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"converse/bench/table"
)

// measured is one repetition of one side.
type measured struct {
	deliveries float64
	took       time.Duration
	// cpu is the servers' processor time, redis that of the Redis they share.
	cpu, redis time.Duration
	latency    *hdrhistogram.Histogram
}

func (m measured) perCPU() float64 { return m.deliveries / m.cpu.Seconds() }

// ms is a quantile of the latency in milliseconds.
func (m measured) ms(quantile float64) float64 {
	return float64(m.latency.ValueAtQuantile(quantile)) / float64(time.Millisecond)
}

// String is the repetition for the one who waits.
func (m measured) String() string {
	return fmt.Sprintf("%.0f deliveries/CPU-s, %.0f/s, %.0f %% of a core, p50 %.2f ms, p99 %.2f ms",
		m.perCPU(), m.deliveries/m.took.Seconds(), 100*m.cpu.Seconds()/m.took.Seconds(), m.ms(50), m.ms(99))
}

// samples are the repetitions of one side.
type samples struct{ rate, share, p50, p99, redis []float64 }

func (s *samples) add(m measured) {
	s.rate = append(s.rate, m.deliveries/m.took.Seconds())
	s.share = append(s.share, 100*m.cpu.Seconds()/m.took.Seconds())
	s.p50 = append(s.p50, m.ms(50))
	s.p99 = append(s.p99, m.ms(99))
	if m.redis > 0 {
		s.redis = append(s.redis, 1e6*m.redis.Seconds()/m.deliveries)
	}
}

// String is what the medians are.
func (s *samples) String() string {
	out := fmt.Sprintf("%.0f deliveries/s with %.0f %% of a core, p50 %.2f ms, p99 %.2f ms",
		table.Median(s.rate), table.Median(s.share), table.Median(s.p50), table.Median(s.p99))
	if len(s.redis) > 0 {
		out += fmt.Sprintf(", and %.1f µs of Redis a delivery", table.Median(s.redis))
	}
	return out
}
