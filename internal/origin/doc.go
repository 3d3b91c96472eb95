// Package origin knows from which sites' pages a browser may call.
//
// It owns the one spelling of an origin, the one judgement whether a request comes from
// a page that is not ours, and this node's copy of the sites that orgs allow. The copy
// is read on every call of such a page and never waits for the database: it is fetched
// again every few seconds, so that a site that was removed is refused on every node
// soon after. While the database is away the last copy stands; nobody can be
// authenticated then anyway.
//
// It must not know of sockets or calls, nor what a refusal looks like.
package origin
