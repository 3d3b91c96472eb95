package chat

import "time"

// MediaState says whether a file can be opened.
type MediaState string

// The states of a file of a message.
const (
	// MediaLoading: it is being fetched from the provider.
	MediaLoading MediaState = "loading"
	MediaReady   MediaState = "ready"
	// MediaFailed: it did not come, and may be fetched again.
	MediaFailed MediaState = "failed"
	// MediaExpired: the provider has it no more.
	MediaExpired MediaState = "expired"
	// MediaRefused: it is one that we do not take.
	MediaRefused MediaState = "refused"
)

// Media is a file that belongs to a message.
type Media struct {
	ID    MediaID
	State MediaState
	// Kind is image, video, audio, document, sticker or contacts; empty while unknown.
	Kind        MessageKind
	ContentType string
	Name        string
	// Size is in bytes; 0 while unknown.
	Size int64
	// Width and Height are of a picture, in pixels; 0 while unknown.
	Width, Height int
	// Preview: there is a small picture of it.
	Preview bool
	// Why is a sentence: why it failed, expired or was refused.
	Why string
	// Version rises with every change; a reader keeps the highest.
	Version int
}

// UploadState says how far the upload of a file has come.
type UploadState string

// The states of an upload, in their order.
const (
	// UploadWaiting: nothing has come yet.
	UploadWaiting UploadState = "waiting"
	// UploadReceiving: its bytes are coming, or were and stopped.
	UploadReceiving UploadState = "receiving"
	// UploadStored: its bytes are there and nobody has looked at them as a whole.
	UploadStored UploadState = "stored"
	// UploadReady: it can be sent, or become the example of a template.
	UploadReady UploadState = "ready"
	// UploadKept: it is the example of a template.
	UploadKept UploadState = "kept"
	// UploadDropped: it is being forgotten.
	UploadDropped UploadState = "dropped"
)

// Upload is a file that a user is about to send in a conversation, or to put over a
// template as its example.
type Upload struct {
	Media
	Org          OrgID
	User         UserID
	Conversation ConversationID
	// Connector is the one whose template it is for; the Conversation is empty then.
	Connector ConnectorID
	State     UploadState
	SHA256    string
	// ObjectKey is where its bytes are, or are going to be.
	ObjectKey string
	CreatedAt time.Time
}
