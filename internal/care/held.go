package care

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"converse/internal/store"
)

var heldDesc = prometheus.NewDesc("converse_connectors_held", "Connectors that send nothing now, by why.", []string{"why"}, nil)

// held counts connectors that are held or paused, when somebody asks.
type held struct{ store *store.Store }

// Describe implements prometheus.Collector.
func (h *held) Describe(out chan<- *prometheus.Desc) { out <- heldDesc }

// Collect implements prometheus.Collector. Without an answer of the database there is no
// number.
func (h *held) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	counts, err := h.store.HeldConnectors(ctx)
	if err != nil {
		return
	}
	for _, why := range []string{"paused", string(store.HoldThrottled), string(store.HoldRate), string(store.HoldUnreachable)} {
		out <- prometheus.MustNewConstMetric(heldDesc, prometheus.GaugeValue, float64(counts[why]), why)
	}
}
