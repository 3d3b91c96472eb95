// Package attach judges whether a file can go with a message.
//
// It owns the rules that follow from what a sender can carry: which types, how large,
// how many, with how long a text, and that a file's name, declared type and bytes say the
// same. It is pure: the same rules are applied before an upload, after it, when a message
// is accepted, and are what a screen shows. Its errors name the request's field and say
// what can be sent instead; they hold nothing of the file's name.
//
// It must not know where files are kept, nor who sends them.
package attach
