package gupshup_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/channels"
	adapted "converse/channels/gupshup"
	"converse/internal/chat"
	"converse/internal/sandbox"
)

const (
	app    = "4005ef9e-581e-41f4-9b04-e0797e0463d2"
	number = "+910000000001"
	lead   = "+919876543210"
	// patience bounds every wait for a callback.
	patience = 10 * time.Second
)

// desk is the real adapter with an account at the played provider, and the door that its
// callbacks come to.
type desk struct {
	adapted.Adapter
	account channels.Account
	base    string
	client  *http.Client
	calls   atomic.Int32
	hooks   chan channels.Webhook
}

func setup(t *testing.T) *desk {
	t.Helper()
	d := &desk{Adapter: adapted.New(), hooks: make(chan channels.Webhook, 100), client: &http.Client{}}
	hub := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			d.hooks <- channels.Webhook{Method: r.Method, Header: r.Header, Body: body, ReceivedAt: time.Now()}
		}
	}))
	t.Cleanup(hub.Close)
	played := sandbox.New(sandbox.Config{
		Seed: 1, DefaultDelays: sandbox.Delays{Sent: time.Millisecond, Delivered: time.Millisecond, Read: time.Millisecond},
		Accounts: []sandbox.Account{{
			Provider: "gupshup", AccountID: app, Name: "DemoAPI", Credentials: sandbox.Credentials{AccessKey: "test_api_key", AccessToken: "test_app_token"},
			Senders: []sandbox.Sender{{Address: number, Ref: "269033402967482"}},
			Templates: []sandbox.Template{{
				Name: "there_already", Language: "en", Category: "utility", Body: "Your {{1}} is ready.", Footer: "Thank you", Buttons: []string{"Great"},
			}},
		}},
	})
	t.Cleanup(played.Close)
	server := httptest.NewServer(played.Handler())
	t.Cleanup(server.Close)
	played.SetBaseURL(server.URL)
	d.base = server.URL
	d.account = channels.Account{
		BaseURL: server.URL, WebhookURL: hub.URL + "/hooks/gupshup/word",
		Settings: map[string]string{"app_name": "DemoAPI", "app_id": app},
		Secrets:  map[string]string{"api_key": "test_api_key", "app_token": "test_app_token", "webhook_secret": "0123456789abcdef"},
		Senders:  []channels.AccountSender{{ID: "sender", Channel: chat.ChannelWhatsApp, Address: number}},
	}
	return d
}

// Do counts the adapter's calls.
func (d *desk) Do(r *http.Request) (*http.Response, error) {
	d.calls.Add(1)
	return d.client.Do(r)
}

func (d *desk) control(t *testing.T, path string, body any) {
	t.Helper()
	text, err := json.Marshal(body)
	require.NoError(t, err)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.base+"/control/"+path, bytes.NewReader(text))
	require.NoError(t, err)
	response, err := d.client.Do(request)
	require.NoError(t, err)
	said, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Less(t, response.StatusCode, 300, string(said))
}

// partner makes a call as somebody at the partner portal would.
func (d *desk) partner(t *testing.T, method, path string, form url.Values) map[string]any {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, d.base+"/partner/app/"+app+path, strings.NewReader(form.Encode()))
	require.NoError(t, err)
	request.Header.Set("Authorization", "test_app_token")
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := d.client.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	var said map[string]any
	require.NoError(t, json.NewDecoder(response.Body).Decode(&said))
	require.Equal(t, "success", said["status"])
	return said
}

// next is the next callback, read by the adapter.
func (d *desk) next(t *testing.T) (channels.Webhook, []channels.Event) {
	t.Helper()
	select {
	case hook := <-d.hooks:
		require.NoError(t, d.Verify(d.account, &hook))
		events, _, err := d.Parse(d.account, &hook)
		require.NoError(t, err)
		return hook, events
	case <-time.After(patience):
		require.FailNow(t, "no callback came")
		return channels.Webhook{}, nil
	}
}

// hears has the lead write, and shows that it comes to the door once.
func (d *desk) hears(t *testing.T, text string) channels.Webhook {
	t.Helper()
	d.control(t, "reply", map[string]any{"to": number, "from": lead, "text": text})
	hook, events := d.next(t)
	require.Len(t, events, 1)
	received, ok := events[0].(channels.Received)
	require.True(t, ok, "%#v", events[0])
	require.Equal(t, text, received.Text)
	require.Equal(t, lead, received.From.Phone)
	require.Empty(t, d.hooks)
	return hook
}

