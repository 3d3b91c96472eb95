package channels

import (
	"fmt"
	"log/slog"
	"slices"
)

// Format implements fmt.Formatter, for every verb: an account prints as the connector
// it belongs to, without its secrets.
func (a Account) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "account of connector %s", a.Connector) }

// LogValue implements slog.LogValuer, secrets hidden.
func (a Account) LogValue() slog.Value {
	return slog.GroupValue(slog.String("connector_id", string(a.Connector)))
}

// SecretsOf lists what must not appear in a trace of an account's calls: the adapter's
// secrets, the access token and the webhook's address.
func SecretsOf(adapter Adapter, account Account) []string {
	return append(slices.Clone(adapter.Secrets(account)), account.Token, account.WebhookURL)
}
