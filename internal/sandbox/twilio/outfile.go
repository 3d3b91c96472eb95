package twilio

import (
	"context"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"converse/internal/chat"
	"converse/internal/sandbox/stage"
)

const (
	// Largest message with its files (Twilio, "Accepted content types for media").
	maxMMS      = 5 << 20
	maxWhatsApp = 16 << 20
	// fetchTime is how long a link may take to give its file.
	fetchTime = 10 * time.Second
)

// mostFiles is how many files one message takes.
func mostFiles(sender stage.Sender) int {
	if sender.Channel == chat.ChannelWhatsApp {
		return 1
	}
	return 10
}

// deliverable finds out what keeps a message that was taken from arriving: its files, or
// WhatsApp's closed window.
func (s *Side) deliverable(r *http.Request, attempt *stage.Attempt, links []string) {
	var files []stage.Media
	total := int64(0)
	for _, link := range links {
		file, code := s.fetch(r.Context(), attempt.Sender, link)
		if code != "" {
			attempt.Fails = code
			return
		}
		files, total = append(files, file), total+file.Size
	}
	most, tooLarge := int64(maxMMS), "11751"
	if attempt.Sender.Channel == chat.ChannelWhatsApp {
		most, tooLarge = maxWhatsApp, "63034"
	}
	if total > most {
		attempt.Fails = tooLarge
		return
	}
	if len(files) > 0 {
		attempt.More.Media = append(attempt.More.Media, files...)
		attempt.Kind = kindOf(files[0].ContentType)
	}
	if attempt.Fails == "" && attempt.Sender.Channel == chat.ChannelWhatsApp && attempt.Kind != chat.KindTemplate &&
		!s.stage.WindowOpen(Provider, attempt.Sender.Address, attempt.To) {
		attempt.Fails = "63016"
	}
}

// fetch gets a file by its link, as Twilio does, or says by which code it fails.
func (s *Side) fetch(ctx context.Context, sender stage.Sender, link string) (stage.Media, string) {
	unreachable := "11200"
	if sender.Channel == chat.ChannelWhatsApp {
		unreachable = "63019"
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
	if err != nil {
		return stage.Media{}, unreachable
	}
	request.Header.Set("User-Agent", "TwilioProxy/1.1")
	response, err := s.stage.Office().Client().Do(request)
	if err != nil {
		return stage.Media{}, unreachable
	}
	defer func() { _ = response.Body.Close() }() // it has been read, or is not wanted
	data, err := io.ReadAll(io.LimitReader(response.Body, maxWhatsApp+1))
	if err != nil || response.StatusCode != http.StatusOK {
		return stage.Media{}, unreachable
	}
	contentType, _, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if err != nil || !carries(sender, contentType) {
		return stage.Media{}, "12300"
	}
	_, named, _ := mime.ParseMediaType(response.Header.Get("Content-Disposition"))
	return s.stage.Library().Add(contentType, named["filename"], data), ""
}

// carries reports whether a channel takes files of a type.
func carries(sender stage.Sender, contentType string) bool {
	major, _, _ := strings.Cut(contentType, "/")
	if sender.Channel != chat.ChannelWhatsApp {
		return major == "image" || major == "audio" || major == "video" || major == "text" || contentType == "application/pdf"
	}
	return slices.Contains([]string{
		"image/jpeg", "image/png", "image/webp", "audio/ogg", "audio/amr", "audio/3gpp", "audio/aac", "audio/mpeg",
		"video/mp4", "video/3gpp", "application/pdf", "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		"application/vnd.openxmlformats-officedocument.presentationml.presentation",
	}, contentType)
}

func kindOf(contentType string) chat.MessageKind {
	switch major, _, _ := strings.Cut(contentType, "/"); major {
	case "image":
		return chat.KindImage
	case "video":
		return chat.KindVideo
	case "audio":
		return chat.KindAudio
	}
	return chat.KindDocument
}
