package stage

import (
	"slices"
	"strings"
	"time"

	"converse/internal/chat"
)

// HandsetRow is a phone as a line of a list.
type HandsetRow struct {
	ID           string    `json:"id"`
	Phone        string    `json:"phone,omitempty"`
	UserID       string    `json:"whatsappId,omitempty"`
	HidePhone    bool      `json:"hidePhone,omitempty"`
	Name         string    `json:"name,omitempty"`
	ReadReceipts bool      `json:"readReceipts"`
	AutoRead     bool      `json:"autoRead"`
	Flight       bool      `json:"flight"`
	Silent       bool      `json:"silent"`
	Unread       int       `json:"unread"`
	LastAt       time.Time `json:"lastAt,omitzero"`
	LastText     string    `json:"lastText,omitempty"`
	// LastChannel is the network of the last message.
	LastChannel chat.Channel `json:"lastChannel,omitempty"`
	Revision    int64        `json:"revision"`
}

// HandsetView is a phone with its threads.
type HandsetView struct {
	HandsetRow
	Threads []ThreadView `json:"threads"`
}

// ThreadView is what a phone shows of one business number.
type ThreadView struct {
	Key      string       `json:"key"`
	Provider string       `json:"provider"`
	Channel  chat.Channel `json:"channel"`
	Address  string       `json:"address"`
	Label    string       `json:"label"`
	Unread   int          `json:"unread"`
	// WindowUntil is when the service window closes; absent where there is none.
	WindowUntil time.Time `json:"windowUntil,omitzero"`
	TypingUntil time.Time `json:"typingUntil,omitzero"`
	// Messages are those that changed since the asked revision, in order.
	Messages []MessageView `json:"messages"`
	// Oldest is the id of the first message that the thread still has.
	Oldest string `json:"oldest,omitempty"`
}

// MessageView is a message as the phone shows it.
type MessageView struct {
	ID         string           `json:"id"`
	Mine       bool             `json:"mine"`
	Kind       chat.MessageKind `json:"kind"`
	Text       string           `json:"text,omitempty"`
	At         time.Time        `json:"at"`
	Status     chat.Status      `json:"status"`
	Code       string           `json:"code,omitempty"`
	Shown      bool             `json:"shown"`
	Seen       bool             `json:"seen"`
	Header     string           `json:"header,omitempty"`
	Footer     string           `json:"footer,omitempty"`
	Template   string           `json:"template,omitempty"`
	Buttons    []Button         `json:"buttons,omitempty"`
	Media      []MediaView      `json:"media,omitempty"`
	Location   *Location        `json:"location,omitempty"`
	Contacts   []Contact        `json:"contacts,omitempty"`
	ReplyTo    string           `json:"replyTo,omitempty"`
	MyEmoji    string           `json:"myEmoji,omitempty"`
	TheirEmoji string           `json:"theirEmoji,omitempty"`
	Type       string           `json:"type,omitempty"`
}

// MediaView is a file of a message.
type MediaView struct {
	ID          string `json:"id,omitempty"`
	ContentType string `json:"contentType,omitempty"`
	Name        string `json:"name,omitempty"`
	Size        int64  `json:"size,omitempty"`
	Voice       bool   `json:"voice,omitempty"`
	Link        string `json:"link,omitempty"`
}

// Handsets lists phones, the latest in use first, that have the search text in
// their name, number or user id.
func (s *Stage) Handsets(search string, limit int) []HandsetRow {
	search = strings.ToLower(strings.TrimSpace(search))
	s.mu.Lock()
	defer s.mu.Unlock()
	rows := []HandsetRow{}
	for at := s.recent.Front(); at != nil && len(rows) < limit; at = at.Next() {
		h := at.Value.(*handset) //nolint:errcheck // only handsets are in the list
		if search == "" || h.matches(search) {
			rows = append(rows, s.row(h))
		}
	}
	return rows
}

func (h *handset) matches(search string) bool {
	return strings.Contains(strings.ToLower(h.name+" "+h.phone+" "+h.userID), search)
}

// Handset shows a phone with the messages that changed since the revision; 0
// shows all of them.
func (s *Stage) Handset(address string, since int64) (HandsetView, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.find(address)
	if h == nil {
		return HandsetView{}, false
	}
	view := HandsetView{HandsetRow: s.row(h), Threads: []ThreadView{}}
	for _, t := range h.threads {
		view.Threads = append(view.Threads, s.threadView(t, since))
	}
	return view, true
}

func (s *Stage) row(h *handset) HandsetRow {
	row := HandsetRow{
		ID: h.id, Phone: h.phone, UserID: h.userID, HidePhone: h.hidePhone, Name: h.name,
		ReadReceipts: h.readReceipts, AutoRead: h.autoRead, Flight: h.flight, Silent: h.silent,
		Revision: h.revision, LastAt: h.lastAt,
	}
	var last *entry
	for _, t := range h.threads {
		row.Unread += t.unread()
		if e := t.last(); e != nil && (last == nil || e.At.After(last.At)) {
			last = e
		}
	}
	if last != nil {
		row.LastText = last.summary()
		row.LastChannel = s.channel(last.Provider, last.Sender)
	}
	return row
}

func (t *thread) unread() int {
	count := 0
	for _, e := range t.entries {
		if e.shown && !e.seen {
			count++
		}
	}
	return count
}

// last is the latest message that the phone shows.
func (t *thread) last() *entry {
	for _, e := range slices.Backward(t.entries) {
		if e.shown {
			return e
		}
	}
	return nil
}

// summary is a line about a message. Kinds without words are left to the page.
func (e *entry) summary() string {
	if e.Text != "" {
		// Nobody reads more of a line than this.
		const most = 120
		if runes := []rune(e.Text); len(runes) > most {
			return string(runes[:most]) + "…"
		}
		return e.Text
	}
	return "[" + string(e.Kind) + "]"
}

func (s *Stage) channel(provider string, sender Sender) chat.Channel {
	if side, ok := s.Side(provider); ok {
		return TraitsOf(side, sender).Channel
	}
	return ""
}

func (s *Stage) threadView(t *thread, since int64) ThreadView {
	view := ThreadView{
		Key: t.key(), Provider: t.provider, Channel: s.channel(t.provider, t.sender),
		Address: t.sender.Address, Label: t.sender.Label, Unread: t.unread(), Messages: []MessageView{},
		WindowUntil: t.windowUntil,
	}
	if time.Now().Before(t.typingUntil) {
		view.TypingUntil = t.typingUntil
	}
	if len(t.entries) > 0 {
		view.Oldest = t.entries[0].ID
	}
	for _, e := range t.entries {
		if e.revision > since {
			view.Messages = append(view.Messages, e.view())
		}
	}
	return view
}

func (e *entry) view() MessageView {
	more := e.more()
	view := MessageView{
		ID: e.ID, Mine: e.Direction == chat.DirectionInbound, Kind: e.Kind, Text: e.Text, At: e.At,
		Status: e.status, Code: e.code, Shown: e.shown, Seen: e.seen,
		Header: more.Header, Footer: more.Footer, Template: more.Template, Buttons: more.Buttons,
		Location: more.Location, Contacts: more.Contacts, ReplyTo: more.ReplyTo,
		MyEmoji: e.leadEmoji, TheirEmoji: e.businessEmoji, Type: more.Unsupported,
	}
	for _, m := range more.Media {
		view.Media = append(view.Media, MediaView{
			ID: m.ID, ContentType: m.ContentType, Name: m.Name, Size: m.Size, Voice: m.Voice, Link: m.Link,
		})
	}
	return view
}
