package gupshup

import (
	"converse/channels"
	"converse/channels/whatsappcloud"
)

// meaning is what a code says: to the outbox, and to people.
type meaning struct {
	reason channels.Reason
	text   string
	next   string
}

const (
	unavailable      = channels.ReasonUnavailable
	throttled        = channels.ReasonThrottled
	ambiguous        = channels.ReasonAmbiguous
	rejected         = channels.ReasonRejected
	invalidRecipient = channels.ReasonInvalidRecipient
	unsupported      = channels.ReasonUnsupported
	tooLong          = channels.ReasonTooLong
	windowClosed     = channels.ReasonWindowClosed
	optedOut         = channels.ReasonOptedOut
	badCredentials   = channels.ReasonBadCredentials
	suspended        = channels.ReasonAccountSuspended
)

// meanings lists Gupshup's own codes (partner-docs.gupshup.io, "Error codes"), and the
// words of a refusal at once, which has no code. Everything else is Meta's.
//
// 1004 to 1008 all say that the lead has not written for a day: what they add, about
// opt-in and about matching a text with a template, is of an older API than ours.
var meanings = map[string]meaning{
	"1001": {rejected, "Gupshup could not match the message with the app.", "Ask an administrator to check the app's name."},
	"1002": {invalidRecipient, "This number is not on WhatsApp.", "Check the number, or send an SMS instead."},
	"1003": {suspended, "The Gupshup wallet has too little money.", "Ask an administrator to recharge the wallet."},
	"1004": {windowClosed, "The lead has not written for a day, and the app sends no templates.", "Ask an administrator to turn templates on for the app."},
	"1005": {windowClosed, "The lead has not written for a day, and the text is no template.", sendTemplate},
	"1006": {windowClosed, "The lead has not written for a day and has not opted in.", sendTemplate},
	"1007": {windowClosed, "The lead has not written for a day, and the text is no template.", sendTemplate},
	"1008": {windowClosed, "The lead has not written for a day and has not opted in.", sendTemplate},
	"1009": {rejected, "Gupshup did not accept the message.", changeMessage},
	"1010": {rejected, "Gupshup could not fetch the file.", "Send it again."},
	"1011": {rejected, "The file is too large or too small for WhatsApp.", "Send another file."},
	"1012": {optedOut, "This lead asked not to be written to.", "Use another channel that the lead agreed to."},
	"4001": {throttled, "Gupshup slows the app down.", "Wait, and ask an administrator to contact Gupshup if it goes on."},
	"4002": {rejected, "WhatsApp gave Gupshup an answer that it did not understand.", "Send it again."},
	"4003": {rejected, "Gupshup does not find the template.", chooseTemplate},
	"4004": {rejected, "Gupshup did not accept the template.", chooseTemplate},
	"4005": {rejected, "WhatsApp paused this template because of poor feedback.", chooseTemplate},
	// Meta's old number for 131047.
	"470": {windowClosed, "WhatsApp's 24-hour window is closed.", sendTemplate},

	// Refusals at once.
	"Invalid Destination":   {invalidRecipient, "Gupshup does not take this number.", "Check the number."},
	"Invalid App Details":   {badCredentials, "Gupshup does not know the app, or the number is not the app's.", "Ask an administrator to check the app's name and number."},
	"Authentication Failed": {badCredentials, "Gupshup does not accept the connector's API key.", "Ask an administrator to check the key."},
	"Too Many Requests":     {throttled, "Too many messages to Gupshup in a short time.", "Wait a little, then try again."},
}

const (
	sendTemplate   = "Send a template."
	changeMessage  = "Change the message and send it again."
	chooseTemplate = "Choose another template."
)

// reasonOf says what a code means for a message.
func reasonOf(code string) (channels.Reason, bool) {
	if known, ok := meanings[code]; ok {
		return known.reason, true
	}
	return whatsappcloud.Lookup(code)
}

// Explain puts a code of Gupshup's or of Meta's into words for people.
func (Adapter) Explain(code string) (text, next string, ok bool) {
	if known, ok := meanings[code]; ok {
		return known.text, known.next, true
	}
	return whatsappcloud.New().Explain(code)
}
