package ctm

import "converse/channels"

// meaning is what a carrier code says: to the outbox, and to people.
type meaning struct {
	reason channels.Reason
	text   string
	next   string
}

// meanings lists the codes that may stand in sms_error_code. CallTrackingMetrics
// does not list them; those seen are the ones of Twilio, which carries its texts
// (Twilio, "Error and warning dictionary"). A code that is not here is final.
var meanings = map[string]meaning{
	"21211": {channels.ReasonInvalidRecipient, "Not delivered: this is not a phone number.", checkNumber},
	"21612": {channels.ReasonInvalidRecipient, "Not delivered: texts from this number cannot reach the lead's number.", "Use another channel."},
	"21614": {channels.ReasonInvalidRecipient, "Not delivered: this is not a mobile number.", callInstead},
	"30005": {channels.ReasonInvalidRecipient, "Not delivered: this number does not exist or is no longer in use.", checkNumber},
	"30006": {channels.ReasonInvalidRecipient, "Not delivered: this is a landline, or its carrier takes no texts.", callInstead},
	"21610": {channels.ReasonOptedOut, "Not delivered: the lead answered STOP to this number.", "Wait until the lead writes START."},
	"21617": {channels.ReasonTooLong, "The text is longer than the carrier takes.", "Shorten it."},
	"30002": {channels.ReasonAccountSuspended, "The texting account is suspended.", askAdministrator},
	"30001": {channels.ReasonThrottled, "Too many texts were waiting on this number.", "Wait a little, then send it again."},
	"30022": {channels.ReasonThrottled, carrierLimit, laterOrAsk},
	"30023": {channels.ReasonThrottled, carrierLimit, laterOrAsk},
	"30024": {channels.ReasonThrottled, carrierLimit, laterOrAsk},
	"30025": {channels.ReasonThrottled, carrierLimit, laterOrAsk},
	"30026": {channels.ReasonThrottled, carrierLimit, laterOrAsk},
	"30027": {channels.ReasonThrottled, carrierLimit, laterOrAsk},
	"21408": {channels.ReasonRejected, "This account may not text to the lead's country.", askAdministrator},
	"30003": {channels.ReasonRejected, "Not delivered: the lead's phone is switched off or out of reach.", "Send it again later, or call."},
	"30004": {channels.ReasonRejected, "Not delivered: the lead's phone or carrier blocks this message.", callInstead},
	"30007": {channels.ReasonRejected, "Not delivered: the carrier filtered the text as unwanted.", "Change the wording, leave out links, and send it again."},
	"30008": {channels.ReasonRejected, "Not delivered, and the carrier did not say why.", "Send it again later, or call."},
	"30032": {channels.ReasonRejected, "Not delivered: this toll-free number is not verified for texting.", askAdministrator},
}

const (
	checkNumber      = "Check the lead's number."
	callInstead      = "Call instead."
	askAdministrator = "Ask an administrator to check the account at CallTrackingMetrics."
	carrierLimit     = "Not delivered: the carrier limits how much this number may text."
	laterOrAsk       = "Send it again later, or ask an administrator to raise the limit."
)

// Explain puts a carrier code into words for people.
func (Adapter) Explain(code string) (text, next string, ok bool) {
	known, ok := meanings[code]
	return known.text, known.next, ok
}
