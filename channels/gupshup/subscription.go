package gupshup

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"converse/channels"
	"converse/channels/answer"
	"converse/channels/jsonstrict"
)

// modes are what is ordered, by version (partner-docs.gupshup.io, "Set subscription").
// Version 3 has no news of templates and accounts, but all that Meta adds.
var modes = map[string][]string{
	"2": {"ENQUEUED", "FAILED", "SENT", "DELIVERED", "READ", "MESSAGE", "TEMPLATE", "ACCOUNT", "OTHERS"},
	"3": {"ENQUEUED", "FAILED", "SENT", "DELIVERED", "READ", "MESSAGE", "FLOWS_MESSAGE", "COEXISTENCE", "OTHERS"},
}

// tag is our subscription's name in the app. Gupshup wants it to be unique there.
const tag = "converse"

// subscription is an order of callbacks as Gupshup keeps it.
type subscription struct {
	ID      jsonstrict.Text `json:"id"`
	Active  bool            `json:"active"`
	Tag     string          `json:"tag"`
	URL     string          `json:"url"`
	Version jsonstrict.Text `json:"version"`
	Modes   []string        `json:"modes"`
	// Meta holds the headers that go along. Not every answer shows it.
	Meta jsonstrict.Text `json:"meta"`
}

func version(account channels.Account) string {
	if account.Settings[SettingVersion] == "3" {
		return "3"
	}
	return "2"
}

// KeepSubscription orders the callbacks with our header. It looks first what is there:
// an app may have five subscriptions, and two that tell of the same send everything
// twice. One that is not as it should be, or not known by its id, is taken away and made
// anew, with the secret of now. Without partner access, or with an address entered in
// the dashboard, nothing is ordered.
func (a Adapter) KeepSubscription(ctx context.Context, doer channels.Doer, account channels.Account, id string) (channels.Subscription, error) {
	if !hasPartner(account) || account.Settings[SettingDashboard] == "true" {
		return channels.Subscription{}, nil
	}
	if account.Secrets[SecretWebhook] == "" || account.WebhookURL == "" {
		return channels.Subscription{}, channels.Misconfigured("The connector has no callback secret or address.")
	}
	list, err := newPartner(ctx, account, http.MethodGet, "/subscription", nil)
	if err != nil {
		return channels.Subscription{}, err
	}
	found, err := partnerCall[struct {
		Subscriptions jsonstrict.List[subscription] `json:"subscriptions"`
	}](doer, account, list)
	if err != nil {
		return channels.Subscription{}, err
	}
	kept := channels.Subscription{New: true}
	for s, err := range found.Subscriptions.All() {
		if err != nil || s.Tag != tag && s.URL != account.WebhookURL {
			continue
		}
		if string(s.ID) == id && s.good(account) {
			return channels.Subscription{ID: id}, nil
		}
		if string(s.ID) == id {
			kept.Ended = "Gupshup had switched the callbacks off, or somebody changed them in its portal."
		}
		if err := remove(ctx, doer, account, string(s.ID)); err != nil {
			return channels.Subscription{}, err
		}
	}
	if id != "" && kept.Ended == "" {
		kept.Ended = "The callbacks were no longer ordered at Gupshup."
	}
	kept.ID, err = order(ctx, doer, account)
	return kept, err
}

// good reports whether the subscription is as it would be ordered.
func (s subscription) good(account channels.Account) bool {
	secret := account.Secrets[SecretWebhook]
	switch {
	case !s.Active, s.URL != account.WebhookURL, string(s.Version) != version(account):
		return false
	case s.Meta != "" && !strings.Contains(string(s.Meta), encode(secret)):
		return false
	}
	for _, mode := range modes[version(account)] {
		if !slices.Contains(s.Modes, mode) {
			return false
		}
	}
	return true
}

// remove takes a subscription away. One that is gone already is as good.
func remove(ctx context.Context, doer channels.Doer, account channels.Account, id string) error {
	if !idPattern.MatchString(id) {
		return &channels.Error{Reason: unavailable, Text: "Gupshup listed a subscription with a strange id."}
	}
	request, err := newPartner(ctx, account, http.MethodDelete, "/subscription/"+id, nil)
	if err != nil {
		return err
	}
	got, err := answer.Of(doer, request)
	if err != nil || got.OK() {
		return err
	}
	refused := partnerRefusal(account, got)
	if got.Status == http.StatusNotFound || refused.Text == "Subscription Does Not Exist" {
		return nil
	}
	return refused
}

// order makes the subscription and returns its id.
func order(ctx context.Context, doer channels.Doer, account channels.Account) (string, error) {
	meta := encode(map[string]any{"headers": map[string]string{secretHeader: account.Secrets[SecretWebhook]}})
	request, err := newPartner(ctx, account, http.MethodPost, "/subscription", url.Values{
		"modes": {strings.Join(modes[version(account)], ",")}, "tag": {tag}, "url": {account.WebhookURL},
		"version": {version(account)}, "meta": {meta},
	})
	if err != nil {
		return "", err
	}
	made, err := partnerCall[struct {
		Subscription subscription `json:"subscription"`
	}](doer, account, request)
	if err != nil {
		return "", err
	}
	if made.Subscription.ID == "" {
		return "", &channels.Error{Reason: unavailable, Text: "Gupshup made a subscription but did not say which."}
	}
	return string(made.Subscription.ID), nil
}
