// Package files is the room for files of messages: what goes up before it is sent, what
// comes down to a user or a provider, and the small pictures of images. So are the files
// that reviewers of templates look at.
//
// It promises that what is said of a file is judged before a byte of it is read, that its
// bytes are looked at before all of them are, that no file is in memory as a whole, and
// that an upload that nobody sends is gone in the end, with its bytes. An upload belongs
// to the user who made it, in one conversation, and to one message; one for a template to
// that template, and it lives as long.
//
// Sending the message is the outbox's; fetching what a provider announced the inbox's. It
// must not know how a browser talks to it.
package files
