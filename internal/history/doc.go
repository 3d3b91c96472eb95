// Package history hurts a whole installation while people and leads talk through
// it, and then proves from what everybody saw that nothing was lost, doubled or
// reordered.
//
// It owns the seeded run (two nodes as processes of their own, PostgreSQL, Redis, a
// played provider, users with several devices, and faults), the short tests that
// place one fault exactly, and the checker of the invariants I1 to I6 over the
// recorded history. A run prints its seed; -seed repeats its decisions, and
// -duration changes its length. What the checker says names a key and tells its
// whole history.
//
// The package has no code of its own. Its tests know the product from the outside:
// its command line, its protocol, its webhooks and, to compare, its tables.
package history
