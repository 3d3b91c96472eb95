package gupshup

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"converse/internal/chat"
	"converse/internal/sandbox/stage"
)

// maxOrders is how many subscriptions an app has at most.
const maxOrders = 5

// order is a subscription. The stage posts to one address of an account: that of the
// latest.
type order struct {
	ID      string
	Tag     string
	URL     string
	Version int
	Modes   []string
	Headers map[string]string
	// Off: somebody switched it off in the portal.
	Off bool
}

var allModes = []string{
	"SENT", "DELIVERED", "READ", "DELETED", "OTHERS", "FAILED", "MESSAGE", "TEMPLATE", "ACCOUNT", "BILLING", "ENQUEUED",
	"FLOWS_MESSAGE", "PAYMENTS", "COEXISTENCE", "ALL",
}

// ordered lists an app's subscriptions. An address that the account was set up with
// counts as one.
func (s *Side) ordered(account *stage.Account) []order {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := slices.Clone(s.orders[account.AccountID])
	if len(list) == 0 && account.WebhookURL != "" {
		list = []order{{ID: "1", Tag: "set up", URL: account.WebhookURL, Version: 2, Modes: allModes}}
	}
	return list
}

// active is the subscription that callbacks follow; false when none was made by a call.
func (s *Side) active(account *stage.Account) (order, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range slices.Backward(s.orders[account.AccountID]) {
		if !o.Off {
			return o, true
		}
	}
	return order{Version: 2, Modes: allModes}, false
}

func (o order) describe(account *stage.Account) map[string]any {
	return map[string]any{
		"active": !o.Off, "appId": account.AccountID, "id": o.ID, "modes": o.Modes, "showOnUI": false, "tag": o.Tag, "url": o.URL, "version": o.Version,
	}
}

// subscriptions plays GET …/subscription.
func (s *Side) subscriptions(w http.ResponseWriter, _ *http.Request, account *stage.Account) {
	list := []map[string]any{}
	for _, o := range s.ordered(account) {
		list = append(list, o.describe(account))
	}
	answer(http.StatusOK, map[string]any{"status": "success", "subscriptions": list}).Write(w)
}

// subscribe plays POST …/subscription.
func (s *Side) subscribe(w http.ResponseWriter, r *http.Request, account *stage.Account) {
	form, readable := readForm(w, r)
	made, problem := read(form)
	there := s.ordered(account)
	switch {
	case !readable:
		problem = "Invalid Request"
	case problem != "":
	case slices.ContainsFunc(there, func(o order) bool { return o.Tag == made.Tag }):
		problem = "Duplicate component tag"
	case len(there) >= maxOrders:
		failure(http.StatusInternalServerError, "Unable To Create Subscription").Write(w)
		return
	}
	if problem != "" {
		failure(http.StatusBadRequest, problem).Write(w)
		return
	}
	s.mu.Lock()
	s.last++
	made.ID = strconv.Itoa(32000 + s.last)
	s.orders[account.AccountID] = append(s.orders[account.AccountID], made)
	s.mu.Unlock()
	s.postTo(account, made.URL)
	out := made.describe(account)
	out["meta"] = form.Get("meta")
	answer(http.StatusOK, map[string]any{"status": "success", "subscription": out}).Write(w)
}

// read reads what is asked for, or says what is wrong with it.
func read(form url.Values) (order, string) {
	made := order{Tag: form.Get("tag"), URL: form.Get("url"), Modes: strings.Split(form.Get("modes"), ",")}
	address, err := url.Parse(made.URL)
	if err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https" {
		return made, "Invalid URL Passed"
	}
	if made.Version, err = strconv.Atoi(form.Get("version")); err != nil || made.Version != 2 && made.Version != 3 {
		return made, "Invalid Version"
	}
	if made.Tag == "" {
		return made, "Tag Is Missing"
	}
	for _, mode := range made.Modes {
		if !slices.Contains(allModes, mode) || made.Version == 3 && (mode == "TEMPLATE" || mode == "ACCOUNT") {
			return made, "Invalid Modes"
		}
	}
	var meta struct {
		Headers map[string]string `json:"headers"`
	}
	if text := form.Get("meta"); text != "" && json.Unmarshal([]byte(text), &meta) != nil {
		return made, "Invalid Meta"
	}
	made.Headers = meta.Headers
	return made, ""
}

// unsubscribe plays DELETE …/subscription/{id}.
func (s *Side) unsubscribe(w http.ResponseWriter, r *http.Request, account *stage.Account) {
	left := s.ordered(account)
	at := slices.IndexFunc(left, func(o order) bool { return o.ID == r.PathValue("id") })
	if at < 0 {
		failure(http.StatusBadRequest, "Subscription Does Not Exist").Write(w)
		return
	}
	s.leave(account, slices.Delete(left, at, at+1))
	w.WriteHeader(http.StatusNoContent)
}

// leave has the app these subscriptions and no others.
func (s *Side) leave(account *stage.Account, left []order) {
	s.mu.Lock()
	s.orders[account.AccountID] = left
	s.mu.Unlock()
	address := ""
	if last, ok := s.active(account); ok {
		address = last.URL
	}
	s.postTo(account, address)
}

// Stop ends all subscriptions of an app: "Inactive" for ones that are switched off, "Gone"
// for ones that were taken away.
func (s *Side) Stop(account *stage.Account, how string) error {
	left := s.ordered(account)
	switch how {
	case "Inactive":
		for i := range left {
			left[i].Off = true
		}
	case "Gone":
		left = nil
	default:
		return &stage.Problem{Field: "how", Text: "must be Inactive or Gone"}
	}
	s.leave(account, left)
	return nil
}

// Address is where the app's latest subscription has callbacks posted.
func (s *Side) Address(account *stage.Account, _ chat.Direction) string { return account.WebhookURL }

// Posted changes nothing: how long Gupshup goes on with an address that does not answer is
// not documented.
func (s *Side) Posted(*stage.Account, string, bool) {}

// postTo has the stage post the account's callbacks to an address.
func (s *Side) postTo(account *stage.Account, address string) {
	moved := *account
	moved.WebhookURL = address
	_ = s.stage.AddAccount(moved) // as it was but for an address that was checked
}
