package outbox

import "converse/channels"

// Decided reports whether the table of decisions has the reason.
func Decided(r channels.Reason) bool {
	_, ok := decisions[r]
	return ok
}
