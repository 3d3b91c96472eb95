// Package approval keeps templates in step with the providers that approve them.
//
// It owns what an administrator does to templates: writing drafts, handing them in for
// review, reading a provider's list. A draft is checked by the provider's published rules
// before anything is sent. What becomes of a template is the provider's to say: reviews
// come in by webhook, and by reading the list, on demand and every few hours.
//
// It must not know any provider by name.
package approval
