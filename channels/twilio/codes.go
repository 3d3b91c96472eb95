package twilio

import "converse/channels"

// meaning is what one of Twilio's error codes says: to the outbox, and to people.
type meaning struct {
	reason channels.Reason
	text   string
	next   string
}

// meanings lists the codes that a send, or a status callback, may bring (Twilio, "Error
// and warning dictionary"). A code that is not here is final.
//
// A code that is about one number of the account or about one message never holds the
// others: the connector is held only for what stops all of them.
var meanings = map[string]meaning{
	// Keys and the account.
	"20003": {badCredentials, "Twilio does not accept the connector's credentials.", askForKeys},
	"20404": {badCredentials, "Twilio does not know the connector's account.", askForKeys},
	"20008": {badCredentials, "The connector has test credentials, with which nothing is sent.", askForKeys},
	"20005": {suspended, "The Twilio account is not active.", askForAccount},
	"30002": {suspended, "The Twilio account is suspended.", askForAccount},
	"63020": {suspended, "WhatsApp does not accept the business account of this number.", "Ask an administrator to finish its set-up in the Twilio console."},
	"21609": {badCredentials, "Twilio does not accept our public address for receipts.", "Ask an administrator to set a public address over https whose host has no underscore."},

	// Too fast, or too much.
	"20429": {throttled, "Too many calls to Twilio at once.", waitByItself},
	"14107": {throttled, "Too many messages in a short time.", waitByItself},
	"21611": {throttled, "Too many messages are waiting on this number.", waitByItself},
	"30001": {throttled, "Too many messages were waiting on this number.", sendLater},
	"63017": {throttled, "WhatsApp's rate limit was reached.", sendLater},
	"63018": {throttled, "This number sends faster than WhatsApp allows, or wrote to too many people today.", sendLater},
	"63038": {throttled, "The Twilio account has reached its daily limit of messages.", "Send it again tomorrow, or ask an administrator to have the limit raised."},
	"30022": {throttled, carrierLimit, laterOrAsk},
	"30023": {throttled, carrierLimit, laterOrAsk},
	"30024": {throttled, carrierLimit, laterOrAsk},
	"30025": {throttled, carrierLimit, laterOrAsk},
	"30026": {throttled, carrierLimit, laterOrAsk},
	"30027": {throttled, carrierLimit, laterOrAsk},

	// The lead.
	"21211": {invalidRecipient, "Not sent: this is not a phone number.", checkNumber},
	"21612": {invalidRecipient, "Not sent: messages from this number cannot reach the lead's number.", otherChannel},
	"21614": {invalidRecipient, "Not sent: this is not a mobile number.", callInstead},
	"21635": {invalidRecipient, "Not sent: this is a landline.", callInstead},
	"30005": {invalidRecipient, "Not delivered: this number does not exist or is no longer in use.", checkNumber},
	"30006": {invalidRecipient, "Not delivered: this is a landline, or its carrier takes no messages.", callInstead},
	"63003": {invalidRecipient, "Not delivered: the lead cannot be found on WhatsApp.", "Send an SMS instead."},
	"63024": {invalidRecipient, "Not delivered: this number is not on WhatsApp.", "Send an SMS instead."},
	"63031": {invalidRecipient, "The message was addressed to the number it comes from.", checkNumber},
	"21610": {optedOut, "Not sent: the lead answered STOP to this number.", "Wait until the lead writes START."},
	"63014": {optedOut, "Not delivered: the lead blocked this number on WhatsApp.", otherAgreed},
	"63033": {optedOut, "Not delivered: the lead does not take messages from this number.", otherAgreed},
	"30003": {rejected, "Not delivered: the lead's phone is switched off or out of reach.", "Send it again later, or call."},
	"30004": {rejected, "Not delivered: the lead's phone or carrier blocks this message.", callInstead},

	// The number that sends, and where it may send to.
	"21408": {rejected, "The Twilio account may not send to the lead's country.", "Ask an administrator to allow the country under Geo permissions."},
	"21601": {rejected, noTexts, askForNumber},
	"14108": {rejected, noTexts, askForNumber},
	"21606": {rejected, "This number cannot send: it is not one of the Twilio account.", askForNumber},
	"21660": {rejected, "This number cannot send: it is not one of the Twilio account.", askForNumber},
	"21608": {rejected, "A Twilio trial account sends only to verified numbers.", "Ask an administrator to verify the number or to upgrade the account."},
	"21703": {rejected, "The Messaging Service has no number to send from.", askForService},
	"21705": {rejected, "The Messaging Service does not exist.", askForService},
	"92002": {rejected, "A setting of the Twilio account stops this message.", askForAccount},
	"63007": {rejected, "This number is not set up for WhatsApp at Twilio.", askForNumber},
	"63015": {rejected, "The lead has not joined Twilio's WhatsApp sandbox.", "Ask the lead to send the join word, or use a number of your own."},
	"63032": {rejected, "Not delivered: WhatsApp did not let this message through to this person.", otherChannel},

	// Carriers.
	"30007": {rejected, "Not delivered: the carrier filtered the message as unwanted.", "Change the wording, leave out links, and send it again."},
	"30008": {rejected, "Not delivered, and the carrier did not say why.", "Send it again later, or call."},
	"30032": {rejected, "Not delivered: this toll-free number is not verified.", askForNumber},
	"30034": {rejected, "Not delivered: this number is not registered for business messages in the USA.", "Ask an administrator to register it for A2P 10DLC."},
	"30036": {rejected, "Not delivered: the message waited longer than it may.", "Send it again."},

	// What was sent.
	"21602": {rejected, "The message is empty.", "Write something and send it again."},
	"21617": {tooLong, "The message is longer than Twilio takes.", "Shorten it and send it again."},
	"21620": {rejected, noFetch, askForAddress},
	"63019": {rejected, noFetch, askForAddress},
	"21623": {rejected, "The message has more files than Twilio takes.", "Send them one by one."},
	"11751": {rejected, tooLarge, smaller},
	"30019": {rejected, tooLarge, smaller},
	"63034": {rejected, tooLarge, smaller},
	"30011": {unsupported, "This number cannot send files.", "Send the message as text."},
	"12300": {unsupported, "Twilio does not carry this type of file.", "Send it in another form."},
	"63005": {rejected, "WhatsApp did not accept the message.", changeMessage},
	"63013": {rejected, "The message breaks a WhatsApp policy.", changeMessage},
	"63021": {rejected, "WhatsApp did not accept the message's content.", changeMessage},
	"63030": {unsupported, "WhatsApp does not carry this kind of message.", "Send it in another form."},

	// WhatsApp's window, and templates.
	"63016": {windowClosed, "WhatsApp's 24-hour window is closed.", "Send a template."},
	"63027": {rejected, "This template does not exist in this language, or is not approved.", chooseTemplate},
	"63028": {rejected, "The template was filled with the wrong number of values.", "Fill in every value of the template and send it again."},
	"63029": {rejected, "The recipient's WhatsApp could not take the template.", chooseTemplate},
	"63040": {rejected, "WhatsApp rejected this template.", chooseTemplate},
	"63041": {rejected, "WhatsApp paused this template because of poor feedback.", chooseTemplate},
	"21654": {rejected, "Twilio does not know this template.", chooseTemplate},
	"21655": {rejected, "Twilio does not know this template.", chooseTemplate},
	"21656": {rejected, "The values for the template are not in order.", "Correct the values and send it again."},

	// Our webhook.
	"11200": {rejected, "Twilio could not reach our webhook.", "Ask an administrator to check the public address."},
	"11205": {rejected, "Twilio could not reach our webhook in time.", "Ask an administrator to check the public address."},
}

