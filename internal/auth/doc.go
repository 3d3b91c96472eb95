// Package auth finds out who is asking.
//
// It owns passwords, second factors and their recovery codes, the tokens of sign-ins
// and widgets, API keys, the one-use tickets of sockets, and the principal in a
// request's context. It promises that a password check costs the
// same for unknown users, that hashing cannot be used to exhaust the machine, and
// that no token, ticket, key or recovery code is stored: only their hashes are. The
// secrets of second factors are sealed.
//
// It must not know HTTP, cookies or SQL; what a principal may do is said in chat.
package auth
