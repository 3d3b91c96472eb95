// Package answer reads what a provider answered to a call.
//
// It owns the parts that every adapter needs alike and must not get wrong: never
// more than Limit bytes of a body are read, a body that ended early is told from a
// whole one, Retry-After is understood in both its forms, and words of a provider
// are made safe to keep and show: secrets out in every form they may be echoed in,
// one line, at most 500 bytes.
//
// It does not judge: which status or code means what is the adapter's knowledge.
// It reads no clock; a date in Retry-After counts from the answer's own Date.
package answer
