package approval

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"converse/channels"
	"converse/internal/account"
	"converse/internal/chat"
	"converse/internal/exchange"
	"converse/internal/store"
	"converse/media"
)

const (
	// submitPatience bounds handing in one template, and filePatience one whose example
	// file goes along.
	submitPatience = 15 * time.Second
	filePatience   = 100 * time.Second
	// SyncEvery is how often a connector's templates are read without being asked to.
	SyncEvery = 6 * time.Hour
	// mostDue is how many connectors are taken up at once.
	mostDue = 200
)

// Options configure a Service.
type Options struct {
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	Log *slog.Logger
	// Exchanges may be nil.
	Exchanges *exchange.Log
	// Objects holds the example files of templates; nil: none can be handed in.
	Objects Files
}

// Files hands out the bytes of files.
type Files interface {
	// Get opens an object.
	Get(ctx context.Context, key media.Key) (*media.Object, error)
}

// Service keeps templates. It is safe for concurrent use.
type Service struct {
	store    *store.Store
	accounts *account.Book
	doer     channels.Doer
	options  Options
}

// New returns a service whose calls go through a doer.
func New(s *store.Store, accounts *account.Book, doer channels.Doer, o Options) *Service {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Service{store: s, accounts: accounts, doer: doer, options: o}
}

// Write stores a draft of a connector, or a template that is sent as text and needs
// nobody's word. With an id it changes what is there.
func (s *Service) Write(ctx context.Context, p chat.Principal, id chat.TemplateID, d Draft) (chat.Template, error) {
	tpl, err := d.template()
	if err != nil {
		return chat.Template{}, err
	}
	tpl.Status = chat.TemplateDraft
	if d.Connector == "" {
		tpl.Status = chat.TemplateApproved
	} else if err := s.carries(ctx, p, d); err != nil {
		return chat.Template{}, err
	}
	tpl.ID = id
	exists := id != ""
	if exists {
		before, err := s.store.Template(ctx, p.Org, id)
		if err != nil {
			return chat.Template{}, err
		}
		if before.Connector != d.Connector || before.Channel != d.Channel {
			return chat.Template{}, chat.Invalidf("connectorId", "stays as it was: make a new template for another account")
		}
	} else {
		tpl.ID = chat.NewID[chat.TemplateID]()
	}
	if err := s.store.WriteTemplate(ctx, p, tpl, exists); err != nil {
		return chat.Template{}, err
	}
	stored, err := s.store.Template(ctx, p.Org, tpl.ID)
	return stored.Template, err
}

// carries fails unless the draft's connector is there and has a number of its channel.
func (s *Service) carries(ctx context.Context, p chat.Principal, d Draft) error {
	open, err := s.accounts.ByID(ctx, p.Org, d.Connector)
	if err != nil {
		return err
	}
	if _, ok := open.Adapter.(channels.TemplateSubmitter); !ok {
		return chat.Invalidf("connectorId", "cannot have templates made here: make them in the provider's portal, then read them")
	}
	if !slices.ContainsFunc(open.Senders, func(o chat.Sender) bool { return o.Channel == d.Channel }) {
		return chat.Invalidf("channel", "must be one that a number of this account is of")
	}
	return nil
}

// Submit hands a draft in for review. What the provider refuses at once is rejected, with
// its words as the reason.
func (s *Service) Submit(ctx context.Context, p chat.Principal, id chat.TemplateID) (chat.Template, error) {
	tpl, err := s.store.Template(ctx, p.Org, id)
	if err != nil {
		return chat.Template{}, err
	}
	if tpl.Connector == "" || tpl.Status != chat.TemplateDraft && tpl.Status != chat.TemplateRejected {
		return chat.Template{}, &chat.Error{Code: chat.CodeConflict, Message: "Only a draft or a rejected template can be handed in."}
	}
	open, err := s.accounts.ByID(ctx, p.Org, tpl.Connector)
	if err != nil {
		return chat.Template{}, err
	}
	submitter, ok := open.Adapter.(channels.TemplateSubmitter)
	if !ok {
		return chat.Template{}, &chat.Error{Code: chat.CodeBlocked, Message: "Templates of this account are made in the provider's portal."}
	}
	review, err := s.handIn(ctx, submitter, open, tpl)
	if err != nil {
		return chat.Template{}, err
	}
	if err := s.store.HandIn(ctx, p, id, review, s.options.Now()); err != nil {
		return chat.Template{}, err
	}
	tpl.Status, tpl.Reason, tpl.Category = review.Status, review.Reason, cmp.Or(review.Category, tpl.Category)
	return tpl.Template, nil
}

