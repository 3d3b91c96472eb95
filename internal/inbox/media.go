package inbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"converse/channels"
	"converse/internal/chat"
	"converse/internal/jobs"
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
	Now  func() time.Time
	Log  *slog.Logger
}

// Fetch downloads one file and shows it. jobs.ErrGone: it never will be there, and
// is shown as expired or refused. Any other error is worth another try.
func (f *Files) Fetch(ctx context.Context, org chat.OrgID, id chat.MediaID) error {
	file, err := f.Store.Media(ctx, org, id)
	if chat.CodeOf(err) == chat.CodeNotFound || (err == nil && file.State != chat.MediaLoading) {
		return nil // erased, or fetched by an earlier try
	}
	if err != nil {
		return err
	}
	if !file.ExpiresAt.IsZero() && f.Now().After(file.ExpiresAt) {
		return f.giveUp(ctx, org, file, chat.MediaExpired, "the provider's copy has expired")
	}
	err = f.download(ctx, org, &file)
	var known *channels.Error
	switch {
	case err == nil:
		file.State = chat.MediaReady
		return f.Store.SettleMedia(ctx, org, file)
	case errors.Is(err, media.ErrRefused), errors.Is(err, media.ErrTooLarge):
		return f.giveUp(ctx, org, file, chat.MediaRefused, err.Error())
	case errors.As(err, &known) && known.Reason == channels.ReasonRejected:
		return f.giveUp(ctx, org, file, chat.MediaExpired, known.Error())
	}
	return err
}

func (f *Files) giveUp(ctx context.Context, org chat.OrgID, file store.StoredMedia, state chat.MediaState, why string) error {
	file.State = state
	if err := f.Store.SettleMedia(ctx, org, file); err != nil {
		return err
	}
	f.Log.Info("file given up", "media_id", file.ID, "state", state)
	return fmt.Errorf("%w: %s", jobs.ErrGone, why)
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
	response, err := fetcher.FetchMedia(ctx, f.Doer, open.Account, file.Reference)
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
	file.ContentType, file.Size, file.ObjectKey = kind.ContentType, info.Size, string(key)
	return nil
}
