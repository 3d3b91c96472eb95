package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// Result is how a callback ended (I1): received = shown + ignored + parked.
type Result string

// The results.
const (
	ResultShown   Result = "shown"
	ResultIgnored Result = "ignored"
	ResultParked  Result = "parked"
)

// CallbackEnd is a callback's result and, unless it is shown, why.
type CallbackEnd struct {
	Result Result
	Why    string
}

// Callback is a webhook call as it came in.
type Callback struct {
	ID         chat.CallbackID
	Connector  chat.ConnectorID
	ReceivedAt time.Time
	// Headers are the few that are needed to replay, never credentials.
	Headers map[string]string
	Query   string
	Body    []byte
}

// Arrival is a callback that one of its elements is stored for.
type Arrival struct {
	Callback
	// Stored: the callback has a row already, and its end is decided elsewhere,
	// because it has several elements or is being replayed.
	Stored bool
}

// StoredCallback is a callback with what became of it.
type StoredCallback struct {
	Callback
	CallbackEnd
	Provider string
	// Size is the body's length; Body itself is only set by Store.Callback.
	Size    int
	Replays int
}

// EndNow stores a callback that ends without any other change: ignored, or parked.
func (s *Store) EndNow(ctx context.Context, org chat.OrgID, c Callback, end CallbackEnd) error {
	return s.inOrg(ctx, org, func(t *tx) error { return t.insertCallback(ctx, c, end) })
}

// EndLater changes the end of a callback that was stored before its elements were
// worked through.
func (s *Store) EndLater(ctx context.Context, org chat.OrgID, id chat.CallbackID, end CallbackEnd) error {
	return s.inOrg(ctx, org, func(t *tx) error {
		ended, err := t.EndCallback(ctx, db.EndCallbackParams{OrgID: org, ID: id, Result: string(end.Result), Why: end.Why})
		if err == nil && ended == 0 {
			err = chat.NotFound("callback")
		}
		return err
	})
}

// EndReplay records how a replay ended.
func (s *Store) EndReplay(ctx context.Context, org chat.OrgID, id chat.CallbackID, end CallbackEnd) error {
	return s.inOrg(ctx, org, func(t *tx) error {
		_, err := t.Queries.EndReplay(ctx, db.EndReplayParams{OrgID: org, ID: id, Result: string(end.Result), Why: end.Why})
		return notFound(err, "callback")
	})
}

// arrive stores the callback of an arrival with its end, unless it is stored already.
func (t *tx) arrive(ctx context.Context, a Arrival, end CallbackEnd) error {
	if a.Stored {
		return nil
	}
	return t.insertCallback(ctx, a.Callback, end)
}

func (c Callback) encodedHeaders() ([]byte, error) {
	headers, err := json.Marshal(c.Headers)
	if err != nil {
		return nil, fmt.Errorf("encode callback headers: %w", err)
	}
	return headers, nil
}

func (t *tx) insertCallback(ctx context.Context, c Callback, end CallbackEnd) error {
	headers, err := c.encodedHeaders()
	if err != nil {
		return err
	}
	return t.later.InsertCallback(ctx, db.InsertCallbackParams{
		OrgID: t.org, ID: c.ID, ConnectorID: c.Connector, ReceivedAt: c.ReceivedAt, Headers: headers, Query: c.Query,
		Body: c.Body, Result: string(end.Result), Why: end.Why,
	})
}

// Callback returns a stored callback with its body.
func (s *Store) Callback(ctx context.Context, org chat.OrgID, id chat.CallbackID) (StoredCallback, error) {
	var out StoredCallback
	err := s.inOrg(ctx, org, func(t *tx) error {
		r, err := t.GetCallback(ctx, db.GetCallbackParams{OrgID: org, ID: id})
		if err != nil {
			return notFound(err, "callback")
		}
		out = StoredCallback{
			Callback:    Callback{ID: r.ID, Connector: r.ConnectorID, ReceivedAt: r.ReceivedAt, Query: r.Query, Body: r.Body},
			CallbackEnd: CallbackEnd{Result: Result(r.Result), Why: r.Why},
			Provider:    r.Provider, Size: len(r.Body), Replays: r.Replays,
		}
		return json.Unmarshal(r.Headers, &out.Headers)
	})
	return out, err
}

// Callbacks lists callbacks, the newest first, without their bodies. An empty
// result means all; before is the last id of the page before, or empty.
func (s *Store) Callbacks(ctx context.Context, org chat.OrgID, connector chat.ConnectorID, result Result, before chat.CallbackID, most int) ([]StoredCallback, error) {
	if before == "" {
		before = "ffffffff-ffff-ffff-ffff-ffffffffffff"
	}
	var out []StoredCallback
	err := s.inOrg(ctx, org, func(t *tx) error {
		rows, err := t.ListCallbacks(ctx, db.ListCallbacksParams{OrgID: org, BeforeID: before, Result: string(result), OfConnector: string(connector), Most: int32(most)})
		out = convert(rows, storedCallbackOf)
		return err
	})
	return out, err
}

// storedCallbackOf is a callback without its body.
func storedCallbackOf(r db.ListCallbacksRow) StoredCallback {
	return StoredCallback{
		Callback:    Callback{ID: r.ID, Connector: r.ConnectorID, ReceivedAt: r.ReceivedAt},
		CallbackEnd: CallbackEnd{Result: Result(r.Result), Why: r.Why},
		Provider:    r.Provider, Size: r.Size, Replays: r.Replays,
	}
}

// CallbackCounts counts an org's stored callbacks by result.
func (s *Store) CallbackCounts(ctx context.Context, org chat.OrgID) (map[Result]int, error) {
	out := map[Result]int{}
	err := s.inOrg(ctx, org, func(t *tx) error {
		rows, err := t.CountCallbacks(ctx, org)
		for _, r := range rows {
			out[Result(r.Result)] = r.N
		}
		return err
	})
	return out, err
}

// CutCallback is a callback that is to be run again.
type CutCallback struct {
	Org chat.OrgID
	ID  chat.CallbackID
}

// CutCallbacks lists callbacks of any org that have been parked for that reason
// since at least olderThan.
func (s *Store) CutCallbacks(ctx context.Context, why string, olderThan time.Duration, most int) ([]CutCallback, error) {
	rows, err := s.queries().CutCallbacks(ctx, db.CutCallbacksParams{Why: why, OlderThan: olderThan, Most: most})
	return convert(rows, func(r db.CutCallbacksRow) CutCallback { return CutCallback{Org: r.OrgID, ID: r.ID} }), err
}

// GiveUpCallbacks gives up reports whose message did not become known within giveUp.
func (s *Store) GiveUpCallbacks(ctx context.Context, giveUp time.Duration) error {
	return s.queries().GiveUpCallbacks(ctx, db.GiveUpCallbacksParams{Waiting: WaitingForMessage, GiveUp: giveUp})
}
