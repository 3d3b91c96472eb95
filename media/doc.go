// Package media keeps the files of messages: in an S3 bucket or in a folder, two
// stores behind one interface with one conformance suite.
//
// It owns the object keys, the decision what a file is, and the links to download
// one. It promises that a file is there whole or not at all, that no file is held
// whole in memory, that a file's type comes from its bytes and a short list, never
// from its name, and that nothing a browser would run is ever shown in place:
// everything but a few image, audio and video types is a download.
//
// It must not know providers or tables. Who may see a file is decided where a link
// is made; a link then opens one file for a short time and cannot be forged.
package media
