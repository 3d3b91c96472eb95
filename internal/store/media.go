package store

import (
	"context"
	"time"

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
		out = StoredMedia{
			Media: mediaOf(r), Connector: r.ConnectorID, Reference: r.Reference, ExpiresAt: zero(r.ExpiresAt),
			SHA256: r.Sha256, ObjectKey: r.ObjectKey,
		}
		return notFound(err, "file")
	})
	return out, err
}

// SettleMedia ends the loading of a file and tells the org. Settling one that is
// settled already changes nothing.
func (s *Store) SettleMedia(ctx context.Context, org chat.OrgID, m StoredMedia) error {
	return s.inOrg(ctx, org, func(t *tx) error {
		row, err := t.GetMedia(ctx, db.GetMediaParams{OrgID: org, ID: m.ID})
		if err != nil {
			return notFound(err, "file")
		}
		settled, err := t.Queries.SettleMedia(ctx, db.SettleMediaParams{
			OrgID: org, ID: m.ID, State: m.State, ContentType: m.ContentType, Size: m.Size, ObjectKey: m.ObjectKey,
		})
		if err != nil || settled == 0 {
			return err
		}
		return t.publishMessage(ctx, row.MessageID)
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
