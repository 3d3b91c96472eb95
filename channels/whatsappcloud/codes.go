package whatsappcloud

import "converse/channels"

// meaning is what one of Meta's error codes says: to the outbox, and to people.
type meaning struct {
	reason channels.Reason
	text   string
	next   string
}

// meanings lists the documented codes (Meta, "Cloud API, Error codes", 2026-05-15,
// and "Business-scoped user IDs"). Meta asks to decide on the code: the HTTP status
// differs between pages and from what is seen, and titles are going away. The same
// codes come in answers, in failed statuses and in messages.
//
// Unavailable stands only where Meta says that the service was not there. Codes 1
// and 131000, "unknown error", do not say whether the message went out.
var meanings = map[string]meaning{
	// Keys and rights.
	"0":      {badCredentials, "WhatsApp does not accept the connector's access token.", askToRenew},
	"190":    {badCredentials, "The connector's WhatsApp access token has expired.", askToRenew},
	"3":      {badCredentials, "The connector's access token lacks a right.", askForRights},
	"10":     {badCredentials, "The connector's access token lacks a right, or lost it.", askForRights},
	"131005": {badCredentials, "The connector's access token has no access to this number.", askForRights},

	// The account and its number.
	"33":     {suspended, "This business number no longer exists on WhatsApp.", askForNumber},
	"368":    {suspended, "WhatsApp blocked the business account for a while over its policies.", askForAccount},
	"131031": {suspended, "WhatsApp locked the business account.", askForAccount},
	"131037": {suspended, "WhatsApp has not approved the number's display name yet.", askForName},
	"131042": {suspended, "WhatsApp has a problem with the business account's payment method.", "Ask an administrator to check billing in WhatsApp Manager."},
	"131045": {suspended, "The business number is not registered correctly on WhatsApp.", askForNumber},
	"133010": {suspended, "The business number is not registered on WhatsApp.", askForNumber},
	// 130497 is about this lead's country only; the account works elsewhere.
	"130497": {rejected, "WhatsApp does not let this business account write to people in this country.", "Use another channel."},

	// Too fast. 131056 is about this one lead, the others about the number or account.
	"4":      {throttled, "Too many calls to WhatsApp in a short time.", waitByItself},
	"613":    {throttled, "Too many calls to WhatsApp in a short time.", waitByItself},
	"80007":  {throttled, "The WhatsApp account has reached its rate limit.", waitByItself},
	"130429": {throttled, "This number sends faster than WhatsApp allows.", waitByItself},
	"131048": {throttled, "WhatsApp slows this number down because too many people blocked or reported its messages.", "Pause campaigns and check the number's quality in WhatsApp Manager."},
	"131056": {throttled, "Too many messages to this lead in a short time.", waitByItself},
	"133016": {throttled, "The number was registered too often in a short time.", "Wait, then have an administrator register it again."},

	// Not there now.
	"2":      {unavailable, "WhatsApp is down or overloaded at the moment.", waitByItself},
	"131016": {unavailable, "A WhatsApp service is not available at the moment.", waitByItself},
	"131057": {unavailable, "WhatsApp is doing maintenance on the business account.", waitByItself},
	"133004": {unavailable, "WhatsApp's server is not available at the moment.", waitByItself},
	"1":      {ambiguous, "WhatsApp reports an unknown error.", checkFirst},
	"131000": {ambiguous, "WhatsApp reports an unknown error.", checkFirst},

	// The lead.
	"131021": {invalidRecipient, "The message was addressed to the number it comes from.", "Correct the lead's number."},
	"131026": {invalidRecipient, "Not delivered: this number is not on WhatsApp, has an old version of it, or has not accepted its terms.", "Send an SMS instead."},
	"131062": {unsupported, "WhatsApp does not carry this message to somebody who hides their number.", "Ask the lead for their number, or use another channel."},

	// The window and the rules for marketing. 131050 is about marketing alone: the
	// lead may still write and be answered, so it is no opt-out of the channel.
	"131047": {windowClosed, "WhatsApp's 24-hour window is closed.", "Send a template."},
	"131049": {rejected, "Not delivered: WhatsApp limits how many marketing messages a person gets.", "Wait at least a day before sending marketing again."},
	"131050": {rejected, "Not delivered: this lead has stopped marketing messages from you.", "Do not send marketing; answer when the lead writes."},
	"130472": {rejected, "Not delivered: this number is in a WhatsApp experiment that gets no marketing messages.", "Send an SMS instead."},

	// What was sent.
	"100":    {rejected, "WhatsApp did not accept a part of the message.", changeMessage},
	"131008": {rejected, "Something that WhatsApp needs is missing from the message.", changeMessage},
	"131009": {rejected, "WhatsApp did not accept a value in the message.", changeMessage},
	"131051": {unsupported, "WhatsApp does not carry this type of message.", "Send it as text or as a file."},
	"135000": {rejected, "WhatsApp could not make sense of the message.", changeMessage},
	"131052": {rejected, "WhatsApp could not pass on the file that the lead sent.", "Ask the lead to send it again, or a smaller one."},
	"131053": {rejected, "WhatsApp could not take the file.", "Check its type and size, then send it again."},

	// Sending a template.
	"132000": {rejected, "The template was filled with the wrong number of values.", "Fill in every value of the template and send it again."},
	"132001": {rejected, "This template does not exist in this language, or is not approved.", chooseTemplate},
	"132005": {tooLong, "The template became too long when it was filled in.", "Use shorter values."},
	"132007": {rejected, "The template breaks a WhatsApp policy.", chooseTemplate},
	"132012": {rejected, "A value in the template has the wrong format.", "Correct the values and send it again."},
	"132015": {rejected, "WhatsApp paused this template because of poor feedback.", chooseTemplate},
	"132016": {rejected, "WhatsApp disabled this template for good.", chooseTemplate},
	"132018": {rejected, "WhatsApp did not accept a value in the template.", "Use one line without tabs or long gaps for each value, and send it again."},
	"132068": {rejected, "The form in this template is blocked.", chooseTemplate},
	"132069": {rejected, "The form in this template is slowed down by WhatsApp.", "Choose another template, or try again in an hour."},

	// Making a template.
	"2388019": {rejected, "The business account has as many templates as WhatsApp allows.", "Delete templates that are no longer used."},
	"2388040": {rejected, "A field of the template is too long.", "Shorten it."},
	"2388047": {rejected, "WhatsApp did not accept the template's header.", "Correct the header."},
	"2388072": {rejected, "WhatsApp did not accept the template's body.", "Correct the body."},
	"2388073": {rejected, "WhatsApp did not accept the template's footer.", "Correct the footer."},
	"2388293": {rejected, "The template has too many variables for so little text.", "Use more words or fewer variables."},
	"2388299": {rejected, "The template begins or ends with a variable.", "Put a word before and after each variable."},

	// Registering a number. A send that meets one of these finds the number unusable.
	"133000": {suspended, "The number was not completely removed from where it was registered before.", askForNumber},
	"133005": {suspended, "The PIN for the number's two-step verification is wrong.", "Ask an administrator to enter the right PIN."},
	"133006": {suspended, "The number has to be verified again.", askForNumber},
	"133008": {suspended, "The number's PIN was guessed too often.", "Ask an administrator to wait as long as WhatsApp says."},
	"133009": {suspended, "The number's PIN was entered too fast.", "Ask an administrator to wait, then enter it again."},
	"133015": {suspended, "The number was removed a moment ago and cannot be registered yet.", "Ask an administrator to try again in a few minutes."},
}

