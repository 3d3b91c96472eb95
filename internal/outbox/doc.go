// Package outbox hands messages to providers.
//
// It owns everything between "the user pressed send" and "the provider answered":
// what may be sent, the queue with its live and bulk lanes, the one call an attempt
// makes, what each outcome means, and the rescue of work whose node died.
//
// It promises I3: the attempt is committed before the first byte leaves, a call
// that may have been heard is never repeated by itself, and only what is proven not
// sent is tried again. I9 is checked in the same transaction that starts the call.
// It is the only package that calls Adapter.Send, and must not know any provider.
package outbox
