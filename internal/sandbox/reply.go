package sandbox

import (
	"fmt"
	"net/http"
	"strings"

	"converse/internal/chat"
	"converse/internal/sandbox/stage"
)

// writing is something a lead writes, as the control API and the handset say it.
type writing struct {
	Provider string           `json:"provider"`
	To       string           `json:"to"`
	From     string           `json:"from"`
	Kind     chat.MessageKind `json:"kind"`
	Text     string           `json:"text"`
	// MediaID is a file uploaded before; without it a sample is sent.
	MediaID string `json:"mediaId"`
	Voice   bool   `json:"voice"`
	// ReplyTo is the provider's id of the message that is answered, reacted to, or
	// whose button is tapped.
	ReplyTo  string `json:"replyTo"`
	ButtonID string `json:"buttonId"`
	Emoji    string `json:"emoji"`

	Latitude     *float64 `json:"latitude"`
	Longitude    *float64 `json:"longitude"`
	Place        string   `json:"place"`
	ContactName  string   `json:"contactName"`
	ContactPhone string   `json:"contactPhone"`
	// Unsupported is the type of an unsupported message; "poll" by default.
	Unsupported string `json:"unsupported"`
}

// maxCount bounds how many messages one call may make, and maxTimes how often one
// webhook is posted at the same time.
const (
	maxCount = 10_000
	maxTimes = 100
)

// postReply lets a lead write to one of our numbers and answers how the hub took it.
func (s *Sandbox) postReply(w http.ResponseWriter, r *http.Request) {
	var body struct {
		writing
		ProviderMessageID string `json:"providerMessageId"`
		Timestamp         moment `json:"timestamp"`
		Name              string `json:"name"`
		WhatsAppID        string `json:"whatsappId"`
		HidePhone         bool   `json:"hidePhone"`
		Count             int    `json:"count"`
		Times             int    `json:"times"`
	}
	if !read(w, r, &body) {
		return
	}
	switch {
	case body.Count < 0 || body.Count > maxCount:
		writeError(w, http.StatusBadRequest, "count", fmt.Sprintf("count must be from 1 to %d", maxCount))
		return
	case body.Times < 0 || body.Times > maxTimes:
		writeError(w, http.StatusBadRequest, "times", fmt.Sprintf("times must be from 1 to %d", maxTimes))
		return
	case body.Count > 1 && body.ProviderMessageID != "":
		writeError(w, http.StatusBadRequest, "providerMessageId", "providerMessageId cannot be shared by several messages")
		return
	}
	letter, err := s.letter(body.writing)
	if err != nil {
		refuse(w, err)
		return
	}
	letter.ID, letter.At = body.ProviderMessageID, body.Timestamp.Time
	letter.Name, letter.WhatsAppID, letter.HidePhone = body.Name, body.WhatsAppID, body.HidePhone
	letter.Times = max(1, body.Times)
	count := max(1, body.Count)

	tally := newTally(count * letter.Times)
	var ids []string
	for i := range count {
		each := letter
		if count > 1 {
			each.Text = strings.TrimSpace(fmt.Sprintf("%s %d", letter.Text, i+1))
		}
		id, posted, err := s.stage.Write(each, tally.add)
		if err != nil {
			refuse(w, err)
			return
		}
		if !posted {
			tally.skip(letter.Times)
		}
		ids = append(ids, id)
	}
	s.answer(w, r, tally, ids)
}

// answer waits for the first attempts and reports them.
func (s *Sandbox) answer(w http.ResponseWriter, r *http.Request, tally *tally, ids []string) {
	select {
	case <-tally.done:
	case <-r.Context().Done():
		return
	case <-s.stage.Closing():
		writeError(w, http.StatusServiceUnavailable, "", "sandbox is closed")
		return
	}
	out := tally.result()
	out.ID = ids[0]
	if len(ids) > 1 {
		out.IDs = ids
	}
	write(w, out)
}

