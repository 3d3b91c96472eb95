package rpc

import (
	"context"
	"errors"
	"strings"
	"time"

	"converse/internal/account"
	"converse/internal/auth"
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/store"
	"converse/internal/wire"
)

func (s *connectorService) CreateConnector(ctx context.Context, req *conversev1.CreateConnectorRequest) (*conversev1.CreateConnectorResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	n := connectorOf(p, chat.NewID[chat.ConnectorID](), req.GetConnector())
	made, err := s.rooms.Accounts.Connect(ctx, p, n)
	if err != nil {
		return nil, formError(err)
	}
	open, err := s.rooms.Accounts.ByID(ctx, p.Org, n.ID)
	if err != nil {
		return nil, err
	}
	return &conversev1.CreateConnectorResponse{Connector: s.connector(open), Made: made}, nil
}

func (s *connectorService) UpdateConnector(ctx context.Context, req *conversev1.UpdateConnectorRequest) (*conversev1.UpdateConnectorResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	n := connectorOf(p, chat.ConnectorID(req.GetConnectorId()), req.GetConnector())
	n.Version = int(req.GetVersion())
	made, err := s.rooms.Accounts.Change(ctx, p, n, req.GetClearSecrets())
	if err != nil {
		return nil, formError(err)
	}
	open, err := s.rooms.Accounts.ByID(ctx, p.Org, n.ID)
	if err != nil {
		return nil, err
	}
	return &conversev1.UpdateConnectorResponse{Connector: s.connector(open), Made: made}, nil
}

// connectorOf is a connector as it was filled in.
func connectorOf(p chat.Principal, id chat.ConnectorID, d *conversev1.ConnectorDraft) account.New {
	n := account.New{
		Connector: store.Connector{
			Org: p.Org, ID: id, Provider: d.GetProvider(), Name: strings.TrimSpace(d.GetName()), Settings: map[string]string{},
			BaseURL: strings.TrimSuffix(strings.TrimSpace(d.GetBaseUrl()), "/"),
		},
		Secrets: map[string]string{},
	}
	for name, value := range d.GetSettings() {
		n.Settings[name] = strings.TrimSpace(value)
	}
	for name, value := range d.GetSecrets() {
		n.Secrets[name] = strings.TrimSpace(value)
	}
	for _, number := range d.GetNumbers() {
		sender := chat.Sender{
			ID: chat.SenderID(number.GetId()), Connector: id, Provider: d.GetProvider(), Channel: chat.Channel(number.GetChannel()),
			Address: number.GetAddress(), Label: strings.TrimSpace(number.GetLabel()), User: chat.UserID(number.GetUserId()),
		}
		if sender.ID == "" {
			sender.ID = chat.NewID[chat.SenderID]()
		}
		if sender.Label == "" {
			sender.Label = sender.Address
		}
		n.Senders = append(n.Senders, store.ConnectorSender{Sender: sender, Ref: strings.TrimSpace(number.GetRef())})
	}
	return n
}

// formError names a field as the protocol does.
func formError(err error) error {
	var refused *chat.Error
	if !errors.As(err, &refused) {
		return err
	}
	renamed := *refused
	renamed.Field = strings.Replace(refused.Field, "senders", "numbers", 1)
	if renamed.Field == "base_url" {
		renamed.Field = "baseUrl"
	}
	return &renamed
}

func (s *connectorService) DeleteConnector(ctx context.Context, req *conversev1.DeleteConnectorRequest) (*conversev1.DeleteConnectorResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	left, err := s.rooms.Accounts.Archive(ctx, p, chat.ConnectorID(req.GetConnectorId()))
	if err != nil {
		return nil, err
	}
	return &conversev1.DeleteConnectorResponse{Conversations: int32(left.Conversations), Unsent: int32(left.Unsent)}, nil
}

// paceOfTrials is how often one user may have a provider asked about an account.
var paceOfTrials = pace{burst: 10, every: 6 * time.Second}

func (s *connectorService) TestConnector(ctx context.Context, req *conversev1.TestConnectorRequest) (*conversev1.TestConnectorResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	if req.GetConnectorId() == "" && req.GetConnector() == nil {
		return nil, chat.Invalidf("connector", "is required: give an account, or the connectorId of one")
	}
	if err := s.trials.pass("TestConnector", string(p.User), paceOfTrials, time.Now()); err != nil {
		return nil, err
	}
	n := connectorOf(p, chat.ConnectorID(req.GetConnectorId()), req.GetConnector())
	trial, err := s.rooms.Accounts.Try(ctx, s.rooms.Trials, n)
	if err != nil {
		return nil, formError(err)
	}
	return trialForm(trial), nil
}

func trialForm(t account.Trial) *conversev1.TestConnectorResponse {
	out := &conversev1.TestConnectorResponse{Ok: t.Failure == nil, Name: t.Name, Warnings: t.Warnings, Problem: t.Problem, Next: t.Next}
	if t.Failure != nil {
		out.Reason, out.Code, out.Detail = string(t.Failure.Reason), t.Failure.Code, t.Failure.Text
	}
	for _, n := range t.Senders {
		out.Numbers = append(out.Numbers, &conversev1.FoundNumber{Channel: string(n.Channel), Address: n.Address, Ref: n.Ref, Label: n.Label, Note: n.Note})
	}
	return out
}

func (s *connectorService) PauseConnector(ctx context.Context, req *conversev1.PauseConnectorRequest) (*conversev1.PauseConnectorResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	why := p.Name + " paused this connector."
	err = s.rooms.Connectors.SwitchConnector(ctx, p, chat.ConnectorID(req.GetConnectorId()), store.ConnectorPaused, why)
	return &conversev1.PauseConnectorResponse{}, err
}

func (s *connectorService) RenewWebhook(ctx context.Context, req *conversev1.RenewWebhookRequest) (*conversev1.RenewWebhookResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	id := chat.ConnectorID(req.GetConnectorId())
	if err := s.rooms.Accounts.RenewWebhook(ctx, p, id); err != nil {
		return nil, err
	}
	open, err := s.rooms.Accounts.ByID(ctx, p.Org, id)
	if err != nil {
		return nil, err
	}
	return &conversev1.RenewWebhookResponse{Connector: s.connector(open)}, nil
}

// mostNotices is how many notices are listed.
const mostNotices = 200

func (s *connectorService) ListNotices(ctx context.Context, req *conversev1.ListNoticesRequest) (*conversev1.ListNoticesResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	list, err := s.rooms.Connectors.Notices(ctx, p.Org, chat.ConnectorID(req.GetConnectorId()), req.GetOpen(), mostNotices)
	return &conversev1.ListNoticesResponse{Notices: wire.List(list, notice)}, err
}

func notice(n store.Notice) *conversev1.Notice {
	return &conversev1.Notice{
		Id: string(n.ID), ConnectorId: string(n.Connector), SenderId: string(n.Sender), SenderAddress: n.SenderAddress, Kind: n.Kind, Level: n.Level,
		Text: n.Text, Next: n.Next, At: wire.Time(n.At), SettledAt: wire.Time(n.SettledAt), SettledByName: n.SettledByName,
	}
}

func (s *connectorService) SettleNotice(ctx context.Context, req *conversev1.SettleNoticeRequest) (*conversev1.SettleNoticeResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	return &conversev1.SettleNoticeResponse{}, s.rooms.Connectors.SettleNotice(ctx, p, chat.NoticeID(req.GetNoticeId()))
}
