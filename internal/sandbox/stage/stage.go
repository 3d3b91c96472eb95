package stage

import (
	"container/list"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"converse/internal/sandbox/fault"
	"converse/internal/sandbox/post"
	"converse/internal/sandbox/schedule"
)

// Config says how a Stage works. The zero value is ready for use.
type Config struct {
	Log    *slog.Logger
	Delays Delays
	Post   post.Config
	// Seed decides which calls the faults hit and how webhooks vary.
	Seed uint64
	// Leads are the phones that exist from the start.
	Leads []Lead
	// JournalSize is how many send calls are kept; 0 means 200,000, enough to check
	// a campaign of 100,000 with its retries.
	JournalSize int
	// MessageSize is how many messages are kept; 0 means 200,000.
	MessageSize int
	// HandsetSize is how many phones are kept; 0 means 50,000.
	HandsetSize int
	// MediaSize is how many bytes of media are kept; 0 means 256 MiB.
	MediaSize int64
	// UploadLife is how long a provider keeps an upload that was begun, and what it gives
	// for a file that is only shown to reviewers; 0 means a day.
	UploadLife time.Duration
	// OpenSize is how many receipts may be outstanding before send calls are
	// throttled, as a provider would; 0 means 500,000.
	OpenSize int
}

// Delays are how long after the send call receipts come. Zero means the default,
// a negative span means at once.
type Delays struct {
	// Sent is 150 ms by default.
	Sent time.Duration
	// Delivered is 300 ms by default.
	Delivered time.Duration
	// Read counts from delivery, for phones that read by themselves; 1.2 s by default.
	Read time.Duration
}

// Lead is a phone that exists from the start.
type Lead struct {
	// Phone is the number in E.164. May be empty when WhatsAppID is set.
	Phone string `json:"phone,omitempty"`
	Name  string `json:"name,omitempty"`
	// WhatsAppID is the lead's business-scoped user id. May be empty.
	WhatsAppID string `json:"whatsappId,omitempty"`
	// HidePhone: WhatsApp does not tell businesses the number. A user id is made up
	// when none is given.
	HidePhone bool `json:"hidePhone,omitempty"`
}

// Stage is what the sides stand on. Make one with New and end it with Close.
type Stage struct {
	config   Config
	faults   *fault.Set
	timer    *schedule.Scheduler
	office   *post.Office
	library  *Library
	proofs   *Proofs
	accounts atomic.Pointer[accounts]
	base     atomic.Pointer[base]
	closing  chan struct{}
	once     sync.Once

	sides []Side // fixed once the stage is in use

	mu       sync.Mutex // guards the fields below
	epoch    int        // rises with Reset; what was planned in an earlier one is dropped
	planned  int        // receipts that are still to be reported
	handsets map[string]*handset
	users    map[string]*handset // by WhatsApp user id
	recent   list.List           // of *handset, latest first
	messages ring[*entry]
	ids      map[string]*entry // by provider message id
	refs     map[string]*entry // by the hub's reference
	calls    ring[Call]
	others   ring[Call]
	called   int
	lanes    post.Lane
	// windows are the service windows that messages of leads opened. They outlive
	// Reset: the hub does not forget them either.
	windows  map[line]time.Time
	watchers map[*Watcher]struct{}
}

// New makes a stage without accounts.
func New(config Config) *Stage {
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	config.Post.Log = config.Log
	config.Delays = config.Delays.withDefaults()
	config.JournalSize = orDefault(config.JournalSize, 200_000)
	config.MessageSize = orDefault(config.MessageSize, 200_000)
	config.HandsetSize = orDefault(config.HandsetSize, 50_000)
	config.OpenSize = orDefault(config.OpenSize, 500_000)
	config.MediaSize = orDefault(config.MediaSize, 256<<20)
	config.UploadLife = orDefault(config.UploadLife, 24*time.Hour)
	timer := schedule.New()
	s := &Stage{
		config: config, faults: fault.NewSet(config.Seed), timer: timer, office: post.New(config.Post, timer),
		library: newLibrary(config.MediaSize), proofs: newProofs(config.UploadLife), closing: make(chan struct{}),
		watchers: map[*Watcher]struct{}{}, windows: map[line]time.Time{},
	}
	s.accounts.Store(&accounts{})
	s.begin()
	return s
}

// Play adds a side. It must be called before the stage is used.
func (s *Stage) Play(side Side) { s.sides = append(s.sides, side) }

// Sides lists the played providers.
func (s *Stage) Sides() []Side { return s.sides }

// Side finds a side by its provider's name.
func (s *Stage) Side(provider string) (Side, bool) {
	for _, side := range s.sides {
		if side.Traits().Provider == provider {
			return side, true
		}
	}
	return nil, false
}

// Faults are the rules for what goes wrong.
func (s *Stage) Faults() *fault.Set { return s.faults }

// Office posts the webhooks.
func (s *Stage) Office() *post.Office { return s.office }

// Library keeps the media.
func (s *Stage) Library() *Library { return s.library }

// Proofs keeps the files that only reviewers see.
func (s *Stage) Proofs() *Proofs { return s.proofs }

// UploadLife is how long a provider keeps an upload that was begun.
func (s *Stage) UploadLife() time.Duration { return s.config.UploadLife }

// Closing is closed when the stage ends; whoever hangs on purpose lets go then.
func (s *Stage) Closing() <-chan struct{} { return s.closing }

// Reset forgets everything but the accounts, the media and the service windows:
// journal, faults, threads, phones that were not there from the start, and what is
// still to be posted.
func (s *Stage) Reset() {
	s.faults.Clear()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.office.Forget()
	s.begin()
	for w := range s.watchers {
		w.reset()
	}
}

// Close stops all goroutines and waits for them. It may be called more than once.
func (s *Stage) Close() {
	s.once.Do(func() { close(s.closing) })
	s.timer.Stop()
	s.office.Close()
}

// begin sets the state to that of a fresh stage. The caller holds the lock.
func (s *Stage) begin() {
	s.epoch++
	s.planned = 0
	s.handsets, s.users = map[string]*handset{}, map[string]*handset{}
	s.recent.Init()
	s.messages = ring[*entry]{limit: s.config.MessageSize}
	s.ids, s.refs = map[string]*entry{}, map[string]*entry{}
	s.calls = ring[Call]{limit: s.config.JournalSize}
	s.others = ring[Call]{limit: otherCalls}
	s.called = 0
	for _, lead := range s.config.Leads {
		s.introduce(lead)
	}
}

// after runs a function under the lock once the span has passed, unless the
// stage was reset meanwhile. The caller holds the lock.
func (s *Stage) after(span time.Duration, run func()) {
	epoch := s.epoch
	s.planned++
	s.timer.After(span, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.epoch != epoch {
			return
		}
		s.planned--
		run()
	})
}

func (d Delays) withDefaults() Delays {
	d.Sent = orDefault(d.Sent, 150*time.Millisecond)
	d.Delivered = orDefault(d.Delivered, 300*time.Millisecond)
	d.Read = orDefault(d.Read, 1200*time.Millisecond)
	return d
}

func orDefault[T ~int | ~int64](value, otherwise T) T {
	if value == 0 {
		return otherwise
	}
	return value
}
