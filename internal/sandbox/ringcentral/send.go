package ringcentral

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
	"unicode/utf16"

	"converse/internal/chat"
	"converse/internal/sandbox/fault"
	"converse/internal/sandbox/stage"
)

const (
	// maxText is the longest text in UTF-16 units.
	maxText = 1000
	// mostPeople is how many recipients a text may have.
	mostPeople = 10
)

// sending is the JSON of a send call.
type sending struct {
	From end    `json:"from"`
	To   []end  `json:"to"`
	Text string `json:"text"`
}

type end struct {
	Phone     string `json:"phoneNumber"`
	Extension string `json:"extensionNumber"`
}

// send plays POST …/sms and …/mms.
func (s *Side) send(w http.ResponseWriter, r *http.Request) {
	attempt := stage.Attempt{Path: r.URL.Path, Kind: chat.KindText, Refused: refused}
	account, denied := s.admit(w, r, medium)
	if denied != nil {
		s.stage.Refuse(w, s, attempt, *denied)
		return
	}
	attempt.Account = account
	body, files, problem := readSending(w, r)
	attempt.Text = body.Text
	if len(body.To) > 0 {
		attempt.To = body.To[0].Phone
	}
	if problem == nil {
		problem = s.fill(&attempt, body, files)
	}
	if problem != nil {
		s.stage.Refuse(w, s, attempt, *problem)
		return
	}
	if s.optedOut(account.AccountID, attempt.Sender.Address, attempt.To) {
		attempt.Fails = "SMS-RC-413"
	}
	at := time.Now()
	attempt.Taken = func(id string, party stage.Party, odd fault.Kind) stage.Answer {
		s.tellOfNew(account, id)
		taken := s.record(account, stage.Activity{Status: chat.StatusQueued, ChangedAt: at, Message: &stage.Message{
			ID: id, Sender: attempt.Sender, Party: party, Direction: chat.DirectionOutbound, Text: attempt.Text, At: at, More: attempt.More,
		}})
		if odd == fault.NoID {
			delete(taken, "id")
			delete(taken, "uri")
		}
		return answer(http.StatusOK, taken)
	}
	s.stage.Perform(w, r, s, attempt)
}

// fill checks the rules and puts the call into the attempt.
func (s *Side) fill(attempt *stage.Attempt, body sending, files []file) *stage.Answer {
	sender, own := attempt.Account.SenderByAddress(body.From.Phone)
	attempt.Sender = sender
	switch {
	case body.From.Phone == "":
		return invalid("from.phoneNumber")
	case !own:
		return refuse(http.StatusForbidden, "MSG-245", "Phone number doesn't belong to extension", "")
	case len(body.To) > mostPeople:
		return refuse(http.StatusBadRequest, "MSG-381", "Too many recipients", "")
	case len(body.To) != 1: // the sandbox plays no groups
		return invalid("to")
	case body.To[0].Extension != "":
		return refuse(http.StatusBadRequest, "MSG-246", "Sending SMS to an extension is not available", "")
	case len(strings.TrimPrefix(body.To[0].Phone, "+")) <= 6 && body.To[0].Phone != "":
		return refuse(http.StatusBadRequest, "MSG-247", "Sending SMS to a short number is not available", "")
	case len(utf16.Encode([]rune(body.Text))) > maxText:
		return invalid("text")
	case body.Text == "" && len(files) == 0:
		return invalid("text")
	case len(files) > 0 && isTollFree(sender.Address):
		return refuse(http.StatusForbidden, "MSG-380", "MMS is not available for this number", "")
	}
	to, ok := stage.E164(body.To[0].Phone)
	if !ok || to != body.To[0].Phone {
		return invalid("to.phoneNumber")
	}
	attempt.To = to
	return s.attach(attempt, files)
}

// readSending reads either form of the call.
func readSending(w http.ResponseWriter, r *http.Request) (body sending, files []file, problem *stage.Answer) {
	r.Body = http.MaxBytesReader(w, r.Body, maxRequest)
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err != nil:
		return body, nil, refuse(http.StatusUnsupportedMediaType, "CMN-201", "The Content-Type cannot be read", "")
	case kind == "multipart/form-data", kind == "multipart/mixed":
		return readParts(r.Body, parameters["boundary"])
	case kind != "application/json":
		return body, nil, refuse(http.StatusUnsupportedMediaType, "CMN-201", "The Content-Type is not supported", "")
	}
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return body, nil, tooLarge()
	}
	return body, nil, readJSON(data, &body)
}

// readJSON refuses a name that occurs twice: which of the two is meant, nobody knows.
func readJSON(data []byte, into *sending) *stage.Answer {
	if json.Unmarshal(data, into) != nil || doubled(data) {
		return refuse(http.StatusBadRequest, "CMN-100", "The request cannot be read as JSON", "")
	}
	return nil
}

// doubled reports whether an object of valid JSON names a field twice.
func doubled(data []byte) bool {
	decoder := json.NewDecoder(bytes.NewReader(data))
	var names []map[string]bool // of the objects that are open; nil for a list
	expectName := false
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return false
		}
		if err != nil {
			return true
		}
		switch token {
		case json.Delim('{'):
			names, expectName = append(names, map[string]bool{}), true
			continue
		case json.Delim('['):
			names, expectName = append(names, nil), false
			continue
		case json.Delim('}'), json.Delim(']'):
			names = names[:len(names)-1]
		default:
			if name, isText := token.(string); isText && expectName {
				open := names[len(names)-1]
				if open[name] {
					return true
				}
				open[name], expectName = true, false
				continue
			}
		}
		expectName = len(names) > 0 && names[len(names)-1] != nil
	}
}

func refused(kind fault.Kind, status int) stage.Answer {
	switch kind { //nolint:exhaustive // the others are server errors
	case fault.Throttle:
		return *refuse(status, "MSG-305", "Request rate exceeded", "")
	case fault.BadCredentials:
		return *unknownToken()
	}
	return *refuse(status, "CMN-500", "Internal server error", "")
}
