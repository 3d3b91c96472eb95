// Package load is the load generator: thousands of sessions that listen, and lanes
// that publish or post webhooks at a rate or as fast as is answered.
//
// It owns one poller over all sessions, their counting and checking, and the
// latency from handing an event over to having read it. It promises that every
// delivery is counted once, that a session which misses an event, gets one of
// another topic, gets one twice or is closed makes the whole run an error, and
// that the clock of an open loop does not wait for the server.
//
// It must not know what is compared with what.
package load
