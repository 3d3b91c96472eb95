package channels

// Explainer turns a provider's codes into words for people.
type Explainer interface {
	// Explain says what happened and the one thing to do about it, as two short
	// sentences that name no number, key or id. It is a pure look-up. ok is false
	// for a code the adapter does not know; the provider's own words are shown then.
	Explain(code string) (text, next string, ok bool)
}
