package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"converse/channels"
	"converse/channels/ctm"
	"converse/channels/gupshup"
	"converse/channels/ringcentral"
	"converse/channels/twilio"
	"converse/channels/whatsappcloud"
	"converse/hub"
	"converse/internal/account"
	"converse/internal/approval"
	"converse/internal/auth"
	"converse/internal/care"
	"converse/internal/chat"
	"converse/internal/conversation"
	"converse/internal/crm"
	"converse/internal/exchange"
	"converse/internal/feed"
	"converse/internal/files"
	"converse/internal/inbox"
	"converse/internal/jobs"
	"converse/internal/metric"
	"converse/internal/origin"
	"converse/internal/outbox"
	"converse/internal/routing"
	"converse/internal/safehttp"
	"converse/internal/sso"
	"converse/internal/store"
	"converse/internal/transfer"
	"converse/internal/vault"
	"converse/media"
)

// Settings are all that a node needs to know.
type Settings struct {
	Node string
	// Public and Internal are where the node listens already.
	Public, Internal net.Listener
	// PublicURL is how the world reaches the installation, without a trailing slash.
	PublicURL string
	// Origins are the web origins whose pages may connect.
	Origins       []string
	DatabaseURL   string
	DatabaseConns int
	Bus           Bus
	Objects       media.Store
	// Keys are the master keys, the one to seal with first.
	Keys []vault.Key
	// Private are addresses of our own network that providers may have.
	Private safehttp.Allowed
	// Proxies are those before the node, which are believed whom a request is from.
	Proxies []netip.Prefix
	MaxBody int64
	// Drain is how long a stop waits for work under way.
	Drain time.Duration
	// Uploads and UploadsPerUser bound the files that come in at once; 0 means the usual.
	Uploads, UploadsPerUser int
	// FileTries is how often a file that a provider does not give is asked for before it is
	// shown as failed; 0 means the usual.
	FileTries int
	// SendLease is how long a message is this node's to send; 0 means the outbox's own.
	SendLease time.Duration
	// Demo is set by `converse dev` alone: what the sign-in page offers.
	Demo *demoPage
	Log  *slog.Logger
}

// Bus is what the hub and the feed need of a bus.
type Bus interface {
	hub.Bus
	feed.Bus
	outbox.Rates
	Close() error
}

// adapters is the registry: every provider there is.
func adapters() []channels.Adapter {
	return []channels.Adapter{ctm.New(), gupshup.New(), ringcentral.New(), twilio.New(), whatsappcloud.New()}
}

// App is one node. New builds it, Run serves until its context ends, Close gives
// back what New took.
type App struct {
	settings  Settings
	log       *slog.Logger
	registry  *prometheus.Registry
	store     *store.Store
	accounts  *account.Book
	passwords *auth.Passwords
	signIns   *auth.SignIns
	sso       *sso.Service
	embeds    *origin.List
	feed      *feed.Feed
	hub       *hub.Hub
	outbox    *outbox.Outbox
	inbox     *inbox.Inbox
	jobs      *jobs.Jobs
	provider  *safehttp.Provider
	fetch     *safehttp.Fetch
	links     *media.Signer
	files     *files.Service
	leads     *crm.Service
	approval  *approval.Service
	talks     *conversation.Service
	routing   *routing.Service
	presence  *routing.Presence
	transfers *transfer.Service
	exchanges *exchange.Log
	care      *care.Service
}

