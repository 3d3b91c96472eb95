package files

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"converse/channels"
	"converse/internal/account"
	"converse/internal/chat"
	"converse/internal/metric"
	"converse/internal/store"
	"converse/media"
)

// How long words and uploads live.
const (
	// downloadLife is how long a user's link works.
	downloadLife = 5 * time.Minute
	// providerLife is how long a provider may fetch a file: its queue may be long.
	providerLife = 24 * time.Hour
	// uploadLife is how long after CreateUpload the bytes may begin to come.
	uploadLife = time.Hour
	// unfinishedLife is when an upload that has not come must be left behind. One that
	// began late may take a while.
	unfinishedLife = uploadLife + longestUpload + 10*time.Minute
	// unsentLife is how long a file is kept that nobody sends.
	unsentLife = 24 * time.Hour
)

// Accounts opens connectors.
type Accounts interface {
	ByID(ctx context.Context, org chat.OrgID, id chat.ConnectorID) (account.Open, error)
}

// Options configure a Service. Zero values mean the defaults.
type Options struct {
	// PublicURL is how the world reaches us, without a trailing slash.
	PublicURL string
	// PerNode and PerUser are how many uploads come in at once; 32 and 4.
	PerNode, PerUser int
	Now              func() time.Time
	Log              *slog.Logger
	Metrics          *metric.Metrics
}

// Service is the room. It is safe for concurrent use.
type Service struct {
	store    *store.Store
	accounts Accounts
	objects  media.Store
	signer   *media.Signer
	options  Options

	mu        sync.Mutex // guards what follows
	receiving map[chat.UserID]int
	total     int
}

// New returns a service.
func New(s *store.Store, accounts Accounts, objects media.Store, signer *media.Signer, o Options) *Service {
	if o.PerNode == 0 {
		o.PerNode = 32
	}
	if o.PerUser == 0 {
		o.PerUser = 4
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Metrics == nil {
		o.Metrics = metric.New(nil)
	}
	return &Service{store: s, accounts: accounts, objects: objects, signer: signer, options: o, receiving: map[chat.UserID]int{}}
}

// examples says which files can stand over a template of a connector as its example.
func (s *Service) examples(ctx context.Context, org chat.OrgID, id chat.ConnectorID) (channels.Capabilities, error) {
	open, err := s.accounts.ByID(ctx, org, id)
	if err != nil {
		return channels.Capabilities{}, err
	}
	rules, err := open.ExampleFiles()
	return channels.Capabilities{Media: rules, FilesPerMessage: 1}, err
}

// capabilities says what can be sent in a conversation.
func (s *Service) capabilities(ctx context.Context, org chat.OrgID, c chat.Conversation) (channels.Capabilities, error) {
	open, err := s.accounts.ByID(ctx, org, c.Sender.Connector)
	if err != nil {
		return channels.Capabilities{}, err
	}
	return open.Adapter.Capabilities(open.Account).On(c.Channel), nil
}
