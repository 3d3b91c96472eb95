package twilio

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"converse/internal/chat"
	"converse/internal/sandbox/fault"
	"converse/internal/sandbox/stage"
)

const (
	// maxRequest bounds the body of a call.
	maxRequest = 256 << 10
	// maxText is the longest Body, in characters.
	maxText  = 1600
	whatsApp = "whatsapp:"
)

// send plays POST /Accounts/{account}/Messages.json.
func (s *Side) send(w http.ResponseWriter, r *http.Request) {
	attempt := stage.Attempt{Path: r.URL.Path, Kind: chat.KindText, Refused: refused}
	form, err := readForm(w, r)
	attempt.Text, attempt.Reference = form.Get("Body"), reference(form.Get("StatusCallback"))
	attempt.To = strings.TrimPrefix(form.Get("To"), whatsApp)
	account, problem := s.authorize(r)
	if problem == nil && err != nil {
		problem = failure(http.StatusBadRequest, 20001, "The request cannot be read: "+err.Error())
	}
	attempt.Account = account
	if problem == nil {
		problem = s.read(&attempt, form)
	}
	if problem != nil {
		s.stage.Refuse(w, s, attempt, *problem)
		return
	}
	s.deliverable(r, &attempt, form["MediaUrl"])
	attempt.Taken = func(id string, _ stage.Party, odd fault.Kind) stage.Answer {
		return s.taken(attempt, form, id, odd)
	}
	s.stage.Perform(w, r, s, attempt)
}

func readForm(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		return url.Values{}, errors.New("it is too large")
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return url.Values{}, errors.New("it is not a form")
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "application/x-www-form-urlencoded" {
		return form, errors.New("it does not say that it is a form")
	}
	for name, values := range form {
		if len(values) > 1 && name != "MediaUrl" && name != "PersistentAction" {
			return form, errors.New(name + " is there twice")
		}
	}
	return form, nil
}

// reference is the hub's own parameter in the address of a status callback, whatever its
// name.
func reference(callback string) string {
	address, err := url.Parse(callback)
	if err != nil || len(address.Query()) != 1 {
		return ""
	}
	for _, values := range address.Query() {
		return values[0]
	}
	return ""
}

// read checks the form and completes the attempt (Messages API, "Create a Message").
func (s *Side) read(attempt *stage.Attempt, form url.Values) *stage.Answer {
	if problem := s.readEnds(attempt, form); problem != nil {
		return problem
	}
	if callback := form.Get("StatusCallback"); callback != "" {
		address, err := url.Parse(callback)
		if err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https" || strings.Contains(address.Hostname(), "_") {
			return failure(http.StatusBadRequest, 21609, "The 'StatusCallback' URL "+callback+" is not a valid URL.")
		}
	}
	attempt.More = &stage.More{Note: form.Get("StatusCallback")}
	if form.Has("ContentSid") {
		return s.readContent(attempt, form)
	}
	files := form["MediaUrl"]
	switch {
	case attempt.Text == "" && len(files) == 0:
		return failure(http.StatusBadRequest, 21602, "Message body is required.")
	case utf8.RuneCountInString(attempt.Text) > maxText:
		return failure(http.StatusBadRequest, 21617, "The concatenated message body exceeds the 1600 character limit.")
	case len(files) > mostFiles(attempt.Sender):
		return failure(http.StatusBadRequest, 21623, "Number of media files exceeds allowed limit")
	}
	for _, file := range files {
		if address, err := url.Parse(file); err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https" {
			return failure(http.StatusBadRequest, 21620, "Invalid media URL(s)")
		}
	}
	return nil
}

// readEnds finds who writes to whom. Both ends are of one channel.
func (s *Side) readEnds(attempt *stage.Attempt, form url.Values) *stage.Answer {
	from, to := form.Get("From"), form.Get("To")
	service := form.Get("MessagingServiceSid")
	switch {
	case to == "":
		return failure(http.StatusBadRequest, 21604, "A 'To' phone number is required.")
	case from == "" && service == "":
		return failure(http.StatusBadRequest, 21603, "A 'From' phone number is required.")
	case service != "" && (!strings.HasPrefix(service, "MG") || len(service) != 34):
		return failure(http.StatusBadRequest, 21705, "The Messaging Service Sid "+service+" is invalid.")
	case from == "":
		from = s.pick(attempt.Account, to)
	}
	bare, onWhatsApp := strings.CutPrefix(from, whatsApp)
	sender, found := attempt.Account.SenderByAddress(bare)
	toBare, toWhatsApp := strings.CutPrefix(to, whatsApp)
	number, dialable := stage.E164(toBare)
	switch {
	case (!found || onWhatsApp != (sender.Channel == chat.ChannelWhatsApp)) && onWhatsApp:
		return failure(http.StatusBadRequest, 63007, "Twilio could not find a Channel with the specified From address")
	case !found || onWhatsApp != (sender.Channel == chat.ChannelWhatsApp):
		return failure(http.StatusBadRequest, 21606, "The 'From' phone number provided ("+from+") is not a valid message-capable Twilio phone number for this destination/account.")
	case onWhatsApp != toWhatsApp:
		return failure(http.StatusBadRequest, 63007, "The From and To addresses are of different channels")
	case toWhatsApp && stage.IsUserID(toBare):
		attempt.To = toBare
	case !dialable || number != toBare:
		return failure(http.StatusBadRequest, 21211, "Invalid 'To' Phone Number: "+to)
	case number == bare:
		return failure(http.StatusBadRequest, 21266, "'To' and 'From' number cannot be the same")
	default:
		attempt.To = number
	}
	attempt.Sender = sender
	if !onWhatsApp && s.stopped(attempt.Account, sender, attempt.To) {
		return failure(http.StatusBadRequest, 21610, "Attempt to send to unsubscribed recipient")
	}
	return nil
}

// pick is the number that a Messaging Service sends from.
func (s *Side) pick(account *stage.Account, to string) string {
	for _, sender := range account.Senders {
		onWhatsApp := sender.Channel == chat.ChannelWhatsApp
		if onWhatsApp == strings.HasPrefix(to, whatsApp) {
			return spell(sender, sender.Address)
		}
	}
	return ""
}

// spell writes an address on the channel of a number.
func spell(sender stage.Sender, address string) string {
	if sender.Channel == chat.ChannelWhatsApp {
		return whatsApp + address
	}
	return address
}

// taken is the answer to a message that was taken.
func (s *Side) taken(attempt stage.Attempt, form url.Values, id string, odd fault.Kind) stage.Answer {
	state := "queued"
	if form.Has("MessagingServiceSid") {
		state = "accepted"
	}
	record := s.record(attempt.Account, stage.Activity{Message: &stage.Message{
		ID: id, Sender: attempt.Sender, Party: partyOf(attempt.To), Direction: chat.DirectionOutbound,
		Kind: attempt.Kind, Text: attempt.Text, At: time.Now(), More: attempt.More,
	}})
	record["status"], record["date_sent"] = state, nil
	if service := form.Get("MessagingServiceSid"); service != "" {
		record["messaging_service_sid"] = service
	}
	if odd == fault.NoID {
		delete(record, "sid")
	}
	return answer(http.StatusCreated, record)
}

func partyOf(to string) stage.Party {
	if stage.IsUserID(to) {
		return stage.Party{UserID: to}
	}
	return stage.Party{Phone: to}
}
