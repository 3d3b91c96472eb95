package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// StoredMedia is a file with where its bytes are.
type StoredMedia struct {
	chat.Media
	Connector chat.ConnectorID
	// Reference finds the file at the provider until ExpiresAt (zero: not known).
	Reference string
	ExpiresAt time.Time
	SHA256    string
	// ObjectKey finds the file in our own storage; empty unless the state is ready.
	ObjectKey string
	// PreviewKey finds a small picture of it; empty for none.
	PreviewKey string
}

func storedMediaOf(r db.Medium) StoredMedia {
	return StoredMedia{
		Media: mediaOf(r), Connector: r.ConnectorID, Reference: r.Reference, ExpiresAt: zero(r.ExpiresAt),
		SHA256: r.Sha256, ObjectKey: r.ObjectKey, PreviewKey: r.PreviewKey,
	}
}

// MediaFor returns one file of a lead that the principal may see.
func (s *Store) MediaFor(ctx context.Context, p chat.Principal, id chat.MediaID) (StoredMedia, error) {
	err := s.inOrg(ctx, p.Org, func(t *tx) error { return t.seeMedia(ctx, p, id) })
	if err != nil {
		return StoredMedia{}, err
	}
	return s.Media(ctx, p.Org, id)
}

// Media returns one file, whoever it is for.
func (s *Store) Media(ctx context.Context, org chat.OrgID, id chat.MediaID) (StoredMedia, error) {
	var out StoredMedia
	err := s.inOrg(ctx, org, func(t *tx) error {
		r, err := t.GetMedia(ctx, db.GetMediaParams{OrgID: org, ID: id})
		out = storedMediaOf(r)
		return notFound(err, "file")
	})
	return out, err
}

// SettleMedia ends the loading of a file and tells the org. A file that is settled
// already stays as it is, and settled is false: the caller's object is nobody's then.
func (s *Store) SettleMedia(ctx context.Context, org chat.OrgID, m StoredMedia) (settled bool, err error) {
	err = s.inOrg(ctx, org, func(t *tx) error {
		row, err := t.GetMedia(ctx, db.GetMediaParams{OrgID: org, ID: m.ID})
		if err != nil {
			return notFound(err, "file")
		}
		n, err := t.Queries.SettleMedia(ctx, db.SettleMediaParams{
			OrgID: org, ID: m.ID, State: m.State, Kind: m.Kind, ContentType: m.ContentType, Size: m.Size, Sha256: m.SHA256, ObjectKey: m.ObjectKey,
			Why: m.Why,
		})
		if settled = n > 0; err != nil || !settled {
			return err
		}
		if m.State == chat.MediaReady && m.Kind == chat.KindImage {
			if err := t.preview(ctx, []chat.MediaID{m.ID}); err != nil {
				return err
			}
		}
		return t.publishMessage(ctx, row.MessageID)
	})
	return settled && err == nil, err
}

// DelayMedia tells the org why a file is still loading. One that says so already, or is
// settled, stays as it is.
func (s *Store) DelayMedia(ctx context.Context, org chat.OrgID, id chat.MediaID, why string) error {
	return s.inOrg(ctx, org, func(t *tx) error {
		n, err := t.Queries.DelayMedia(ctx, db.DelayMediaParams{OrgID: org, ID: id, Why: why})
		if err != nil || n == 0 {
			return err
		}
		row, err := t.GetMedia(ctx, db.GetMediaParams{OrgID: org, ID: id})
		if err != nil {
			return err
		}
		return t.publishMessage(ctx, row.MessageID)
	})
}

// RetryMedia lets a file be fetched at once that the principal sees and that did not come
// yet: one that failed begins anew, one that is loading waits no longer. One that cannot
// come any more is an error with code blocked.
func (s *Store) RetryMedia(ctx context.Context, p chat.Principal, id chat.MediaID) (chat.Media, error) {
	var out chat.Media
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		if err := t.seeMedia(ctx, p, id); err != nil {
			return err
		}
		row, err := t.GetMedia(ctx, db.GetMediaParams{OrgID: p.Org, ID: id})
		if err != nil {
			return notFound(err, "file")
		}
		was, err := t.ReloadMedia(ctx, db.ReloadMediaParams{OrgID: p.Org, ID: id})
		if errors.Is(err, pgx.ErrNoRows) {
			return &chat.Error{Code: chat.CodeBlocked, Message: "Only a file that did not come yet can be fetched again."}
		}
		if err != nil {
			return err
		}
		out = mediaOf(row)
		out.State, out.Why, out.Version = chat.MediaLoading, "", out.Version+1
		transaction, err := t.pgx(ctx)
		if err != nil {
			return err
		}
		if was == chat.MediaLoading {
			err = t.options.HurryMedia(ctx, transaction, p.Org, id)
		} else {
			err = t.options.FetchMedia(ctx, transaction, p.Org, []chat.MediaID{id})
		}
		return errors.Join(err, t.publishMessage(ctx, row.MessageID))
	})
	return out, err
}

// SetPreview says where the small picture of a file is, and how large the file's own is.
// set is false when the file is not there any more or has one: the caller's is nobody's.
func (s *Store) SetPreview(ctx context.Context, org chat.OrgID, id chat.MediaID, key string, width, height int) (set bool, err error) {
	err = s.inOrg(ctx, org, func(t *tx) error {
		n, err := t.Queries.SetPreview(ctx, db.SetPreviewParams{OrgID: org, ID: id, PreviewKey: key, Width: width, Height: height})
		if set = n > 0; err != nil || !set {
			return err
		}
		row, err := t.GetMedia(ctx, db.GetMediaParams{OrgID: org, ID: id})
		if err != nil {
			return err
		}
		return t.publishMessage(ctx, row.MessageID)
	})
	return set && err == nil, err
}

// KeepReference notes what a provider gave for a file that goes out, and until when it is
// good; the zero time means not known.
func (s *Store) KeepReference(ctx context.Context, org chat.OrgID, id chat.MediaID, reference string, until time.Time) error {
	return s.inOrg(ctx, org, func(t *tx) error {
		return t.KeepMediaReference(ctx, db.KeepMediaReferenceParams{OrgID: org, ID: id, Reference: reference, ExpiresAt: orNull(until)})
	})
}

// publishMessage tells the org of a message that changed in itself.
func (t *tx) publishMessage(ctx context.Context, id chat.MessageID) error {
	message, err := t.message(ctx, id)
	if err != nil {
		return err
	}
	row, err := t.GetConversationAlone(ctx, db.GetConversationAloneParams{OrgID: t.org, ID: message.Conversation})
	if err != nil {
		return err
	}
	return t.publish(chat.OrgTopic(t.org), chat.Event{Message: &chat.MessageEvent{
		Message: message, Conversation: conversationOf(row),
	}})
}
