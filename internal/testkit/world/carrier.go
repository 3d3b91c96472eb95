package world

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"

	"converse/channels"
	"converse/internal/chat"
)

// Carrier is an adapter that carries files, whatever its own does: it hands each to the
// provider's /media ahead of its message, and the message that has one to /messages.
type Carrier struct {
	channels.Adapter
	// Lifetime is how long the provider says that it keeps a file.
	Lifetime time.Duration
}

// Carried is what the provider is told of a message with a file.
type Carried struct {
	Kind      chat.MessageKind `json:"kind"`
	Type      string           `json:"type"`
	Name      string           `json:"name"`
	Size      int64            `json:"size"`
	URL       string           `json:"url"`
	Reference string           `json:"reference"`
	Text      string           `json:"text"`
}

// Capabilities implements channels.Adapter: pictures with a caption, sound without.
func (c Carrier) Capabilities(a channels.Account) channels.Capabilities {
	can := c.Adapter.Capabilities(a)
	can.FilesPerMessage = 1
	can.Media = []channels.MediaRule{
		{Kind: chat.KindImage, Types: []string{"image/jpeg", "image/png"}, MaxBytes: 5 << 20, MaxPixels: 25_000_000, Caption: 1024},
		{Kind: chat.KindVideo, Types: []string{"video/mp4"}, MaxBytes: 16 << 20, Caption: 1024},
		{Kind: chat.KindAudio, Types: []string{"audio/mpeg"}, MaxBytes: 16 << 20},
	}
	return can
}

// UploadMedia implements channels.MediaUploader. The provider's answer is the reference.
func (c Carrier) UploadMedia(ctx context.Context, doer channels.Doer, a channels.Account, _ channels.AccountSender, file channels.OutgoingMedia) (channels.UploadedMedia, error) {
	body, err := file.Open(ctx)
	if err != nil {
		return channels.UploadedMedia{}, err
	}
	defer body.Close()
	answer, err := post(ctx, doer, a.BaseURL+"/media", body, file.ContentType)
	return channels.UploadedMedia{Reference: answer, Lifetime: c.Lifetime}, err
}

// Send implements channels.Adapter. The provider's answer is the message's id.
func (c Carrier) Send(ctx context.Context, doer channels.Doer, a channels.Account, m channels.Outgoing) (channels.Receipt, error) {
	if len(m.Media) == 0 {
		return c.Adapter.Send(ctx, doer, a, m)
	}
	f := m.Media[0]
	text, err := json.Marshal(Carried{f.Kind, f.ContentType, f.Name, f.Size, f.URL, f.Reference, m.Text})
	if err != nil {
		return channels.Receipt{}, err
	}
	answer, err := post(ctx, doer, a.BaseURL+"/messages", strings.NewReader(string(text)), "application/json")
	return channels.Receipt{ProviderID: answer}, err
}

func post(ctx context.Context, doer channels.Doer, url string, body io.Reader, contentType string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, body)
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", contentType)
	resp, err := doer.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 1<<10))
	switch {
	case err != nil:
		return "", err
	case resp.StatusCode == http.StatusServiceUnavailable:
		return "", &channels.Error{Reason: channels.ReasonUnavailable, Text: "not now"}
	case resp.StatusCode != http.StatusOK:
		return "", &channels.Error{Reason: channels.ReasonRejected, Code: "131053", Text: "not such a file"}
	}
	return string(answer), nil
}
