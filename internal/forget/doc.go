// Package forget takes away what must not be kept: leads that are erased, and things
// that are older than an org keeps them.
//
// It owns the order of an erasure: files first, then messages and the callbacks known to
// be theirs, then every other callback that names the lead, and only then the note of
// what to look for. Each step can be done again, so a crash or a cancelled job goes on
// where it stopped. Work is done in small batches, each a transaction of its own, so that
// nobody waits for it.
//
// It must not know who may erase, nor of any provider's format: a callback is searched as
// text.
package forget
