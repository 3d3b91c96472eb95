package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// ErrLeaseLost says that a job is no longer this node's to send.
var ErrLeaseLost = errors.New("the job's lease was lost")

// Job is a claimed message that is to be sent.
type Job struct {
	Org       chat.OrgID
	Message   chat.MessageID
	Connector chat.ConnectorID
	// Attempts counts the calls made so far, Claims how often the job was claimed.
	Attempts, Claims int
	GiveUpAt         time.Time
	// Calling: an attempt is committed, so the provider may have heard it.
	Calling bool
	Lane    Lane
	// InConversation is the message's.
	InConversation chat.ConversationID
}

func jobOf(r db.SendJob) Job {
	return Job{
		Org: r.OrgID, Message: r.MessageID, Connector: r.ConnectorID, Attempts: r.Attempts, Claims: r.Claims,
		GiveUpAt: r.GiveUpAt, Calling: r.State == "calling", Lane: Lane(r.Lane), InConversation: r.ConversationID,
	}
}

// Claim asks for work.
type Claim struct {
	Node string
	// Most bounds the jobs returned; PerConnector what any connector may have in
	// flight over all nodes.
	Most, PerConnector int
	// Lease is how long the jobs are this node's.
	Lease time.Duration
}

// ClaimJobs takes due jobs: of each conversation at most the next one, live before
// bulk, connectors taking turns. No two callers get the same job.
func (s *Store) ClaimJobs(ctx context.Context, c Claim) ([]Job, error) {
	rows, err := s.queries().ClaimJobs(ctx, db.ClaimJobsParams{
		Node: c.Node, Most: c.Most, PerConnector: c.PerConnector, Lease: c.Lease,
	})
	return convert(rows, jobOf), err
}

// LostJobs lists jobs whose node has let its lease run out.
func (s *Store) LostJobs(ctx context.Context, most int) ([]Job, error) {
	rows, err := s.queries().LostJobs(ctx, most)
	return convert(rows, jobOf), err
}

// Call is everything needed to make one send call.
type Call struct {
	Job
	// Number counts this message's attempts from 1.
	Number       int
	Conversation chat.Conversation
	SenderRef    string
	Kind         chat.MessageKind
	Text         string
	ReplyTo      string
	Template     *CallTemplate
	// Files are the message's, in their order.
	Files []StoredMedia
	// LeadDeleted: somebody deleted the lead after the message was accepted.
	LeadDeleted bool
	// Troubled: the last calls over the connector did not reach its provider.
	Troubled bool
}

// CallTemplate is the template of a call, with its values in order.
type CallTemplate struct {
	Name, Language, Category string
	// Ref is the provider's own id of the template. May be empty.
	Ref        string
	Named      bool
	Parameters []Parameter
}

// Start says who starts a call, and for how long.
type Start struct {
	Node string
	// Lease is how long the call may take until others may give it up.
	Lease time.Duration
	// Needed is how much of the lease must be left for the call to be made at all.
	Needed time.Duration
	At     time.Time
	// Refuse sees the message and its conversation as they are now and may forbid the
	// call, in which case the message fails with the words it returns.
	Refuse func(Call) *chat.Failure
}

// StartCall commits that an attempt is about to be made (I3): after it returns, the
// outcome is unsure until recorded. started is false when the call was refused. It
// may be called again by the same node when the outcome of its commit is unknown.
// ErrLeaseLost: the job is no longer this node's.
func (s *Store) StartCall(ctx context.Context, job Job, start Start) (call Call, started bool, err error) {
	err = s.inOrg(ctx, job.Org, func(t *tx) error {
		call, started, err = t.startCall(ctx, job, start)
		return err
	})
	return call, started && err == nil, err
}

func (t *tx) startCall(ctx context.Context, job Job, start Start) (Call, bool, error) {
	fresh, err := t.Queries.StartCall(ctx, db.StartCallParams{
		OrgID: t.org, MessageID: job.Message, Node: start.Node, Attempts: job.Attempts, Claims: job.Claims, Lease: start.Lease,
	})
	if err != nil {
		return Call{}, false, err
	}
	if fresh == 0 {
		before, err := t.StartedCall(ctx, db.StartedCallParams{
			OrgID: t.org, MessageID: job.Message, Node: start.Node, Attempts: job.Attempts, Claims: job.Claims, Needed: start.Needed,
		})
		if err == nil && !before {
			err = ErrLeaseLost
		}
		if err != nil {
			return Call{}, false, err
		}
	}
	call, err := t.call(ctx, job)
	if err != nil || fresh == 0 {
		return call, err == nil, err
	}
	if failure := start.Refuse(call); failure != nil {
		return call, false, errors.Join(
			t.later.WithholdAttempt(ctx, db.WithholdAttemptParams{
				OrgID: t.org, MessageID: job.Message, Number: call.Number, Node: start.Node, At: start.At,
				Code: storable(failure.Code), Detail: storable(failure.Text),
			}),
			t.settle(ctx, job.Message, settlement{status: chat.StatusFailed, failure: failure, at: start.At}),
		)
	}
	return call, true, errors.Join(
		t.later.InsertAttempt(ctx, db.InsertAttemptParams{
			OrgID: t.org, MessageID: job.Message, Number: call.Number, Node: start.Node, StartedAt: start.At,
		}),
		t.raise(ctx, job.Message, settlement{status: chat.StatusSending, at: start.At}),
	)
}

