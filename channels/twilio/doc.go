// Package twilio speaks Twilio's Programmable Messaging: SMS, MMS and WhatsApp.
//
// It owns the shapes of its calls and webhooks, the meaning of its error codes, and
// which of an account's numbers a webhook is about. A number may serve both channels,
// so a sender is always found by its channel and its address. A send is one form post;
// its status callback brings our message id back in the query, which the signature
// covers, so a receipt that overtakes the answer still finds its message.
//
// From Twilio's own library, twilio-go, it takes the validator of signatures. The
// library's client is not used for calls: it makes requests without the caller's
// context, leaves the body of an error open, gives up Retry-After and the HTTP status,
// and cannot be led to another address, while each call here is one request of a Doer.
//
// Facts are from Twilio's OpenAPI documents (Messages, Media, Content, Senders), its
// guides ("Track outbound message status", "Webhooks security", "Accepted content
// types for media", "Error and warning dictionary") and public code that runs against
// it. It keeps no state and must not know who asks.
package twilio
