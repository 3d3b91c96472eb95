// Package auth finds out who is asking.
//
// It owns passwords, the tokens of sign-ins, the one-use tickets of sockets, and
// the principal in a request's context. It promises that a password check costs the
// same for unknown users, that hashing cannot be used to exhaust the machine, and
// that neither tokens nor tickets are stored: only their hashes are.
//
// It must not know HTTP, cookies or SQL; what a principal may do is said in chat.
package auth
