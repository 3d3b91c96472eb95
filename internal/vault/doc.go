// Package vault seals credentials, those of providers and of users, before they are
// stored.
//
// It owns the sealed form: a byte that names the key, then AES-256-GCM with a
// random nonce. It promises that sealed bytes open only for the org, the connector or
// other thing, and the set of fields they were sealed for, so that a row copied over another one is
// refused, and that any change to them is noticed. Keys are rotated by putting the
// new one first: the first key seals, every key opens. A key never appears in text
// of any kind.
//
// It must not know tables or providers, and it keeps no credential: what was
// opened belongs to the caller.
package vault
