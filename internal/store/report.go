package store

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// WaitingForMessage is why a callback is parked whose message is not known yet. It
// ends shown by itself once the message is.
const WaitingForMessage = "waiting for its message"

// Report is a provider's word on a message of ours.
type Report struct {
	Connector chat.ConnectorID
	// ProviderID is the provider's id of the message; may be empty with a Reference.
	ProviderID string
	// Alias is another id by which the provider will speak of the message. May be empty.
	Alias string
	// Reference is our message id, where the provider gives it back.
	Reference chat.MessageID
	// Status is empty for a report that only gives an alias.
	Status     chat.Status
	Failure    *chat.Failure
	ProviderAt time.Time
	ReceivedAt time.Time
	// Match finds the message of a provider that gives no id when it takes one.
	Match *Match
}

// Match is what a provider repeats of a message.
type Match struct {
	Sender chat.SenderID
	Phone  string
	Text   string
	At     time.Time
}

// Reported is what became of a report.
type Reported struct {
	End CallbackEnd
	// Raised: the message's status rose. Channel is the message's.
	Raised  bool
	Channel chat.Channel
}

// Report applies a provider's report and ends the callback it came in. A report on
// a message that is not known yet is kept and applied when it is; until then the
// callback is parked.
func (s *Store) Report(ctx context.Context, org chat.OrgID, a Arrival, r Report) (Reported, error) {
	var out Reported
	err := s.learning(ctx, org, func(t *tx) error {
		var err error
		out, err = t.report(ctx, a, r)
		return err
	})
	return out, err
}

func (t *tx) report(ctx context.Context, a Arrival, r Report) (out Reported, err error) {
	if r.Alias != "" && r.ProviderID != "" {
		if err := t.learnAlias(ctx, r); err != nil {
			return out, err
		}
	}
	if r.Status == "" {
		out.End = CallbackEnd{Result: ResultIgnored, Why: "gives another id of a message"}
		return out, t.arrive(ctx, a, out.End)
	}
	id, err := t.reported(ctx, &r)
	if err != nil {
		return out, err
	}
	if id == "" && r.Reference != "" {
		// It carries an id in our form that this connector never sent.
		out.End = CallbackEnd{Result: ResultIgnored, Why: "about a message that is not ours"}
		return out, t.arrive(ctx, a, out.End)
	}
	first, err := t.insertReceipt(ctx, a.ID, id, r)
	if err != nil {
		return out, err
	}
	switch {
	case !first:
		out.End = CallbackEnd{Result: ResultIgnored, Why: "reported before"}
	case id != "":
		out.End = CallbackEnd{Result: ResultShown}
	default:
		out.End = CallbackEnd{Result: ResultParked, Why: WaitingForMessage}
	}
	if err := t.arrive(ctx, a, out.End); err != nil || id == "" {
		return out, err
	}
	out.Channel, err = t.raised(ctx, id, settlement{status: r.Status, failure: r.Failure, at: r.ReceivedAt})
	out.Raised = out.Channel != ""
	if err != nil || r.ProviderID == "" {
		return out, err
	}
	return out, t.learnProviderID(ctx, r.Connector, id, r.ProviderID)
}

// reported finds the message a report is about, or "", and locks the provider's id. An
// alias in the report is replaced by the id it stands for.
func (t *tx) reported(ctx context.Context, r *Report) (chat.MessageID, error) {
	if r.ProviderID != "" {
		if err := t.lockProviderID(ctx, r.Connector, r.ProviderID); err != nil {
			return "", err
		}
	}
	if r.Reference != "" {
		row, err := t.MessageByReference(ctx, db.MessageByReferenceParams{OrgID: t.org, ConnectorID: r.Connector, ID: r.Reference})
		return row.ID, ignoreMissing(err)
	}
	id, err := t.byProviderID(ctx, r.Connector, r.ProviderID)
	if err != nil || id != "" {
		return id, err
	}
	known, err := t.AliasOf(ctx, db.AliasOfParams{OrgID: t.org, ConnectorID: r.Connector, Alias: r.ProviderID})
	if err == nil {
		r.ProviderID = known
		if err := t.lockProviderID(ctx, r.Connector, r.ProviderID); err != nil {
			return "", err
		}
		return t.byProviderID(ctx, r.Connector, r.ProviderID)
	}
	if !errors.Is(err, pgx.ErrNoRows) || r.Match == nil {
		return "", ignoreMissing(err)
	}
	matched, err := t.MessageByMatch(ctx, db.MessageByMatchParams{
		OrgID: t.org, SenderID: r.Match.Sender, Phone: r.Match.Phone, Text: r.Match.Text, At: r.Match.At,
	})
	return matched.ID, ignoreMissing(err)
}

