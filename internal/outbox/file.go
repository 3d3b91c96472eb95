package outbox

import (
	"context"
	"errors"
	"io"
	"time"

	"converse/channels"
	"converse/internal/account"
	"converse/internal/chat"
	"converse/internal/exchange"
	"converse/internal/store"
	"converse/media"
)

// Files hands out the bytes of outgoing files.
type Files interface {
	// Get opens an object.
	Get(ctx context.Context, key media.Key) (*media.Object, error)
}

const (
	// freshReference is how long what a provider gave for a file must still be good for it
	// to be used.
	freshReference = 10 * time.Minute
	// longestHandOver bounds handing one file to a provider ahead of its message.
	longestHandOver = 5 * time.Minute
)

// attachments are a message's files in the form adapters take.
func (o *Outbox) attachments(org chat.OrgID, files []store.StoredMedia) ([]channels.OutgoingMedia, error) {
	var out []channels.OutgoingMedia
	for _, f := range files {
		if f.State != chat.MediaReady || o.options.Objects == nil {
			return nil, fileGone()
		}
		url, err := o.options.FileURL(org, f.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, channels.OutgoingMedia{
			Kind: f.Kind, ContentType: f.ContentType, Name: f.Name, Size: f.Size, URL: url, Reference: f.Reference,
			Open: func(ctx context.Context) (io.ReadCloser, error) {
				return o.openFile(ctx, media.Key(f.ObjectKey))
			},
		})
	}
	return out, nil
}

// openFile opens a file's bytes. While our storage is away nothing has left, so that the
// message can be tried again.
func (o *Outbox) openFile(ctx context.Context, key media.Key) (io.ReadCloser, error) {
	object, err := o.options.Objects.Get(ctx, key)
	switch {
	case errors.Is(err, media.ErrNotFound):
		return nil, fileGone()
	case err != nil:
		o.options.Log.Warn("open a file to send", "cause", err)
		return nil, &channels.Error{Reason: channels.ReasonUnavailable, Text: "the file cannot be read just now"}
	}
	return object, nil
}

// codeFileGone is our own code of a failure: the message's file was erased.
const codeFileGone = "file_gone"

func fileGone() *channels.Error {
	return &channels.Error{Reason: channels.ReasonRejected, Code: codeFileGone, Text: "the file is not there any more"}
}

// handOver gives a message's files to a provider that wants them before the message. The
// lead sees nothing of that, so it may be repeated, and what the provider gave is kept for
// as long as it is good. The job is held meanwhile.
func (o *Outbox) handOver(ctx context.Context, job store.Job, open account.Open) error {
	uploader, ok := open.Adapter.(channels.MediaUploader)
	if !ok {
		return nil
	}
	files, from, err := o.store.FilesToHandOver(ctx, job.Org, job.Message, o.options.Now().Add(freshReference))
	if err != nil || len(files) == 0 {
		return err
	}
	attached, err := o.attachments(job.Org, files)
	if err != nil {
		return err
	}
	ctx, release := o.hold(ctx, job)
	defer release()
	sender := channels.AccountSender{ID: from.ID, Channel: from.Channel, Address: from.Address, Ref: from.Ref}
	for i, file := range attached {
		given, err := o.upload(ctx, uploader, open, job.Message, sender, file)
		if err != nil {
			return err
		}
		until := time.Time{}
		if given.Lifetime > 0 {
			until = o.options.Now().Add(given.Lifetime)
		}
		if err := o.store.KeepReference(ctx, job.Org, files[i].ID, given.Reference, until); err != nil {
			return err
		}
	}
	return nil
}

// upload makes the one call. A panic in an adapter is a failure like any other.
func (o *Outbox) upload(ctx context.Context, uploader channels.MediaUploader, open account.Open, message chat.MessageID, from channels.AccountSender, file channels.OutgoingMedia) (given channels.UploadedMedia, err error) {
	ctx, cancel := context.WithTimeout(ctx, longestHandOver)
	defer cancel()
	doer := &watchedDoer{doer: o.options.Exchanges.Doer(o.doer, open, exchange.About{Purpose: chat.PurposeUpload, Message: message})}
	defer func() {
		if p := recover(); p != nil {
			err = &channels.Error{Reason: channels.ReasonRejected, Text: "adapter panicked"}
		}
		err = classify(err, doer.used)
		if err == nil && given.Reference == "" {
			err = &channels.Error{Reason: channels.ReasonMalformed, Text: "the provider's answer carries no media id"}
		}
	}()
	return uploader.UploadMedia(ctx, doer, open.Account, from, file)
}

// hold keeps a claimed job this node's for as long as it takes. The context ends when
// somebody else has it.
func (o *Outbox) hold(ctx context.Context, job store.Job) (context.Context, func()) {
	ctx, end := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(o.options.Lease / 4)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				if err := o.store.HoldJob(ctx, job, o.options.Node, o.options.Lease); errors.Is(err, store.ErrLeaseLost) {
					end()
				}
			}
		}
	}()
	return ctx, func() { end(); <-done }
}

// handedOver says what becomes of a job whose files could not be handed over. refusal is
// set when its message has failed by that, and done when it waits for another try.
func (o *Outbox) handedOver(ctx context.Context, job store.Job, open account.Open, err error) (refusal *chat.Failure, done bool) {
	var failed *channels.Error
	if err == nil {
		return nil, false
	}
	if !errors.As(err, &failed) {
		// The database or the storage: the lease runs out and the job is claimed again.
		o.options.Log.Warn("hand a file to the provider", "message_id", job.Message, "cause", err)
		return nil, true
	}
	o.options.Log.Info("file not accepted", "message_id", job.Message, "reason", failed.Reason, "code", failed.Code)
	if failed.Reason == channels.ReasonTokenExpired {
		if err := o.accounts.DropToken(ctx, open); err != nil {
			o.options.Log.Warn("drop access token", "connector_id", job.Connector, "cause", err)
		}
	}
	words := failure(open.Adapter, failed)
	switch decisions[failed.Reason] {
	case pause:
		if _, err := o.store.SetConnectorState(ctx, job.Org, job.Connector, store.ConnectorPaused, words.Text); err != nil {
			o.options.Log.Warn("pause a connector", "connector_id", job.Connector, "cause", err)
		}
		return nil, o.putBack(ctx, job, 0)
	case retry, unsure:
		// The message has not left, and a file that arrived twice is seen by nobody.
		after := max(failed.RetryAfter, backoff(job.Claims))
		if o.options.Now().Add(after).Before(job.GiveUpAt) {
			return nil, o.putBack(ctx, job, after)
		}
	case fail:
	}
	return words, false
}

// putBack lets a claimed job wait. It is always true.
func (o *Outbox) putBack(ctx context.Context, job store.Job, after time.Duration) bool {
	if err := o.store.PutJobBack(ctx, job, o.options.Node, after); err != nil {
		o.options.Log.Warn("put a send job back", "message_id", job.Message, "cause", err) // the lease runs out
	}
	return true
}
