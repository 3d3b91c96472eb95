package hub

import "github.com/prometheus/client_golang/prometheus"

type metrics struct {
	sessions   prometheus.Gauge
	closes     *prometheus.CounterVec
	deliveries prometheus.Counter
	resumes    *prometheus.CounterVec
}

func newMetrics(r prometheus.Registerer) *metrics {
	m := &metrics{
		sessions: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "converse_sessions", Help: "Open sessions of users on this node.",
		}),
		closes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "converse_session_closes_total", Help: "Sessions closed by the server, by close code.",
		}, []string{"code"}),
		deliveries: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "converse_deliveries_total", Help: "Events handed to sessions.",
		}),
		resumes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "converse_resumes_total", Help: "Streams a returning client asked to resume, by result.",
		}, []string{"result"}),
	}
	if r != nil {
		r.MustRegister(m.sessions, m.closes, m.deliveries, m.resumes)
	}
	return m
}
