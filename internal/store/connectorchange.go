package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// errNewerConnector says that somebody else was faster.
var errNewerConnector = &chat.Error{
	Code: chat.CodeConflict, Field: "version", Message: "Somebody else has changed this connector meanwhile. Load it again, then make your change.",
}

// ConnectConnector stores a connector that an administrator filled in.
func (s *Store) ConnectConnector(ctx context.Context, p chat.Principal, c Connector) error {
	return s.inOrg(ctx, c.Org, func(t *tx) error {
		if err := t.checkUsers(ctx, c); err != nil {
			return err
		}
		return errors.Join(t.insertConnector(ctx, c), t.audit(ctx, p, chat.AuditEntry{Action: "connector.created", Object: string(c.ID)}))
	})
}

// ChangeConnector stores a connector as it is to be from now on, if it is still as it was
// at c.Version. A number that conversations go over can be neither left out nor become
// another one. fields are what is different, for the audit.
func (s *Store) ChangeConnector(ctx context.Context, p chat.Principal, c Connector, fields []string) error {
	settings, err := json.Marshal(c.Settings)
	if err != nil {
		return fmt.Errorf("encode connector settings: %w", err)
	}
	return s.inOrg(ctx, c.Org, func(t *tx) error {
		row, err := t.LockConnector(ctx, db.LockConnectorParams{OrgID: c.Org, ID: c.ID})
		if err != nil {
			return notFound(err, "connector")
		}
		if row.Version != c.Version {
			return errNewerConnector
		}
		if err := errors.Join(t.checkUsers(ctx, c), t.changeSenders(ctx, c)); err != nil {
			return err
		}
		err = t.later.ChangeConnector(ctx, db.ChangeConnectorParams{
			OrgID: c.Org, ID: c.ID, Name: c.Name, BaseUrl: c.BaseURL, Settings: settings, Sealed: c.Sealed, EndpointHash: c.EndpointHash,
		})
		return errors.Join(
			err, t.audit(ctx, p, chat.AuditEntry{Action: "connector.updated", Object: string(c.ID), Fields: fields}),
			t.connectorChanged(c.ID, row.State),
		)
	})
}

// checkUsers checks that the users whose numbers they are work here.
func (t *tx) checkUsers(ctx context.Context, c Connector) error {
	for i, sender := range c.Senders {
		if sender.User == "" {
			continue
		}
		active, err := t.UserIsActive(ctx, db.UserIsActiveParams{OrgID: t.org, ID: sender.User})
		if err != nil {
			return err
		}
		if !active {
			return chat.Invalidf("numbers["+strconv.Itoa(i)+"].userId", "is not a user who works here")
		}
	}
	return nil
}