func (t *tx) call(ctx context.Context, job Job) (Call, error) {
	row, err := t.JobMessage(ctx, db.JobMessageParams{OrgID: t.org, ID: job.Message})
	if err != nil {
		return Call{}, err
	}
	call := Call{
		Job: job, Number: job.Attempts + 1, Conversation: conversationOf(row.ConversationRow), SenderRef: row.ConversationRow.SenderRef,
		Kind: row.Kind, Text: row.Text, ReplyTo: row.ReplyTo,
		LeadDeleted: row.ConversationRow.LeadDeletedAt != nil, Troubled: row.Troubled,
	}
	if carriesMedia(row.Kind) && row.Kind != chat.KindTemplate {
		if call.Files, err = t.filesOfMessage(ctx, job.Message); err != nil {
			return Call{}, err
		}
	}
	if row.Kind != chat.KindTemplate {
		return call, nil
	}
	call.Template = &CallTemplate{Name: row.TemplateName, Language: row.TemplateLanguage, Category: row.TemplateCategory, Ref: row.TemplateRef, Named: row.TemplateNamed}
	if err := json.Unmarshal(row.Parameters, &call.Template.Parameters); err != nil {
		return Call{}, fmt.Errorf("read template parameters: %w", err)
	}
	if slices.ContainsFunc(call.Template.Parameters, func(p Parameter) bool { return p.Place == PlaceFile }) {
		call.Files, err = t.filesOfMessage(ctx, job.Message)
	}
	return call, err
}

// Outcome is how an attempt ended.
type Outcome struct {
	// Reason, Code and Detail are the adapter's words, for the timeline.
	Reason, Code, Detail string
	// Failure is what the user reads.
	Failure *chat.Failure
	At      time.Time
}

// Accepted records that the provider took the message. providerID may be empty; one
// that another message has stays with that one. Reports that came before the answer
// are applied now.
func (s *Store) Accepted(ctx context.Context, call Call, providerID string, at time.Time) error {
	providerID = storable(providerID)
	return s.learning(ctx, call.Org, func(t *tx) error {
		err := errors.Join(
			t.answered(ctx, call),
			t.finish(ctx, call, "accepted", Outcome{At: at}),
			t.later.DropJob(ctx, db.DropJobParams{OrgID: t.org, MessageID: call.Message}),
		)
		if err != nil {
			return err
		}
		if providerID == "" {
			return t.raise(ctx, call.Message, settlement{status: chat.StatusSent, at: at})
		}
		if err := t.lockProviderID(ctx, call.Connector, providerID); err != nil {
			return err
		}
		if err := t.raise(ctx, call.Message, settlement{status: chat.StatusSent, at: at}); err != nil {
			return err
		}
		return t.learnProviderID(ctx, call.Connector, call.Message, providerID)
	})
}

// Refused records that the message will not be sent.
func (s *Store) Refused(ctx context.Context, call Call, o Outcome) error {
	return s.end(ctx, call, "refused", chat.StatusFailed, o)
}

// Unsure records that the provider may or may not have taken the message.
func (s *Store) Unsure(ctx context.Context, call Call, o Outcome) error {
	return s.end(ctx, call, "unsure", chat.StatusUnsure, o)
}

func (s *Store) end(ctx context.Context, call Call, outcome string, status chat.Status, o Outcome) error {
	return s.inOrg(ctx, call.Org, func(t *tx) error {
		return errors.Join(
			t.finish(ctx, call, outcome, o),
			t.settle(ctx, call.Message, settlement{status: status, failure: o.Failure, at: o.At}),
		)
	})
}

// NotSent records that the provider certainly did not take the message, and puts
// the job back to be due after the given time.
func (s *Store) NotSent(ctx context.Context, call Call, o Outcome, after time.Duration) error {
	return s.inOrg(ctx, call.Org, func(t *tx) error {
		return errors.Join(
			t.finish(ctx, call, "not_sent", o),
			t.later.RequeueJob(ctx, db.RequeueJobParams{
				OrgID: t.org, MessageID: call.Message, State: "calling", Attempts: call.Number, After: after,
			}),
		)
	})
}

// SenderOf is the number that a job's message leaves from.
func (s *Store) SenderOf(ctx context.Context, job Job) (chat.SenderID, error) {
	var sender chat.SenderID
	err := s.inOrg(ctx, job.Org, func(t *tx) error {
		var err error
		sender, err = t.Queries.SenderOf(ctx, db.SenderOfParams{OrgID: job.Org, ID: job.InConversation})
		return notFound(err, "conversation")
	})
	return sender, err
}

// LastReason is why the attempt before this one failed, or "".
func (s *Store) LastReason(ctx context.Context, call Call) (string, error) {
	reason := ""
	err := s.inOrg(ctx, call.Org, func(t *tx) error {
		var err error
		reason, err = t.Queries.LastReason(ctx, db.LastReasonParams{OrgID: t.org, MessageID: call.Message, Number: call.Number - 1})
		return ignoreMissing(err)
	})
	return reason, err
}

func (t *tx) finish(ctx context.Context, call Call, outcome string, o Outcome) error {
	return t.later.FinishAttempt(ctx, db.FinishAttemptParams{
		OrgID: t.org, MessageID: call.Message, Number: call.Number, FinishedAt: &o.At, Outcome: &outcome,
		Reason: o.Reason, Code: storable(o.Code), Detail: storable(o.Detail),
	})
}