func (s *Service) handIn(ctx context.Context, submitter channels.TemplateSubmitter, open account.Open, tpl store.StoredTemplate) (r store.Review, err error) {
	template, patience := outgoing(tpl), submitPatience
	if tpl.Header != nil && tpl.Header.File != nil {
		patience = filePatience
		if template.Header.File, err = s.example(ctx, open.Org, tpl.Header.File.ID); err != nil {
			return r, err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	said, err := called(ctx, s, open, func(account channels.Account, doer channels.Doer) (channels.TemplateReview, error) {
		return submitter.SubmitTemplate(ctx, doer, account, template)
	})
	var refused *channels.Error
	switch {
	case errors.Is(err, errFileGone):
		return r, errFileGone
	case errors.As(err, &refused) && refused.Reason == channels.ReasonRejected:
		return store.Review{Status: string(channels.TemplateRejected), Reason: refused.Text}, nil
	case err != nil:
		return r, s.words(open, err)
	}
	return store.Review{
		Ref: said.Ref, Status: cmp.Or(string(said.Status), string(channels.TemplatePending)), Reason: said.Reason, Category: said.Category,
	}, nil
}

// example is the file over a template in the form adapters take: its bytes are opened when
// they are handed over.
func (s *Service) example(ctx context.Context, org chat.OrgID, id chat.MediaID) (*channels.OutgoingMedia, error) {
	file, err := s.store.TemplateFile(ctx, org, id)
	if chat.CodeOf(err) == chat.CodeNotFound || err == nil && s.options.Objects == nil {
		return nil, errFileGone
	}
	if err != nil {
		return nil, err
	}
	return &channels.OutgoingMedia{
		Kind: file.Kind, ContentType: file.ContentType, Name: file.Name, Size: file.Size,
		Open: func(ctx context.Context) (io.ReadCloser, error) {
			object, err := s.options.Objects.Get(ctx, media.Key(file.ObjectKey))
			switch {
			case errors.Is(err, media.ErrNotFound):
				return nil, errFileGone
			case err != nil:
				return nil, err
			}
			return object, nil
		},
	}, nil
}

// errFileGone says that nothing is left of an example file.
var errFileGone = &chat.Error{Code: chat.CodeBlocked, Field: "header.file", Message: "The example file is not there any more. Attach it again."}

// words turn a failed call into what an administrator reads. What an account lacks for a
// call the adapter says itself.
func (s *Service) words(open account.Open, err error) error {
	s.options.Log.Info("call about templates failed", "connector_id", open.Account.Connector, "cause", err)
	if text, lacks := lacking(err); lacks {
		return &chat.Error{Code: chat.CodeBlocked, Message: text}
	}
	text, next := account.Explain(open.Adapter, err)
	return &chat.Error{Code: chat.CodeUnavailable, Message: text + " " + next}
}

func lacking(err error) (text string, lacks bool) {
	failed, ok := errors.AsType[*channels.Error](err)
	if !ok || failed.Reason != channels.ReasonUnsupported {
		return "", false
	}
	return failed.Text, true
}

// called makes one call of an adapter, with a token where it needs one; its panic is an
// error.
func called[T any](ctx context.Context, s *Service, open account.Open, call func(channels.Account, channels.Doer) (T, error)) (out T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("adapter panicked: %v", p)
		}
	}()
	heard := s.options.Exchanges.Calls(s.doer)
	authorized, err := s.accounts.Authorize(ctx, heard(open, chat.PurposeToken), open)
	if err != nil {
		return out, err
	}
	return call(authorized.Account, heard(authorized, chat.PurposeTemplate))
}

// Drop takes away a draft, or a template of no connector.
func (s *Service) Drop(ctx context.Context, p chat.Principal, id chat.TemplateID) error {
	return s.store.DropTemplate(ctx, p, id)
}
