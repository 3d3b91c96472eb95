package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"converse/channels"
	"converse/internal/attach"
	"converse/internal/chat"
	"converse/media"
)

// longestUpload bounds the coming of one file: 100 MB over a poor line.
const longestUpload = 15 * time.Minute

// tidyTimeout bounds the cleaning up after a caller who has gone.
const tidyTimeout = 10 * time.Second

// Errors of an upload that a door answers in a way of its own.
var (
	// ErrNoLength: the request does not say how long the file is.
	ErrNoLength = errors.New("the request must say how long the file is")
	// ErrBusy: too many uploads are coming in just now.
	ErrBusy = errors.New("too many files are coming in")
)

// Create makes room for a file that the principal wants to send in a conversation, and
// returns where its bytes are to be sent. What the conversation cannot carry is refused
// with the field that is wrong.
func (s *Service) Create(ctx context.Context, p chat.Principal, id chat.ConversationID, name, declared string, size int64) (chat.MediaID, string, time.Time, error) {
	if !p.MayChat() {
		return "", "", time.Time{}, &chat.Error{Code: chat.CodeForbidden, Message: "Your role does not send messages in chats."}
	}
	c, err := s.store.Conversation(ctx, p, id)
	if err != nil {
		return "", "", time.Time{}, err
	}
	can, err := s.capabilities(ctx, p.Org, c)
	if err != nil {
		return "", "", time.Time{}, err
	}
	return s.create(ctx, p, chat.Upload{Conversation: id}, can, name, declared, size)
}

// CreateExample makes room for a file that is to stand over a template of a connector, for
// those who review it. It is an administrator's.
func (s *Service) CreateExample(ctx context.Context, p chat.Principal, id chat.ConnectorID, name, declared string, size int64) (chat.MediaID, string, time.Time, error) {
	if !administers(p) {
		return "", "", time.Time{}, &chat.Error{Code: chat.CodeForbidden, Message: "Only an administrator makes templates."}
	}
	can, err := s.examples(ctx, p.Org, id)
	if err != nil {
		return "", "", time.Time{}, err
	}
	return s.create(ctx, p, chat.Upload{Connector: id}, can, name, declared, size)
}

// administers reports whether the principal keeps templates.
func administers(p chat.Principal) bool {
	return p.Role == chat.RoleAdministrator && p.Via != chat.ViaWidget
}

func (s *Service) create(ctx context.Context, p chat.Principal, u chat.Upload, can channels.Capabilities, name, declared string, size int64) (chat.MediaID, string, time.Time, error) {
	file, err := attach.Announced(can, name, declared, size)
	if err != nil {
		s.options.Metrics.UploadRefused()
		return "", "", time.Time{}, err
	}
	file.ID = chat.NewID[chat.MediaID]()
	expires := s.options.Now().Add(uploadLife)
	word, err := s.signer.Sign(media.Grant{Org: p.Org, Media: file.ID, Expires: expires, Purpose: media.ToUpload})
	if err != nil {
		return "", "", time.Time{}, err
	}
	u.Media, u.ObjectKey = file, string(media.NewKey(p.Org))
	err = s.store.CreateUpload(ctx, p, u)
	return file.ID, s.options.PublicURL + "/uploads/" + word, expires, err
}

// Receive takes the bytes of an upload, once. length is what the request says; more than
// was announced is media.ErrTooLarge before anything is read. What the first bytes show to
// be another file than was announced is refused before the rest is read.
func (s *Service) Receive(ctx context.Context, word string, length int64, body io.Reader) error {
	grant, err := s.open(word)
	if err != nil {
		return err
	}
	u, err := s.store.Upload(ctx, grant.Org, grant.Media)
	switch {
	case err != nil:
		return err
	case length < 0:
		return ErrNoLength
	case length > u.Size:
		s.options.Metrics.UploadRefused()
		return media.ErrTooLarge
	case length < u.Size:
		return chat.Invalidf("size", "is %d bytes, and %d were announced", length, u.Size)
	}
	if !s.enter(u.User) {
		return ErrBusy
	}
	defer s.leave(u.User)
	ctx, cancel := context.WithTimeout(ctx, longestUpload)
	defer cancel()
	if u, err = s.store.BeginUpload(ctx, grant.Org, grant.Media); err != nil {
		return err
	}
	if err := s.receive(ctx, u, body); err != nil {
		s.options.Metrics.UploadRefused()
		// It is of no use any more: its word has been used.
		tidy, done := context.WithTimeout(context.WithoutCancel(ctx), tidyTimeout)
		defer done()
		if dropErr := s.drop(tidy, u.Org, u.ID); dropErr != nil && chat.CodeOf(dropErr) != chat.CodeNotFound {
			s.options.Log.WarnContext(ctx, "drop an upload that failed", "media_id", u.ID, "cause", dropErr)
		}
		return err
	}
	s.options.Metrics.Uploaded(u.Size)
	return nil
}

