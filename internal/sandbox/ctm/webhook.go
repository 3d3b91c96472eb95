package ctm

import (
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"strconv"

	"converse/internal/chat"
	"converse/internal/sandbox/stage"
)

// text is a text message in webhooks and listings. The order of its fields is
// that of recorded traffic.
type text struct {
	SID           string      `json:"sid,omitempty"`
	MessageID     string      `json:"message_id"`
	AccountID     json.Number `json:"account_id"`
	CallerNumber  string      `json:"caller_number"`
	ContactNumber string      `json:"contact_number,omitempty"`
	CalledNumber  string      `json:"called_number,omitempty"`
	Tracking      string      `json:"tracking_number,omitempty"`
	Direction     string      `json:"direction"`
	CallStatus    string      `json:"call_status,omitempty"`
	DialStatus    string      `json:"dial_status,omitempty"`
	Status        string      `json:"status,omitempty"`
	Body          string      `json:"message_body"`
	Media         []any       `json:"message_media,omitempty"`
	UnixTime      int64       `json:"unix_time"`
	ErrorCode     string      `json:"sms_error_code,omitempty"`
}

// Receipt writes a status_change webhook.
func (s *Side) Receipt(account *stage.Account, report stage.Report) []byte {
	out := s.outbound(account, report.Message, report.Status, report.Code)
	out.UnixTime = report.At.Unix()
	return encode(out)
}

// outbound is a text of the business, in one of the two arrangements of numbers.
func (s *Side) outbound(account *stage.Account, m *stage.Message, status chat.Status, code string) text {
	out := text{
		SID: s.sid(m.ID), MessageID: m.ID, AccountID: number(account.AccountID),
		Direction: "msg_outbound", Body: m.Text, UnixTime: m.At.Unix(),
	}
	if s.businessFirst(m.ID) {
		out.CallerNumber, out.CalledNumber = m.Sender.Address, m.Party.Phone
	} else {
		out.CallerNumber, out.ContactNumber, out.CalledNumber = m.Party.Phone, m.Party.Phone, m.Sender.Address
	}
	state := string(status)
	switch status { //nolint:exhaustive // the others are written as they are
	case chat.StatusQueued:
		state = "processing"
	case chat.StatusFailed:
		// The code wins: the status is seen to stay "sent" beside it.
		state, out.ErrorCode = string(chat.StatusSent), code
		if out.ErrorCode == "" {
			out.ErrorCode = "30008" // unknown error
		}
	}
	out.CallStatus, out.DialStatus, out.Status = state, state, state
	return out
}

// Inbound writes an inbound_text webhook.
func (s *Side) Inbound(account *stage.Account, m *stage.Message, base string) []byte {
	return encode(s.inbound(account, m, base))
}

func (s *Side) inbound(account *stage.Account, m *stage.Message, base string) text {
	in := text{
		MessageID: m.ID, AccountID: number(account.AccountID), CallerNumber: m.Party.Phone, Tracking: m.Sender.Address,
		Direction: "msg_inbound", Body: m.Text, UnixTime: m.At.Unix(),
	}
	if m.More != nil {
		for _, media := range m.More.Media {
			link := mediaLink(base, media)
			if s.businessFirst(m.ID) { // both forms are seen
				in.Media = append(in.Media, link)
			} else {
				in.Media = append(in.Media, map[string]string{"url": link})
			}
		}
	}
	return in
}

// Call writes a status_change webhook of a telephone call, which has no message id.
func (s *Side) Call(account *stage.Account, m *stage.Message) []byte {
	return encode(map[string]any{
		"sid": "CA" + s.sid(m.ID), "id": s.hash(m.ID) % 1e9, "account_id": number(account.AccountID),
		"caller_number": m.Party.Phone, "tracking_number": m.Sender.Address,
		"direction": "inbound", "dial_status": "answered", "duration": 62, "talk_time": 48, "unix_time": m.At.Unix(),
	})
}

func (s *Side) sid(id string) string {
	return strconv.FormatUint(1e9+s.hash(id)%9e9, 10)
}

func mediaLink(base string, m stage.Media) string {
	name := m.Name
	if name == "" {
		name = "file"
	}
	return fmt.Sprintf("%s/ctm/media/%s/%s/%s", base, m.ID, m.Key, url.PathEscape(path.Base(name)))
}

// number writes the account id as a JSON number, as CTM does; an id that is not
// one is written as 0.
func number(id string) json.Number {
	if _, err := strconv.ParseUint(id, 10, 64); err != nil {
		return "0"
	}
	return json.Number(id)
}

func encode(value any) []byte {
	body, err := json.Marshal(value)
	if err != nil {
		panic(err) // only plain values are written
	}
	return body
}
