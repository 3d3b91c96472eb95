package files

import (
	"context"
	"errors"
	"strings"

	"converse/internal/attach"
	"converse/internal/chat"
	"converse/media"
)

// Complete looks at an upload of the principal's own whose bytes have come, and makes it
// ready to be sent. A file that is not what it was said to be, or that its conversation
// cannot carry, is refused and forgotten. digest may be empty.
func (s *Service) Complete(ctx context.Context, p chat.Principal, id chat.MediaID, digest string) (chat.Media, error) {
	u, err := s.store.UploadOf(ctx, p, id)
	if err != nil {
		return chat.Media{}, err
	}
	switch u.State {
	case chat.UploadReady, chat.UploadKept:
		return u.Media, nil
	case chat.UploadStored:
	case chat.UploadWaiting, chat.UploadReceiving, chat.UploadDropped:
		return chat.Media{}, &chat.Error{Code: chat.CodeBlocked, Message: "The file has not come yet. Send it to its upload address first."}
	}
	if err := s.check(ctx, &u, digest); err != nil {
		if chat.CodeOf(err) != chat.CodeInvalid {
			return chat.Media{}, err
		}
		s.options.Metrics.UploadRefused()
		return chat.Media{}, errors.Join(err, s.drop(ctx, u.Org, u.ID))
	}
	if err := s.store.UploadChecked(ctx, u); err != nil {
		return chat.Media{}, err
	}
	u.State, u.Media.State = chat.UploadReady, chat.MediaReady
	return u.Media, nil
}

func (s *Service) check(ctx context.Context, u *chat.Upload, digest string) error {
	can, err := s.capabilitiesOf(ctx, *u)
	if err != nil {
		return err
	}
	object, err := s.objects.Get(ctx, media.Key(u.ObjectKey))
	if err != nil {
		return err
	}
	defer func() { _ = object.Close() }() // it was only read
	switch {
	case object.Size != u.Size:
		return chat.Invalidf("mediaId", "is a file of another size than was announced. Upload it again")
	case digest != "" && !strings.EqualFold(digest, u.SHA256):
		return chat.Invalidf("sha256", "is not that of the file that came. Upload it again")
	case !media.HasSize(u.ContentType):
		return nil
	}
	u.Width, u.Height, err = media.PictureSize(object)
	if err != nil {
		return chat.Invalidf("mediaId", "is a picture that cannot be read")
	}
	return attach.Picture(can, u.ContentType, u.Width, u.Height)
}