// changeSenders makes a connector's numbers those listed, in that order.
func (t *tx) changeSenders(ctx context.Context, c Connector) error {
	before, err := t.SendersOf(ctx, db.SendersOfParams{OrgID: t.org, ConnectorID: c.ID})
	if err != nil {
		return err
	}
	known := map[chat.SenderID]bool{}
	for _, old := range before {
		known[old.ID] = true
	}
	kept := map[chat.SenderID]bool{}
	for i, sender := range c.Senders {
		if !known[sender.ID] {
			continue
		}
		kept[sender.ID] = true
		changed, err := t.ChangeSender(ctx, db.ChangeSenderParams{
			OrgID: t.org, ConnectorID: c.ID, ID: sender.ID, Channel: sender.Channel, Address: sender.Address,
			Ref: sender.Ref, Label: sender.Label, Position: i, UserID: orNull(sender.User),
		})
		if err != nil {
			return err
		}
		if changed == 0 {
			return chat.Invalidf("numbers["+strconv.Itoa(i)+"].address", "stays as it was made: add another number instead")
		}
	}
	for _, old := range before {
		if kept[old.ID] {
			continue
		}
		if err := t.dropSender(ctx, old); err != nil {
			return err
		}
	}
	for i, sender := range c.Senders {
		if known[sender.ID] {
			continue
		}
		if err := t.InsertSender(ctx, senderRow(c, sender, i)); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) dropSender(ctx context.Context, old db.Sender) error {
	used, err := t.SenderIsUsed(ctx, db.SenderIsUsedParams{OrgID: t.org, ID: old.ID})
	if err != nil {
		return err
	}
	if used {
		return chat.Invalidf("numbers", "must keep %s: conversations go over it", old.Address)
	}
	return errors.Join(
		t.FreeNoticesOfSender(ctx, db.FreeNoticesOfSenderParams{OrgID: t.org, ID: &old.ID}),
		t.DeleteSender(ctx, db.DeleteSenderParams{OrgID: t.org, ID: old.ID}),
	)
}

// SwitchConnector pauses or resumes a connector by an administrator's word.
func (s *Store) SwitchConnector(ctx context.Context, p chat.Principal, id chat.ConnectorID, state ConnectorState, reason string) error {
	return s.inOrg(ctx, p.Org, func(t *tx) error {
		changed, err := t.setConnectorState(ctx, id, state, reason)
		if err != nil || !changed {
			return err
		}
		action := "connector.paused"
		if state == ConnectorActive {
			action = "connector.resumed"
		}
		return t.audit(ctx, p, chat.AuditEntry{Action: action, Object: string(id)})
	})
}

// Archived is what became of a connector that was taken away.
type Archived struct {
	// Conversations stay, to be read.
	Conversations int
	// Unsent messages waited and have failed.
	Unsent int
}

// ArchiveConnector takes a connector away: c holds what is to stand in for its
// credentials and endpoint. Numbers without conversations go, messages that wait fail.
func (s *Store) ArchiveConnector(ctx context.Context, p chat.Principal, c Connector) (Archived, error) {
	var out Archived
	err := s.inOrg(ctx, c.Org, func(t *tx) error {
		row, err := t.LockConnector(ctx, db.LockConnectorParams{OrgID: c.Org, ID: c.ID})
		if err != nil {
			return notFound(err, "connector")
		}
		calling, err := t.HasCallingJobs(ctx, db.HasCallingJobsParams{OrgID: c.Org, ConnectorID: c.ID})
		if err != nil {
			return err
		}
		if calling {
			return &chat.Error{Code: chat.CodeConflict, Message: "A message is being sent just now. Pause the connector, then delete it in a minute."}
		}
		if out, err = t.unsend(ctx, c.ID); err != nil {
			return err
		}
		senders, err := t.SendersOf(ctx, db.SendersOfParams{OrgID: c.Org, ConnectorID: c.ID})
		for _, sender := range senders {
			if dropped := t.dropSender(ctx, sender); chat.CodeOf(dropped) != chat.CodeInvalid {
				err = errors.Join(err, dropped)
			}
		}
		return errors.Join(err,
			t.later.ChangeConnector(ctx, db.ChangeConnectorParams{
				OrgID: c.Org, ID: c.ID, Name: row.Name, BaseUrl: row.BaseUrl, Settings: row.Settings, Sealed: c.Sealed, EndpointHash: c.EndpointHash,
			}),
			t.later.ArchiveConnector(ctx, db.ArchiveConnectorParams{OrgID: c.Org, ID: c.ID}),
			t.audit(ctx, p, chat.AuditEntry{Action: "connector.deleted", Object: string(c.ID)}),
			t.connectorChanged(c.ID, string(ConnectorArchived)),
		)
	})
	return out, err
}

// unsend fails what waits to be sent over a connector.
func (t *tx) unsend(ctx context.Context, id chat.ConnectorID) (Archived, error) {
	var out Archived
	talks, err := t.CountConversationsOf(ctx, db.CountConversationsOfParams{OrgID: t.org, ConnectorID: id})
	if err != nil {
		return out, err
	}
	waiting, err := t.WaitingJobs(ctx, db.WaitingJobsParams{OrgID: t.org, ConnectorID: id})
	if err != nil {
		return out, err
	}
	gone := &chat.Failure{Code: "connector_deleted", Text: "Not sent: the account of this number was deleted.", Next: "Send it from another number."}
	for _, message := range waiting {
		if err := t.settle(ctx, message, settlement{status: chat.StatusFailed, failure: gone, at: time.Now()}); err != nil {
			return out, err
		}
	}
	return Archived{Conversations: int(talks), Unsent: len(waiting)}, nil
}

// LastCallbacks says when connectors were last called by their providers.
func (s *Store) LastCallbacks(ctx context.Context, org chat.OrgID) (map[chat.ConnectorID]time.Time, error) {
	out := map[chat.ConnectorID]time.Time{}
	err := s.inOrg(ctx, org, func(t *tx) error {
		rows, err := t.Queries.LastCallbacks(ctx, org)
		for _, r := range rows {
			out[r.ConnectorID] = r.At
		}
		return err
	})
	return out, err
}
