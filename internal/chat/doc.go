// Package chat holds the words of the product: ids, messages and their status,
// conversations, leads, users, events, error codes and who may do what.
//
// It owns the status ladder and promises that joining two statuses is the same
// in any order and any number of times, so a tick can never go back.
//
// Everything here is a plain value. The package knows nothing of SQL, HTTP,
// protobuf, Redis or any provider, imports none of our other packages, starts
// no goroutine and reads no clock.
package chat
