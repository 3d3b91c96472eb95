// Package whatsappcloud speaks Meta's WhatsApp Business Cloud API.
//
// It owns the shapes of Meta's requests and webhooks, the check of their
// signature, and what every documented error code means. It promises that a
// webhook of many updates is read element by element, each for the number its
// metadata names: one bad element never costs its neighbours. A send is one call;
// only an answer with a message id counts as taken, and anything that may have
// been heard without one is ambiguous.
//
// It knows nothing of the service window's clock, of stores or of retries, and
// keeps no state. Facts are from Meta's developer pages "WhatsApp Business
// Platform, Cloud API" (webhooks reference, messages, media, error codes; read
// October 2025 to September 2026) and Meta's published OpenAPI file, v23.0.
package whatsappcloud
