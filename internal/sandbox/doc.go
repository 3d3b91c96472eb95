// Package sandbox is the other side: it plays every provider over real HTTP, and
// the leads' phones with it, so that Converse can be run, shown and tested
// without an account anywhere.
//
// One handler serves three doors. The providers' APIs have the providers' own
// paths, credentials, answers, errors and signed webhooks; an adapter cannot tell
// the difference. The control API, which GET /control describes, is for tests. The
// handset under /handset is the page on which a person is the lead.
//
// It is an independent second implementation of each protocol and must not import
// an adapter: sharing code would let both sides be wrong together. Control API and
// handset ask for no login, so they answer only to loopback and configured hosts,
// and refuse changes asked for by other web sites.
package sandbox
