// Package channeltest holds an adapter to its contract by golden files.
//
// Run plays every folder under testdata/in (a webhook, and the events wanted from
// it) and testdata/out (a message, the one exchange expected, and the receipt or
// error wanted from it); adding a case is adding files. Around each case it checks
// what no case should have to say: a changed byte, a missing or doubled signature
// and another account's keys are refused; cut bodies are never taken for whole
// ones; unknown fields change nothing; values of a wrong type do not panic; Parse
// touches nothing it was given; every answer is closed; no secret of the account
// shows in any form in an event, an error or a redacted trace.
//
// Secrets are replaced by canaries before a case runs, unless the case carries a
// signature of its own. The files' formats are described at inCase and outCase.
// With -update, want.json files are rewritten. For tests only; it must not know
// any provider.
package channeltest
