package rpc

import (
	"context"

	"converse/internal/auth"
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/store"
	"converse/internal/wire"
)

// exchangesPage is how many exchanges a page has unless the caller says otherwise.
const exchangesPage = 20

func (s *connectorService) ListExchanges(ctx context.Context, req *conversev1.ListExchangesRequest) (*conversev1.ListExchangesResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	if req.GetConnectorId() == "" && req.GetMessageId() == "" {
		return nil, chat.Invalidf("connectorId", "give connectorId or messageId")
	}
	var before chat.ExchangeID
	if req.GetCursor() != "" {
		if before, err = chat.ParseID[chat.ExchangeID]("cursor", req.GetCursor()); err != nil {
			return nil, err
		}
	}
	most := int(req.GetLimit())
	if most == 0 {
		most = exchangesPage
	}
	var list []chat.Exchange
	var callbacks []store.StoredCallback
	if req.GetConnectorId() != "" {
		list, err = s.rooms.Callbacks.ExchangesOfConnector(ctx, p.Org, chat.ConnectorID(req.GetConnectorId()), before, most)
	}
	if err == nil && req.GetMessageId() != "" {
		list, callbacks, err = s.rooms.Callbacks.ExchangesOfMessage(ctx, p, chat.MessageID(req.GetMessageId()), before, most)
	}
	if err != nil {
		return nil, err
	}
	out := &conversev1.ListExchangesResponse{Exchanges: wire.List(list, exchangeForm), Callbacks: wire.List(callbacks, callback)}
	if len(list) == most {
		out.NextCursor = string(list[len(list)-1].ID)
	}
	return out, nil
}

func exchangeForm(x chat.Exchange) *conversev1.Exchange {
	return &conversev1.Exchange{
		Id: string(x.ID), ConnectorId: string(x.Connector), MessageId: string(x.Message), Purpose: string(x.Purpose), At: wire.Time(x.At),
		TookMs: int32(x.Took.Milliseconds()), Method: x.Method, Url: x.URL, RequestHead: x.RequestHead, RequestBody: x.RequestBody,
		RequestSize: float64(x.RequestSize), Status: int32(x.Status), AnswerHead: x.AnswerHead, AnswerBody: x.AnswerBody,
		AnswerSize: float64(x.AnswerSize), Error: x.Error,
	}
}

func connectorHealth(h store.Health) *conversev1.ConnectorHealth {
	return &conversev1.ConnectorHealth{
		HeldUntil: wire.Time(h.HeldUntil), HeldWhy: string(h.HeldWhy), Waiting: int32(h.Waiting),
		SubscriptionState: h.Subscription.State, SubscriptionDetail: h.Subscription.Detail, SubscriptionAt: wire.Time(h.Subscription.At),
		SubscriptionUntil: wire.Time(h.SubscriptionUntil), PollState: h.Poll.State, PollDetail: h.Poll.Detail, PollAt: wire.Time(h.Poll.At),
	}
}
