// Package bus carries events between nodes and is the only code that speaks Redis.
//
// It owns, per topic, a short ordered stream with an epoch and gapless offsets,
// live delivery to subscribers, signals that are not kept, and who is present. It
// holds nothing that cannot be fetched again from the database: a stream that was
// trimmed or lost shows as a new epoch or a gap, never as silence.
//
// Memory and Redis are two forms with one conformance suite. A failing Redis makes
// Publish fail and delivery late; it never makes an entry appear out of order or
// twice under one offset. The package must not know what a payload means.
package bus
