package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/pprof"
	"strings"
	"time"

	"connectrpc.com/grpcreflect"
	"github.com/klauspost/compress/gzhttp"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"converse/docs"
	"converse/internal/auth"
	"converse/internal/demo"
	"converse/internal/gen/converse/v1/conversev1connect"
	"converse/internal/gen/grpc/health/v1/healthv1connect"
	"converse/internal/guide"
	"converse/internal/origin"
	"converse/internal/people"
	"converse/internal/store"
	"converse/media"
	"converse/rpc"
	"converse/web"
)

// serve mounts everything and serves until ctx ends.
func (a *App) serve(ctx, draining context.Context, ready func()) error {
	public, err := a.publicRoutes()
	if err != nil {
		return err
	}
	servers := newServers(a, public, a.internalRoutes())
	return serveAll(ctx, draining, ready, servers)
}

// publicRoutes is what the world may reach.
func (a *App) publicRoutes() (http.Handler, error) {
	mux := http.NewServeMux()
	secure := strings.HasPrefix(a.settings.PublicURL, "https://")
	err := rpc.Register(mux, rpc.Rooms{
		SignIns: a.signIns, Leads: a.leads, Routing: a.routing, Conversations: a.talks, Outbox: a.outbox, Inbox: a.inbox, Accounts: a.accounts,
		Callbacks: a.store, Connectors: a.store, Trials: a.exchanges.Calls(a.provider), Approval: a.approval, Media: a.files, Audit: a.store, Origins: origins{a.store, a.embeds}, Forgetting: a.store,
		Keys: auth.NewKeys(a.store), Security: a.store, People: people.New(a.store, a.passwords, a.signIns),
		Transfers: a.transfers, Files: a.settings.Objects,
		SingleSignOn: a.sso,
	}, rpc.Options{
		PublicURL: a.settings.PublicURL, Secure: secure, Origins: a.settings.Origins, Embeds: a.embeds, Proxies: a.settings.Proxies, Log: a.log,
	})
	if err != nil {
		return nil, err
	}
	mux.Handle("/ws", a.hub)
	mux.Handle("/hooks/{provider}/{endpoint}", a.inbox)
	mux.Handle("GET /media/{word}", media.NewHandler(a.settings.Objects, a.links, a.files.File, time.Now, a.log))
	mux.Handle("GET /m/{word}", media.NewProviderHandler(a.settings.Objects, a.links, a.files.File, time.Now, a.log))
	mux.HandleFunc("GET /healthz", alive)
	mux.HandleFunc("GET /readyz", a.readiness)
	if a.settings.Demo != nil {
		mux.Handle("GET /demo.json", a.settings.Demo)
	}
	mux.Handle("GET /embed.json", rpc.EmbedCheck(a.settings.Origins, a.embeds))
	guides, err := guide.New(docs.Providers(), web.Tokens())
	if err != nil {
		return nil, err
	}
	mux.Handle("GET /guides/{name}", gzhttp.GzipHandler(closed(guides)))
	mux.Handle("/", pages())
	judged, err := rpc.CrossOrigin(mux, a.settings.Origins, a.embeds)
	if err != nil {
		return nil, err
	}
	return unsniffed(judged), nil
}

// origins are the sites that orgs allow: kept in the store, known to this node.
type origins struct {
	*store.Store
	*origin.List
}

// unsniffed keeps browsers from taking an answer, of a call or an error too, for
// anything but what its type says.
func unsniffed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}

// internalRoutes is for operators.
func (a *App) internalRoutes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(a.registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /healthz", alive)
	mux.HandleFunc("GET /readyz", a.readiness)
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	reflector := grpcreflect.NewStaticReflector(
		conversev1connect.AdminServiceName, conversev1connect.AuthServiceName, conversev1connect.LeadServiceName, conversev1connect.ConversationServiceName,
		conversev1connect.TemplateServiceName, conversev1connect.ConnectorServiceName, conversev1connect.MediaServiceName,
		healthv1connect.HealthName,
	)
	mux.Handle(grpcreflect.NewHandlerV1(reflector))
	mux.Handle(rpc.HealthHandler(a.store.Ping))
	return mux
}

func alive(w http.ResponseWriter, _ *http.Request) {
	_, _ = w.Write([]byte("alive\n")) // the asker has gone
}

// readiness says whether the node should be given work.
func (a *App) readiness(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if err := a.store.Ping(ctx); err != nil {
		http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
		return
	}
	_, _ = w.Write([]byte("ready\n")) // the asker has gone
}

// demoPage tells the sign-in page who can sign in, in the demo alone.
type demoPage struct {
	Logins     []demo.Login `json:"logins"`
	SandboxURL string       `json:"sandboxUrl"`
	HostURL    string       `json:"hostUrl"`
}

func (d *demoPage) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(d) //nolint:errchkjson // the asker has gone
}
