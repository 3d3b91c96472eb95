// Package sandbox is the other side: it plays every provider over real HTTP, and
// the leads' phones with it, so that Converse can be run, shown and tested
// without an account anywhere.
//
// One handler serves three doors. The providers' APIs have the providers' own
// paths, credentials, answers and errors, and post signed webhooks; an adapter
// cannot tell that it talks to a sandbox. The control API under /control lets a
// test read the journal of send calls, let leads write, and set faults. The
// handset under /handset is the page on which a person is the lead.
//
// The package is an independent second implementation of each protocol. It must
// not import an adapter, nor anything else that the hub sends or receives with:
// sharing code would let both sides be wrong together.
//
// Control API and handset ask for no login. They answer only to loopback and
// configured host names and refuse changes asked for by other web sites, so the
// listener belongs on a loopback address.
package sandbox
