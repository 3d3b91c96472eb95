// Package host is this machine: child processes, what they cost, its limits and
// its name.
//
// It owns starting servers as processes of their own and reading what they used
// from /proc. It promises that a child dies with us, even by SIGKILL, that every
// child is given the same garbage collector settings, and that a child which ends
// early is an error with the end of its log, not a silence.
//
// It must not know what a child serves. Linux only.
package host
