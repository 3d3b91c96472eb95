package channels

// reasonWords are what people read about a failure whose code the adapter has no
// words for: what happened, and the one thing to do about it.
var reasonWords = map[Reason]struct{ text, next string }{
	ReasonUnavailable:      {"The provider could not be reached.", "Send again."},
	ReasonThrottled:        {"The provider took too many messages at once.", "Send again in a few minutes."},
	ReasonAmbiguous:        {"The provider may have sent this. Checking…", "Send again only if the lead has not received it."},
	ReasonMalformed:        {"The provider's answer could not be understood, so it may have sent this.", "Send again only if the lead has not received it."},
	ReasonRejected:         {"The provider refused this message.", "Change it and send again."},
	ReasonInvalidRecipient: {"This number cannot be reached.", "Check the number, or use another channel."},
	ReasonUnsupported:      {"The provider cannot carry this kind of message.", "Send it in another form."},
	ReasonTooLong:          {"The message is too long for the provider.", "Shorten it and send again."},
	ReasonWindowClosed:     {"WhatsApp's 24-hour window is closed.", "Send a template."},
	ReasonOptedOut:         {"This lead asked not to be written to.", "Use another channel that the lead agreed to."},
	ReasonBadCredentials:   {"The provider does not accept our credentials.", "Ask an administrator to check the connector."},
	ReasonTokenExpired:     {"The provider's access token ran out.", "Send again."},
	ReasonAccountSuspended: {"The provider suspended the account.", "Ask an administrator to check the connector."},
}

// Words are what people read about a failure: the adapter's words for the provider's
// code if it has any, else the words for the reason. A message that may have been
// sent is always described by its reason: the code says nothing about that.
func Words(a Adapter, e *Error) (text, next string) {
	words := reasonWords[e.Reason]
	explainer, ok := a.(Explainer)
	if !ok || e.Code == "" || e.Reason == ReasonAmbiguous || e.Reason == ReasonMalformed {
		return words.text, words.next
	}
	if text, next, known := explainer.Explain(e.Code); known {
		return text, next
	}
	return words.text, words.next
}
