// Package ringcentral speaks RingCentral's SMS and MMS API.
//
// It owns the shapes of its calls and events: the JWT grant, sending, the webhook
// subscription with its handshake, the message sync that tells what became of a text,
// consents, and what every documented code means. RingCentral tells by webhook only
// that something about outbound texts changed; how far they came is read from the
// message store. An id is a number in answers and a text in webhooks, and larger than
// a float can hold, so here it is always text.
//
// It keeps nothing: the access token comes with the account, a place in the message
// store with the query. Facts are from RingCentral's developer guide and its OpenAPI
// file (ringcentral/ringcentral-api-docs, April 2026).
package ringcentral
