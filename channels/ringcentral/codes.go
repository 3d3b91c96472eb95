package ringcentral

import "converse/channels"

// meaning is what a code says: to the outbox, and to people.
type meaning struct {
	reason channels.Reason
	text   string
	next   string
}

const (
	askAdministrator = "Ask an administrator to check the user and the number in RingCentral's admin portal."
	askForRights     = "Ask an administrator to give the RingCentral app its permissions and to make a new JWT."
	askForWebhook    = "Ask an administrator to check that Converse can be reached from the internet over HTTPS."
	byItself         = "It goes out by itself in a minute."
	checkNumber      = "Check the lead's number."
	callInstead      = "Call instead."
	smaller          = "Send smaller files, or fewer."
)

// calls lists the documented codes of refused calls (OpenAPI file, "Error codes", and
// the guide's pages on SMS, OAuth and webhooks). Whoever answers them decides on the
// code, not on the words.
var calls = map[string]meaning{
	// Keys and rights.
	"OAU-128": {channels.ReasonTokenExpired, "RingCentral's access token ran out.", "Send again."},
	"OAU-129": {channels.ReasonTokenExpired, "RingCentral no longer takes the access token.", "Send again."},
	"OAU-149": {channels.ReasonTokenExpired, "RingCentral no longer takes the access token.", "Send again."},
	"OAU-213": {channels.ReasonTokenExpired, "RingCentral no longer takes the access token.", "Send again."},
	"OAU-232": {channels.ReasonTokenExpired, "RingCentral no longer takes the access token.", "Send again."},
	"OAU-236": {channels.ReasonTokenExpired, "RingCentral no longer takes the access token.", "Send again."},
	"CMN-401": {channels.ReasonBadCredentials, "The RingCentral app or its user lacks a permission.", askForRights},
	"CMN-408": {channels.ReasonBadCredentials, "The RingCentral app or its user lacks a permission.", askForRights},
	"MSG-242": {channels.ReasonBadCredentials, "The RingCentral user's plan has no texting.", askAdministrator},

	// Too fast.
	"CMN-301": {channels.ReasonThrottled, "Too many calls to RingCentral in a short time.", byItself},
	"CMN-302": {channels.ReasonThrottled, "Too many calls to RingCentral in a short time.", byItself},
	"MSG-305": {channels.ReasonThrottled, "Too many texts from this RingCentral user in a short time.", byItself},

	// The call itself.
	"CMN-101": {channels.ReasonRejected, "RingCentral did not understand a part of the message.", "Change it and send it again."},
	"CMN-102": {channels.ReasonRejected, "RingCentral does not know what the call was about.", askAdministrator},

	// The lead's number.
	"MSG-240": {channels.ReasonRejected, "This RingCentral account may not text abroad.", askAdministrator},
	"MSG-243": {channels.ReasonRejected, "RingCentral blocks texts to this number.", "Use another channel."},
	"MSG-246": {channels.ReasonInvalidRecipient, "RingCentral does not text to extensions from here.", checkNumber},
	"MSG-247": {channels.ReasonInvalidRecipient, "This is a short number, to which RingCentral does not text.", checkNumber},

	// Our number.
	"MSG-245": {channels.ReasonRejected, "The number we text from does not belong to the RingCentral user.", askAdministrator},
	"MSG-304": {channels.ReasonRejected, "RingCentral does not let this user text from the number.", askAdministrator},
	"MSG-367": {channels.ReasonRejected, "The number we text from cannot send texts.", askAdministrator},
	"MSG-384": {channels.ReasonRejected, "The RingCentral account has reached its limit of texts.", "Send it again later, or ask an administrator to raise the limit."},
	"MSG-397": {channels.ReasonRejected, "The toll-free number we text from is not verified.", askAdministrator},
	"MSG-403": {channels.ReasonRejected, "The toll-free number we text from is not verified.", askAdministrator},

	// Files.
	"MSG-337": {channels.ReasonTooLong, "The files are too large for RingCentral.", smaller},
	"MSG-338": {channels.ReasonTooLong, "The files are too large for RingCentral.", smaller},
	"MSG-347": {channels.ReasonUnsupported, "RingCentral does not take a file like this.", "Send it in another form."},
	"MSG-348": {channels.ReasonUnsupported, "RingCentral does not take a file like this.", "Send it in another form."},
	"MSG-380": {channels.ReasonUnsupported, "The number we text from cannot send files.", "Send a text with a link, or use another number."},
	"MSG-381": {channels.ReasonRejected, "The message has more than ten recipients.", "Send it to fewer people."},

	// Webhooks.
	"SUB-505": {channels.ReasonRejected, "RingCentral keeps no more subscriptions for this app.", "Ask an administrator to end some that are not used."},
	"SUB-516": {channels.ReasonRejected, "RingCentral did not take the webhook's address.", askForWebhook},
	"SUB-520": {channels.ReasonRejected, "Our answer to RingCentral's handshake did not hold its token.", askForWebhook},
	"SUB-521": {channels.ReasonRejected, "RingCentral could not reach our webhook.", askForWebhook},
	"SUB-523": {channels.ReasonRejected, "RingCentral calls webhooks over HTTPS alone.", askForWebhook},
	"SUB-525": {channels.ReasonRejected, "RingCentral did not understand our webhook's answer to its handshake.", askForWebhook},
	"SUB-527": {channels.ReasonRejected, "RingCentral did not take our webhook's certificate or answer.", askForWebhook},
}

// Explain puts a code of a refused call or of a failed delivery into words for people.
func (Adapter) Explain(code string) (text, next string, ok bool) {
	if known, ok := deliveries[code]; ok {
		return known.text, known.next, true
	}
	known, ok := calls[code]
	return known.text, known.next, ok
}
