// Package ctm speaks CallTrackingMetrics' texting API.
//
// It owns the shapes of its calls and webhooks, which number of a webhook is ours,
// and the meaning of carrier codes. Field names do not tell a business number from
// a lead's here: live webhooks arrange them in more than one way, so every number
// is compared with the account's own tracking numbers. A send is one call whose
// answer may carry no message id; receipts then describe the message instead.
//
// It knows nothing of calls, which share the same webhook, beyond ignoring them,
// and keeps no state. CallTrackingMetrics documents texting thinly: facts are from
// its official Ruby client and C# signature example, its "REST API, Calls" page,
// its public Postman workspace, and public code that runs against it (2020 to 2026).
package ctm
