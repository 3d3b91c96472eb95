package channeltest

import (
	"iter"
	"reflect"
	"strings"
	"unicode/utf8"

	"converse/channels"
	"converse/internal/chat"
)

// checkEvents checks what holds for the events of any webhook whatever it said.
func checkEvents(adapter channels.Adapter, account channels.Account, events []channels.Event) problems {
	var found problems
	if len(events) == 0 {
		found.addf("the webhook ended neither shown nor ignored nor parked: it gave no event")
	}
	for _, event := range events {
		for text := range texts(reflect.ValueOf(event)) {
			if strings.ContainsRune(text, 0) || !utf8.ValidString(text) {
				found.addf("a text that cannot be stored: %q", text)
			}
			found = append(found, leaks(account, "an event", text)...)
		}
		switch event := event.(type) {
		case channels.Received:
			found.add("received", checkReceived(account, event))
		case channels.Echo:
			found.add("echo", checkEcho(account, event))
		case channels.Consent:
			found.add("consent", checkParties(account, event.Sender, event.From))
		case channels.Moved:
			found.add("moved", checkParties(account, event.Sender, event.From, event.To))
		case channels.TemplateChanged:
			if event.Ref == "" && event.Name == "" {
				found.addf("a change of no template")
			}
		case channels.Notice:
			if event.Text == "" || event.Kind == "" || event.Level == "" {
				found.addf("a notice without kind, level or words")
			}
		case channels.Changed:
			found.add("changed", checkWhy(event.Why))
		case channels.Report:
			found.add("report", checkReport(adapter, account, event))
		case channels.Ignored:
			found.add("ignored", checkWhy(event.Why))
		case channels.Malformed:
			found.add("malformed", checkWhy(event.Why))
		default:
			found.addf("%T is not an event of the contract", event)
		}
	}
	return found
}

// texts gives every string inside a value.
func texts(value reflect.Value) iter.Seq[string] {
	return func(yield func(string) bool) { eachText(value, yield) }
}

func eachText(value reflect.Value, yield func(string) bool) bool {
	switch value.Kind() { // no other kind holds a text
	case reflect.String:
		return value.Len() == 0 || yield(value.String())
	case reflect.Pointer:
		return value.IsNil() || eachText(value.Elem(), yield)
	case reflect.Struct:
		for _, field := range value.Fields() {
			if !eachText(field, yield) {
				return false
			}
		}
	case reflect.Slice:
		for i := range value.Len() {
			if !eachText(value.Index(i), yield) {
				return false
			}
		}
	}
	return true
}

func checkReceived(account channels.Account, event channels.Received) problems {
	var found problems
	if event.ProviderID == "" {
		found.addf("no provider id")
	}
	if !hasSender(account, event.Sender) {
		found.addf("sender %q is not the account's", event.Sender)
	}
	if event.From.Phone == "" && event.From.WhatsApp == "" {
		found.addf("from nobody")
	}
	if event.From.Phone != "" && !channels.IsPhone(event.From.Phone) {
		found.addf("phone %q is not E.164", event.From.Phone)
	}
	if event.Kind == "" {
		found.addf("no kind")
	}
	if event.Text == "" && len(event.Media) == 0 {
		found.addf("neither text nor media")
	}
	if event.At.Year() > 9999 {
		found.addf("a time that cannot be stored")
	}
	for _, media := range event.Media {
		if media.Reference == "" {
			found.addf("media without a reference")
		}
	}
	return found
}

func checkEcho(account channels.Account, event channels.Echo) problems {
	found := checkParties(account, event.Sender, event.To)
	if event.ProviderID == "" || event.Kind == "" || event.Sender == "" {
		found.addf("no provider id, kind or sender")
	}
	if event.Text == "" && len(event.Media) == 0 {
		found.addf("neither text nor media")
	}
	return found
}

// checkParties checks people, and the number of ours they deal with, if one is named.
func checkParties(account channels.Account, sender chat.SenderID, parties ...channels.Party) problems {
	var found problems
	if sender != "" && !hasSender(account, sender) {
		found.addf("sender %q is not the account's", sender)
	}
	for _, party := range parties {
		if party.Phone == "" && party.WhatsApp == "" {
			found.addf("nobody")
		}
		if party.Phone != "" && !channels.IsPhone(party.Phone) {
			found.addf("phone %q is not E.164", party.Phone)
		}
	}
	return found
}

func checkReport(adapter channels.Adapter, account channels.Account, event channels.Report) problems {
	var found problems
	able := adapter.Capabilities(account)
	if event.ProviderID == "" && event.Reference == "" && event.Match == nil {
		found.addf("names no message")
	}
	onlyAlias := event.Status == "" && event.Alias != "" && event.ProviderID != "" && event.Error == nil
	if event.Status.Rank() < chat.StatusSent.Rank() && !onlyAlias {
		found.addf("status %q is not a provider's to report", event.Status)
	}
	if (event.Status == chat.StatusFailed) != (event.Error != nil) {
		found.addf("status %q with error %v", event.Status, event.Error)
	}
	if event.Error != nil {
		found = append(found, checkError(event.Error)...)
		if event.Error.Reason == channels.ReasonAmbiguous || event.Error.Reason == channels.ReasonMalformed {
			found.addf("failed for a reason that leaves it open: %s", event.Error.Reason)
		}
	}
	if event.Reference != "" && !able.EchoesReference {
		found.addf("a reference, though the capabilities say that none comes back")
	}
	if event.Match != nil {
		if !able.AnswersWithoutID {
			found.addf("a match, though the capabilities say that every message has an id")
		}
		if !hasSender(account, event.Match.Sender) || !channels.IsPhone(event.Match.To) {
			found.addf("a match that names no sender and recipient")
		}
	}
	if event.Status == chat.StatusDelivered && !able.DeliveredReports || event.Status == chat.StatusRead && !able.ReadReports {
		found.addf("status %q, though the capabilities say that it is not reported", event.Status)
	}
	return found
}

var reasons = []channels.Reason{
	channels.ReasonUnavailable, channels.ReasonThrottled, channels.ReasonAmbiguous, channels.ReasonRejected,
	channels.ReasonInvalidRecipient, channels.ReasonUnsupported, channels.ReasonTooLong, channels.ReasonWindowClosed,
	channels.ReasonOptedOut, channels.ReasonBadCredentials, channels.ReasonAccountSuspended, channels.ReasonMalformed,
	channels.ReasonTokenExpired,
}

func checkError(err *channels.Error) problems {
	var found problems
	known := false
	for _, reason := range reasons {
		known = known || err.Reason == reason
	}
	if !known {
		found.addf("reason %q is not one of the contract", err.Reason)
	}
	if err.Text == "" {
		found.addf("an error without words")
	}
	if len(err.Text) > 500 || !utf8.ValidString(err.Text) {
		found.addf("an error text that is longer than 500 bytes or no UTF-8")
	}
	if err.RetryAfter < 0 {
		found.addf("a negative time to wait")
	}
	return found
}

func checkWhy(why string) problems {
	var found problems
	if strings.TrimSpace(why) == "" {
		found.addf("does not say why")
	}
	return found
}

func hasSender(account channels.Account, id chat.SenderID) bool {
	for _, sender := range account.Senders {
		if sender.ID == id {
			return true
		}
	}
	return false
}
