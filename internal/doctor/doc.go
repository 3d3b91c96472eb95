// Package doctor checks what a node needs and says, for each thing that is not
// right, what to do about it.
//
// It owns the form of a result and the checks of what this machine and the network
// offer: clock, disk, files, callback address, master key. The checks of PostgreSQL
// and Redis come as functions from the packages that speak to them. It promises
// that every check ends in its time, that one that hangs or panics fails and holds
// up no other, and that nothing it looks at is left changed.
//
// It must not know how to repair anything, and it prints no secret: checks give it
// words, not settings.
package doctor
