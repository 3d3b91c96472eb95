package forget

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"converse/internal/chat"
	"converse/internal/store"
	"converse/media"
)

// How much is done in one transaction.
const (
	filesAtOnce     = 50
	messagesAtOnce  = 500
	callbacksAtOnce = 100
	oldAtOnce       = 1000
)

// Service erases and forgets.
type Service struct {
	store   *store.Store
	objects media.Store
	log     *slog.Logger
}

// New returns a service.
func New(s *store.Store, objects media.Store, log *slog.Logger) *Service {
	return &Service{store: s, objects: objects, log: log}
}

// Erase goes on with an erasure until it is done. It is store.ErrOnItsWay when a message
// of the lead is being sent just now: the rest is done by then.
func (s *Service) Erase(ctx context.Context, org chat.OrgID, id chat.ErasureID) error {
	work, err := s.store.ErasureWork(ctx, org, id)
	if err != nil || work.Done {
		return err
	}
	if err := s.eraseFiles(ctx, org, id, work.Lead); err != nil {
		return err
	}
	for {
		n, err := s.store.EraseMessages(ctx, org, id, work.Lead, messagesAtOnce)
		if err != nil {
			return fmt.Errorf("erase messages: %w", err)
		}
		if n < messagesAtOnce {
			break
		}
	}
	find := newFinder(work.Wanted)
	if err := s.eraseCallbacks(ctx, org, id, find); err != nil {
		return err
	}
	if err := s.eraseExchanges(ctx, org, find); err != nil {
		return err
	}
	return s.store.FinishErasure(ctx, org, id, work)
}

// eraseFiles deletes bytes before the rows forget where they are.
func (s *Service) eraseFiles(ctx context.Context, org chat.OrgID, id chat.ErasureID, lead chat.LeadID) error {
	for {
		files, err := s.store.FilesToErase(ctx, org, lead, filesAtOnce)
		if err != nil || len(files) == 0 {
			return err
		}
		for _, file := range files {
			for _, key := range file.Keys {
				if err := s.objects.Delete(ctx, media.Key(key)); err != nil {
					return fmt.Errorf("delete a file of an erased lead: %w", err)
				}
			}
		}
		if err := s.store.FilesErased(ctx, org, id, files); err != nil {
			return fmt.Errorf("forget files: %w", err)
		}
	}
}

func (s *Service) eraseCallbacks(ctx context.Context, org chat.OrgID, id chat.ErasureID, f finder) error {
	var after chat.CallbackID
	for {
		page, err := s.store.NextCallbacks(ctx, org, after, callbacksAtOnce)
		if err != nil {
			return fmt.Errorf("look through callbacks: %w", err)
		}
		if len(page) == 0 {
			return nil
		}
		after = page[len(page)-1].ID
		var found []chat.CallbackID
		for _, c := range page {
			if f.in(c) {
				found = append(found, c.ID)
			}
		}
		if err := s.store.EraseCallbacks(ctx, org, id, len(page), found); err != nil {
			return fmt.Errorf("erase callbacks: %w", err)
		}
	}
}

// eraseExchanges deletes what the connector log has of a lead beside its messages: polls,
// files, and what was sent just before.
func (s *Service) eraseExchanges(ctx context.Context, org chat.OrgID, f finder) error {
	var after chat.ExchangeID
	for {
		page, err := s.store.NextExchanges(ctx, org, after, callbacksAtOnce)
		if err != nil {
			return fmt.Errorf("look through exchanges: %w", err)
		}
		if len(page) == 0 {
			return nil
		}
		after = page[len(page)-1].ID
		var found []chat.ExchangeID
		for _, x := range page {
			if f.inExchange(x) {
				found = append(found, x.ID)
			}
		}
		if err := s.store.EraseExchanges(ctx, org, found); err != nil {
			return fmt.Errorf("erase exchanges: %w", err)
		}
	}
}

// Forget removes what every org has kept long enough. What fails for one org is tried
// again the next time, and keeps no other from its turn.
func (s *Service) Forget(ctx context.Context) error {
	orgs, err := s.store.Orgs(ctx)
	if err != nil {
		return fmt.Errorf("list orgs: %w", err)
	}
	var failed error
	for _, org := range orgs {
		if err := s.forgetOf(ctx, org, time.Now()); err != nil {
			s.log.WarnContext(ctx, "remove old things", "org_id", org, "cause", err)
			failed = err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return failed
}

func (s *Service) forgetOf(ctx context.Context, org chat.OrgID, now time.Time) error {
	kinds, err := s.store.Retention(ctx, org)
	if err != nil {
		return err
	}
	for _, kind := range kinds {
		removed := 0
		for {
			n, err := s.store.Forget(ctx, org, kind.Kind, now.AddDate(0, 0, -kind.Days), oldAtOnce)
			if err != nil {
				return fmt.Errorf("forget %s: %w", kind.Kind, err)
			}
			removed += n
			// Leads are erased one by one, the rest goes by batches.
			if n == 0 || kind.Kind != chat.RetainDeletedLeads && n < oldAtOnce {
				break
			}
		}
		if err := s.store.NoteForgotten(ctx, org, kind.Kind, removed); err != nil {
			return err
		}
	}
	return nil
}
