package gupshup

import (
	"context"
	"fmt"
	"slices"

	"converse/channels"
	"converse/channels/parts"
	"converse/internal/chat"
)

// exampleRules are the files that reviewers look at. Gupshup hands them on to Meta, whose
// types and sizes they are.
var exampleRules = []channels.MediaRule{
	{Kind: chat.KindImage, Types: []string{"image/jpeg", "image/png"}, MaxBytes: 5 * megabyte},
	{Kind: chat.KindVideo, Types: []string{"video/mp4"}, MaxBytes: 16 * megabyte},
	{Kind: chat.KindDocument, Types: []string{"application/pdf"}, MaxBytes: 100 * megabyte},
}

// ExampleFiles needs partner access, as the templates themselves do.
func (Adapter) ExampleFiles(account channels.Account) ([]channels.MediaRule, error) {
	if !hasPartner(account) {
		return nil, noPartner()
	}
	return exampleRules, nil
}

// handOver gives Gupshup an example file, which is not held in memory, and returns the
// handle that a template names it by (partner-docs.gupshup.io, "Upload Template Media").
func handOver(ctx context.Context, doer channels.Doer, account channels.Account, file channels.OutgoingMedia) (string, error) {
	if refused := checkExample(file); refused != nil {
		return "", refused
	}
	address, err := partnerAddress(account, "/upload/media")
	if err != nil {
		return "", err
	}
	request, err := parts.NewRequest(ctx, address, "form-data", []parts.Part{
		{Name: "file_type", Text: file.ContentType},
		{Name: "file", File: &file},
	})
	if err != nil {
		return "", err
	}
	request.Header.Set("Authorization", account.Secrets[SecretAppToken])
	kept, err := partnerCall[struct {
		Handle struct {
			Message string `json:"message"`
		} `json:"handleId"`
	}](doer, account, request)
	if err == nil && kept.Handle.Message == "" {
		err = &channels.Error{Reason: unavailable, Text: "Gupshup's answer holds no handle of the example file."}
	}
	return kept.Handle.Message, err
}

func checkExample(file channels.OutgoingMedia) *channels.Error {
	at := slices.IndexFunc(exampleRules, func(r channels.MediaRule) bool { return r.Kind == file.Kind })
	switch {
	case at < 0 || !slices.Contains(exampleRules[at].Types, file.ContentType):
		return &channels.Error{Reason: rejected, Text: "WhatsApp takes a JPEG or PNG picture, an MP4 video or a PDF as the example of a template."}
	case file.Size > exampleRules[at].MaxBytes:
		return &channels.Error{Reason: rejected, Text: fmt.Sprintf("The example file is larger than %d MB.", exampleRules[at].MaxBytes/megabyte)}
	}
	return nil
}
