// Package safehttp makes the HTTP calls that leave Converse, by how far the other
// side is trusted: Provider for a provider's API, Fetch for files that a provider
// points us to.
//
// It promises that a request is written at most once, that a failure says whether
// the request may have been heard, that no redirect is followed unseen, that time
// and size are bounded over the whole exchange, and that no address inside our own
// network is reached unless it was allowed by name: the address is checked where
// it is dialled, after every look-up. Neither client honours proxy variables,
// which would hide that address. Error texts hold the method and the host, never
// a path, a query, a credential or a header, and nothing the other side said.
//
// It knows nothing of messages, orgs or adapters, keeps nothing and imports
// nothing of ours.
package safehttp
