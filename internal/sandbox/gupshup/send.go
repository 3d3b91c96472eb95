package gupshup

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"converse/internal/chat"
	"converse/internal/sandbox/stage"
)

// sendSession plays POST /wa/api/v1/msg.
func (s *Side) sendSession(w http.ResponseWriter, r *http.Request) {
	attempt, form, problem := s.attempt(w, r)
	if problem == nil {
		problem = s.session(r, &attempt, form.Get("message"))
	}
	if problem != nil {
		s.stage.Refuse(w, s, attempt, *problem)
		return
	}
	if !s.stage.WindowOpen(Provider, attempt.Sender.Address, attempt.To) {
		// The number is the old one of 131047 here (Gupshup, "Message events").
		attempt.Fails = "470"
	}
	s.stage.Perform(w, r, s, attempt)
}

// sendTemplate plays POST /wa/api/v1/template/msg.
func (s *Side) sendTemplate(w http.ResponseWriter, r *http.Request) {
	attempt, form, problem := s.attempt(w, r)
	if problem == nil {
		problem = s.template(r, &attempt, form)
	}
	if problem != nil {
		s.stage.Refuse(w, s, attempt, *problem)
		return
	}
	s.stage.Perform(w, r, s, attempt)
}

// attempt checks what both calls share: first the key, then the app and its number,
// and last the recipient.
func (s *Side) attempt(w http.ResponseWriter, r *http.Request) (attempt stage.Attempt, form url.Values, problem *stage.Answer) {
	attempt = stage.Attempt{Path: r.URL.Path, Kind: chat.KindText, More: &stage.More{}, Taken: taken, Refused: refused}
	form, readable := readForm(w, r)
	attempt.To = form.Get("destination")
	account, known := s.owner(r)
	if !known {
		return attempt, form, failure(http.StatusUnauthorized, "Authentication Failed")
	}
	attempt.Account = account
	sender, ours := account.SenderByAddress("+" + form.Get("source"))
	attempt.Sender = sender
	to, dialable := dial(form.Get("destination"))
	switch {
	case !readable || form.Get("channel") != "whatsapp":
		return attempt, form, failure(http.StatusBadRequest, "Channel Not Supported")
	case !ours || form.Get("src.name") != account.Name:
		return attempt, form, failure(http.StatusBadRequest, "Invalid App Details")
	case !dialable || to == sender.Address:
		return attempt, form, failure(http.StatusBadRequest, "Invalid Destination")
	}
	attempt.To = to
	return attempt, form, nil
}

// dial reads a number, which must be digits alone.
func dial(text string) (string, bool) {
	if text == "" || strings.Trim(text, "0123456789") != "" {
		return "", false
	}
	return stage.E164(text)
}

// request is the message field of a session message.
type request struct {
	Type        string `json:"type"`
	Text        string `json:"text"`
	URL         string `json:"url"`
	OriginalURL string `json:"originalUrl"`
	Caption     string `json:"caption"`
	Filename    string `json:"filename"`
	Context     struct {
		MessageID string `json:"msgId"`
	} `json:"context"`
}

// maxText and maxCaption are WhatsApp's, in characters.
const (
	maxText    = 4096
	maxCaption = 1024
)

// session reads a session message into the attempt.
func (s *Side) session(r *http.Request, attempt *stage.Attempt, message string) *stage.Answer {
	var said request
	if json.Unmarshal([]byte(message), &said) != nil {
		return failure(http.StatusBadRequest, "Invalid Message Format")
	}
	attempt.More.ReplyTo = said.Context.MessageID
	switch said.Type {
	case "text":
		attempt.Text = said.Text
		return length(said.Text, maxText)
	case "image":
		return s.file(r, attempt, chat.KindImage, said.OriginalURL, said)
	case "video":
		return s.file(r, attempt, chat.KindVideo, said.URL, said)
	case "audio":
		return s.file(r, attempt, chat.KindAudio, said.URL, said)
	case "file":
		return s.file(r, attempt, chat.KindDocument, said.URL, said)
	case "sticker":
		return s.file(r, attempt, chat.KindSticker, said.URL, said)
	}
	return failure(http.StatusBadRequest, "Invalid Message Type")
}

func length(text string, most int) *stage.Answer {
	switch count := len([]rune(text)); {
	case count == 0:
		return failure(http.StatusBadRequest, "Message Body Is Missing")
	case count > most:
		return failure(http.StatusBadRequest, "Message Body Is Too Long")
	}
	return nil
}

// file reads a message with a file. A file that cannot be had fails later, not at once.
func (s *Side) file(r *http.Request, attempt *stage.Attempt, kind chat.MessageKind, link string, said request) *stage.Answer {
	attempt.Kind, attempt.Text = kind, said.Caption
	switch {
	case link == "":
		return failure(http.StatusBadRequest, "Media Url Is Missing")
	case said.Caption != "" && kind == chat.KindAudio, len([]rune(said.Caption)) > maxCaption:
		return failure(http.StatusBadRequest, "Invalid Caption")
	case kind == chat.KindDocument && said.Filename == "":
		said.Filename = "file"
	}
	media, fails := s.fetch(r.Context(), kind, link)
	media.Name = said.Filename
	attempt.More.Media, attempt.Fails = []stage.Media{media}, fails
	return nil
}