// letter turns what was asked for into what a lead does.
func (s *Sandbox) letter(from writing) (stage.Letter, error) {
	if from.To == "" {
		return stage.Letter{}, &stage.Problem{Field: "to", Text: "is missing"}
	}
	if from.Kind == "" {
		from.Kind = chat.KindText
	}
	letter := stage.Letter{
		Provider: from.Provider, To: address(from.To), From: from.From, Kind: from.Kind, Text: from.Text,
		More: &stage.More{ReplyTo: from.ReplyTo},
	}
	var err error
	switch from.Kind { //nolint:exhaustive // the stage refuses what no provider carries
	case chat.KindText:
		if from.Text == "" {
			err = &stage.Problem{Field: "text", Text: "is missing"}
		}
	case chat.KindImage, chat.KindVideo, chat.KindAudio, chat.KindDocument, chat.KindSticker:
		err = s.attach(&letter, from)
	case chat.KindLocation:
		letter.More.Location = from.location()
	case chat.KindContacts:
		letter.More.Contacts = from.contacts()
	case chat.KindReaction:
		letter.Text = from.Emoji
		letter.More.Reaction, letter.More.ReplyTo = &stage.Reaction{MessageID: from.ReplyTo, Emoji: from.Emoji}, ""
		if from.ReplyTo == "" {
			err = &stage.Problem{Field: "replyTo", Text: "must name the message that is reacted to"}
		}
	case chat.KindButton, "interactive":
		err = s.tap(&letter, from)
	case chat.KindUnsupported:
		letter.More.Unsupported = from.Unsupported
		if letter.More.Unsupported == "" {
			letter.More.Unsupported = "poll"
		}
	}
	return letter, err
}

func (s *Sandbox) attach(letter *stage.Letter, from writing) error {
	media, found := s.stage.Library().Get(from.MediaID)
	switch {
	case from.MediaID == "":
		media = s.stage.Library().Add(sample(from.Kind))
	case !found:
		return &stage.Problem{Field: "mediaId", Text: "is not known, or the file had to make room for newer ones"}
	}
	media.Voice = from.Voice
	letter.More.Media = []stage.Media{media}
	return nil
}

// tap finds the button that is tapped on the message that has it, or makes one up
// from what was asked for.
func (s *Sandbox) tap(letter *stage.Letter, from writing) error {
	if message, found := s.stage.Message(from.ReplyTo); found && message.More != nil {
		for _, b := range message.More.Buttons {
			if b.Style == stage.URLButton {
				continue // it opens a page and tells nobody
			}
			if b.ID == from.ButtonID || (from.ButtonID == "" && b.Title == from.Text) {
				letter.More.Tapped, letter.Text = &b, b.Title
				letter.Kind = "interactive"
				if b.Style == stage.QuickReply {
					letter.Kind = chat.KindButton
				}
				return nil
			}
		}
	}
	if from.Text == "" {
		return &stage.Problem{Field: "text", Text: "must be the title of the button, or replyTo and buttonId must name one"}
	}
	button := &stage.Button{Style: stage.ButtonReply, ID: from.ButtonID, Title: from.Text}
	if button.ID == "" {
		button.ID = from.Text
	}
	letter.More.Tapped = button
	return nil
}

func (from writing) location() *stage.Location {
	if from.Latitude == nil || from.Longitude == nil {
		return &stage.Location{
			Latitude: 38.8895, Longitude: -77.0353, Name: "Washington Monument", Address: "2 15th St NW, Washington, DC",
		}
	}
	return &stage.Location{Latitude: *from.Latitude, Longitude: *from.Longitude, Name: from.Place}
}

func (from writing) contacts() []stage.Contact {
	contact := stage.Contact{Name: from.ContactName, Phone: from.ContactPhone}
	if contact.Name == "" {
		contact = stage.Contact{Name: "Sample Person", Phone: "+1 (202) 555-0145"}
	}
	return []stage.Contact{contact}
}
