package main

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"converse/internal/chat"
	"converse/internal/forget"
	"converse/internal/inbox"
	"converse/internal/jobs"
	"converse/internal/metric"
	"converse/internal/store"
)

// storeOptions are what happens beside a transaction: jobs that begin with it, and who is
// told of it.
func (a *App) storeOptions(metrics *metric.Metrics) store.Options {
	s := a.settings
	return store.Options{
		URL: s.DatabaseURL, MaxConns: s.DatabaseConns, AuditKeys: derived(s.Keys, "audit"), SuppressionKeys: derived(s.Keys, "suppression"),
		Committed:     func(events []store.Event) { a.feed.Offer(events) },
		AccessChanged: func(user chat.UserID) { a.signIns.ForgetUser(user) },
		Transfer: func(ctx context.Context, tx pgx.Tx, w store.Transfer) error {
			return a.jobs.Transfer(ctx, tx, w.Org, w.Import, w.Export)
		},
		FetchMedia: func(ctx context.Context, tx pgx.Tx, org chat.OrgID, ids []chat.MediaID) error {
			return a.jobs.FetchMedia(ctx, tx, org, ids)
		},
		HurryMedia: func(ctx context.Context, tx pgx.Tx, org chat.OrgID, id chat.MediaID) error {
			return a.jobs.HurryMedia(ctx, tx, org, id)
		},
		Preview: func(ctx context.Context, tx pgx.Tx, org chat.OrgID, ids []chat.MediaID) error {
			return a.jobs.Preview(ctx, tx, org, ids)
		},
		PassLeads: func(ctx context.Context, tx pgx.Tx, org chat.OrgID, from chat.UserID, to []chat.UserID) error {
			return a.jobs.PassLeads(ctx, tx, org, from, to)
		},
		SyncTemplates: func(ctx context.Context, tx pgx.Tx, org chat.OrgID, id chat.ConnectorID) error {
			return a.jobs.SyncTemplates(ctx, tx, org, id)
		},
		Unserved: func(org chat.OrgID) {
			metrics.Unserved()
			s.Log.Warn("lead came in and nobody could get it", "org", org)
		},
		WakeLater: func(ctx context.Context, tx pgx.Tx, org chat.OrgID, id chat.ConversationID, at time.Time) error {
			return a.jobs.WakeLater(ctx, tx, org, id, at)
		},
		Erase: func(ctx context.Context, tx pgx.Tx, org chat.OrgID, id chat.ErasureID) error {
			return a.jobs.Erase(ctx, tx, org, id)
		},
		Care: func(ctx context.Context, tx pgx.Tx, org chat.OrgID, id chat.ConnectorID) error {
			return a.jobs.Care(ctx, tx, org, id)
		},
	}
}

// work is what each job does.
func (a *App) work() jobs.Work {
	s := a.settings
	fetching := &inbox.Files{Store: a.store, Accounts: a.accounts, Objects: s.Objects, Doer: a.fetch, Exchanges: a.exchanges, Now: time.Now, Log: s.Log}
	forgetting := forget.New(a.store, s.Objects, s.Log)
	return jobs.Work{
		FetchMedia: fetching.Fetch, FileTries: a.settings.FileTries, Preview: a.files.MakePreview, SweepUploads: a.files.Sweep,
		SyncTemplates: a.approval.Sync, DueTemplateSyncs: a.approval.SyncDue,
		PassLeads: a.store.PassLeads, Wake: a.store.Wake, Erase: forgetting.Erase, Forget: forgetting.Forget,
		CleanUp: a.cleanUp, Reindex: a.store.Reindex, TendTransfers: a.transfers.Tend,
		Care: a.care.Look, TendCare: a.care.Tend,
		Transfer: func(ctx context.Context, org chat.OrgID, i chat.ImportID, e chat.ExportID, last bool) error {
			return a.transfers.Work(ctx, store.Transfer{Org: org, Import: i, Export: e}, last)
		},
	}
}
