// Package rpc is the door for calls: the Connect services of converse.v1 over
// Connect, gRPC, gRPC-Web and plain JSON on one port.
//
// It owns who may call what, the limits of a request, and the one table from our
// error codes to Connect's. It promises that no internal text leaves: an error that
// is not meant for people becomes a reference that the log carries too. Each
// service is one file that turns a request into a call of a room and its result
// into an answer. It must not know SQL, the bus or any provider.
package rpc
