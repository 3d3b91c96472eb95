package whatsappcloud

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"converse/channels"
	"converse/channels/answer"
	"converse/channels/jsonstrict"
	"converse/channels/parts"
	"converse/internal/chat"
)

const (
	megabyte = 1 << 20
	// maxCaption is the longest caption, in characters (Meta, "Image messages").
	maxCaption = 1024
	// uploadLife is how long Meta keeps a file that was uploaded (Meta, "Media").
	uploadLife = 30 * 24 * time.Hour
)

// mediaRules are the files that the product sends over WhatsApp; sizes are Meta's (Meta,
// "Media, Supported media types"). Only pictures and films have captions, though Meta
// would take one on a document.
var mediaRules = []channels.MediaRule{
	{Kind: chat.KindImage, Types: []string{"image/jpeg", "image/png"}, MaxBytes: 5 * megabyte, Caption: maxCaption},
	{Kind: chat.KindVideo, Types: []string{"video/mp4", "video/3gpp"}, MaxBytes: 16 * megabyte, Caption: maxCaption},
	{Kind: chat.KindAudio, Types: []string{"audio/aac", "audio/mpeg"}, MaxBytes: 16 * megabyte},
	{Kind: chat.KindDocument, Types: []string{
		"application/pdf", "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		"application/vnd.openxmlformats-officedocument.presentationml.presentation",
	}, MaxBytes: 100 * megabyte},
}

// sticker is a picture that some other part of the product may send as one.
var sticker = channels.MediaRule{Kind: chat.KindSticker, Types: []string{"image/webp"}, MaxBytes: 500 << 10}

// ruleOf finds the rule that a file keeps.
func ruleOf(file channels.OutgoingMedia) (channels.MediaRule, *channels.Error) {
	for _, rule := range append(slices.Clone(mediaRules), sticker) {
		if rule.Kind != file.Kind || !slices.Contains(rule.Types, file.ContentType) {
			continue
		}
		if file.Size > rule.MaxBytes {
			return rule, &channels.Error{Reason: rejected, Text: fmt.Sprintf("The file is larger than %d MB.", rule.MaxBytes/megabyte)}
		}
		return rule, nil
	}
	return channels.MediaRule{}, &channels.Error{Reason: unsupported, Text: "WhatsApp does not carry files of this type."}
}

// UploadMedia stores a file under the number that is to send it: an id is good for that
// number alone (Meta, "Media, Upload media").
func (a Adapter) UploadMedia(ctx context.Context, doer channels.Doer, account channels.Account, from channels.AccountSender, file channels.OutgoingMedia) (channels.UploadedMedia, error) {
	if _, refused := ruleOf(file); refused != nil {
		return channels.UploadedMedia{}, refused
	}
	address, err := endpoint(account, from.Ref, "/media")
	if err != nil {
		return channels.UploadedMedia{}, err
	}
	request, err := parts.NewRequest(ctx, address, "form-data", []parts.Part{
		{Name: "messaging_product", Text: "whatsapp"},
		{Name: "type", Text: file.ContentType},
		{Name: "file", File: &file},
	})
	if err != nil {
		return channels.UploadedMedia{}, err
	}
	if err := authorize(request, account); err != nil {
		return channels.UploadedMedia{}, err
	}
	got, err := answer.Of(doer, request)
	if err != nil {
		return channels.UploadedMedia{}, err
	}
	var said struct {
		ID    jsonstrict.Text `json:"id"`
		Error graphError      `json:"error"`
	}
	readable := got.Whole && jsonstrict.Unmarshal(got.Body, &said) == nil
	if got.OK() && readable && idPattern.MatchString(string(said.ID)) {
		return channels.UploadedMedia{Reference: string(said.ID), Lifetime: uploadLife}, nil
	}
	refused := readRefusal(got, said.Error, "take the file", a.Secrets(account))
	if got.Status == http.StatusRequestEntityTooLarge {
		refused.Reason = rejected
	}
	return channels.UploadedMedia{}, refused
}
