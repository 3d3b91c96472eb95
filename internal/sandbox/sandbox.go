package sandbox

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"

	"converse/internal/sandbox/ctm"
	"converse/internal/sandbox/gupshup"
	"converse/internal/sandbox/post"
	"converse/internal/sandbox/ringcentral"
	"converse/internal/sandbox/stage"
	"converse/internal/sandbox/twilio"
	"converse/internal/sandbox/whatsappcloud"
	"converse/web"
)

// Sandbox plays the providers and the leads. Make one with New and end it with Close.
type Sandbox struct {
	config  Config
	log     *slog.Logger
	stage   *stage.Stage
	control http.Handler
	handset http.Handler

	mu      sync.Mutex                // guards viewers
	viewers map[string]*stage.Watcher // open handset pages, by their token
}

// play adds every provider there is. A new one is one more line here.
func play(on *stage.Stage, seed uint64) {
	on.Play(ctm.New(on, seed))
	on.Play(whatsappcloud.New(on))
	on.Play(gupshup.New(on))
	on.Play(ringcentral.New(on))
	on.Play(twilio.New(on))
}

// New starts a sandbox. It panics when an account or a lead is wrong; whoever
// takes them from outside asks Config.Check first.
func New(config Config) *Sandbox {
	if err := (Config{Accounts: config.Accounts, Leads: config.Leads}).Check(); err != nil {
		panic(fmt.Sprintf("sandbox: %v", err))
	}
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	if config.Web == nil {
		config.Web = web.Dist()
	}
	s := &Sandbox{config: config, log: config.Log, viewers: map[string]*stage.Watcher{}}
	s.stage = stage.New(stage.Config{
		Log: config.Log, Delays: config.DefaultDelays, Seed: config.Seed, Leads: config.Leads,
		JournalSize: config.JournalSize, UploadLife: config.UploadLife,
		Post: post.Config{
			Workers: config.WebhookWorkers, Timeout: config.WebhookTimeout, RetryAfter: config.WebhookRetryAfter,
		},
	})
	play(s.stage, config.Seed)
	if err := s.stage.SetAccounts(config.Accounts); err != nil {
		panic(fmt.Sprintf("sandbox: %v", err)) // checked above
	}
	s.remember()
	s.SetBaseURL(config.BaseURL)
	s.control = s.guard(s.controlRoutes())
	s.handset = s.guard(s.handsetRoutes())
	return s
}

// remember puts what was said before the sandbox began onto its phones.
func (s *Sandbox) remember() {
	for _, past := range s.config.Past {
		if err := s.stage.Remember(past); err != nil {
			s.log.Warn("past thread left out", "cause", err)
		}
	}
}

// SetAccounts replaces all accounts. The error is a *Problem, and nothing changes then.
func (s *Sandbox) SetAccounts(accounts []Account) error { return s.stage.SetAccounts(accounts) }

// AddAccount adds an account, or replaces the one with the same provider and id.
// The error is a *Problem, and nothing changes then.
func (s *Sandbox) AddAccount(account Account) error { return s.stage.AddAccount(account) }

// SetBaseURL tells the sandbox its own address once it is known.
func (s *Sandbox) SetBaseURL(address string) {
	s.stage.SetBase(strings.TrimSuffix(address, "/"))
}

// Close stops all goroutines and waits for them. Answers that hang on purpose are
// let go, so a server is best closed after its sandbox. It may be called more
// than once.
func (s *Sandbox) Close() {
	s.stage.Close()
	s.log.Info("sandbox closed")
}

// Handler serves the providers' APIs, the control API and the handset.
func (s *Sandbox) Handler() http.Handler { return http.HandlerFunc(s.serve) }

func (s *Sandbox) serve(w http.ResponseWriter, r *http.Request) {
	select {
	case <-s.stage.Closing():
		http.Error(w, "sandbox is closed", http.StatusServiceUnavailable)
		return
	default:
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch first {
	case "control":
		s.control.ServeHTTP(w, r)
		return
	case "", "handset", "host", "assets", "favicon.ico", "favicon.svg":
		s.handset.ServeHTTP(w, r)
		return
	}
	s.serveProvider(w, r, first)
}

// serveProvider finds the side that owns the path. A path may start with the
// provider's name, for two providers whose paths could be taken for each other.
func (s *Sandbox) serveProvider(w http.ResponseWriter, r *http.Request, first string) {
	s.stage.LearnBase("http://" + r.Host)
	for _, side := range s.stage.Sides() {
		if side.Owns(r.URL.Path) {
			s.stage.Serve(side, w, r)
			return
		}
		if side.Traits().Provider == first {
			http.StripPrefix("/"+first, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				s.stage.Serve(side, w, r)
			})).ServeHTTP(w, r)
			return
		}
	}
	http.NotFound(w, r)
}
