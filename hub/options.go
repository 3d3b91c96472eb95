package hub

import (
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"converse/internal/chat"
)

// Options configure a Hub. Zero values mean the defaults.
type Options struct {
	// Node is this node's name, unique among the nodes that share a bus.
	Node string
	// Origins are the web origins that may connect, such as "https://app.example.com".
	Origins []string
	// Embeds knows which further origins may connect, each for its own orgs. Nil means
	// none.
	Embeds Embeds
	// Follows lists the topics a principal's sessions follow. Nil means chat.Follows.
	Follows func(chat.Principal) []chat.Topic
	// Marked is called with how this node's users are reachable, once the bus knows. It
	// must not block. May be nil.
	Marked func([]chat.PresenceMark)
	// Access knows what users may see now. Nil: nobody is asked.
	Access Access
	Log    *slog.Logger
	// Metrics may be nil.
	Metrics prometheus.Registerer
	Limits  Limits
	Times   Times
}

// Limits bound what a session may cost.
type Limits struct {
	// Frame is the largest frame a client may send, in bytes; 16 KiB.
	Frame int64
	// FramesPerSecond a client may send on average; 20. Twice that at once.
	FramesPerSecond float64
	// Queue is how many bytes may wait for a slow client before it is closed; 512 KiB.
	// What a resuming client has missed comes on top.
	Queue int
	// Sessions is how many sessions one user may have on this node; 50.
	Sessions int
	// Unopened is how many connections may be without a hello on this node; 5,000.
	Unopened int
	// Ring is how many bytes of recent events a topic keeps for resuming; 256 KiB.
	Ring int
	// Missed is how many missed events a resume delivers before it resets instead; 1,000.
	Missed int
}

// Times are the hub's periods.
type Times struct {
	// Hello is how long the first frame may take; 5 s.
	Hello time.Duration
	// Ping is the pause between pings; 25 s. Two unanswered ones close the session.
	Ping time.Duration
	// Write is how long a client may take for 16 KiB; 10 s.
	Write time.Duration
	// Ticks is how long ticks may wait to be sent together; 50 ms.
	Ticks time.Duration
	// Idle is how long after the last activity a user counts as online; 2 minutes.
	Idle time.Duration
	// Audit is how often stream positions are checked; 20 s.
	Audit time.Duration
	// SignIns is how often it is checked what sessions stand on; 3 s, so that the socket
	// of a sign-in that ended unheard is closed within 5 s.
	SignIns time.Duration
	// Linger is how long a topic nobody follows stays subscribed; 30 s.
	Linger time.Duration
	// Presence is how often changes of presence are announced; 2 s. Those of users on
	// other nodes are looked for at a third of that rate.
	Presence time.Duration
}

func (o *Options) setDefaults() {
	if o.Follows == nil {
		o.Follows = chat.Follows
	}
	if o.Marked == nil {
		o.Marked = func([]chat.PresenceMark) {}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	orDefault(&o.Limits.Frame, 16<<10)
	orDefault(&o.Limits.FramesPerSecond, 20)
	orDefault(&o.Limits.Queue, 512<<10)
	orDefault(&o.Limits.Sessions, 50)
	orDefault(&o.Limits.Unopened, 5000)
	orDefault(&o.Limits.Ring, 256<<10)
	orDefault(&o.Limits.Missed, 1000)
	orDefault(&o.Times.Hello, 5*time.Second)
	orDefault(&o.Times.Ping, 25*time.Second)
	orDefault(&o.Times.Write, 10*time.Second)
	orDefault(&o.Times.Ticks, 50*time.Millisecond)
	orDefault(&o.Times.Idle, 2*time.Minute)
	orDefault(&o.Times.Audit, 20*time.Second)
	orDefault(&o.Times.SignIns, 3*time.Second)
	orDefault(&o.Times.Linger, 30*time.Second)
	orDefault(&o.Times.Presence, 2*time.Second)
}

func orDefault[T comparable](v *T, value T) {
	var zero T
	if *v == zero {
		*v = value
	}
}
