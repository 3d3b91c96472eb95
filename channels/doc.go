// Package channels is the contract between Converse and a provider's protocol.
//
// It owns the Adapter interface, the neutral values that cross it, and the
// reasons a send can fail for. An adapter is pure: bytes in and events out, a
// message in and one HTTP exchange out. It keeps nothing: no store, no goroutine,
// no clock, no logger. It classifies what went wrong; one table in the outbox
// decides what is done about it.
//
// Abilities that only some providers have are small interfaces found by type
// assertion. This package must not know any provider by name.
package channels
