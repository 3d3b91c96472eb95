package ctm

import (
	"strings"

	"converse/channels"
	"converse/channels/jsonstrict"
)

// ends are the two sides of a text.
type ends struct {
	// own holds the tracking numbers that the activity names, without repeats.
	own []channels.AccountSender
	// lead is the other number in E.164, or "" when there is none that can be read.
	lead string
}

// ends finds out whose numbers an activity names. One and the same field holds our
// number in some webhooks and the lead's in others, so each is compared with the
// account's own. Names only order what is left over.
func (a activity) ends(account channels.Account) ends {
	fields := []jsonstrict.Text{
		a.Tracking, a.TrackingBare, a.TrackingFormat,
		a.Caller, a.CallerComplete, a.CallerBare, a.Contact, a.Called,
	}
	if a.Direction == outbound {
		fields = []jsonstrict.Text{
			a.Tracking, a.TrackingBare, a.TrackingFormat,
			a.Called, a.Contact, a.Caller, a.CallerComplete, a.CallerBare,
		}
	}
	var found ends
	var others []string
	for _, field := range fields {
		number := digits(string(field))
		if number == "" {
			continue
		}
		if sender, ok := ownNumber(account, number); ok {
			found.add(sender)
		} else {
			others = append(others, string(field))
		}
	}
	if len(found.own) == 0 {
		return found
	}
	for _, other := range others {
		if found.lead = full(other, found.own[0].Address); found.lead != "" {
			break
		}
	}
	return found
}

func (e *ends) add(sender channels.AccountSender) {
	for _, known := range e.own {
		if known.ID == sender.ID {
			return
		}
	}
	e.own = append(e.own, sender)
}

// ownNumber finds the sender with these digits; ten digits are a North American
// number without its country code, as the "bare" and "format" fields have it.
func ownNumber(account channels.Account, number string) (channels.AccountSender, bool) {
	for _, sender := range account.Senders {
		own := digits(sender.Address)
		if own != "" && (own == number || len(number) == 10 && own == "1"+number) {
			return sender, true
		}
	}
	return channels.AccountSender{}, false
}

// full writes a number in E.164. One without a plus sign is taken for North
// American only if our own number is.
func full(field, own string) string {
	number := digits(field)
	switch {
	case strings.HasPrefix(strings.TrimSpace(field), "+"):
	case len(number) == 10 && strings.HasPrefix(own, "+1"):
		number = "1" + number
	case len(number) == 11 && number[0] == '1' && strings.HasPrefix(own, "+1"):
	default:
		return ""
	}
	if number = "+" + number; !channels.IsPhone(number) {
		return ""
	}
	return number
}

// digits strips what people put between the digits of a number. Anything with
// other characters, such as "anonymous", is no number.
func digits(field string) string {
	var kept strings.Builder
	for _, c := range strings.TrimSpace(field) {
		switch {
		case '0' <= c && c <= '9':
			kept.WriteRune(c)
		case !strings.ContainsRune("+-(). ", c):
			return ""
		}
	}
	return kept.String()
}
