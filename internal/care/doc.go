// Package care looks after connectors by itself, whether anybody writes or not.
//
// It owns when a provider is asked to send us its webhooks, and when it is asked what
// happened, as a net under them. It promises that a subscription is renewed long before it
// ends, that one which the provider stopped is made anew and what was missed meanwhile is
// fetched, and that a page of a poll is stored before the next is asked for: at least once,
// which the inbox makes once. One node at a time looks after a connector.
// It must not know any provider, nor what an event means.
package care
