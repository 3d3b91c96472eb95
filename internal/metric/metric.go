// Package metric holds the counters that operators and tests rely on by name.
//
// It owns the names, labels and allowed label values of the counters that more
// than one room adds to; a room's own gauges stay with it. Labels are bounded:
// never an id, a number or a text.
package metric

import (
	"github.com/prometheus/client_golang/prometheus"

	"converse/internal/chat"
)

// Callback results as label values. Received = shown + ignored + parked; refused
// ones are not received.
const (
	CallbackReceived = "received"
	CallbackShown    = "shown"
	CallbackIgnored  = "ignored"
	CallbackParked   = "parked"
	CallbackRefused  = "refused"
)

// Metrics are the shared counters. It is safe for concurrent use.
type Metrics struct {
	callbacks *prometheus.CounterVec
	replays   *prometheus.CounterVec
	messages  *prometheus.CounterVec
	unserved  prometheus.Counter
	uploads   *prometheus.CounterVec
	uploaded  prometheus.Counter
	waits     *prometheus.CounterVec
}

// New registers the counters. A nil registerer keeps them to themselves.
func New(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		callbacks: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "converse_callbacks_total",
			Help: "Webhook calls by result: received = shown + ignored + parked; refused ones proved no origin or broke a limit.",
		}, []string{"provider", "result"}),
		replays: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "converse_callback_replays_total", Help: "Parked webhook calls that were run again, by how that ended.",
		}, []string{"provider", "result"}),
		messages: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "converse_messages_total", Help: "Messages by the status they came to.",
		}, []string{"direction", "channel", "status"}),
		unserved: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "converse_leads_unserved_total", Help: "Leads that came in when nobody at all could get them: no rule and no administrator.",
		}),
		uploads: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "converse_uploads_total", Help: "Files of users by what became of them: stored, or refused before, while or after they came.",
		}, []string{"result"}),
		uploaded: prometheus.NewCounter(prometheus.CounterOpts{Name: "converse_upload_bytes_total", Help: "Bytes of files of users that were stored."}),
	}
	m.waits = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "converse_send_waits_total", Help: "Messages that had to wait at their connector, by why.",
	}, []string{"why"})
	if r != nil {
		r.MustRegister(m.callbacks, m.replays, m.messages, m.unserved, m.uploads, m.uploaded, m.waits)
	}
	return m
}

// Refused counts a webhook call that was turned away.
func (m *Metrics) Refused(provider string) {
	m.callbacks.WithLabelValues(provider, CallbackRefused).Inc()
}

// Received counts a webhook call and how it ended.
func (m *Metrics) Received(provider, result string) {
	m.callbacks.WithLabelValues(provider, CallbackReceived).Inc()
	m.callbacks.WithLabelValues(provider, result).Inc()
}

// Replayed counts a replay and how it ended.
func (m *Metrics) Replayed(provider, result string) {
	m.replays.WithLabelValues(provider, result).Inc()
}

// Message counts a message that came to a status.
func (m *Metrics) Message(d chat.Direction, c chat.Channel, s chat.Status) {
	m.messages.WithLabelValues(string(d), string(c), string(s)).Inc()
}

// Unserved counts a lead that nobody could get.
func (m *Metrics) Unserved() { m.unserved.Inc() }

// Uploaded counts a file of a user that was stored.
func (m *Metrics) Uploaded(size int64) {
	m.uploads.WithLabelValues("stored").Inc()
	m.uploaded.Add(float64(size))
}

// UploadRefused counts a file of a user that was turned away.
func (m *Metrics) UploadRefused() { m.uploads.WithLabelValues("refused").Inc() }

// Waited counts a message that had to wait: token, rate, throttled or unreachable.
func (m *Metrics) Waited(why string) { m.waits.WithLabelValues(why).Inc() }
