package channeltest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"time"

	"converse/channels"
	"converse/internal/chat"
)

// ability is something an adapter does besides sending, in ability.json: which
// method is called, and with what.
type ability struct {
	// Do is grant_token, keep_subscription, poll, check, list_templates,
	// submit_template or upload_media.
	Do string
	// ID is the subscription's; Cursor the poll's or the list's.
	ID, Cursor string
	Since, Now time.Time
	Template   channels.Template
	// File is what is uploaded; its bytes are Content. So are those of a template's
	// example file.
	File    channels.OutgoingMedia
	Content string
}

// perform calls the method and returns what came back, for want.json. A poll's page is
// shown by the events read from it.
func (r *runner) perform(account channels.Account, doer *script, a ability) (any, error) {
	ctx := callContext()
	switch a.Do {
	case "grant_token":
		if granter, ok := r.adapter.(channels.TokenGranter); ok {
			token, err := granter.GrantToken(ctx, doer, account)
			// Of a token only its life is shown: it is a secret.
			return map[string]any{"Given": token.Value != "", "Lifetime": token.Lifetime}, err
		}
	case "keep_subscription":
		if subscriber, ok := r.adapter.(channels.Subscriber); ok {
			return subscriber.KeepSubscription(ctx, doer, account, a.ID)
		}
	case "poll":
		if poller, ok := r.adapter.(channels.Poller); ok {
			return poll(ctx, poller, doer, account, channels.PollQuery{Cursor: a.Cursor, Since: a.Since, Now: a.Now})
		}
	case "check":
		if checker, ok := r.adapter.(channels.Checker); ok {
			return checker.Check(ctx, doer, account)
		}
	case "list_templates":
		if lister, ok := r.adapter.(channels.TemplateLister); ok {
			return lister.ListTemplates(ctx, doer, account, a.Cursor)
		}
	case "submit_template":
		if submitter, ok := r.adapter.(channels.TemplateSubmitter); ok {
			if h := a.Template.Header; h != nil && h.File != nil {
				h.File.Open, h.File.Size = opener(a.Content), int64(len(a.Content))
			}
			return submitter.SubmitTemplate(ctx, doer, account, a.Template)
		}
	case "upload_media":
		if uploader, ok := r.adapter.(channels.MediaUploader); ok {
			a.File.Open = opener(a.Content)
			a.File.Size = int64(len(a.Content))
			return uploader.UploadMedia(ctx, doer, account, firstSender(account), a.File)
		}
	}
	return nil, fmt.Errorf("the adapter has no ability %q", a.Do)
}

func poll(ctx context.Context, poller channels.Poller, doer *script, account channels.Account, q channels.PollQuery) (any, error) {
	page, err := poller.Poll(ctx, doer, account, q)
	if err != nil {
		return nil, err
	}
	events, err := poller.ParsePolled(account, page.Body)
	if err != nil {
		return nil, fmt.Errorf("read the page: %w", err)
	}
	return map[string]any{"Events": showEvents(events), "Cursor": page.Cursor, "More": page.More}, nil
}

// opener opens a text as a file.
func opener(content string) func(context.Context) (io.ReadCloser, error) {
	return func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader([]byte(content))), nil
	}
}

func firstSender(account channels.Account) channels.AccountSender {
	if len(account.Senders) == 0 {
		return channels.AccountSender{Channel: chat.ChannelSMS}
	}
	return account.Senders[0]
}
