package store

import (
	"context"
	"errors"
	"time"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// mostUploads is how many files a user may have under way or not sent yet.
const mostUploads = 50

func uploadOf(r db.Upload) chat.Upload {
	state := chat.MediaLoading
	if r.State == chat.UploadReady || r.State == chat.UploadKept {
		state = chat.MediaReady
	}
	return chat.Upload{
		Media: chat.Media{
			ID: r.ID, State: state, Kind: r.Kind, ContentType: r.ContentType, Name: r.Name, Size: r.Size, Width: r.Width, Height: r.Height,
			Version: 1,
		},
		Org: r.OrgID, User: r.UserID, Conversation: zero(r.ConversationID), Connector: zero(r.ConnectorID), State: r.State, SHA256: r.Sha256,
		ObjectKey: r.ObjectKey, CreatedAt: r.CreatedAt,
	}
}

// CreateUpload makes room for a file of the principal in a conversation that they see, or
// for a template of a connector.
func (s *Store) CreateUpload(ctx context.Context, p chat.Principal, u chat.Upload) error {
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		if u.Connector == "" {
			if err := t.seeConversation(ctx, p, u.Conversation); err != nil {
				return err
			}
		}
		n, err := t.CountUploads(ctx, db.CountUploadsParams{OrgID: t.org, UserID: p.User})
		if err != nil {
			return err
		}
		if n >= mostUploads {
			return &chat.Error{
				Code: chat.CodeTooMany, Reason: chat.ReasonSlowDown,
				Message: "There are too many files that you have not sent yet. Send or remove some first.",
			}
		}
		return t.InsertUpload(ctx, db.InsertUploadParams{
			OrgID: t.org, ID: u.ID, UserID: p.User, ConversationID: orNull(u.Conversation), ConnectorID: orNull(u.Connector), Kind: u.Kind,
			ContentType: u.ContentType, Name: u.Name, Size: u.Size, ObjectKey: u.ObjectKey,
		})
	})
	if u.Connector != "" && isForeign(err) {
		return chat.NotFound("connector")
	}
	return err
}

// UploadOf returns an upload of the principal's own.
func (s *Store) UploadOf(ctx context.Context, p chat.Principal, id chat.MediaID) (chat.Upload, error) {
	u, err := s.Upload(ctx, p.Org, id)
	if err == nil && u.User != p.User {
		return chat.Upload{}, chat.NotFound("file")
	}
	return u, err
}

// Upload returns an upload, whoever's it is.
func (s *Store) Upload(ctx context.Context, org chat.OrgID, id chat.MediaID) (chat.Upload, error) {
	var out chat.Upload
	err := s.inOrg(ctx, org, func(t *tx) error {
		r, err := t.GetUpload(ctx, db.GetUploadParams{OrgID: org, ID: id})
		out = uploadOf(r)
		return notFound(err, "file")
	})
	return out, err
}

// TemplateFile returns an upload for a template that is ready to be looked at.
func (s *Store) TemplateFile(ctx context.Context, org chat.OrgID, id chat.MediaID) (chat.Upload, error) {
	u, err := s.Upload(ctx, org, id)
	if err == nil && (u.Connector == "" || u.Media.State != chat.MediaReady) {
		return chat.Upload{}, chat.NotFound("file")
	}
	return u, err
}

// BeginUpload says that the bytes of an upload are coming. It can be said once.
func (s *Store) BeginUpload(ctx context.Context, org chat.OrgID, id chat.MediaID) (chat.Upload, error) {
	var out chat.Upload
	err := s.inOrg(ctx, org, func(t *tx) error {
		r, err := t.Queries.BeginUpload(ctx, db.BeginUploadParams{OrgID: org, ID: id})
		out = uploadOf(r)
		return notFound(err, "file")
	})
	return out, err
}

// UploadStored says that the bytes of an upload are stored, and what they are. It is not
// found when the upload was dropped meanwhile: the bytes must go then.
func (s *Store) UploadStored(ctx context.Context, u chat.Upload) error {
	return s.changeUpload(ctx, u.Org, func(t *tx) (int64, error) {
		return t.StoreUpload(ctx, db.StoreUploadParams{OrgID: u.Org, ID: u.ID, Kind: u.Kind, ContentType: u.ContentType, Sha256: u.SHA256})
	})
}

