package sso

import "converse/internal/chat"

// Reasons for which a provider's word signs nobody in; the sign-in page has a sentence
// for each.
const (
	// ReasonExpired: too late, seen before, or begun in another browser.
	ReasonExpired = "sso_expired"
	// ReasonRefused: the provider signed nobody in.
	ReasonRefused = "sso_refused"
	// ReasonToken: what the provider said cannot be believed.
	ReasonToken = "sso_token"
	// ReasonEmail: the provider has not verified the e-mail address.
	ReasonEmail = "sso_email"
	// ReasonDomain: the e-mail address is of a domain that does not sign in here.
	ReasonDomain = "sso_domain"
	// ReasonNobody: there is no such user, and none is made.
	ReasonNobody = "sso_nobody"
)

var sentences = map[string]string{
	ReasonExpired: "This sign-in has taken too long. Begin again.",
	ReasonRefused: "Your organisation's sign-in page did not sign you in.",
	ReasonToken:   "What your organisation's sign-in page answered cannot be used. Tell your administrator.",
	ReasonEmail:   "Your organisation's sign-in page has not verified your e-mail address.",
	ReasonDomain:  "Your e-mail address does not sign in here. Tell your administrator.",
	ReasonNobody:  "There is no user with your e-mail address. Ask your administrator to add you.",
}

func refuse(reason string) error {
	return &chat.Error{Code: chat.CodeUnauthenticated, Reason: reason, Message: sentences[reason]}
}
