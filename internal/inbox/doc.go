// Package inbox is the door that providers' webhooks come in by.
//
// It owns the path of a callback: find the connector, verify over the raw bytes,
// parse, store, answer, and the replay of what was parked. It promises I1: a 2xx is
// said only after the raw body is committed, and every callback ends shown, ignored
// or parked; and I2, through the store: one provider message makes one message.
// When the database is away it answers 503, so that the provider tries again.
// It must not know any provider, nor how events reach a screen.
package inbox
