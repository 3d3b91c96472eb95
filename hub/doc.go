// Package hub holds the live connections of users.
//
// It owns the websocket sessions at /ws: opening one with a ticket, resuming it
// where the client left off, delivering each topic's events in order, coalescing
// ticks, presence and typing, and closing what is slow, silent or signed out.
//
// It promises that a session gets every event of its topics or an explicit reset
// (I6), and that no session waits for another: each has a bounded queue, and the
// one that overflows is closed (I11). The hub keeps nothing that matters: lists
// and messages are the database's, and a client that was reset fetches them again.
// It must not know SQL, Redis or any provider.
package hub
