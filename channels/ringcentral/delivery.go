package ringcentral

import (
	"fmt"

	"converse/channels"
	"converse/channels/answer"
)

const (
	optedOut     = "Not delivered: the lead answered STOP to this number."
	untilStart   = "Wait until the lead writes START."
	filtered     = "Not delivered: it was filtered as unwanted."
	reword       = "Change the wording, leave out links, and send it again."
	badNumber    = "Not delivered: this number does not exist or takes no texts."
	carrierLimit = "Not delivered: this number has reached its limit of texts."
	laterOrAsk   = "Send it again later, or ask an administrator to raise the limit."
	troubled     = "Not delivered: RingCentral or the carrier had a problem."
	sendLater    = "Send it again later."
	notSetUp     = "Not delivered: the number we text from is not set up for texting."
)

// deliveries lists the codes that stand in deliveryErrorCode: a prefix that says who
// reports, RingCentral, its gateway or the carrier, and a number (guide, "Handling SMS
// messaging errors"). A code that is not here is final.
var deliveries = map[string]meaning{
	"SMS-RC-413":  {channels.ReasonOptedOut, optedOut, untilStart},
	"SMS-UP-413":  {channels.ReasonOptedOut, optedOut, untilStart},
	"SMS-CAR-413": {channels.ReasonOptedOut, optedOut, untilStart},

	"SMS-RC-410":  {channels.ReasonInvalidRecipient, badNumber, checkNumber},
	"SMS-UP-410":  {channels.ReasonInvalidRecipient, badNumber, checkNumber},
	"SMS-CAR-411": {channels.ReasonInvalidRecipient, badNumber, checkNumber},

	"SMS-CAR-400": {channels.ReasonUnsupported, "Not delivered: the lead's carrier does not carry this kind of message.", callInstead},
	"SMS-CAR-460": {channels.ReasonUnsupported, "Not delivered: the lead's carrier takes nothing from short numbers.", callInstead},
	"SMS-CAR-412": {channels.ReasonUnavailable, "Not delivered: the lead's phone is switched off or out of reach.", "Send it again later, or call."},

	"SMS-RC-430":  {channels.ReasonRejected, filtered, reword},
	"SMS-UP-430":  {channels.ReasonRejected, filtered, reword},
	"SMS-CAR-430": {channels.ReasonRejected, filtered, reword},
	"SMS-CAR-431": {channels.ReasonRejected, "Not delivered: the carrier refused it and did not say why.", reword},
	"SMS-CAR-435": {channels.ReasonRejected, "Not delivered: the carrier refuses shortened links.", "Write the link out and send it again."},
	"SMS-UP-433":  {channels.ReasonRejected, "Not delivered: the text cannot be sent as it is written.", "Change the wording and send it again."},
	"SMS-CAR-433": {channels.ReasonRejected, "Not delivered: the carrier cannot read the text as it is written.", "Change the wording and send it again."},

	"SMS-RC-403":  {channels.ReasonThrottled, carrierLimit, laterOrAsk},
	"SMS-CAR-450": {channels.ReasonThrottled, carrierLimit, laterOrAsk},
	"SMS-CAR-451": {channels.ReasonThrottled, carrierLimit, laterOrAsk},
	"SMS-CAR-452": {channels.ReasonThrottled, carrierLimit, laterOrAsk},

	"SMS-UP-432":  {channels.ReasonTooLong, "Not delivered: the text is too long.", "Shorten it and send it again."},
	"SMS-CAR-432": {channels.ReasonTooLong, "Not delivered: the text is too long for the lead's carrier.", "Shorten it to 160 characters and send it again."},
	"SMS-CAR-434": {channels.ReasonTooLong, "Not delivered: the files are too large for the lead's carrier.", smaller},

	"SMS-UP-431":  {channels.ReasonAccountSuspended, "Not delivered: the number we text from was flagged for spam and can send no more.", askAdministrator},
	"SMS-UP-414":  {channels.ReasonAccountSuspended, notSetUp, askAdministrator},
	"SMS-CAR-414": {channels.ReasonAccountSuspended, notSetUp, askAdministrator},
	"SMS-RC-503":  {channels.ReasonAccountSuspended, notSetUp, askAdministrator},
	"SMS-RC-504":  {channels.ReasonAccountSuspended, notSetUp, askAdministrator},
	"SMS-CAR-461": {channels.ReasonAccountSuspended, "Not delivered: the toll-free number we text from is not verified.", askAdministrator},

	"SMS-RC-500":  {channels.ReasonUnavailable, troubled, sendLater},
	"SMS-RC-501":  {channels.ReasonUnavailable, troubled, sendLater},
	"SMS-UP-500":  {channels.ReasonUnavailable, troubled, sendLater},
	"SMS-CAR-410": {channels.ReasonUnavailable, "Not delivered: it ran out of time on its way.", sendLater},
	"SMS-CAR-500": {channels.ReasonUnavailable, troubled, sendLater},
}

// undecided reports whether a code says only that the carrier has not said anything,
// which is no failure.
func undecided(code string) bool { return code == "SMS-CAR-104" || code == "SMS-CAR-199" }

// failure classifies by the code; RingCentral adds no words.
func failure(code string, secrets []string) *channels.Error {
	if code == "" {
		return &channels.Error{Reason: channels.ReasonRejected, Text: "RingCentral reports a failure without a reason."}
	}
	failed := &channels.Error{Reason: channels.ReasonRejected, Code: answer.Words(code, secrets)}
	failed.Text = fmt.Sprintf("RingCentral reports the error code %.40s.", failed.Code)
	if known, ok := deliveries[code]; ok {
		failed.Reason = known.reason
	}
	return failed
}

// alarm is the notice that goes with a failure which is about our own number.
func alarm(code string, sender channels.AccountSender) (channels.Notice, bool) {
	known, ok := deliveries[code]
	if !ok || known.reason != channels.ReasonAccountSuspended {
		return channels.Notice{}, false
	}
	notice := channels.Notice{Sender: sender.ID, Kind: code, Level: channels.NoticeWarning, Text: known.text, Next: known.next}
	if code == "SMS-UP-431" {
		notice.Level = channels.NoticeStop
	}
	return notice, true
}
