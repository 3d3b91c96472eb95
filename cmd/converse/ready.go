package main

import (
	"context"
	"encoding/json"
	"io"

	"converse/internal/account"
	"converse/internal/chat"
	"converse/internal/demo"
)

// readyLine is the one line on standard output that says a node can be used. The
// last four fields are the demo's.
type readyLine struct {
	Ready       bool   `json:"ready"`
	URL         string `json:"url"`
	InternalURL string `json:"internal_url"`
	SandboxURL  string `json:"sandbox_url,omitempty"`
	// HostURL is a page of a customer's own with the widget on it.
	HostURL    string           `json:"host_url,omitempty"`
	Logins     []demo.Login     `json:"logins,omitempty"`
	Connectors []readyConnector `json:"connectors,omitempty"`
}

// readyConnector is what one needs to call a webhook by hand.
type readyConnector struct {
	Provider      string `json:"provider"`
	WebhookURL    string `json:"webhook_url"`
	SigningSecret string `json:"signing_secret"`
	Sender        string `json:"sender"`
}

// signingSecrets names the secret that signs webhooks, or goes along with them, by
// provider.
var signingSecrets = map[string]string{
	"ctm": "signing_secret", "gupshup": "webhook_secret", "ringcentral": "verification_token", "twilio": "auth_token", "whatsapp_cloud": "app_secret",
}

func (l readyLine) print(to io.Writer) error {
	return json.NewEncoder(to).Encode(l)
}

// readyConnectors lists an org's connectors with their secrets: for the demo alone.
func readyConnectors(ctx context.Context, accounts *account.Book, org chat.OrgID, publicURL string) ([]readyConnector, error) {
	list, err := accounts.List(ctx, org)
	if err != nil {
		return nil, err
	}
	out := make([]readyConnector, len(list))
	for i, open := range list {
		kind := string(open.Adapter.Kind())
		out[i] = readyConnector{
			Provider: kind, WebhookURL: account.WebhookURL(publicURL, kind, open.Endpoint),
			SigningSecret: open.Account.Secrets[signingSecrets[kind]],
		}
		if len(open.Senders) > 0 {
			out[i].Sender = open.Senders[0].Address
		}
	}
	return out, nil
}
