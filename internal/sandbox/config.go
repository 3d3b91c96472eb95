package sandbox

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"converse/internal/sandbox/post"
	"converse/internal/sandbox/stage"
)

// The accounts and phones of a sandbox.
type (
	// Account is one customer's account at a played provider.
	Account = stage.Account
	// Credentials are what the hub must show.
	Credentials = stage.Credentials
	// Sender is a number of an account.
	Sender = stage.Sender
	// Template is a message text the provider approved.
	Template = stage.Template
	// Handset is a lead's phone that exists from the start.
	Handset = stage.Lead
	// Delays are how long after the send call receipts come.
	Delays = stage.Delays
	// Past is a thread that a phone has from the start.
	Past = stage.Past
	// PastMessage is one message of it.
	PastMessage = stage.PastMessage
	// Problem is what is wrong with an account.
	Problem = stage.Problem
)

// Config says what a sandbox plays. The zero value plays providers without accounts.
type Config struct {
	// Accounts may also be added later, when the webhook addresses are known.
	Accounts []Account
	// Leads are the phones that exist from the start. Any number that is written to
	// gets a phone on the fly.
	Leads []Handset
	// Past is what phones show of before. A thread that cannot be placed is left out.
	Past []Past
	// Seed decides which calls the faults hit and how webhooks vary. Message ids do
	// not depend on it: they must never repeat.
	Seed uint64
	// DefaultDelays are used where they are not zero: sent after 150 ms, delivered
	// after 300 ms, and read 1.2 s later by phones that read by themselves.
	DefaultDelays Delays
	// BaseURL is the sandbox's own address, for links to media, such as
	// "http://127.0.0.1:8090". Empty means that of the latest request.
	BaseURL string
	// Hosts are the names, without port, under which control API and handset may be
	// reached beside loopback addresses and "localhost".
	Hosts []string
	// WebhookRetryAfter is the wait before the second try of a webhook; it doubles
	// with every further one. 0 means 1 s.
	WebhookRetryAfter time.Duration
	// WebhookTimeout is how long the hub may take to answer a webhook; 0 means 10 s.
	WebhookTimeout time.Duration
	// WebhookWorkers is how many webhooks are under way at the same time; 0 means 32.
	WebhookWorkers int
	// UploadLife is how long Meta keeps an upload that was begun, and Meta and Gupshup the
	// handle of an example file; 0 means a day.
	UploadLife time.Duration
	// Host is a page of the hub's customer, served under /host/ to whoever may reach the
	// handset; nil means none.
	Host http.Handler
	// JournalSize is how many send calls the journal keeps; 0 means 200,000.
	JournalSize int
	// Log hears of the sandbox's own life; nil means nobody does.
	Log *slog.Logger
	// Web is the built front end; nil means the embedded one.
	Web fs.FS
}

// ReadConfig reads the JSON file of `converse sandbox`: accounts, leads, their past,
// seed and delays. Unknown fields are refused, so that a misspelt one is noticed.
func ReadConfig(from io.Reader) (Config, error) {
	var file struct {
		Accounts []Account `json:"accounts"`
		Leads    []Handset `json:"leads"`
		Past     []Past    `json:"past"`
		Seed     uint64    `json:"seed"`
		DelaysMs struct {
			Sent      int `json:"sent"`
			Delivered int `json:"delivered"`
			Read      int `json:"read"`
		} `json:"delaysMs"`
	}
	decoder := json.NewDecoder(from)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&file); err != nil {
		return Config{}, fmt.Errorf("read sandbox file: %w", err)
	}
	config := Config{
		Accounts: file.Accounts, Leads: file.Leads, Past: file.Past, Seed: file.Seed,
		DefaultDelays: Delays{
			Sent:      time.Duration(file.DelaysMs.Sent) * time.Millisecond,
			Delivered: time.Duration(file.DelaysMs.Delivered) * time.Millisecond,
			Read:      time.Duration(file.DelaysMs.Read) * time.Millisecond,
		},
	}
	if err := config.Check(); err != nil {
		return Config{}, fmt.Errorf("read sandbox file: %w", err)
	}
	return config, nil
}

// Check reports what is wrong with the accounts, the leads or their past. The error
// is a *Problem.
func (c Config) Check() error {
	probe := stage.New(stage.Config{Post: post.Config{Workers: 1}})
	defer probe.Close()
	play(probe, c.Seed)
	if err := probe.SetAccounts(c.Accounts); err != nil {
		return err
	}
	for i, lead := range c.Leads {
		if _, err := probe.Introduce(lead); err != nil {
			return fmt.Errorf("leads[%d]: %w", i, err)
		}
	}
	for i, past := range c.Past {
		if err := probe.Remember(past); err != nil {
			return fmt.Errorf("past[%d]: %w", i, err)
		}
	}
	return nil
}
