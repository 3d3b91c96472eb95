package care

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"converse/channels"
	"converse/internal/account"
	"converse/internal/chat"
	"converse/internal/exchange"
	"converse/internal/store"
)

const (
	// mostDue is how many connectors are taken up at once.
	mostDue = 200
	// After a failure it is tried again soon at first, then every hour.
	firstAgain = 30 * time.Second
	lastAgain  = time.Hour
)

// Accounts opens connectors, and keeps their access tokens.
type Accounts interface {
	ByID(ctx context.Context, org chat.OrgID, id chat.ConnectorID) (account.Open, error)
	Authorize(ctx context.Context, doer channels.Doer, open account.Open) (account.Open, error)
	DropToken(ctx context.Context, open account.Open) error
}

// Inbox takes what polls bring.
type Inbox interface {
	TakePolled(ctx context.Context, open account.Open, body []byte, since time.Time) error
}

// Options configure a Service.
type Options struct {
	Store    *store.Store
	Accounts Accounts
	Inbox    Inbox
	Doer     channels.Doer
	// Exchanges may be nil.
	Exchanges *exchange.Log
	// Add adds the job that looks after a connector, unless there is one already.
	Add func(ctx context.Context, org chat.OrgID, id chat.ConnectorID) error
	Now func() time.Time
	Log *slog.Logger
	// Metrics may be nil.
	Metrics prometheus.Registerer
}

// Service looks after connectors.
type Service struct {
	Options
	done *prometheus.CounterVec
}

// New returns a service.
func New(o Options) *Service {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Service{Options: o, done: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "converse_connector_care_total", Help: "Subscriptions looked after and polls made, by how that ended.",
	}, []string{"task", "result"})}
	if o.Metrics != nil {
		o.Metrics.MustRegister(s.done, &held{store: o.Store})
	}
	return s
}

// Tend adds jobs for the connectors at which something is due.
func (s *Service) Tend(ctx context.Context) error {
	due, err := s.Store.DueCare(ctx, mostDue)
	if err != nil {
		return fmt.Errorf("look for connectors to care for: %w", err)
	}
	for _, c := range due {
		if err := s.Add(ctx, c.Org, c.Connector); err != nil {
			return err
		}
	}
	return nil
}

// Look does what is due at a connector now. What fails at the provider is recorded with the
// connector and due again later; an error is one of ours.
func (s *Service) Look(ctx context.Context, org chat.OrgID, id chat.ConnectorID) error {
	care, err := s.Store.Care(ctx, org, id)
	if err != nil || !care.KeepDue && !care.PollDue {
		return err
	}
	open, err := s.Accounts.ByID(ctx, org, id)
	if err != nil || open.State == store.ConnectorPaused {
		return err
	}
	if care.KeepDue {
		if err := s.keep(ctx, open, care); err != nil {
			return err
		}
		if care, err = s.Store.Care(ctx, org, id); err != nil {
			return err
		}
	}
	if care.PollDue {
		return s.poll(ctx, open, care)
	}
	return nil
}

// call does something at a provider with an access token, where that is needed. A token
// that has just run out is renewed, once.
func (s *Service) call(ctx context.Context, open account.Open, purpose chat.ExchangePurpose, do func(account.Open, channels.Doer) error) error {
	for try := 1; ; try++ {
		authorized, err := s.Accounts.Authorize(ctx, s.Exchanges.Doer(s.Doer, open, exchange.About{Purpose: chat.PurposeToken}), open)
		if err != nil {
			return err
		}
		err = safely(func() error {
			return do(authorized, s.Exchanges.Doer(s.Doer, authorized, exchange.About{Purpose: purpose}))
		})
		var refused *channels.Error
		if try > 1 || !errors.As(err, &refused) || refused.Reason != channels.ReasonTokenExpired {
			return err
		}
		if err := s.Accounts.DropToken(ctx, authorized); err != nil {
			return err
		}
	}
}

// safely takes a panic of an adapter for an error.
func safely(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("adapter panicked: %v", p)
		}
	}()
	return do()
}

// trouble is what a failure at the provider means.
type trouble struct {
	words string
	again time.Duration
}

// troubleOf says in words what went wrong the nth time in a row, and when to try again.
// Credentials that are refused pause the connector, and with it everything here.
func (s *Service) troubleOf(ctx context.Context, open account.Open, failures int, err error) (trouble, error) {
	out := trouble{words: "The provider could not be reached.", again: min(firstAgain<<min(failures, 10), lastAgain)}
	var refused *channels.Error
	if !errors.As(err, &refused) {
		s.Log.Warn("care for connector", "connector_id", open.Account.Connector, "cause", err)
		return out, nil
	}
	text, _ := channels.Words(open.Adapter, refused)
	if out.words = text; refused.Text != "" {
		out.words += " (" + refused.Text + ")"
	}
	out.again = max(out.again, refused.RetryAfter)
	s.Log.Warn("care for connector", "connector_id", open.Account.Connector, "reason", refused.Reason, "code", refused.Code)
	if refused.Reason == channels.ReasonBadCredentials || refused.Reason == channels.ReasonAccountSuspended {
		_, err := s.Store.SetConnectorState(ctx, open.Org, open.Account.Connector, store.ConnectorPaused, text)
		return out, err
	}
	return out, nil
}