// New connects to the database and builds every part. Nothing runs yet.
func New(ctx context.Context, s Settings) (*App, error) {
	a := &App{settings: s, log: s.Log, registry: prometheus.NewRegistry()}
	a.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	metrics := metric.New(a.registry)
	sealed, err := vault.New(s.Keys...)
	if err != nil {
		return nil, err
	}
	if a.links, err = media.NewSigner(s.Keys[0].Derive("media links")); err != nil {
		return nil, err
	}
	if a.passwords, err = auth.NewPasswords(); err != nil { //nolint:contextcheck // one hash, with nobody to wait for
		return nil, err
	}
	a.store, err = store.Open(ctx, a.storeOptions(metrics))
	if err != nil {
		return nil, err
	}
	a.feed = feed.New(s.Bus, a.store, s.Log)
	a.accounts = account.NewBook(a.store, sealed, s.PublicURL, adapters())
	a.signIns = auth.NewSignIns(a.store, a.passwords, sealed)
	a.embeds = origin.NewList(a.store, s.Log)
	a.leads, a.talks = crm.New(a.store), conversation.New(a.store)
	a.routing, a.presence = routing.New(a.store), routing.NewPresence(a.store, s.Log)
	a.transfers = transfer.New(a.store, s.Objects, crm.Canonical, s.Log)
	a.provider = safehttp.NewProvider(safehttp.Options{Allowed: s.Private})
	a.sso = sso.New(a.store, sealed, a.signIns, a.provider, sso.Options{
		PublicURL: s.PublicURL, Insecure: strings.HasPrefix(s.PublicURL, "http://"), Log: s.Log,
	})
	a.fetch = safehttp.NewFetch(safehttp.Options{Allowed: s.Private})
	a.files = files.New(a.store, a.accounts, s.Objects, a.links, files.Options{
		PublicURL: s.PublicURL, PerNode: s.Uploads, PerUser: s.UploadsPerUser, Log: s.Log, Metrics: metrics,
	})
	a.exchanges = exchange.New(a.store, exchange.Options{Log: s.Log, Metrics: a.registry})
	a.outbox = outbox.New(a.store, a.accounts, a.provider, outbox.Options{
		Node: s.Node, Lease: s.SendLease, Log: s.Log, Metrics: metrics, Objects: s.Objects, FileURL: a.files.ProviderLink,
		Exchanges: a.exchanges, Rates: s.Bus,
	})
	a.inbox = inbox.New(a.store, a.accounts, inbox.Options{MaxBody: s.MaxBody, Log: s.Log, Metrics: metrics})
	a.approval = approval.New(a.store, a.accounts, a.provider, approval.Options{Log: s.Log, Exchanges: a.exchanges, Objects: s.Objects})
	a.hub = hub.New(s.Bus, a.signIns, hub.Options{
		Access: a.store, Node: s.Node, Origins: s.Origins, Embeds: a.embeds, Marked: a.presence.Marked, Log: s.Log, Metrics: a.registry,
	})
	a.care = care.New(care.Options{
		Store: a.store, Accounts: a.accounts, Inbox: a.inbox, Doer: a.provider, Exchanges: a.exchanges, Log: s.Log, Metrics: a.registry,
		Add: func(ctx context.Context, org chat.OrgID, id chat.ConnectorID) error {
			return a.jobs.CareNow(ctx, org, id)
		},
	})
	a.jobs, err = jobs.New(a.store.Pool(), a.work(), s.Log)
	if err != nil {
		a.Close()
		return nil, err
	}
	return a, nil
}

// waitForMessage is how long a report waits for its message to become known.
const waitForMessage = 24 * time.Hour

// drainSpread is over how long clients are told to come back when a node stops, so
// that they do not all ask the others at once.
const drainSpread = 5 * time.Second

// derived are keys for a purpose, of every master key, in their order.
func derived(keys []vault.Key, purpose string) [][]byte {
	out := make([][]byte, len(keys))
	for i, key := range keys {
		out[i] = key.Derive(purpose)
	}
	return out
}

func (a *App) cleanUp(ctx context.Context) error {
	return errors.Join(a.store.ForgetSignIns(ctx), a.store.ForgetPresence(ctx), a.store.GiveUpCallbacks(ctx, waitForMessage))
}

// Run starts every part and serves until ctx ends, then stops in order. ready is
// called once the node can be used.
func (a *App) Run(ctx context.Context, ready func()) error {
	draining, release := drainOf(ctx, a.settings.Drain)
	defer release()
	// Parts end when they are stopped in order, not when ctx does.
	work, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	if err := a.embeds.Start(work); err != nil {
		return err
	}
	defer a.embeds.Stop()
	if err := a.hub.Start(work); err != nil {
		return fmt.Errorf("start hub: %w", err)
	}
	a.feed.Start(work)
	a.presence.Start(work)
	a.exchanges.Start(work)
	a.outbox.Start(work)
	if err := a.jobs.Start(work); err != nil {
		a.stop(draining)
		return err
	}
	var keeping sync.WaitGroup
	keeping.Go(func() { a.inbox.KeepGoing(work) })
	keeping.Go(func() { a.signIns.Keep(work, a.log) })
	err := a.serve(ctx, draining, ready)
	end()
	keeping.Wait()
	a.stop(draining)
	return err
}

// stop ends every part once nothing new comes in: clients are asked to come back
// elsewhere, calls under way are finished and recorded, and what that committed is
// published. One deadline bounds it all, and requests under way before that: the end
// of draining.
func (a *App) stop(draining context.Context) {
	ctx, cancel := context.WithTimeout(draining, a.settings.Drain)
	defer cancel()
	a.hub.Drain(ctx, min(drainSpread, a.settings.Drain))
	a.outbox.Stop(ctx)
	a.jobs.Stop(ctx)
	a.exchanges.Stop(ctx)
	a.feed.Stop(ctx)
	_ = a.settings.Bus.Close() // delivery has ended either way
	a.hub.Close()
	a.presence.Stop(ctx) // after the hub: it has just let its users go
}

// Close gives back what New took. It is called after Run.
func (a *App) Close() {
	a.provider.Close()
	a.fetch.Close()
	a.store.Close()
	a.settings.Objects.Close()
}
