package store

import (
	"context"
	"time"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// KeepExchanges stores exchanges with providers, all of one org.
func (s *Store) KeepExchanges(ctx context.Context, org chat.OrgID, list []chat.Exchange) error {
	p := db.InsertExchangesParams{OrgID: org}
	for _, x := range list {
		p.Ids, p.ConnectorIds, p.MessageIds = append(p.Ids, string(x.ID)), append(p.ConnectorIds, string(x.Connector)), append(p.MessageIds, string(x.Message))
		p.Purposes, p.Ats, p.TookMs = append(p.Purposes, string(x.Purpose)), append(p.Ats, x.At), append(p.TookMs, int(x.Took.Milliseconds()))
		p.Methods, p.Urls, p.Errors = append(p.Methods, x.Method), append(p.Urls, x.URL), append(p.Errors, x.Error)
		p.RequestHeads, p.RequestBodies = append(p.RequestHeads, x.RequestHead), append(p.RequestBodies, x.RequestBody)
		p.AnswerHeads, p.AnswerBodies = append(p.AnswerHeads, x.AnswerHead), append(p.AnswerBodies, x.AnswerBody)
		p.RequestSizes, p.AnswerSizes = append(p.RequestSizes, x.RequestSize), append(p.AnswerSizes, x.AnswerSize)
		p.Statuses = append(p.Statuses, x.Status)
	}
	return s.inOrg(ctx, org, func(t *tx) error { return t.later.InsertExchanges(ctx, p) })
}

// lastExchange is greater than every id.
const lastExchange = "ffffffff-ffff-ffff-ffff-ffffffffffff"

func beforeID(before chat.ExchangeID) chat.ExchangeID {
	if before == "" {
		return lastExchange
	}
	return before
}

// ExchangesOfConnector lists a connector's exchanges, the newest first; before is the
// last id of the page before, or empty.
func (s *Store) ExchangesOfConnector(ctx context.Context, org chat.OrgID, id chat.ConnectorID, before chat.ExchangeID, most int) ([]chat.Exchange, error) {
	var out []chat.Exchange
	err := s.inOrg(ctx, org, func(t *tx) error {
		if _, err := t.GetConnector(ctx, db.GetConnectorParams{OrgID: org, ID: id}); err != nil {
			return notFound(err, "connector")
		}
		rows, err := t.Queries.ExchangesOfConnector(ctx, db.ExchangesOfConnectorParams{
			OrgID: org, ConnectorID: id, BeforeID: beforeID(before), Most: int32(most),
		})
		out = convert(rows, exchangeOf)
		return err
	})
	return out, err
}

// ExchangesOfMessage lists the exchanges about a message of ours, and the webhook calls
// that said something of it, the newest first.
func (s *Store) ExchangesOfMessage(ctx context.Context, p chat.Principal, id chat.MessageID, before chat.ExchangeID, most int) ([]chat.Exchange, []StoredCallback, error) {
	var out []chat.Exchange
	var callbacks []StoredCallback
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		if err := t.seeMessage(ctx, p, id); err != nil {
			return err
		}
		if _, err := t.message(ctx, id); err != nil {
			return err
		}
		rows, err := t.Queries.ExchangesOfMessage(ctx, db.ExchangesOfMessageParams{
			OrgID: p.Org, MessageID: &id, BeforeID: beforeID(before), Most: int32(most),
		})
		if err != nil {
			return err
		}
		out = convert(rows, exchangeOf)
		if before != "" {
			return nil
		}
		called, err := t.CallbacksOfMessage(ctx, db.CallbacksOfMessageParams{OrgID: p.Org, MessageID: string(id), Most: int32(most)})
		callbacks = convert(called, func(r db.CallbacksOfMessageRow) StoredCallback { return storedCallbackOf(db.ListCallbacksRow(r)) })
		return err
	})
	return out, callbacks, err
}

func exchangeOf(r db.Exchange) chat.Exchange {
	return chat.Exchange{
		ID: r.ID, Org: r.OrgID, Connector: r.ConnectorID, Message: zero(r.MessageID), Purpose: chat.ExchangePurpose(r.Purpose), At: r.At,
		Took: time.Duration(r.TookMs) * time.Millisecond, Method: r.Method, URL: r.Url, RequestHead: r.RequestHead, RequestBody: r.RequestBody,
		RequestSize: r.RequestSize, Status: r.AnswerStatus, AnswerHead: r.AnswerHead, AnswerBody: r.AnswerBody, AnswerSize: r.AnswerSize, Error: r.Error,
	}
}

// NextExchanges returns an org's exchanges after one of them, in their order, with their
// texts.
func (s *Store) NextExchanges(ctx context.Context, org chat.OrgID, after chat.ExchangeID, most int) ([]chat.Exchange, error) {
	if after == "" {
		after = "00000000-0000-0000-0000-000000000000"
	}
	var out []chat.Exchange
	err := s.inOrg(ctx, org, func(t *tx) error {
		rows, err := t.Queries.NextExchanges(ctx, db.NextExchangesParams{OrgID: org, After: after, Most: int32(most)})
		out = convert(rows, func(r db.NextExchangesRow) chat.Exchange {
			return chat.Exchange{
				ID: r.ID, URL: r.Url, RequestHead: r.RequestHead, RequestBody: r.RequestBody, AnswerHead: r.AnswerHead, AnswerBody: r.AnswerBody, Error: r.Error,
			}
		})
		return err
	})
	return out, err
}

// EraseExchanges deletes exchanges.
func (s *Store) EraseExchanges(ctx context.Context, org chat.OrgID, ids []chat.ExchangeID) error {
	if len(ids) == 0 {
		return nil
	}
	return s.inOrg(ctx, org, func(t *tx) error {
		return t.later.DeleteExchanges(ctx, db.DeleteExchangesParams{OrgID: org, Ids: texts(ids)})
	})
}
