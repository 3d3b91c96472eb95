package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// ConnectorState says whether a connector sends.
type ConnectorState string

// The states of a connector. A paused one keeps its messages waiting. An archived one is
// there for its conversations alone.
const (
	ConnectorActive   ConnectorState = "active"
	ConnectorPaused   ConnectorState = "paused"
	ConnectorArchived ConnectorState = "archived"
)

// Connector is one org's account at a provider, its secrets still sealed.
type Connector struct {
	Org      chat.OrgID
	ID       chat.ConnectorID
	Provider string
	Name     string
	BaseURL  string
	Settings map[string]string
	Sealed   []byte
	// EndpointHash is the SHA-256 of the word in the webhook's address.
	EndpointHash []byte
	State        ConnectorState
	StateReason  string
	Senders      []ConnectorSender
	// Version counts the changes, from 1.
	Version int
}

// ConnectorSender is a number of a connector with the provider's own id of it.
type ConnectorSender struct {
	chat.Sender
	Ref string
}

// CreateConnector stores a connector and its senders.
func (s *Store) CreateConnector(ctx context.Context, c Connector) error {
	return s.inOrg(ctx, c.Org, func(t *tx) error { return t.insertConnector(ctx, c) })
}

func (t *tx) insertConnector(ctx context.Context, c Connector) error {
	settings, err := json.Marshal(c.Settings)
	if err != nil {
		return fmt.Errorf("encode connector settings: %w", err)
	}
	err = t.InsertConnector(ctx, db.InsertConnectorParams{
		OrgID: c.Org, ID: c.ID, Provider: c.Provider, Name: c.Name, BaseUrl: c.BaseURL, Settings: settings,
		Sealed: c.Sealed, EndpointHash: c.EndpointHash,
	})
	for i, sender := range c.Senders {
		err = errors.Join(err, t.later.InsertSender(ctx, senderRow(c, sender, i)))
	}
	return err
}

func senderRow(c Connector, s ConnectorSender, position int) db.InsertSenderParams {
	return db.InsertSenderParams{
		OrgID: c.Org, ID: s.ID, ConnectorID: c.ID, Channel: s.Channel, Address: s.Address, Ref: s.Ref, Label: s.Label, Position: position,
		UserID: orNull(s.User),
	}
}

// ConnectorByEndpoint finds the connector of any org by the hash of the word in a
// webhook's address. ok is false when there is none.
func (s *Store) ConnectorByEndpoint(ctx context.Context, endpointHash []byte) (c Connector, ok bool, err error) {
	row, err := s.queries().ConnectorByEndpoint(ctx, endpointHash)
	if errors.Is(err, pgx.ErrNoRows) {
		return Connector{}, false, nil
	}
	if err != nil {
		return Connector{}, false, err
	}
	c, err = s.Connector(ctx, row.OrgID, row.ID)
	return c, err == nil, err
}

// Connector returns one connector with its senders.
func (s *Store) Connector(ctx context.Context, org chat.OrgID, id chat.ConnectorID) (Connector, error) {
	var out Connector
	err := s.inOrg(ctx, org, func(t *tx) error {
		row, err := t.GetConnector(ctx, db.GetConnectorParams{OrgID: org, ID: id})
		if err != nil {
			return notFound(err, "connector")
		}
		senders, err := t.SendersOf(ctx, db.SendersOfParams{OrgID: org, ConnectorID: id})
		if err != nil {
			return err
		}
		out, err = connectorOf(row, senders)
		return err
	})
	return out, err
}

// Connectors lists an org's connectors in the order they were made.
func (s *Store) Connectors(ctx context.Context, org chat.OrgID) ([]Connector, error) {
	var out []Connector
	err := s.inOrg(ctx, org, func(t *tx) error {
		rows, err := t.ListConnectors(ctx, org)
		if err != nil {
			return err
		}
		senders, err := t.ListSenders(ctx, org)
		if err != nil {
			return err
		}
		for _, row := range rows {
			c, err := connectorOf(row, senders)
			if err != nil {
				return err
			}
			out = append(out, c)
		}
		return nil
	})
	return out, err
}