func (d *desk) keep(t *testing.T, id string) channels.Subscription {
	t.Helper()
	kept, err := d.KeepSubscription(t.Context(), d, d.account, id)
	require.NoError(t, err)
	require.NotEmpty(t, kept.ID)
	return kept
}

func reasonOf(t *testing.T, err error) channels.Reason {
	t.Helper()
	var refused *channels.Error
	require.ErrorAs(t, err, &refused)
	require.NotEmpty(t, refused.Text)
	return refused.Reason
}

func TestTheAdapterOrdersCallbacksAndKeepsThem(t *testing.T) {
	t.Parallel()
	d := setup(t)
	first := d.keep(t, "")
	require.Equal(t, channels.Subscription{ID: first.ID, New: true}, first)
	hook := d.hears(t, "Hi")
	for _, secret := range []string{"fedcba9876543210", ""} {
		other := d.account
		other.Secrets = map[string]string{"webhook_secret": secret}
		require.ErrorIs(t, d.Verify(other, &hook), channels.ErrForged)
	}

	d.calls.Store(0)
	require.Equal(t, channels.Subscription{ID: first.ID}, d.keep(t, first.ID))
	require.EqualValues(t, 1, d.calls.Load(), "it looks, and leaves well alone")

	d.control(t, "stop-webhooks", map[string]any{"provider": "gupshup", "how": "Inactive"})
	second := d.keep(t, first.ID)
	require.True(t, second.New)
	require.NotEqual(t, first.ID, second.ID)
	require.Contains(t, second.Ended, "switched the callbacks off")
	d.hears(t, "Are you there again?")

	d.control(t, "stop-webhooks", map[string]any{"provider": "gupshup", "how": "Gone"})
	third := d.keep(t, second.ID)
	require.True(t, third.New)
	require.Contains(t, third.Ended, "no longer ordered")
	d.hears(t, "And now?")
}

func TestTheAdapterOrdersAnewWhatIsNotAsItShouldBe(t *testing.T) {
	t.Parallel()
	d := setup(t)
	kept := d.keep(t, "")
	d.account.Settings[adapted.SettingVersion] = "3"
	changed := d.keep(t, kept.ID)
	require.True(t, changed.New)
	require.Contains(t, string(d.hears(t, "In the form of version 3").Body), "whatsapp_business_account")

	// A secret that is new goes along from now on, whoever forgot the subscription's id.
	d.account.Secrets["webhook_secret"] = "another-word-of-ours"
	d.keep(t, "")
	d.hears(t, "With another word")
	require.Len(t, d.partner(t, http.MethodGet, "/subscription", nil)["subscriptions"], 1, "or all would come twice")
}

func TestTheAdapterTakesNothingOfOthersAway(t *testing.T) {
	t.Parallel()
	d := setup(t)
	order := func(n int) {
		d.partner(t, http.MethodPost, "/subscription", url.Values{
			"modes": {"MESSAGE"}, "tag": {fmt.Sprint("other ", n)}, "url": {fmt.Sprint("https://other.example.com/", n)}, "version": {"2"},
		})
	}
	for n := range 4 {
		order(n)
	}
	kept := d.keep(t, "")
	require.Len(t, d.partner(t, http.MethodGet, "/subscription", nil)["subscriptions"], 5)

	d.control(t, "stop-webhooks", map[string]any{"provider": "gupshup", "how": "Gone"})
	for n := range 5 {
		order(n)
	}
	_, err := d.KeepSubscription(t.Context(), d, d.account, kept.ID)
	require.Equal(t, channels.ReasonUnavailable, reasonOf(t, err))
	require.ErrorContains(t, err, "Unable To Create Subscription")
	require.Len(t, d.partner(t, http.MethodGet, "/subscription", nil)["subscriptions"], 5)
}

func TestTheAdapterWithoutTheRightOrdersNothing(t *testing.T) {
	t.Parallel()
	d := setup(t)
	d.account.Secrets["app_token"] = "guess"
	_, err := d.KeepSubscription(t.Context(), d, d.account, "")
	require.Equal(t, channels.ReasonBadCredentials, reasonOf(t, err))

	d.calls.Store(0)
	d.account.Settings[adapted.SettingDashboard] = "true"
	none, err := d.KeepSubscription(t.Context(), d, d.account, "")
	require.NoError(t, err)
	require.Zero(t, none)
	require.Zero(t, d.calls.Load())
}