func (s *Service) receive(ctx context.Context, u chat.Upload, body io.Reader) error {
	found, body, err := media.Sniff(body, u.ContentType)
	if errors.Is(err, media.ErrRefused) {
		return chat.Invalidf("contentType", "is not what the file is: it is a program")
	}
	if err != nil {
		return err
	}
	can, err := s.capabilitiesOf(ctx, u)
	if err != nil {
		return err
	}
	if u.Media, err = attach.Arrived(can, u.Media, found); err != nil {
		return err
	}
	info, err := s.objects.Put(ctx, media.Key(u.ObjectKey), media.Limit(body, u.Size), u.Size, u.ContentType)
	if errors.Is(err, media.ErrSize) || errors.Is(err, media.ErrTooLarge) {
		return chat.Invalidf("size", "is not that of the file that came")
	}
	if err != nil {
		return err
	}
	u.SHA256 = info.SHA256
	err = s.store.UploadStored(ctx, u)
	if chat.CodeOf(err) == chat.CodeNotFound {
		// It was cancelled meanwhile, and its row may be gone.
		return errors.Join(err, s.objects.Delete(ctx, media.Key(u.ObjectKey)))
	}
	return err
}

// capabilitiesOf are those of the conversation of an upload, which who made it saw, or of
// the templates of its connector.
func (s *Service) capabilitiesOf(ctx context.Context, u chat.Upload) (can channels.Capabilities, err error) {
	if u.Connector != "" {
		return s.examples(ctx, u.Org, u.Connector)
	}
	c, err := s.store.ConversationAlone(ctx, u.Org, u.Conversation)
	if err != nil {
		return can, err
	}
	return s.capabilities(ctx, u.Org, c)
}

func (s *Service) open(word string) (media.Grant, error) {
	grant, err := s.signer.Open(word, s.options.Now())
	switch {
	case errors.Is(err, media.ErrExpired):
		return grant, chat.NotFound("upload any more: it was not begun in time")
	case err != nil || grant.Purpose != media.ToUpload:
		return grant, chat.NotFound("upload")
	}
	return grant, nil
}

// enter takes a place for an upload; leave gives it back.
func (s *Service) enter(user chat.UserID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.total >= s.options.PerNode || s.receiving[user] >= s.options.PerUser {
		return false
	}
	s.total++
	s.receiving[user]++
	return true
}

func (s *Service) leave(user chat.UserID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.total--
	if s.receiving[user]--; s.receiving[user] == 0 {
		delete(s.receiving, user)
	}
}

// Cancel forgets an upload of the principal's own.
func (s *Service) Cancel(ctx context.Context, p chat.Principal, id chat.MediaID) error {
	if _, err := s.store.UploadOf(ctx, p, id); err != nil {
		return err
	}
	return s.drop(ctx, p.Org, id)
}

// CancelWord forgets the upload of a word.
func (s *Service) CancelWord(ctx context.Context, word string) error {
	grant, err := s.open(word)
	if err != nil {
		return err
	}
	return s.drop(ctx, grant.Org, grant.Media)
}

// drop forgets an upload and its bytes. What fails half-way is swept.
func (s *Service) drop(ctx context.Context, org chat.OrgID, id chat.MediaID) error {
	u, err := s.store.DropUpload(ctx, org, id)
	if err != nil {
		return err
	}
	return s.forget(ctx, u)
}

func (s *Service) forget(ctx context.Context, u chat.Upload) error {
	if err := s.objects.Delete(ctx, media.Key(u.ObjectKey)); err != nil {
		return err
	}
	return s.store.ForgetUpload(ctx, u.Org, u.ID)
}

// sweptAtOnce is how many uploads one round of sweeping takes.
const sweptAtOnce = 200

// Sweep forgets uploads that nobody finished or sent.
func (s *Service) Sweep(ctx context.Context) error {
	for {
		left, err := s.store.LeftUploads(ctx, unfinishedLife, unsentLife, sweptAtOnce)
		if err != nil {
			return fmt.Errorf("look for left uploads: %w", err)
		}
		for _, u := range left {
			if u.State != chat.UploadDropped {
				// One that is sent just now is not found any more.
				if u, err = s.store.DropUpload(ctx, u.Org, u.ID); chat.CodeOf(err) == chat.CodeNotFound {
					continue
				}
			}
			if err == nil {
				err = s.forget(ctx, u)
			}
			if err != nil {
				return fmt.Errorf("sweep an upload: %w", err)
			}
		}
		if len(left) < sweptAtOnce {
			return nil
		}
	}
}
