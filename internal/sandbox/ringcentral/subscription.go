package ringcentral

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"converse/internal/chat"
	"converse/internal/sandbox/stage"
)

const (
	// mostSubscriptions is how many a user may have; RingCentral's own number is not told.
	mostSubscriptions = 20
	defaultLife       = 604_799 * time.Second
	longestLife       = 630_720_000 * time.Second
	// A subscription is stopped after so many attempts in a row that failed over so long.
	// RingCentral says only that it does so after a long time.
	fewestFailures = 10
	failingFor     = 2 * time.Minute
)

// The states of a subscription.
const (
	active      = "Active"
	suspended   = "Suspended"
	blacklisted = "Blacklisted"
)

// subscription is an order of webhooks.
type subscription struct {
	id      string
	filters []string
	address string
	// word comes along with every event.
	word    string
	status  string
	made    time.Time
	until   time.Time
	life    time.Duration
	stopped time.Time
	// failing is since when no attempt succeeded, and failures how many were made.
	failing  time.Time
	failures int
}

// standing are the filters of a subscription of before.
var standing = []string{
	"/restapi/v1.0/account/~/extension/~/message-store/instant?type=SMS",
	"/restapi/v1.0/account/~/extension/~/message-store?type=SMS&direction=Outbound",
	"/restapi/v2/accounts/~/sms/consents",
}

// of lists the account's subscriptions. One that comes with a webhook address has a
// subscription from the start, as it would after a sandbox that remembers is started
// again; the hub may end it and make its own. The caller holds the lock.
func (s *Side) of(account *stage.Account) []*subscription {
	key := account.AccountID
	if account.WebhookURL != "" && !s.known[key] {
		s.known[key] = true
		s.subscriptions[key] = append(s.subscriptions[key], &subscription{
			id: uuid.NewString(), filters: standing, address: account.WebhookURL, word: account.SigningSecret,
			status: active, made: time.Now(), until: time.Now().Add(defaultLife), life: defaultLife,
		})
	}
	now := time.Now()
	s.subscriptions[key] = slices.DeleteFunc(s.subscriptions[key], func(o *subscription) bool { return now.After(o.until) })
	return s.subscriptions[key]
}

// wanted finds the latest subscription that an event goes to. The caller holds the lock.
func (s *Side) wanted(account *stage.Account, filter string) *subscription {
	for _, o := range slices.Backward(s.of(account)) {
		if o.status == active && slices.ContainsFunc(o.filters, func(f string) bool { return matches(f, filter) }) {
			return o
		}
	}
	return nil
}

// matches reports whether a filter is for events of a kind, whoever's they are.
func matches(filter, kind string) bool {
	path, query, _ := strings.Cut(filter, "?")
	asked, err := url.ParseQuery(query)
	if err != nil || asked.Has("type") && asked.Get("type") != "SMS" {
		return false
	}
	return strings.HasSuffix(path, kind)
}

// The kinds of events.
const (
	instantEvent = "/message-store/instant"
	countEvent   = "/message-store"
	consentEvent = "/sms/consents"
)

