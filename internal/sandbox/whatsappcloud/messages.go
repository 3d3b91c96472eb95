package whatsappcloud

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"converse/internal/chat"
	"converse/internal/sandbox/fault"
	"converse/internal/sandbox/stage"
)

const (
	// maxRequest bounds the body of a call; the largest allowed message is far smaller.
	maxRequest = 1 << 20
	// maxOpaque is the longest callback data in characters.
	maxOpaque = 512
)

// messages plays POST /{number}/messages: sending, marking as read, typing.
func (s *Side) messages(w http.ResponseWriter, r *http.Request) {
	attempt := stage.Attempt{Path: r.PathValue("prefix") + r.URL.Path, Refused: refused}
	var req request
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err == nil {
		err = json.Unmarshal(body, &req)
	}
	attempt.Reference, attempt.To = req.Opaque, req.To+req.Recipient
	if req.Text != nil {
		attempt.Text = req.Text.Body // known to the journal even if it is refused
	}
	if to, ok := stage.E164(attempt.To); ok {
		attempt.To = to
	}

	account, sender, problem := s.number(r)
	if problem == nil && err != nil {
		problem = errParameter("The request body is not valid JSON: %v", err)
	}
	if problem == nil && req.Product != "whatsapp" {
		problem = errParameter("The parameter messaging_product is required and must be \"whatsapp\".")
	}
	if problem == nil && req.Status != "" {
		s.markRead(w, sender, req)
		return
	}
	attempt.Account, attempt.Sender = account, sender
	if problem == nil {
		problem = s.read(&attempt, req)
	}
	if problem != nil {
		s.stage.Refuse(w, s, attempt, problem.answer())
		return
	}
	input := req.To
	if input == "" {
		input = req.Recipient
	}
	attempt.Taken = func(id string, party stage.Party, odd fault.Kind) stage.Answer {
		return taken(input, id, party, attempt.Kind == chat.KindTemplate, odd)
	}
	if problem := s.window(&attempt); problem != nil {
		s.stage.Refuse(w, s, attempt, problem.answer())
		return
	}
	attempt.More.Note = s.noteOf(r.PathValue("version"), account, req)
	s.stage.Perform(w, r, s, attempt)
}

// read checks the request and turns it into an attempt.
func (s *Side) read(attempt *stage.Attempt, req request) *graphError {
	switch {
	case req.RecipientType != "" && req.RecipientType != "individual":
		return errParameter("Param recipient_type must be one of {INDIVIDUAL} - got %q.", req.RecipientType)
	case req.To == "" && req.Recipient == "":
		return errParameter("The parameter to is required.")
	case len([]rune(req.Opaque)) > maxOpaque:
		return errParameter("Param biz_opaque_callback_data must be at most 512 characters long.")
	}
	if req.To == "" {
		if !stage.IsUserID(req.Recipient) {
			return errValue("Param recipient must be a valid business-scoped user id.")
		}
		attempt.To = req.Recipient
	} else {
		to, ok := dial(req.To, attempt.Sender.Address)
		if !ok {
			return errValue("Param to must be a valid phone number.")
		}
		attempt.To = to
	}
	if attempt.To == attempt.Sender.Address {
		return &graphError{
			code: 131021, status: http.StatusBadRequest,
			title: "Recipient cannot be sender", details: "Sender and recipient phone number is the same.",
		}
	}
	more := &stage.More{}
	if req.Context != nil {
		more.ReplyTo = req.Context.MessageID
	}
	attempt.More = more
	return s.content(attempt, req)
}

// dial reads a number. Without a plus sign Meta may put the business's country
// code before a number that has none (Meta, "Phone number formats").
func dial(to, sender string) (string, bool) {
	number, ok := stage.E164(to)
	if !ok {
		return "", false
	}
	// Numbers without their country code have at most 10 digits where the code is 1.
	const national = len("+2025550123")
	if !strings.HasPrefix(strings.TrimSpace(to), "+") && strings.HasPrefix(sender, "+1") && len(number) == national {
		number = "+1" + number[1:]
	}
	return number, true
}

// window applies the 24-hour rule: a free-form message outside the window is
// taken and fails later, or is refused at once when that fault is set.
func (s *Side) window(attempt *stage.Attempt) *graphError {
	if attempt.Kind == chat.KindTemplate || s.stage.WindowOpen(Provider, attempt.Sender.Address, attempt.To) {
		return nil
	}
	if s.stage.WindowFault(Provider, attempt.To) {
		e := asyncError("131047")
		return &graphError{code: e.Code, status: http.StatusBadRequest, title: e.Title, details: e.Data.Details}
	}
	attempt.Fails = "131047"
	return nil
}

// markRead plays the read marker, with the typing dots if asked for.
func (s *Side) markRead(w http.ResponseWriter, sender stage.Sender, req request) {
	switch {
	case req.Status != "read":
		errParameter("Param status must be one of {READ} - got %q.", req.Status).answer().Write(w)
	case req.MessageID == "":
		errParameter("The parameter message_id is required.").answer().Write(w)
	case req.Typing != nil && req.Typing.Type != "text":
		errParameter("Param typing_indicator['type'] must be one of {TEXT}.").answer().Write(w)
	case !s.stage.MarkRead(Provider, sender.Address, req.MessageID, req.Typing != nil):
		errValue("Message with id %s does not exist.", req.MessageID).answer().Write(w)
	default:
		answer(http.StatusOK, map[string]bool{"success": true}).Write(w)
	}
}

// taken is the answer to a message that was taken.
func taken(input, id string, party stage.Party, template bool, odd fault.Kind) stage.Answer {
	type contact struct {
		Input  string `json:"input"`
		WaID   string `json:"wa_id,omitempty"`
		UserID string `json:"user_id,omitempty"`
	}
	type message struct {
		ID     string `json:"id"`
		Status string `json:"message_status,omitempty"`
	}
	out := struct {
		Product  string    `json:"messaging_product"`
		Contacts []contact `json:"contacts"`
		Messages []message `json:"messages"`
	}{
		Product:  "whatsapp",
		Contacts: []contact{{Input: input, WaID: waID(party), UserID: party.UserID}},
		Messages: []message{},
	}
	if odd != fault.NoID {
		m := message{ID: id}
		if template {
			m.Status = "accepted"
		}
		out.Messages = append(out.Messages, m)
	}
	return answer(http.StatusOK, out)
}

// waID is the user's number as WhatsApp writes it; empty for one who hides it.
func waID(party stage.Party) string { return strings.TrimPrefix(party.Phone, "+") }
