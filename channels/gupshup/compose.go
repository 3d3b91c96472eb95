package gupshup

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"converse/channels"
	"converse/internal/chat"
)

// outgoing is the message field of a session message.
type outgoing struct {
	Type string `json:"type"`
	Text string `json:"text,omitempty"`
	// Preview: WhatsApp shows what a link in the text leads to.
	Preview bool `json:"previewUrl,omitempty"`
	// URL is a file's address; that of a picture has a name of its own.
	URL         string       `json:"url,omitempty"`
	OriginalURL string       `json:"originalUrl,omitempty"`
	Caption     string       `json:"caption,omitempty"`
	Filename    string       `json:"filename,omitempty"`
	Context     *quotedReply `json:"context,omitempty"`
}

type quotedReply struct {
	MessageID string `json:"msgId"`
}

// picture is a session message with a picture, whose preview has the name that a text
// uses for its switch.
type picture struct {
	outgoing
	Preview string `json:"previewUrl"`
}

var linkPattern = regexp.MustCompile(`https?://`)

// sessionMessage is a message for within the service window, as JSON.
func sessionMessage(message channels.Outgoing) (any, *channels.Error) {
	said := outgoing{Type: "text", Text: message.Text, Preview: linkPattern.MatchString(message.Text)}
	if message.ReplyTo != "" {
		said.Context = &quotedReply{MessageID: message.ReplyTo}
	}
	if len(message.Media) > 0 {
		return fileMessage(said, message)
	}
	switch {
	case message.Text == "":
		return nil, &channels.Error{Reason: rejected, Text: "The message is empty."}
	case utf8.RuneCountInString(message.Text) > maxText:
		return nil, &channels.Error{Reason: tooLong, Text: fmt.Sprintf("The text is longer than %d characters.", maxText)}
	}
	return said, nil
}

// fileMessage is a message with a file, which Gupshup fetches by its link.
func fileMessage(said outgoing, message channels.Outgoing) (any, *channels.Error) {
	file := message.Media[0]
	if refused := checkFiles(message); refused != nil {
		return nil, refused
	}
	said.Text, said.Preview, said.Caption = "", false, message.Text
	switch file.Kind {
	case chat.KindImage:
		said.Type, said.OriginalURL = "image", file.URL
		return picture{outgoing: said, Preview: file.URL}, nil
	case chat.KindDocument:
		said.Type, said.Filename = "file", file.Name
	default:
		said.Type = string(file.Kind)
	}
	said.URL = file.URL
	return said, nil
}

// checkFiles says what of a message's files cannot be sent.
func checkFiles(message channels.Outgoing) *channels.Error {
	file := message.Media[0]
	if len(message.Media) > 1 {
		return &channels.Error{Reason: unsupported, Text: "A WhatsApp message carries one file."}
	}
	rule, refused := ruleOf(file)
	switch {
	case refused != nil:
		return refused
	case utf8.RuneCountInString(message.Text) <= rule.Caption:
		return nil
	case rule.Caption == 0:
		return &channels.Error{Reason: unsupported, Text: "Only a picture or a film has a caption on WhatsApp."}
	}
	return &channels.Error{Reason: tooLong, Text: fmt.Sprintf("The caption is longer than %d characters.", rule.Caption)}
}

// ruleOf finds the rule that a file keeps.
func ruleOf(file channels.OutgoingMedia) (channels.MediaRule, *channels.Error) {
	for _, rule := range mediaRules {
		switch {
		case rule.Kind != file.Kind || !slices.Contains(rule.Types, file.ContentType):
			continue
		case file.Size > rule.MaxBytes:
			return rule, &channels.Error{Reason: unsupported, Text: "The file is too large for WhatsApp."}
		case file.URL == "":
			return rule, channels.Misconfigured("The file has no public address that Gupshup can fetch it from.")
		}
		return rule, nil
	}
	return channels.MediaRule{}, &channels.Error{Reason: unsupported, Text: "WhatsApp does not carry files of this type."}
}

// link is a file in a template's header.
type link struct {
	Link     string `json:"link"`
	Filename string `json:"filename,omitempty"`
}

// point is a place in a template's header (docs.gupshup.io, "Template messages"), with the
// words that one of a session message has.
type point struct {
	Longitude string `json:"longitude"`
	Latitude  string `json:"latitude"`
	Name      string `json:"name,omitempty"`
	Address   string `json:"address,omitempty"`
}

func pointOf(p chat.Place) point {
	degrees := func(value float64) string { return strconv.FormatFloat(value, 'f', -1, 64) }
	return point{Longitude: degrees(p.Longitude), Latitude: degrees(p.Latitude), Name: p.Name, Address: p.Address}
}

// fillTemplate adds a template and its values. Gupshup knows it by an id of its own
// and takes the values in one list: the header's, the body's, the buttons'.
func fillTemplate(form url.Values, template channels.OutgoingTemplate) *channels.Error {
	if template.Ref == "" {
		return &channels.Error{Reason: rejected, Text: "The template has no id of Gupshup's. Load the templates again, or enter it."}
	}
	values := []string{}
	if header := template.Header; header != nil && header.File != nil {
		file := *header.File
		if _, refused := ruleOf(file); refused != nil {
			return refused
		}
		kind, shown := string(file.Kind), link{Link: file.URL}
		if file.Kind == chat.KindDocument {
			shown.Filename = file.Name
		}
		form.Set("message", encode(map[string]any{"type": kind, kind: shown}))
	} else if header != nil && header.Place != nil {
		form.Set("message", encode(map[string]any{"type": "location", "location": pointOf(*header.Place)}))
	} else if header != nil && header.Text != "" {
		values = append(values, header.Text)
	}
	for _, value := range template.Parameters {
		values = append(values, value.Value)
	}
	type postback struct {
		Index int    `json:"index"`
		Text  string `json:"text"`
	}
	var postbacks []postback
	for _, button := range template.Buttons {
		if button.Kind == "quick_reply" {
			postbacks = append(postbacks, postback{button.Index, button.Value})
		} else {
			values = append(values, button.Value)
		}
	}
	form.Set("template", encode(struct {
		ID     string   `json:"id"`
		Params []string `json:"params"`
	}{template.Ref, values}))
	if len(postbacks) > 0 {
		form.Set("postbackTexts", encode(postbacks))
	}
	return nil
}

// encode writes a value of this package as JSON, in which & and the like stay as they
// are: a secret must be found in every form it has.
func encode(value any) string {
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic("gupshup: a plain value that cannot be written as JSON: " + err.Error())
	}
	return strings.TrimSuffix(out.String(), "\n")
}
