package inbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"converse/channels"
	"converse/internal/account"
	"converse/internal/chat"
	"converse/internal/exchange"
	"converse/internal/jobs"
	"converse/internal/safehttp"
	"converse/internal/store"
	"converse/media"
)

// Files brings files that providers announced into our own storage.
type Files struct {
	Store    *store.Store
	Accounts Accounts
	Objects  media.Store
	// Doer downloads: it bounds size and time, and reaches no private address.
	Doer channels.Doer
	// Exchanges is told of every call; nil keeps none.
	Exchanges *exchange.Log
	Now       func() time.Time
	Log       *slog.Logger
}

// Fetch downloads one file and shows it. jobs.ErrGone: it never will be there, and
// is shown as expired or refused. Any other error is worth another try, and the file says
// that it is late; after the last one it is shown as failed. A user may ask for more at
// any time.
func (f *Files) Fetch(ctx context.Context, org chat.OrgID, id chat.MediaID, last bool) error {
	file, err := f.Store.Media(ctx, org, id)
	if chat.CodeOf(err) == chat.CodeNotFound || (err == nil && file.State != chat.MediaLoading) {
		return nil // erased, or fetched by an earlier try
	}
	if err != nil {
		return err
	}
	if !file.ExpiresAt.IsZero() && f.Now().After(file.ExpiresAt) {
		return f.giveUp(ctx, org, file, chat.MediaExpired, "The provider kept it for a time only, and that is over.", errors.New("too late"))
	}
	err = f.download(ctx, org, &file)
	var known *channels.Error
	switch {
	case err == nil:
		file.State = chat.MediaReady
		return f.keep(ctx, org, file)
	case errors.Is(err, media.ErrRefused):
		return f.giveUp(ctx, org, file, chat.MediaRefused, "It is a program. Such files are not taken.", err)
	case errors.Is(err, safehttp.ErrAddress), errors.Is(err, safehttp.ErrRedirect), errors.Is(err, safehttp.ErrRequest):
		return f.giveUp(ctx, org, file, chat.MediaRefused, "It is at an address that is not opened.", err)
	case errors.Is(err, media.ErrTooLarge), errors.Is(err, safehttp.ErrTooLarge):
		return f.giveUp(ctx, org, file, chat.MediaRefused, "It is larger than files of its type may be.", err)
	case errors.As(err, &known) && known.Reason == channels.ReasonRejected:
		return f.giveUp(ctx, org, file, chat.MediaExpired, "The provider does not have it any more.", err)
	case last:
		return f.giveUp(ctx, org, file, chat.MediaFailed, "The provider did not give it, in many tries.", err)
	}
	return errors.Join(err, f.Store.DelayMedia(ctx, org, id, "The provider did not give it yet."))
}

// keep says that the file is here. Where somebody else said so first, ours is one too many.
func (f *Files) keep(ctx context.Context, org chat.OrgID, file store.StoredMedia) error {
	settled, err := f.Store.SettleMedia(ctx, org, file)
	if err == nil && !settled || chat.CodeOf(err) == chat.CodeNotFound {
		return f.Objects.Delete(ctx, media.Key(file.ObjectKey))
	}
	return err
}

func (f *Files) giveUp(ctx context.Context, org chat.OrgID, file store.StoredMedia, state chat.MediaState, why string, cause error) error {
	file.State, file.Why = state, why
	if _, err := f.Store.SettleMedia(ctx, org, file); err != nil {
		return err
	}
	f.Log.Info("file given up", "media_id", file.ID, "state", state)
	return fmt.Errorf("%w: %w", jobs.ErrGone, cause)
}

// download streams the file from the provider into storage; its type is what its
// bytes say, not what was announced.
func (f *Files) download(ctx context.Context, org chat.OrgID, file *store.StoredMedia) error {
	open, err := f.Accounts.ByID(ctx, org, file.Connector)
	if err != nil {
		return err
	}
	fetcher, ok := open.Adapter.(channels.MediaFetcher)
	if !ok {
		return &channels.Error{Reason: channels.ReasonRejected, Text: "this provider's files cannot be fetched"}
	}
	response, err := f.open(ctx, fetcher, open, file.Reference)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	kind, body, err := media.Sniff(response.Body, file.ContentType)
	if err != nil {
		return err
	}
	key := media.NewKey(org)
	info, err := f.Objects.Put(ctx, key, media.Limit(body, kind.Limit), media.SizeUnknown, kind.ContentType)
	if err != nil {
		return err
	}
	if file.SHA256 != "" && file.SHA256 != info.SHA256 {
		return errors.Join(errors.New("the file that came is not the one announced"), f.Objects.Delete(ctx, key))
	}
	file.Kind, file.ContentType, file.Size, file.SHA256, file.ObjectKey = kind.Kind, kind.ContentType, info.Size, info.SHA256, string(key)
	return nil
}

// open asks the provider for the file, with an access token where that is needed.
func (f *Files) open(ctx context.Context, fetcher channels.MediaFetcher, open account.Open, reference string) (*http.Response, error) {
	open, err := f.Accounts.Authorize(ctx, f.Exchanges.Doer(f.Doer, open, exchange.About{Purpose: chat.PurposeToken}), open)
	if err != nil {
		return nil, err
	}
	response, err := fetcher.FetchMedia(ctx, f.Exchanges.Doer(f.Doer, open, exchange.About{Purpose: chat.PurposeMedia}), open.Account, reference)
	var known *channels.Error
	if errors.As(err, &known) && known.Reason == channels.ReasonTokenExpired {
		// The job is tried again, with a new one.
		return nil, errors.Join(err, f.Accounts.DropToken(ctx, open))
	}
	return response, err
}
