// Package hostpage plays a company's own CRM with the widget on its pages.
//
// It owns a page with a table of leads and one lead beside it, and what stands behind
// such a page: a server that knows its own user, holds the org's API key, and gets
// widget tokens with it. It is written as a real host would be, over the public protocol
// alone, under a strict content policy, so that reading it shows how it is done.
//
// It must not know anything of ours but addresses. It trusts whoever reaches it: a demo
// on this machine signs nobody in.
package hostpage