// UploadChecked says that an upload can be sent, and how large its picture is.
func (s *Store) UploadChecked(ctx context.Context, u chat.Upload) error {
	return s.changeUpload(ctx, u.Org, func(t *tx) (int64, error) {
		return t.ReadyUpload(ctx, db.ReadyUploadParams{OrgID: u.Org, ID: u.ID, Width: u.Width, Height: u.Height})
	})
}

func (s *Store) changeUpload(ctx context.Context, org chat.OrgID, change func(*tx) (int64, error)) error {
	return s.inOrg(ctx, org, func(t *tx) error {
		n, err := change(t)
		if err == nil && n == 0 {
			return chat.NotFound("file")
		}
		return err
	})
}

// DropUpload keeps an upload from being sent; one that a template has is not found. Its object is to be deleted next, and then
// ForgetUpload called.
func (s *Store) DropUpload(ctx context.Context, org chat.OrgID, id chat.MediaID) (chat.Upload, error) {
	var out chat.Upload
	err := s.inOrg(ctx, org, func(t *tx) error {
		r, err := t.Queries.DropUpload(ctx, db.DropUploadParams{OrgID: org, ID: id})
		out = uploadOf(r)
		return notFound(err, "file")
	})
	return out, err
}

// ForgetUpload removes an upload that was dropped.
func (s *Store) ForgetUpload(ctx context.Context, org chat.OrgID, id chat.MediaID) error {
	return s.inOrg(ctx, org, func(t *tx) error {
		return t.DeleteDroppedUpload(ctx, db.DeleteDroppedUploadParams{OrgID: org, ID: id})
	})
}

// LeftUploads lists uploads of every org that were not finished or not sent for so long,
// and those that were dropped and are still there.
func (s *Store) LeftUploads(ctx context.Context, unfinished, unsent time.Duration, most int) ([]chat.Upload, error) {
	rows, err := s.queries().LeftUploads(ctx, db.LeftUploadsParams{Unfinished: unfinished, Unsent: unsent, Most: most})
	return convert(rows, uploadOf), err
}

// SentFile is a file of a new message.
type SentFile struct {
	chat.Media
	SHA256, ObjectKey, PreviewKey string
}

// filesOf are the files of a new message: uploads of the principal's that become its, or
// copies of those of the message that is sent again. Either all are there or it is an error.
func (t *tx) filesOf(ctx context.Context, p chat.Principal, n NewMessage) ([]SentFile, error) {
	if len(n.Uploads) == 0 {
		return n.Files, nil
	}
	rows, err := t.TakeUploads(ctx, db.TakeUploadsParams{OrgID: t.org, Ids: texts(n.Uploads), UserID: p.User, ConversationID: &n.Conversation})
	if err != nil {
		return nil, err
	}
	taken := make(map[chat.MediaID]chat.Upload, len(rows))
	for _, r := range rows {
		taken[r.ID] = uploadOf(r)
	}
	out := make([]SentFile, len(n.Uploads))
	for i, id := range n.Uploads {
		u, ok := taken[id]
		if !ok {
			return nil, chat.NotFound("file")
		}
		delete(taken, id) // one named twice is not there twice
		out[i] = SentFile{Media: u.Media, SHA256: u.SHA256, ObjectKey: u.ObjectKey}
	}
	return out, nil
}

// insertFiles stores the files of a new message, and has small pictures made of them.
func (t *tx) insertFiles(ctx context.Context, c chat.Conversation, m chat.Message, files []SentFile) error {
	var pictures []chat.MediaID
	var failed error
	for i, f := range files {
		failed = errors.Join(failed, t.later.InsertSentMedia(ctx, db.InsertSentMediaParams{
			OrgID: t.org, ID: f.ID, MessageID: m.ID, Position: i, ConnectorID: c.Sender.Connector, Kind: f.Kind, ContentType: f.ContentType,
			Name: f.Name, Size: f.Size, Sha256: f.SHA256, Width: f.Width, Height: f.Height, ObjectKey: f.ObjectKey, PreviewKey: f.PreviewKey,
		}))
		if f.Kind == chat.KindImage && f.PreviewKey == "" {
			pictures = append(pictures, f.ID)
		}
	}
	return errors.Join(failed, t.preview(ctx, pictures))
}

// preview has small pictures made of files that are ready.
func (t *tx) preview(ctx context.Context, ids []chat.MediaID) error {
	if len(ids) == 0 {
		return nil
	}
	transaction, err := t.pgx(ctx)
	if err != nil {
		return err
	}
	return t.options.Preview(ctx, transaction, t.org, ids)
}
