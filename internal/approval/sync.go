package approval

import (
	"context"
	"errors"
	"time"

	"converse/channels"
	"converse/internal/account"
	"converse/internal/chat"
	"converse/internal/store"
)

const (
	// mostPages bounds one reading: a provider whose pages never end is stopped.
	mostPages = 200
	// pagePatience bounds one page.
	pagePatience = 30 * time.Second
)

// WantSync has a connector's templates read soon.
func (s *Service) WantSync(ctx context.Context, p chat.Principal, id chat.ConnectorID) error {
	open, err := s.accounts.ByID(ctx, p.Org, id)
	if err != nil {
		return err
	}
	if _, ok := open.Adapter.(channels.TemplateLister); !ok {
		return &chat.Error{Code: chat.CodeBlocked, Message: "This provider keeps no templates that could be read."}
	}
	return s.store.BeginTemplateSync(ctx, p, p.Org, id)
}

// SyncDue has those connectors' templates read that were not for SyncEvery.
func (s *Service) SyncDue(ctx context.Context) error {
	var listing []string
	for _, provider := range s.accounts.Providers() {
		if provider.ListsTemplates {
			listing = append(listing, string(provider.Kind))
		}
	}
	due, err := s.store.DueTemplateSyncs(ctx, listing, SyncEvery, mostDue)
	for _, d := range due {
		err = errors.Join(err, s.store.BeginTemplateSync(ctx, chat.Principal{}, d.Org, d.ID))
	}
	return err
}

// Sync reads a connector's templates, page by page. An error is tried again; with last it
// is what the administrator reads instead.
func (s *Service) Sync(ctx context.Context, org chat.OrgID, id chat.ConnectorID, last bool) error {
	open, err := s.accounts.ByID(ctx, org, id)
	if err != nil {
		return err
	}
	sync := store.TemplateSync{Connector: id, State: "done"}
	lister, ok := open.Adapter.(channels.TemplateLister)
	if !ok {
		return s.store.EndTemplateSync(ctx, org, sync)
	}
	err = s.read(ctx, lister, open, &sync)
	if err != nil && !last && again(err) {
		return err
	}
	if err != nil {
		text, lacks := lacking(err)
		if !lacks {
			problem, next := account.Explain(open.Adapter, err)
			text = problem + " " + next
		}
		sync.State, sync.Problem = "failed", text
		s.options.Log.Info("templates not read", "connector_id", id, "cause", err)
	}
	return s.store.EndTemplateSync(ctx, org, sync)
}

// again reports whether it may be better in a while.
func again(err error) bool {
	var failed *channels.Error
	if !errors.As(err, &failed) {
		return true
	}
	switch failed.Reason {
	case channels.ReasonUnavailable, channels.ReasonThrottled, channels.ReasonAmbiguous, channels.ReasonTokenExpired:
		return true
	case channels.ReasonRejected, channels.ReasonInvalidRecipient, channels.ReasonUnsupported, channels.ReasonTooLong,
		channels.ReasonWindowClosed, channels.ReasonOptedOut, channels.ReasonBadCredentials, channels.ReasonAccountSuspended, channels.ReasonMalformed:
	}
	return false
}

func (s *Service) read(ctx context.Context, lister channels.TemplateLister, open account.Open, sync *store.TemplateSync) error {
	began, cursor := s.options.Now(), ""
	for range mostPages {
		page, err := s.page(ctx, lister, open, cursor)
		if err != nil {
			return err
		}
		var list []store.StoredTemplate
		for _, t := range page.Templates {
			if t.Status == "" {
				continue // nothing is known of it that could be kept
			}
			list = append(list, incoming(t, open, s.options.Now()))
		}
		final := page.Cursor == "" || page.Cursor == cursor
		sync.Found += len(list)
		gone, err := s.store.KeepTemplates(ctx, open.Org, open.Account.Connector, list, began, final)
		if err != nil {
			return err
		}
		sync.Gone += gone
		if final {
			return nil
		}
		if err := s.store.CountTemplateSync(ctx, open.Org, open.Account.Connector, sync.Found); err != nil {
			return err
		}
		cursor = page.Cursor
	}
	return nil
}

func (s *Service) page(ctx context.Context, lister channels.TemplateLister, open account.Open, cursor string) (channels.TemplatePage, error) {
	ctx, cancel := context.WithTimeout(ctx, pagePatience)
	defer cancel()
	return called(ctx, s, open, func(account channels.Account, doer channels.Doer) (channels.TemplatePage, error) {
		return lister.ListTemplates(ctx, doer, account, cursor)
	})
}
