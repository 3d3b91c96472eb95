package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"strings"

	"converse/channels"
	"converse/internal/account"
	"converse/internal/chat"
	"converse/internal/config"
	"converse/internal/store"
)

// accountFile is the file of `converse connect`.
type accountFile struct {
	Provider  string            `json:"provider"`
	Name      string            `json:"name"`
	BaseURL   string            `json:"base_url"`
	Settings  map[string]string `json:"settings"`
	Secrets   map[string]string `json:"secrets"`
	Senders   []senderEntry     `json:"senders"`
	Templates []templateEntry   `json:"templates"`
}

type senderEntry struct {
	Channel chat.Channel `json:"channel"`
	Address string       `json:"address"`
	Ref     string       `json:"ref"`
	Label   string       `json:"label"`
}

// connected is what `converse connect` prints: what to tell the provider.
type connected struct {
	Connector  chat.ConnectorID  `json:"connector"`
	Provider   string            `json:"provider"`
	WebhookURL string            `json:"webhook_url"`
	Made       map[string]string `json:"made,omitempty"`
	Templates  int               `json:"templates_added"`
}

// connect stores a provider's account, sealed, and says where the provider is to call.
// Running nodes know of it within seconds.
func connect(ctx context.Context, c *config.Connect, stdin io.Reader, stdout io.Writer) error {
	file, err := readAccountFile(c.File, stdin)
	if err != nil {
		return &config.Error{Flag: "file", Reason: "cannot be used: " + err.Error()}
	}
	kept, err := openStore(ctx, c.DatabaseURL)
	if err != nil {
		return err
	}
	defer kept.Close()
	accounts, err := openBook(kept, c)
	if err != nil {
		return err
	}
	org := chat.OrgID(c.Org)
	if _, err := kept.Org(ctx, org); err != nil {
		return refusedBy("org", err)
	}
	n, made := file.account(org)
	missing, err := missingTemplates(ctx, kept, org, file.Templates)
	if err != nil {
		return refusedBy("file", err)
	}
	if err := accounts.Create(ctx, n); err != nil {
		return refusedBy("file", err)
	}
	for _, t := range missing {
		if err := kept.CreateTemplate(ctx, org, t); err != nil {
			return fmt.Errorf("the account is connected, the template %q is not stored: %w", t.Name, err)
		}
	}
	return json.NewEncoder(stdout).Encode(connected{
		Connector: n.ID, Provider: n.Provider, WebhookURL: account.WebhookURL(c.PublicURL, n.Provider, n.Endpoint), Made: made, Templates: len(missing),
	})
}

// longestFile bounds the file of an account.
const longestFile = 1 << 20

func readAccountFile(path string, stdin io.Reader) (accountFile, error) {
	from := stdin
	if path != "-" {
		opened, err := os.Open(path)
		if err != nil {
			return accountFile{}, err
		}
		defer opened.Close()
		from = opened
	}
	text, err := io.ReadAll(io.LimitReader(from, longestFile+1))
	if err != nil {
		return accountFile{}, err
	}
	if len(text) > longestFile {
		return accountFile{}, errors.New("it is larger than 1 MiB")
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	var file accountFile
	if err := decoder.Decode(&file); err != nil {
		return accountFile{}, err
	}
	if decoder.More() {
		return accountFile{}, errors.New("it goes on after the end of the object")
	}
	return file, nil
}

// account is the connector that a file describes, with what we choose made up where
// the file leaves it to us.
func (f accountFile) account(org chat.OrgID) (n account.New, made map[string]string) {
	n = account.New{
		Connector: store.Connector{
			Org: org, ID: chat.NewID[chat.ConnectorID](), Provider: f.Provider, Name: f.Name, BaseURL: strings.TrimSuffix(f.BaseURL, "/"), Settings: f.Settings,
		},
		Secrets:  f.Secrets,
		Endpoint: newWord(),
	}
	for _, s := range f.Senders {
		n.Senders = append(n.Senders, store.ConnectorSender{Ref: s.Ref, Sender: chat.Sender{
			ID: chat.NewID[chat.SenderID](), Connector: n.ID, Provider: f.Provider, Channel: s.Channel, Address: s.Address, Label: cmp.Or(s.Label, s.Address),
		}})
	}
	made = map[string]string{}
	for _, field := range ourFields(f.Provider) {
		if n.Secrets[field] == "" {
			made[field] = newWord()
		}
	}
	if n.Secrets == nil {
		n.Secrets = map[string]string{}
	}
	maps.Copy(n.Secrets, made)
	return n, made
}

// ourFields are the secrets of a provider's accounts that we choose.
func ourFields(provider string) []string {
	var out []string
	for _, adapter := range adapters() {
		former, ok := adapter.(channels.Former)
		if !ok || string(adapter.Kind()) != provider {
			continue
		}
		for _, field := range channels.FormOf(former).Fields {
			if field.Ours && field.Secret {
				out = append(out, field.Name)
			}
		}
	}
	return out
}

// newWord is 260 random bits in letters and digits.
func newWord() string { return strings.ToLower(rand.Text() + rand.Text()) }

// refusedBy lays the fault of a refused value at the setting it came from.
func refusedBy(flag string, err error) error {
	var refused *chat.Error
	if !errors.As(err, &refused) {
		return err
	}
	reason := "cannot be used: " + refused.Message
	if refused.Field != "" {
		reason = "cannot be used: " + refused.Field + " " + refused.Message
	}
	return &config.Error{Flag: flag, Reason: reason}
}
