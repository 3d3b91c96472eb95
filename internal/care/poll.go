package care

import (
	"context"
	"time"

	"converse/channels"
	"converse/internal/account"
	"converse/internal/chat"
	"converse/internal/store"
)

const (
	// mostPages bounds one poll; what is left is polled right after.
	mostPages = 50
	// mostRounds is how often a poll is made again at once because somebody asked for it
	// meanwhile.
	mostRounds = 3
	// A poll without a place to go on from tells again what happened shortly before the
	// last one, and never more than a week.
	overlap  = 5 * time.Minute
	longAgo  = 7 * 24 * time.Hour
	soonNext = time.Second
)

// poll asks a provider what happened since the last time.
func (s *Service) poll(ctx context.Context, open account.Open, care store.Care) error {
	poller, ok := open.Adapter.(channels.Poller)
	if !ok {
		_, err := s.Store.Polled(ctx, care.Org, care.Connector, store.Polled{Begun: s.Now()})
		return err
	}
	for range mostRounds {
		again, err := s.round(ctx, open, poller, &care)
		if err != nil || !again {
			return err
		}
	}
	return nil // it is due, and taken up with the next tending
}

// round is one poll, to its last page.
func (s *Service) round(ctx context.Context, open account.Open, poller channels.Poller, care *store.Care) (again bool, err error) {
	begun, err := s.Store.Clock(ctx)
	if err != nil {
		return false, err
	}
	more, err := s.pages(ctx, open, poller, care)
	if err != nil {
		s.done.WithLabelValues("poll", "failed").Inc()
		trouble, err := s.troubleOf(ctx, open, care.PollFailures, err)
		if err != nil {
			return false, err
		}
		_, err = s.Store.Polled(ctx, care.Org, care.Connector, store.Polled{
			State: "failed", Detail: trouble.words, Begun: s.Now().Add(time.Hour), Next: trouble.again, Failures: care.PollFailures + 1,
		})
		return false, err
	}
	s.done.WithLabelValues("poll", "active").Inc()
	ended := store.Polled{State: "active", Begun: begun, Next: poller.PollEvery(open.Account)}
	if more {
		ended.Next = soonNext
	} else {
		ended.Through, care.PolledThrough = begun, begun
	}
	return s.Store.Polled(ctx, care.Org, care.Connector, ended)
}

// pages asks for page after page, and stores each before the next. more: there are others.
func (s *Service) pages(ctx context.Context, open account.Open, poller channels.Poller, care *store.Care) (more bool, err error) {
	now := s.Now()
	since := care.PolledThrough.Add(-overlap)
	if oldest := now.Add(-longAgo); since.Before(oldest) {
		since = oldest
	}
	for range mostPages {
		var page channels.Polled
		err := s.call(ctx, open, chat.PurposePoll, func(open account.Open, doer channels.Doer) error {
			var err error
			page, err = poller.Poll(ctx, doer, open.Account, channels.PollQuery{Cursor: care.PollCursor, Since: since, Now: now})
			return err
		})
		if err != nil {
			return false, err
		}
		if err := s.Inbox.TakePolled(ctx, open, page.Body, since); err != nil {
			return false, err
		}
		care.PollCursor = page.Cursor
		if err := s.Store.SavePlace(ctx, care.Org, care.Connector, page.Cursor); err != nil {
			return false, err
		}
		if !page.More {
			return false, nil
		}
	}
	return true, nil
}
