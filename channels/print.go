package channels

import (
	"fmt"
	"log/slog"
)

// Format implements fmt.Formatter, for every verb: an account prints as the connector
// it belongs to, without its secrets.
func (a Account) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "account of connector %s", a.Connector) }

// LogValue implements slog.LogValuer, secrets hidden.
func (a Account) LogValue() slog.Value {
	return slog.GroupValue(slog.String("connector_id", string(a.Connector)))
}
