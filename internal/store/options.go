package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"converse/internal/chat"
)

// Options says how to connect.
type Options struct {
	// URL is a PostgreSQL connection string. Its user must be a member of converse_app.
	URL string
	// MaxConns bounds the pool; 0 means 32.
	MaxConns int
	// Committed is called with the events of each transaction after its commit, from
	// the goroutine that committed. It must not block. May be nil.
	Committed func([]Event)
	// AccessChanged is called for every user whose access or role a transaction changed,
	// after its commit and before Committed. It must not block. May be nil.
	AccessChanged func(chat.UserID)
	// FetchMedia adds the jobs that fetch announced files, in the transaction that
	// stores them. May be nil: the files then stay loading.
	FetchMedia func(ctx context.Context, tx pgx.Tx, org chat.OrgID, ids []chat.MediaID) error
	// HurryMedia makes the job due that fetches a file, in the transaction that asks for it.
	// May be nil: the file then comes when it comes.
	HurryMedia func(ctx context.Context, tx pgx.Tx, org chat.OrgID, id chat.MediaID) error
	// Preview adds the jobs that make small pictures of files, in the transaction that made
	// them ready. May be nil: there are none then.
	Preview func(ctx context.Context, tx pgx.Tx, org chat.OrgID, ids []chat.MediaID) error
	// SyncTemplates adds the job that reads a connector's templates from its provider. May
	// be nil: then they are not read.
	SyncTemplates func(ctx context.Context, tx pgx.Tx, org chat.OrgID, id chat.ConnectorID) error
	// PassLeads adds the job that gives the leads of a user who left to others. May be
	// nil: then they stay.
	PassLeads func(ctx context.Context, tx pgx.Tx, org chat.OrgID, from chat.UserID, to []chat.UserID) error
	// Transfer adds the job that works on an import or an export, in the transaction that
	// makes it necessary. May be nil: somebody else must then work.
	Transfer func(ctx context.Context, tx pgx.Tx, work Transfer) error
	// Unserved is called after the commit of each lead that came in while nobody at all
	// could get it, from the goroutine that committed. It must not block. May be nil.
	Unserved func(chat.OrgID)
	// WakeLater adds the job that brings a snoozed conversation back at a time, in the
	// transaction that snoozes it. May be nil: it then comes back when the lead writes.
	WakeLater func(ctx context.Context, tx pgx.Tx, org chat.OrgID, id chat.ConversationID, at time.Time) error
	// Erase adds the job that goes on with erasing a lead, in the transaction that begins
	// it. May be nil: nobody then goes on.
	Erase func(ctx context.Context, tx pgx.Tx, org chat.OrgID, id chat.ErasureID) error
	// Care adds the job that looks after a connector, in the transaction that makes it
	// necessary. May be nil: it is then looked after when its time comes.
	Care CareFunc
	// SuppressionKeys are what the identifiers of erased leads are hashed with, the one to
	// write with first.
	SuppressionKeys [][]byte
	// AuditKeys are what the audit's hashes are keyed with: the first for new entries, and
	// all that entries were written with.
	AuditKeys [][]byte
}

// orDefaults has nothing happen where nothing was said.
func (o Options) orDefaults() Options {
	if o.Committed == nil {
		o.Committed = func([]Event) {}
	}
	if o.AccessChanged == nil {
		o.AccessChanged = func(chat.UserID) {}
	}
	if o.Unserved == nil {
		o.Unserved = func(chat.OrgID) {}
	}
	if o.PassLeads == nil {
		o.PassLeads = func(context.Context, pgx.Tx, chat.OrgID, chat.UserID, []chat.UserID) error { return nil }
	}
	if o.FetchMedia == nil {
		o.FetchMedia = func(context.Context, pgx.Tx, chat.OrgID, []chat.MediaID) error { return nil }
	}
	if o.HurryMedia == nil {
		o.HurryMedia = func(context.Context, pgx.Tx, chat.OrgID, chat.MediaID) error { return nil }
	}
	if o.Preview == nil {
		o.Preview = func(context.Context, pgx.Tx, chat.OrgID, []chat.MediaID) error { return nil }
	}
	if o.Transfer == nil {
		o.Transfer = func(context.Context, pgx.Tx, Transfer) error { return nil }
	}
	if o.WakeLater == nil {
		o.WakeLater = func(context.Context, pgx.Tx, chat.OrgID, chat.ConversationID, time.Time) error { return nil }
	}
	if o.Erase == nil {
		o.Erase = func(context.Context, pgx.Tx, chat.OrgID, chat.ErasureID) error { return nil }
	}
	if o.Care == nil {
		o.Care = func(context.Context, pgx.Tx, chat.OrgID, chat.ConnectorID) error { return nil }
	}
	return o
}
