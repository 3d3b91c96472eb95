// Package gupshup speaks Gupshup's WhatsApp API: its self-serve API to send with, and
// where an account has them its partner calls for templates and webhooks.
//
// It owns the shapes of the calls, the two forms of callbacks, which of a message's
// ids is meant, and what failure codes mean. Version 2 of the callbacks is Gupshup's
// own and is read here. Version 3 is Meta's envelope with ids added; the parser of
// whatsappcloud reads it, and Meta's codes in either are looked up there too.
//
// A send answers with Gupshup's id of the message. WhatsApp's own id comes later; it
// is told as an alias, because receipts leave out Gupshup's after a week. Gupshup signs
// nothing: see Verify. Facts are from docs.gupshup.io and partner-docs.gupshup.io, and
// from public code that runs against them (2022 to 2026).
package gupshup
