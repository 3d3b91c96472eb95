package files

import (
	"context"
	"errors"
	"fmt"
	"os"

	"converse/internal/chat"
	"converse/media"
)

// MakePreview makes the small picture of an image that is ready. An image that cannot be
// read, or that is too large to, has none, and is then without one for good.
func (s *Service) MakePreview(ctx context.Context, org chat.OrgID, id chat.MediaID) error {
	m, err := s.store.Media(ctx, org, id)
	if chat.CodeOf(err) == chat.CodeNotFound || err == nil && (m.State != chat.MediaReady || m.Preview) {
		return nil // erased, or made by an earlier try
	}
	if err != nil {
		return err
	}
	object, err := s.objects.Get(ctx, media.Key(m.ObjectKey))
	if errors.Is(err, media.ErrNotFound) {
		return nil // erased meanwhile
	}
	if err != nil {
		return err
	}
	defer func() { _ = object.Close() }() // it was only read
	// The small picture waits on disk, so that its length is known to the store.
	file, err := os.CreateTemp("", "converse-preview-*")
	if err != nil {
		return fmt.Errorf("make room for a preview: %w", err)
	}
	defer func() { _, _ = file.Close(), os.Remove(file.Name()) }() // a left one is the machine's to clear
	width, height, err := media.Preview(file, object)
	if errors.Is(err, media.ErrNoPreview) {
		s.options.Log.InfoContext(ctx, "image without preview", "media_id", id, "cause", err)
		return nil
	}
	if err != nil {
		return err
	}
	return s.keepPreview(ctx, org, id, file, width, height)
}

func (s *Service) keepPreview(ctx context.Context, org chat.OrgID, id chat.MediaID, file *os.File, width, height int) error {
	size, err := file.Seek(0, 2)
	if err == nil {
		_, err = file.Seek(0, 0)
	}
	if err != nil {
		return fmt.Errorf("read a preview: %w", err)
	}
	key := media.NewKey(org)
	if _, err := s.objects.Put(ctx, key, file, size, media.PreviewType); err != nil {
		return err
	}
	set, err := s.store.SetPreview(ctx, org, id, string(key), width, height)
	if err == nil && !set || chat.CodeOf(err) == chat.CodeNotFound {
		return s.objects.Delete(ctx, key)
	}
	return err
}