func (t *tx) byProviderID(ctx context.Context, connector chat.ConnectorID, providerID string) (chat.MessageID, error) {
	row, err := t.MessageByProviderID(ctx, db.MessageByProviderIDParams{OrgID: t.org, ConnectorID: connector, ProviderMessageID: providerID})
	return row.ID, ignoreMissing(err)
}

// learnAlias stores another id of a message, which may not be known itself yet, and
// takes reports that came under it to be about that message. The alias is locked first,
// as by those who report under it.
func (t *tx) learnAlias(ctx context.Context, r Report) error {
	if err := t.lockProviderID(ctx, r.Connector, r.Alias); err != nil {
		return err
	}
	if err := t.lockProviderID(ctx, r.Connector, r.ProviderID); err != nil {
		return err
	}
	if err := t.InsertAlias(ctx, db.InsertAliasParams{
		OrgID: t.org, ConnectorID: r.Connector, Alias: r.Alias, ProviderMessageID: r.ProviderID,
	}); err != nil {
		return err
	}
	if err := t.RenameReceipts(ctx, db.RenameReceiptsParams{
		OrgID: t.org, ConnectorID: r.Connector, Alias: r.Alias, ProviderMessageID: r.ProviderID,
	}); err != nil {
		return err
	}
	id, err := t.byProviderID(ctx, r.Connector, r.ProviderID)
	if err != nil || id == "" {
		return err
	}
	return t.applyWaiting(ctx, r.Connector, id, r.ProviderID)
}

// insertReceipt keeps a report. first is false when another callback made it before.
func (t *tx) insertReceipt(ctx context.Context, callback chat.CallbackID, id chat.MessageID, r Report) (first bool, err error) {
	failure := zero(r.Failure)
	providerID := r.ProviderID
	if providerID == "" {
		providerID = string(r.Reference)
	}
	by, err := t.InsertReceipt(ctx, db.InsertReceiptParams{
		OrgID: t.org, ID: uuid.Must(uuid.NewV7()).String(), ConnectorID: r.Connector, MessageID: orNull(id),
		ProviderMessageID: providerID, Status: r.Status, Code: failure.Code, FailureText: failure.Text, FailureNext: failure.Next,
		ProviderAt: orNull(r.ProviderAt), ReceivedAt: r.ReceivedAt, CallbackID: orNull(callback),
	})
	return zero(by) == callback, err
}

// learning is inOrg for a transaction that may store a provider's id. It runs again
// when a message that is coming in has just taken the id: it then stays with that one.
func (s *Store) learning(ctx context.Context, org chat.OrgID, fn func(*tx) error) error {
	err := s.inOrg(ctx, org, fn)
	if isUnique(err, "messages_once_in") {
		err = s.inOrg(ctx, org, fn)
	}
	return err
}

// learnProviderID stores the provider's id of a message and applies the reports
// that were waiting for it. The id must be locked.
func (t *tx) learnProviderID(ctx context.Context, connector chat.ConnectorID, id chat.MessageID, providerID string) error {
	err := t.LearnProviderID(ctx, db.LearnProviderIDParams{OrgID: t.org, ID: id, ProviderMessageID: &providerID})
	if err != nil {
		return err
	}
	return t.applyWaiting(ctx, connector, id, providerID)
}

// applyWaiting applies the reports that waited for a message.
func (t *tx) applyWaiting(ctx context.Context, connector chat.ConnectorID, id chat.MessageID, providerID string) error {
	waiting, err := t.WaitingReceipts(ctx, db.WaitingReceiptsParams{
		OrgID: t.org, ConnectorID: connector, ProviderMessageID: providerID, MessageID: &id,
	})
	if err != nil {
		return err
	}
	var callbacks []chat.CallbackID
	for _, r := range waiting {
		s := settlement{status: r.Status, at: r.ReceivedAt, failure: failureOf(r.Status, r.Code, r.FailureText, r.FailureNext)}
		if err := t.raise(ctx, id, s); err != nil {
			return err
		}
		if r.CallbackID != nil {
			callbacks = append(callbacks, *r.CallbackID)
		}
	}
	if len(callbacks) == 0 {
		return nil
	}
	return t.later.UnparkCallbacks(ctx, db.UnparkCallbacksParams{OrgID: t.org, Ids: texts(callbacks), Waiting: WaitingForMessage})
}

func (t *tx) lockProviderID(ctx context.Context, connector chat.ConnectorID, providerID string) error {
	return t.LockProviderID(ctx, db.LockProviderIDParams{ConnectorID: string(connector), ProviderMessageID: providerID})
}
