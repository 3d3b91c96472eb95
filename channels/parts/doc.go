// Package parts writes bodies that carry a file, among other parts or alone, without
// holding it.
//
// It owns the framing (RFC 2046, RFC 7578) and promises that a body's length is known
// before the first byte, because providers refuse chunked uploads, and that the file is
// opened only when the request is sent and closed when its body is.
//
// It must not know providers: which fields a body has is theirs.
package parts
