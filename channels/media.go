package channels

import (
	"context"
	"io"
	"net/http"
	"time"

	"converse/internal/chat"
)

// MediaRule says which files of one kind an account can send.
type MediaRule struct {
	// Channel is the only channel that the rule is for; empty means all of the account's.
	Channel chat.Channel
	// Kind is image, video, audio, document, sticker or contacts.
	Kind chat.MessageKind
	// PerMessage is how many files one message with such a file carries at most; 0 means
	// as many as the account's FilesPerMessage.
	PerMessage int
	// Types are content types, in lower case and without parameters.
	Types []string
	// MaxBytes is the largest file.
	MaxBytes int64
	// MaxPixels is the largest picture, width times height; 0 means no limit.
	MaxPixels int
	// Caption is the longest text that goes with such a file, in Unicode code points;
	// 0 means that none can.
	Caption int
}

// OutgoingMedia is a file of an outgoing message.
type OutgoingMedia struct {
	Kind        chat.MessageKind
	ContentType string
	// Name is the file's name as the sender chose it. May be empty.
	Name string
	// Size is in bytes.
	Size int64
	// URL is a public link under which the provider can fetch the file for an hour or
	// more, for providers that take links.
	URL string
	// Reference is what UploadMedia returned; empty for adapters that upload nothing.
	Reference string
	// Open opens the file from its beginning, each time anew; the caller closes it.
	// It may block on storage.
	Open func(context.Context) (io.ReadCloser, error) `json:"-"`
}

// MediaFetcher finds and downloads a file that an inbound message announced.
type MediaFetcher interface {
	// FetchMedia opens the file behind a reference. The caller closes the body and
	// bounds how much of it is read. It may call the Doer more than once. A file
	// that is gone for good is an *Error with ReasonRejected.
	FetchMedia(ctx context.Context, doer Doer, account Account, reference string) (*http.Response, error)
}

// MediaUploader is for providers that are given a file before the message that
// carries it.
type MediaUploader interface {
	// UploadMedia stores a file at the provider. The lead sees nothing of it, so it may
	// be repeated. Errors are as those of Send.
	UploadMedia(ctx context.Context, doer Doer, account Account, from AccountSender, file OutgoingMedia) (UploadedMedia, error)
}

// UploadedMedia is a file that the provider keeps.
type UploadedMedia struct {
	Reference string
	// Lifetime is how long the provider keeps it; 0 when not known.
	Lifetime time.Duration
}
