package ringcentral

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"converse/channels"
	"converse/channels/jsonstrict"
)

const (
	subscriptions = "/restapi/v1.0/subscription"
	// lifetime is what is asked for; longestSubscription is the most that is given.
	lifetime            = 7 * 24 * time.Hour
	longestSubscription = 630_720_000 * time.Second
	// mostOthers is how many subscriptions to the same address are ended at once.
	mostOthers = 20
)

// filters are what we want to hear of: inbound texts whole, changes of outbound ones,
// consents, and that the subscription itself runs out (guide, "Event filters").
var filters = []string{
	extension + "/message-store/instant?type=SMS",
	extension + "/message-store?type=SMS&direction=Outbound",
	"/restapi/v2/accounts/~/sms/consents",
	subscriptions + "/~?threshold=86400&interval=3600",
}

type subscriptionRequest struct {
	Filters   []string     `json:"eventFilters"`
	Delivery  deliveryMode `json:"deliveryMode"`
	ExpiresIn int          `json:"expiresIn"`
}

type deliveryMode struct {
	Transport string `json:"transportType"`
	Address   string `json:"address"`
	// Token is the word that every event is to bring along. It is not shown again.
	Token string `json:"verificationToken,omitempty"`
}

// subscription is one as RingCentral shows it.
type subscription struct {
	ID        jsonstrict.Text `json:"id"`
	Status    string          `json:"status"`
	ExpiresIn jsonstrict.Text `json:"expiresIn"`
	Delivery  deliveryMode    `json:"deliveryMode"`
	Blacklist struct {
		Reason string `json:"reason"`
	} `json:"blacklistedData"`
}

func (s subscription) kept() channels.Subscription {
	return channels.Subscription{ID: string(s.ID), Lifetime: seconds(s.ExpiresIn, lifetime, longestSubscription)}
}

// KeepSubscription renews the subscription if it is still alive and leads to the
// account's address; RingCentral never changes an address, and never revives one that
// it suspended after our webhook had not answered for long. Any other is ended, and a
// new one made, during which call the handshake comes in.
func (a Adapter) KeepSubscription(ctx context.Context, doer channels.Doer, account channels.Account, id string) (channels.Subscription, error) {
	if account.WebhookURL == "" {
		return channels.Subscription{}, &channels.Error{Reason: channels.ReasonRejected, Text: "The connector has no public address for webhooks."}
	}
	ended := ""
	if id != "" {
		kept, why, err := a.renew(ctx, doer, account, id)
		if err != nil || why == "" {
			return kept, err
		}
		ended = why
	}
	made, err := a.subscribe(ctx, doer, account)
	if err != nil {
		return channels.Subscription{}, err
	}
	made.Ended = ended
	return made, nil
}

// renew prolongs the subscription, or says why there is nothing to prolong.
func (a Adapter) renew(ctx context.Context, doer channels.Doer, account channels.Account, id string) (kept channels.Subscription, why string, err error) {
	const gone = "RingCentral no longer knows the subscription."
	path := subscriptions + "/" + url.PathEscape(id)
	var said subscription
	got, err := a.ask(ctx, doer, account, http.MethodGet, path, nil, &said)
	switch {
	case got.Status == http.StatusNotFound:
		return kept, gone, nil
	case err != nil:
		return kept, "", err
	case said.Status != "Active":
		why = "RingCentral stopped the subscription, because our webhook had not answered for long."
	case said.Delivery.Address != "" && said.Delivery.Address != account.WebhookURL:
		why = "The webhook's address is another one now."
	}
	if why != "" {
		return kept, why, a.end(ctx, doer, account, id)
	}
	got, err = a.ask(ctx, doer, account, http.MethodPost, path+"/renew", nil, &said)
	switch {
	case got.Status == http.StatusNotFound:
		return kept, gone, nil
	case err != nil:
		return kept, "", err
	}
	kept = said.kept()
	kept.ID = id
	return kept, "", nil
}

// end deletes a subscription. One that is gone already is as good.
func (a Adapter) end(ctx context.Context, doer channels.Doer, account channels.Account, id string) error {
	got, err := a.ask(ctx, doer, account, http.MethodDelete, subscriptions+"/"+url.PathEscape(id), nil, nil)
	if got.Status == http.StatusNotFound {
		return nil
	}
	return err
}

// subscribe makes a subscription. Others to the same address, whose ids were lost, are
// ended first: each would tell everything once more.
func (a Adapter) subscribe(ctx context.Context, doer channels.Doer, account channels.Account) (channels.Subscription, error) {
	var list struct {
		Records jsonstrict.List[subscription] `json:"records"`
	}
	if _, err := a.ask(ctx, doer, account, http.MethodGet, subscriptions, nil, &list); err != nil {
		return channels.Subscription{}, err
	}
	others := 0
	for other, err := range list.Records.All() {
		if err != nil || other.ID == "" || other.Delivery.Address != account.WebhookURL {
			continue
		}
		if others++; others > mostOthers {
			break
		}
		if err := a.end(ctx, doer, account, string(other.ID)); err != nil {
			return channels.Subscription{}, err
		}
	}
	var made subscription
	_, err := a.ask(ctx, doer, account, http.MethodPost, subscriptions, subscriptionRequest{
		Filters: filters, ExpiresIn: int(lifetime / time.Second),
		Delivery: deliveryMode{Transport: "WebHook", Address: account.WebhookURL, Token: account.Secrets[SecretVerification]},
	}, &made)
	if err != nil {
		return channels.Subscription{}, err
	}
	if made.ID == "" {
		return channels.Subscription{}, &channels.Error{Reason: channels.ReasonUnavailable, Text: "The answer does not name the subscription."}
	}
	kept := made.kept()
	kept.New = true
	return kept, nil
}
