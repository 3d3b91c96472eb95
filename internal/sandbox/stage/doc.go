// Package stage is what all the played providers stand on: the accounts they
// know, the leads' phones, the messages and their receipts, the media, the
// journal of send calls and the faults.
//
// It owns the life of a message after a provider took it: which receipts follow
// when, what flight mode holds back, when WhatsApp's service window closes. A
// Side adds one provider's protocol: its HTTP API toward the hub and the form of
// its webhooks. Adding a provider is writing one Side.
//
// Everything is kept in memory and bounded; what is oldest goes first. The
// package must not know any provider by name.
package stage
