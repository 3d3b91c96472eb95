package ctm

import (
	"encoding/json"
	"net/url"
	"path"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"

	"converse/channels"
	"converse/channels/jsonstrict"
	"converse/internal/chat"
)

// activity is a webhook's body: a call or a text. Which fields are there varies.
type activity struct {
	// Call wraps the activity at times; the fields beside it mean nothing then.
	Call *activity `json:"call"`

	// MessageID is set for texts alone.
	MessageID jsonstrict.Text `json:"message_id"`
	Direction jsonstrict.Text `json:"direction"`
	// Body is at times a number when the text is one.
	Body     jsonstrict.Text               `json:"message_body"`
	Media    jsonstrict.List[mediaAddress] `json:"message_media"`
	UnixTime jsonstrict.Text               `json:"unix_time"`

	Status     jsonstrict.Text `json:"status"`
	CallStatus jsonstrict.Text `json:"call_status"`
	DialStatus jsonstrict.Text `json:"dial_status"`
	// ErrorCode outweighs the three: it appears while they still say "sent".
	ErrorCode jsonstrict.Text `json:"sms_error_code"`

	Tracking       jsonstrict.Text `json:"tracking_number"`
	TrackingBare   jsonstrict.Text `json:"tracking_number_bare"`
	TrackingFormat jsonstrict.Text `json:"tracking_number_format"`
	Caller         jsonstrict.Text `json:"caller_number"`
	CallerComplete jsonstrict.Text `json:"caller_number_complete"`
	CallerBare     jsonstrict.Text `json:"caller_number_bare"`
	Called         jsonstrict.Text `json:"called_number"`
	Contact        jsonstrict.Text `json:"contact_number"`
}

// mediaAddress is where a file is: a string, or an object with "url".
type mediaAddress string

// UnmarshalJSON takes both forms.
func (m *mediaAddress) UnmarshalJSON(data []byte) error {
	var address string
	if json.Unmarshal(data, &address) == nil && address != "" {
		*m = mediaAddress(address)
		return nil
	}
	var object struct {
		URL string `json:"url"`
	}
	if json.Unmarshal(data, &object) == nil && object.URL != "" {
		*m = mediaAddress(object.URL)
		return nil
	}
	return &json.UnmarshalTypeError{Value: "value", Type: reflect.TypeFor[mediaAddress]()}
}

// kind guesses what a file is by its address, the only thing said about it. The
// file itself is looked at when it has been fetched.
func (m mediaAddress) kind() chat.MessageKind {
	address, _, _ := strings.Cut(string(m), "?")
	switch strings.ToLower(path.Ext(address)) {
	case ".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic":
		return chat.KindImage
	case ".mp4", ".3gp", ".mov":
		return chat.KindVideo
	case ".mp3", ".amr", ".m4a", ".ogg", ".wav":
		return chat.KindAudio
	}
	return chat.KindDocument
}

// name is the file's name, where the address ends in one and not in an id.
func (m mediaAddress) name() string {
	address, err := url.Parse(string(m))
	if err != nil || path.Ext(address.Path) == "" || !utf8.ValidString(address.Path) || strings.ContainsFunc(address.Path, unicode.IsControl) {
		return ""
	}
	return path.Base(address.Path)
}

func (m mediaAddress) announce() channels.InboundMedia {
	return channels.InboundMedia{Reference: string(m), Name: m.name()}
}
