package outbox

import (
	"slices"

	"converse/channels"
	"converse/internal/account"
	"converse/internal/chat"
)

// checkOwner is why a message does not leave from the number of the lead's owner, where
// the connector wants that; nil when it does.
func checkOwner(c chat.Conversation, open account.Open, can channels.Capabilities) *chat.Failure {
	if !can.OwnerNumber {
		return nil
	}
	failed := func(text, next string) *chat.Failure {
		return &chat.Failure{Code: "owner_number", Text: "Not sent: " + text, Next: next}
	}
	if c.Owner == "" {
		return failed("this number writes only to leads of its own user, and the lead has no owner.", "Give it one, then send again.")
	}
	ofOwner := func(s chat.Sender) bool { return s.User == c.Owner }
	if slices.ContainsFunc(open.Senders, func(s chat.Sender) bool { return ofOwner(s) && s.ID == c.Sender.ID }) {
		return nil
	}
	if at := slices.IndexFunc(open.Senders, ofOwner); at >= 0 {
		return failed("this lead is written to from its owner's number, "+open.Senders[at].Address+".", "Start a conversation from that one.")
	}
	return failed("this lead's owner has no number in this connector.",
		"Ask an administrator to give the owner one under Connectors, or to let every number write to every lead.")
}
