package ringcentral

import (
	"strings"
	"time"

	"converse/channels/jsonstrict"
)

// envelope is a webhook's body (guide, "Receiving webhooks"). Event is the filter that
// it answers to, with ids in the place of tildes.
type envelope struct {
	Event string                       `json:"event"`
	Body  jsonstrict.Element[anything] `json:"body"`
}

// anything holds the bodies of all events that are read: their fields do not meet.
type anything struct {
	message
	// Changes is a message-store event's: how many, not which.
	Changes jsonstrict.List[change] `json:"changes"`
	// Records are those of a consent event.
	Records jsonstrict.List[consent] `json:"records"`
}

type change struct {
	Type    string          `json:"type"`
	New     jsonstrict.Text `json:"newCount"`
	Updated jsonstrict.Text `json:"updatedCount"`
}

// message is a record of the message store, in answers and in instant events alike
// (guide, "Receiving SMS"; OpenAPI file, GetMessageInfoResponse).
type message struct {
	ID           jsonstrict.Text             `json:"id"`
	Type         string                      `json:"type"`
	Direction    string                      `json:"direction"`
	Availability string                      `json:"availability"`
	From         party                       `json:"from"`
	To           jsonstrict.List[party]      `json:"to"`
	Subject      jsonstrict.Text             `json:"subject"`
	Attachments  jsonstrict.List[attachment] `json:"attachments"`
	Status       string                      `json:"messageStatus"`
	ErrorCode    jsonstrict.Text             `json:"deliveryErrorCode"`
	Created      jsonstrict.Text             `json:"creationTime"`
	Modified     jsonstrict.Text             `json:"lastModifiedTime"`
}

// party is one end of a text.
type party struct {
	Phone     jsonstrict.Text `json:"phoneNumber"`
	Extension jsonstrict.Text `json:"extensionNumber"`
	Name      string          `json:"name"`
	// Target marks, among several recipients, the number that the text came to.
	Target bool `json:"target"`
}

// attachment is a file, or the text itself.
type attachment struct {
	ID          jsonstrict.Text `json:"id"`
	URI         string          `json:"uri"`
	Type        string          `json:"type"`
	ContentType string          `json:"contentType"`
	Name        string          `json:"fileName"`
	Size        jsonstrict.Text `json:"size"`
}

// when reads a time in either of the two forms that are seen; zero for any other.
func when(text jsonstrict.Text) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05.999Z0700"} {
		at, err := time.Parse(layout, string(text))
		if err == nil && at.Year() > 1970 && at.Year() < 9999 {
			return at.UTC()
		}
	}
	return time.Time{}
}

// full writes a number in E.164, or is empty. Records of before 2014 lack the plus
// sign; a number without one is taken for North American only if our own is.
func full(number jsonstrict.Text, own string) string {
	text := strings.TrimSpace(string(number))
	switch {
	case strings.HasPrefix(text, "+"):
		return text
	case !strings.HasPrefix(own, "+1"):
		return ""
	case len(text) == 11 && text[0] == '1':
		return "+" + text
	case len(text) == 10:
		return "+1" + text
	}
	return ""
}
