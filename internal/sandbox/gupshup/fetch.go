package gupshup

import (
	"context"
	"io"
	"mime"
	"net/http"
	"slices"
	"time"

	"converse/internal/chat"
	"converse/internal/sandbox/stage"
)

// fetchTime is how long a file's link may take.
const fetchTime = 5 * time.Second

// The codes of a file that cannot be had (partner-docs.gupshup.io, "Error codes").
const (
	badLink = "1010"
	badSize = "1011"
)

// kinds are what WhatsApp takes of each kind: types, and the largest size.
var kinds = map[chat.MessageKind]struct {
	types []string
	most  int64
}{
	chat.KindImage:   {[]string{"image/jpeg", "image/png"}, 5 << 20},
	chat.KindVideo:   {[]string{"video/mp4", "video/3gpp"}, 16 << 20},
	chat.KindAudio:   {[]string{"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"}, 16 << 20},
	chat.KindSticker: {[]string{"image/webp"}, 500 << 10},
	chat.KindDocument: {[]string{
		"text/plain", "application/pdf", "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		"application/vnd.openxmlformats-officedocument.presentationml.presentation",
	}, 100 << 20},
}

func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// fetch gets a file from its link, or returns the code that its message fails with.
func (s *Side) fetch(ctx context.Context, kind chat.MessageKind, link string) (stage.Media, string) {
	missing := stage.Media{Link: link}
	rule := kinds[kind]
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
	if err != nil {
		return missing, badLink
	}
	response, err := s.client.Do(request)
	if err != nil {
		return missing, badLink
	}
	defer func() { _ = response.Body.Close() }() // what was to be read has been
	data, err := io.ReadAll(io.LimitReader(response.Body, rule.most+1))
	contentType, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	switch {
	case err != nil || response.StatusCode != http.StatusOK || !slices.Contains(rule.types, contentType):
		return missing, badLink
	case int64(len(data)) > rule.most || len(data) == 0:
		return missing, badSize
	}
	return s.stage.Library().Add(contentType, "", data), ""
}

// link is the address of a lead's file. Whoever has it can open it.
func link(base string, account *stage.Account, media stage.Media) string {
	return base + "/wa/" + account.AccountID + "/wa/media/" + media.ID + "?key=" + media.Key + "&download=false"
}

// media plays the address of a lead's file.
func (s *Side) media(w http.ResponseWriter, r *http.Request) {
	media, data, found := s.stage.Library().Open(r.PathValue("id"))
	if !found || r.FormValue("key") != media.Key {
		failure(http.StatusNotFound, "Media Not Found").Write(w)
		return
	}
	s.open(media, data).Write(w)
}

// mediaByID plays GET /partner/app/{app}/media/{id}.
func (s *Side) mediaByID(w http.ResponseWriter, r *http.Request, _ *stage.Account) {
	media, data, found := s.stage.Library().Open(r.PathValue("id"))
	if !found {
		failure(http.StatusNotFound, "Media Not Found").Write(w)
		return
	}
	s.open(media, data).Write(w)
}

func (s *Side) open(media stage.Media, data []byte) stage.Answer {
	if spoilt, hit := s.stage.Spoil(s, media.ID, true, *failure(http.StatusNotFound, "Media Not Found")); hit {
		return spoilt
	}
	return stage.Answer{
		Status: http.StatusOK, ContentType: media.ContentType, Body: data,
		Header: http.Header{"X-Content-Type-Options": {"nosniff"}, "Content-Security-Policy": {"sandbox"}},
	}
}
