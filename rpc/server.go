package rpc

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"time"

	"buf.build/go/protovalidate"
	"connectrpc.com/connect"

	"converse/internal/account"
	"converse/internal/approval"
	"converse/internal/auth"
	"converse/internal/chat"
	"converse/internal/conversation"
	"converse/internal/crm"
	"converse/internal/gen/converse/v1/conversev1connect"
	"converse/internal/inbox"
	"converse/internal/mask"
	"converse/internal/outbox"
	"converse/internal/people"
	"converse/internal/routing"
	"converse/internal/sso"
	"converse/internal/store"
	"converse/internal/transfer"
	"converse/media"
)

// largestRequest bounds a request's body in bytes, after decompression.
const largestRequest = 1 << 20

// callLimit is longer than any query may take on the server, so that PostgreSQL ends
// a slow one first and says why.
const callLimit = 20 * time.Second

// Rooms are what the services hand their calls to.
type Rooms struct {
	SignIns       *auth.SignIns
	Keys          *auth.Keys
	Security      Security
	SingleSignOn  *sso.Service
	Leads         *crm.Service
	Routing       *routing.Service
	Conversations *conversation.Service
	Outbox        *outbox.Outbox
	Inbox         *inbox.Inbox
	Accounts      *account.Book
	Callbacks     Callbacks
	Connectors    Connectors
	// Trials makes the calls with which accounts are tried.
	Trials     account.Calls
	Approval   *approval.Service
	Media      Media
	Audit      Audit
	Origins    Origins
	Forgetting Forgetting
	People     *people.Service
	// Transfers and Files are for leads that come in and go out as files.
	Transfers *transfer.Service
	Files     media.Store
}

// Callbacks reads stored webhook calls and changes connectors.
type Callbacks interface {
	Callbacks(ctx context.Context, org chat.OrgID, connector chat.ConnectorID, result store.Result, before chat.CallbackID, most int) ([]store.StoredCallback, error)
	Callback(ctx context.Context, org chat.OrgID, id chat.CallbackID) (store.StoredCallback, error)
	CallbackCounts(ctx context.Context, org chat.OrgID) (map[store.Result]int, error)
	Healths(ctx context.Context, org chat.OrgID) (map[chat.ConnectorID]store.Health, error)
	ExchangesOfConnector(ctx context.Context, org chat.OrgID, id chat.ConnectorID, before chat.ExchangeID, most int) ([]chat.Exchange, error)
	ExchangesOfMessage(ctx context.Context, p chat.Principal, id chat.MessageID, before chat.ExchangeID, most int) ([]chat.Exchange, []store.StoredCallback, error)
}

// Connectors changes connectors, and keeps what providers said about them.
type Connectors interface {
	SwitchConnector(ctx context.Context, p chat.Principal, id chat.ConnectorID, state store.ConnectorState, reason string) error
	CountOpenNotices(ctx context.Context, org chat.OrgID) (map[chat.ConnectorID]store.OpenNotices, error)
	LastCallbacks(ctx context.Context, org chat.OrgID) (map[chat.ConnectorID]time.Time, error)
	Notices(ctx context.Context, org chat.OrgID, connector chat.ConnectorID, open bool, most int) ([]store.Notice, error)
	SettleNotice(ctx context.Context, p chat.Principal, id chat.NoticeID) error
	AllTemplates(ctx context.Context, org chat.OrgID) ([]store.StoredTemplate, error)
	TemplateSyncs(ctx context.Context, org chat.OrgID) ([]store.TemplateSync, error)
}

// Options configure the services.
type Options struct {
	// PublicURL is the address clients and providers use, without a trailing slash.
	PublicURL string
	// Secure: PublicURL is https, so cookies are bound to it.
	Secure bool
	// Origins are those of our own pages.
	Origins []string
	// Embeds knows which other pages may call; nil means none.
	Embeds Embeds
	// Proxies are believed whom a request is from.
	Proxies []netip.Prefix
	// Limit is how long one call may take; 0 means callLimit.
	Limit time.Duration
	Log   *slog.Logger
}

// Register adds every service to a mux.
func Register(mux *http.ServeMux, rooms Rooms, o Options) error {
	validator, err := protovalidate.New()
	if err != nil {
		return fmt.Errorf("prepare request validation: %w", err)
	}
	table := rights()
	if err := checkRights(table); err != nil {
		return err
	}
	if o.Limit == 0 {
		o.Limit = callLimit
	}
	paced := newGate(mostPlaces)
	options := []connect.HandlerOption{
		connect.WithCodec(jsonCodec{}),
		connect.WithReadMaxBytes(largestRequest),
		connect.WithRecover(func(ctx context.Context, spec connect.Spec, _ http.Header, p any) error {
			return outward(ctx, o.Log, spec.Procedure, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}),
		// The first wraps the rest: errors of authentication and validation pass it too.
		connect.WithInterceptors(limitInterceptor(o.Limit), errorInterceptor(o.Log),
			authInterceptor(rooms.SignIns, table, paced, o), rightsInterceptor(table), validateInterceptor(validator), maskInterceptor(&mask.Masker{})),
	}
	(&uploadDoor{rooms: rooms, options: o}).mount(mux)
	(&fileDoor{rooms: rooms, options: o, table: table}).mount(mux)
	mount := func(path string, h http.Handler) { mux.Handle(path, unkept(h)) }
	signingIn := &authService{rooms: rooms, options: o, paced: paced}
	mount(conversev1connect.NewAuthServiceHandler(signingIn, options...))
	mux.HandleFunc("GET "+sso.CallbackPath, signingIn.returned)
	mount(conversev1connect.NewAdminServiceHandler(&adminService{rooms: rooms, options: o}, options...))
	mount(conversev1connect.NewLeadServiceHandler(&leadService{rooms: rooms}, options...))
	mount(conversev1connect.NewConversationServiceHandler(&conversationService{rooms: rooms}, options...))
	mount(conversev1connect.NewTemplateServiceHandler(&templateService{rooms: rooms}, options...))
	mount(conversev1connect.NewConnectorServiceHandler(&connectorService{rooms: rooms, options: o, trials: newGate(mostPlaces)}, options...))
	mount(conversev1connect.NewMediaServiceHandler(&mediaService{rooms: rooms}, options...))
	return nil
}

// unkept has nobody on the way keep an answer, or an error: each is for one user, as that
// user's permissions are at this moment.
func unkept(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// limitInterceptor ends a call that takes too long. Of a server that is there and
// says nothing, nobody else would tell the caller.
func limitInterceptor(limit time.Duration) connect.UnaryInterceptorFunc {
	return func(next connect.UnaryFunc) connect.UnaryFunc {
		return func(ctx context.Context, req connect.AnyRequest) (connect.AnyResponse, error) {
			ctx, cancel := context.WithTimeout(ctx, limit)
			defer cancel()
			return next(ctx, req)
		}
	}
}