const (
	throttled        = channels.ReasonThrottled
	rejected         = channels.ReasonRejected
	invalidRecipient = channels.ReasonInvalidRecipient
	unsupported      = channels.ReasonUnsupported
	tooLong          = channels.ReasonTooLong
	windowClosed     = channels.ReasonWindowClosed
	optedOut         = channels.ReasonOptedOut
	badCredentials   = channels.ReasonBadCredentials
	suspended        = channels.ReasonAccountSuspended
)

const (
	askForKeys     = "Ask an administrator to check the connector's credentials."
	askForAccount  = "Ask an administrator to check the account in the Twilio console."
	askForNumber   = "Ask an administrator to check the number in the Twilio console."
	askForService  = "Ask an administrator to check the Messaging Service."
	askForAddress  = "Ask an administrator whether our public address can be reached from outside."
	waitByItself   = "Wait a little, then try again."
	sendLater      = "Send it again later."
	laterOrAsk     = "Send it again later, or ask an administrator to raise the limit."
	checkNumber    = "Check the lead's number."
	callInstead    = "Call instead."
	otherChannel   = "Use another channel."
	otherAgreed    = "Use another channel that the lead agreed to."
	changeMessage  = "Change the message and send it again."
	chooseTemplate = "Choose another template."
	smaller        = "Send a smaller one."

	carrierLimit = "Not delivered: the carrier limits how much this number may send."
	noTexts      = "This number cannot send messages."
	noFetch      = "Twilio could not fetch the file from us."
	tooLarge     = "The file is larger than the channel takes."
)

func lookup(code string) (meaning, bool) {
	known, ok := meanings[code]
	return known, ok
}

// Explain puts one of Twilio's error codes into words for people.
func (Adapter) Explain(code string) (text, next string, ok bool) {
	known, ok := lookup(code)
	return known.text, known.next, ok
}
