package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"converse/channels"
	"converse/internal/account"
	"converse/internal/chat"
	"converse/internal/config"
	"converse/internal/demo"
	"converse/internal/sandbox"
	"converse/internal/store"
)

// playProviders runs the sandbox alone.
func playProviders(ctx context.Context, c *config.Sandbox, log *slog.Logger, stdout io.Writer) error {
	listeners, err := listen(ctx, place{"listen", c.Listen})
	if err != nil {
		return err
	}
	conf := sandbox.Config{}
	if c.File != "" {
		if conf, err = readSandboxFile(c.File); err != nil {
			return &config.Error{Flag: "file", Reason: "cannot be used: " + err.Error()}
		}
	}
	url := httpURL(listeners[0])
	conf.BaseURL, conf.Log = url, log
	played := sandbox.New(conf)
	defer played.Close()
	server := newServer(played.Handler(), log)
	draining, release := drainOf(ctx, time.Second)
	defer release()
	return serveAll(ctx, draining, func() {
		_, err = fmt.Fprintf(stdout, "{\"ready\":true,\"sandbox_url\":%q}\n", url)
	}, map[*http.Server]net.Listener{server: listeners[0]})
}

func readSandboxFile(path string) (_ sandbox.Config, err error) {
	file, err := os.Open(path)
	if err != nil {
		return sandbox.Config{}, fmt.Errorf("open sandbox file: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return sandbox.ReadConfig(file)
}

// playedAccounts are an org's connectors as their providers see them.
func playedAccounts(ctx context.Context, accounts *account.Book, org chat.OrgID, publicURL string) ([]sandbox.Account, error) {
	list, err := accounts.List(ctx, org)
	if err != nil {
		return nil, err
	}
	out := make([]sandbox.Account, len(list))
	for i, open := range list {
		out[i] = playedAccount(open.Account, string(open.Adapter.Kind()))
		out[i].WebhookURL = account.WebhookURL(publicURL, out[i].Provider, open.Endpoint)
	}
	return out, nil
}

func playedAccount(a channels.Account, provider string) sandbox.Account {
	out := sandbox.Account{Provider: provider, SigningSecret: a.Secrets[signingSecrets[provider]]}
	switch provider {
	case "ctm":
		out.AccountID = a.Settings["account_id"]
		out.Credentials = sandbox.Credentials{AccessKey: a.Secrets["access_key"], SecretKey: a.Secrets["secret_key"]}
	case "ringcentral":
		out.AccountID = demo.RingCentralUser
		out.Credentials = sandbox.Credentials{
			AccessKey: a.Settings["client_id"], SecretKey: a.Secrets["client_secret"], AccessToken: a.Secrets["jwt"],
		}
	case "whatsapp_cloud":
		out.AccountID, out.VerifyToken = a.Settings["waba_id"], a.Secrets["verify_token"]
		out.Credentials = sandbox.Credentials{AccessToken: a.Secrets["access_token"]}
		out.Templates = playedTemplates()
	case "twilio":
		out.AccountID = a.Settings["account_sid"]
		out.Credentials = sandbox.Credentials{AccessKey: a.Settings["api_key_sid"], SecretKey: a.Secrets["api_key_secret"]}
		out.Templates = playedTemplates()
	case "gupshup":
		out.AccountID, out.Name = a.Settings["app_id"], a.Settings["app_name"]
		out.Credentials = sandbox.Credentials{AccessKey: a.Secrets["api_key"], AccessToken: a.Secrets["app_token"]}
		out.Templates = playedTemplates()
	}
	for _, s := range a.Senders {
		ref := s.Ref
		if ref == "" { // a provider that knows its numbers by nothing else
			ref = s.Address
		}
		out.Senders = append(out.Senders, sandbox.Sender{Address: s.Address, Ref: ref, Label: "Harbour Homes", Channel: s.Channel})
	}
	return out
}

func playedTemplates() []sandbox.Template {
	var out []sandbox.Template
	for _, t := range demo.Templates() {
		if t.Channel == chat.ChannelWhatsApp {
			out = append(out, playedTemplate(t))
		}
	}
	return out
}

func playedTemplate(t store.StoredTemplate) sandbox.Template {
	out := sandbox.Template{
		Name: t.Name, Language: t.Language, Category: t.Category, Body: t.Body, Footer: t.Footer, Buttons: t.Buttons, Named: t.Named,
	}
	for _, v := range t.Variables {
		out.Variables = append(out.Variables, v.Name)
	}
	return out
}

// playedLeads are the phones that the handset page shows from the start.
func playedLeads(leads int, today time.Time) []sandbox.Handset {
	var out []sandbox.Handset
	for _, l := range demo.Leads(min(leads, mostPhones), today) {
		phone := sandbox.Handset{Name: l.Name()}
		for _, i := range l.Identifiers {
			switch i.Kind {
			case chat.IdentifierPhone:
				if i.Invalid {
					continue
				}
				if phone.Phone == "" {
					phone.Phone = i.Value
				}
			case chat.IdentifierWhatsApp:
				phone.WhatsAppID, phone.HidePhone = i.Value, true
			case chat.IdentifierEmail: // no phone shows it
			}
		}
		if phone.Phone != "" || phone.WhatsAppID != "" { // a number that cannot be one is nobody's phone
			out = append(out, phone)
		}
	}
	return out
}

// mostPhones is how many phones stand ready; any other number gets one when it is
// written to.
const mostPhones = 200