// permissionDenied stands for the codes 200 to 299, "API permission".
var permissionDenied = meaning{badCredentials, "The connector's access token lacks a right, or lost it.", askForRights}

const (
	unavailable      = channels.ReasonUnavailable
	throttled        = channels.ReasonThrottled
	ambiguous        = channels.ReasonAmbiguous
	rejected         = channels.ReasonRejected
	invalidRecipient = channels.ReasonInvalidRecipient
	unsupported      = channels.ReasonUnsupported
	tooLong          = channels.ReasonTooLong
	windowClosed     = channels.ReasonWindowClosed
	badCredentials   = channels.ReasonBadCredentials
	suspended        = channels.ReasonAccountSuspended
)

const (
	askToRenew     = "Ask an administrator to renew the connector's access token."
	askForRights   = "Ask an administrator to check the rights of the connector's access token."
	askForNumber   = "Ask an administrator to register the number again."
	askForName     = "Ask an administrator to have the display name approved in WhatsApp Manager."
	askForAccount  = "Ask an administrator to see what WhatsApp Manager asks for."
	waitByItself   = "Wait a little, then try again."
	checkFirst     = "Wait for a receipt before you send it again."
	changeMessage  = "Change the message and send it again."
	chooseTemplate = "Choose another template."
)

// lookup finds what a code means.
func lookup(code string) (meaning, bool) {
	if len(code) == 3 && code[0] == '2' && code[1] >= '0' && code[1] <= '9' && code[2] >= '0' && code[2] <= '9' {
		return permissionDenied, true
	}
	known, ok := meanings[code]
	return known, ok
}

// Explain puts one of Meta's error codes into words for people.
func (Adapter) Explain(code string) (text, next string, ok bool) {
	known, ok := lookup(code)
	return known.text, known.next, ok
}
