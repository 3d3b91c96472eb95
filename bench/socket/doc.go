// Package socket is the client's end of a websocket, as cheap as it can be: it
// must not take the processor from the server that is measured.
//
// It owns opening a connection (RFC 6455, section 4.1) with a source address of
// our choice, writing masked frames and cutting a byte stream into frames. After
// the opening the bare file descriptor can be taken out, so that one poller reads
// ten thousand of them.
//
// It promises to refuse what a server of ours never sends: masked, compressed or
// fragmented frames. It must not know what frames say.
package socket
