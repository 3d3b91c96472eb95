// Package mask hides what of a lead a user may not see, in the messages of the protocol.
//
// It owns how a hidden value looks and what a field's option "shows" means. Answers of
// calls and events of sockets go through it as their last step, so that there is one
// place to look for what leaves the server (I8). It promises that of a masked field
// nothing is left but what its mask leaves, wherever in a message the field stands; what
// it does not know, it hides. Whether somebody may see a lead at all is decided before:
// it must not know the database, owners or how a message is sent.
package mask