func connectorOf(r db.Connector, senders []db.Sender) (Connector, error) {
	c := Connector{
		Org: r.OrgID, ID: r.ID, Provider: r.Provider, Name: r.Name, BaseURL: r.BaseUrl, Sealed: r.Sealed,
		EndpointHash: r.EndpointHash, State: ConnectorState(r.State), StateReason: r.StateReason,
		Version: r.Version,
	}
	for _, s := range senders {
		if s.ConnectorID == r.ID {
			c.Senders = append(c.Senders, ConnectorSender{
				Sender: chat.Sender{ID: s.ID, Connector: r.ID, Provider: r.Provider, Channel: s.Channel, Address: s.Address, Label: s.Label, User: zero(s.UserID)},
				Ref:    s.Ref,
			})
		}
	}
	if err := json.Unmarshal(r.Settings, &c.Settings); err != nil {
		return Connector{}, fmt.Errorf("read connector settings: %w", err)
	}
	return c, nil
}

// SetConnectorState pauses or resumes a connector and reports whether that changed it.
func (s *Store) SetConnectorState(ctx context.Context, org chat.OrgID, id chat.ConnectorID, state ConnectorState, reason string) (bool, error) {
	changed := false
	err := s.inOrg(ctx, org, func(t *tx) error {
		var err error
		changed, err = t.setConnectorState(ctx, id, state, reason)
		return err
	})
	return changed, err
}

func (t *tx) setConnectorState(ctx context.Context, id chat.ConnectorID, state ConnectorState, reason string) (bool, error) {
	changed, err := t.Queries.SetConnectorState(ctx, db.SetConnectorStateParams{
		OrgID: t.org, ID: id, State: string(state), StateReason: reason,
	})
	if err == nil && changed == 0 {
		var row db.Connector
		row, err = t.GetConnector(ctx, db.GetConnectorParams{OrgID: t.org, ID: id})
		if err == nil && row.State == string(ConnectorArchived) {
			err = chat.NotFound("connector")
		}
	}
	if err != nil {
		return false, notFound(err, "connector")
	}
	if state == ConnectorActive {
		// Whoever resumes it has it try at once.
		err = errors.Join(t.later.ReleaseConnector(ctx, db.ReleaseConnectorParams{OrgID: t.org, ConnectorID: id}), t.careSoon(ctx, id))
	}
	if changed > 0 {
		err = errors.Join(err, t.connectorChanged(id, string(state)))
	}
	return changed > 0, err
}

// What sessions are told of a connector whose own state is as it was.
const (
	// connectorHeld: it waits by itself.
	connectorHeld = "held"
	// connectorNoticed: its provider said something about it, or somebody dealt with that.
	connectorNoticed = "noticed"
	// connectorTemplates: its templates are others than before, or stand elsewhere.
	connectorTemplates = "templates"
)

// connectorChanged tells sessions what became of a connector: its state, or one of the
// words above.
func (t *tx) connectorChanged(id chat.ConnectorID, state string) error {
	return t.publish(chat.OrgTopic(t.org), chat.Event{ConnectorChanged: &chat.ConnectorChanged{Connector: id, State: state}})
}

// MoveConnector changes the address of a connector's provider.
func (s *Store) MoveConnector(ctx context.Context, org chat.OrgID, id chat.ConnectorID, baseURL string) error {
	return s.inOrg(ctx, org, func(t *tx) error {
		moved, err := t.Queries.MoveConnector(ctx, db.MoveConnectorParams{OrgID: org, ID: id, BaseUrl: baseURL})
		if err == nil && moved == 0 {
			err = chat.NotFound("connector")
		}
		return err
	})
}
