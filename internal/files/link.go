package files

import (
	"context"
	"time"

	"converse/internal/chat"
	"converse/internal/store"
	"converse/media"
)

// Link returns a short-lived address of a file that the principal sees, or of its small
// picture. An administrator also sees the examples of templates, which have none.
func (s *Service) Link(ctx context.Context, p chat.Principal, id chat.MediaID, preview bool) (string, time.Time, error) {
	m, err := s.store.MediaFor(ctx, p, id)
	if chat.CodeOf(err) == chat.CodeNotFound && administers(p) {
		var example chat.Upload
		example, err = s.store.TemplateFile(ctx, p.Org, id)
		m.Media = example.Media
	}
	if err == nil && (m.State != chat.MediaReady || preview && !m.Preview) {
		err = chat.NotFound("file")
	}
	if err != nil {
		return "", time.Time{}, err
	}
	expires := s.options.Now().Add(downloadLife)
	// A name that the lead gave the file may have a number in it.
	grant := media.Grant{Org: p.Org, Media: id, Expires: expires, Nameless: p.Rights().Hides()}
	if preview {
		grant.Purpose, grant.Nameless = media.ToPreview, false
	}
	word, err := s.signer.Sign(grant)
	return s.options.PublicURL + "/media/" + word, expires, err
}

// ProviderLink is an address under which a provider can fetch a file for a day.
func (s *Service) ProviderLink(org chat.OrgID, id chat.MediaID) (string, error) {
	expires := s.options.Now().Add(providerLife)
	word, err := s.signer.Sign(media.Grant{Org: org, Media: id, Expires: expires, Purpose: media.ToProvider})
	return s.options.PublicURL + "/m/" + word, err
}

// File finds the file of a grant, for the handlers that hand files out.
func (s *Service) File(ctx context.Context, g media.Grant) (media.File, error) {
	m, err := s.store.Media(ctx, g.Org, g.Media)
	if chat.CodeOf(err) == chat.CodeNotFound {
		var example chat.Upload
		example, err = s.store.TemplateFile(ctx, g.Org, g.Media)
		m = store.StoredMedia{Media: example.Media, ObjectKey: example.ObjectKey}
	}
	if err == nil && (m.State != chat.MediaReady || g.Purpose == media.ToPreview && !m.Preview) {
		err = chat.NotFound("file")
	}
	if g.Purpose == media.ToPreview {
		return media.File{Key: media.Key(m.PreviewKey), ContentType: media.PreviewType}, err
	}
	return media.File{Key: media.Key(m.ObjectKey), ContentType: m.ContentType, Name: m.Name}, err
}

// Retry lets a file be fetched from its provider again.
func (s *Service) Retry(ctx context.Context, p chat.Principal, id chat.MediaID) (chat.Media, error) {
	return s.store.RetryMedia(ctx, p, id)
}