// Address is where messages of a direction are told of.
func (s *Side) Address(account *stage.Account, direction chat.Direction) string {
	kind := countEvent
	if direction == chat.DirectionInbound {
		kind = instantEvent
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if o := s.wanted(account, kind); o != nil {
		return o.address
	}
	return ""
}

// Posted notes how an attempt went. A webhook that has not answered for long gets nothing
// any more.
func (s *Side) Posted(account *stage.Account, address string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	for _, o := range s.subscriptions[account.AccountID] {
		switch {
		case o.address != address:
		case ok:
			o.failures = 0
		case o.failures == 0:
			o.failures, o.failing = 1, now
		default:
			if o.failures++; o.failures >= fewestFailures && now.Sub(o.failing) >= failingFor {
				o.status, o.stopped = blacklisted, now
			}
		}
	}
}

// Stop ends all subscriptions of an account as RingCentral does: "Suspended",
// "Blacklisted", or "Gone" for ones that it forgets.
func (s *Side) Stop(account *stage.Account, how string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.of(account)
	switch how {
	case suspended, blacklisted:
		for _, o := range all {
			o.status, o.stopped = how, time.Now()
		}
	case "Gone":
		delete(s.subscriptions, account.AccountID)
	default:
		return &stage.Problem{Field: "how", Text: "must be Suspended, Blacklisted or Gone"}
	}
	return nil
}

type subscriptionBody struct {
	Filters  []string `json:"eventFilters"`
	Delivery struct {
		Transport string `json:"transportType"`
		Address   string `json:"address"`
		Word      string `json:"verificationToken"`
	} `json:"deliveryMode"`
	ExpiresIn int `json:"expiresIn"`
}

// createSubscription tries the address before it answers.
func (s *Side) createSubscription(account *stage.Account, r *http.Request) stage.Answer {
	var body subscriptionBody
	if err := json.NewDecoder(io.LimitReader(r.Body, maxForm)).Decode(&body); err != nil {
		return *refuse(http.StatusBadRequest, "CMN-100", "The request cannot be read", "")
	}
	address, err := url.Parse(body.Delivery.Address)
	life := time.Duration(body.ExpiresIn) * time.Second
	if body.ExpiresIn == 0 {
		life = defaultLife
	}
	s.mu.Lock()
	others := len(s.of(account))
	s.mu.Unlock()
	switch {
	case body.Delivery.Transport != "WebHook":
		return *invalid("deliveryMode.transportType")
	case len(body.Filters) == 0 || slices.ContainsFunc(body.Filters, func(f string) bool { return !strings.HasPrefix(f, "/restapi/") }):
		return *invalid("eventFilters")
	case err != nil || address.Host == "" || len(body.Delivery.Word) > 255:
		return *invalid("deliveryMode.address")
	case address.Scheme != "https" && !local(address.Hostname()):
		return *refuse(http.StatusBadRequest, "SUB-523", "HTTPS is required for the WebHook address", "")
	case life <= 0 || life > longestLife:
		return *invalid("expiresIn")
	case others >= mostSubscriptions:
		return *refuse(http.StatusForbidden, "SUB-505", "Subscriptions limit exceeded", "")
	}
	if refused := s.greet(r.Context(), body.Delivery.Address, body.Delivery.Word); refused != nil {
		return *refused
	}
	now := time.Now()
	made := &subscription{
		id: uuid.NewString(), filters: body.Filters, address: body.Delivery.Address, word: body.Delivery.Word,
		status: active, made: now, until: now.Add(life), life: life,
	}
	s.mu.Lock()
	s.subscriptions[account.AccountID] = append(s.of(account), made)
	shown := s.show(made)
	s.mu.Unlock()
	return answer(http.StatusOK, shown)
}

// local: RingCentral asks for TLS alone; on one machine there is none.
func local(host string) bool {
	return host == "localhost" || host == "::1" || strings.HasPrefix(host, "127.")
}

// greet is the handshake: the address is to give a token back, soon and briefly.
func (s *Side) greet(ctx context.Context, address, word string) *stage.Answer {
	const (
		patience = 3 * time.Second
		longest  = 1024
	)
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, nil)
	if err != nil {
		return invalid("deliveryMode.address")
	}
	want := uuid.NewString()
	request.Header = http.Header{"Validation-Token": {want}, "User-Agent": {"RingCentral-WebHook/9"}}
	if word != "" {
		request.Header.Set("Verification-Token", word)
	}
	response, err := s.stage.Office().Client().Do(request)
	if err != nil {
		return refuse(http.StatusBadRequest, "SUB-521", "WebHook is not reachable", "")
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, longest+1))
	size := len(body)
	for name, values := range response.Header {
		for _, value := range values {
			size += len(name) + len(value) + len(": \r\n")
		}
	}
	switch {
	case err != nil || size > longest:
		return refuse(http.StatusBadRequest, "SUB-525", "WebHook server response is invalid", "")
	case response.StatusCode != http.StatusOK:
		return refuse(http.StatusBadRequest, "SUB-522", fmt.Sprintf("WebHook responds with incorrect HTTP status. HTTP status is %d", response.StatusCode), "")
	case response.Header.Get("Validation-Token") != want:
		return refuse(http.StatusBadRequest, "SUB-520", "WebHook response does not contain the validation token", "")
	}
	return nil
}
