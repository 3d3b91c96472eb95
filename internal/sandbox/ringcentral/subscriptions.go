package ringcentral

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"time"

	"converse/internal/sandbox/stage"
)

// show is a subscription as answers have it: the word is not shown again.
func (s *Side) show(o *subscription) object {
	out := object{
		"uri": s.stage.Base() + "/restapi/v1.0/subscription/" + o.id, "id": o.id, "status": o.status, "eventFilters": o.filters,
		"creationTime": stamp(o.made), "expirationTime": stamp(o.until), "expiresIn": max(0, int(time.Until(o.until).Seconds())),
		"deliveryMode": object{"transportType": "WebHook", "encryption": false, "address": o.address},
	}
	if o.status == blacklisted {
		out["blacklistedData"] = object{"blacklistedAt": stamp(o.stopped), "reason": "WebHook responds with errors for too long"}
	}
	return out
}

func (s *Side) listSubscriptions(account *stage.Account, r *http.Request) stage.Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	records := []object{}
	for _, o := range s.of(account) {
		records = append(records, s.show(o))
	}
	return answer(http.StatusOK, object{"uri": s.stage.Base() + r.URL.Path, "records": records})
}

// find is the subscription that a path names. The caller holds the lock.
func (s *Side) find(account *stage.Account, r *http.Request) *subscription {
	all := s.of(account)
	if i := slices.IndexFunc(all, func(o *subscription) bool { return o.id == r.PathValue("id") }); i >= 0 {
		return all[i]
	}
	return nil
}

func (s *Side) getSubscription(account *stage.Account, r *http.Request) stage.Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.find(account, r)
	if o == nil {
		return *notFound("subscriptionId")
	}
	return answer(http.StatusOK, s.show(o))
}

// renewSubscription prolongs one that is alive; by PUT its filters may change as well.
func (s *Side) renewSubscription(account *stage.Account, r *http.Request) stage.Answer {
	var body subscriptionBody
	if r.Method == http.MethodPut {
		if err := json.NewDecoder(io.LimitReader(r.Body, maxForm)).Decode(&body); err != nil {
			return *refuse(http.StatusBadRequest, "CMN-100", "The request cannot be read", "")
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.find(account, r)
	switch {
	case o == nil:
		return *notFound("subscriptionId")
	case o.status != active:
		return *refuse(http.StatusForbidden, "SUB-516", "The subscription is not active", "")
	}
	if len(body.Filters) > 0 {
		o.filters = body.Filters
	}
	o.until = time.Now().Add(o.life)
	return answer(http.StatusOK, s.show(o))
}

func (s *Side) deleteSubscription(account *stage.Account, r *http.Request) stage.Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.find(account, r)
	if o == nil {
		return *notFound("subscriptionId")
	}
	s.subscriptions[account.AccountID] = slices.DeleteFunc(s.subscriptions[account.AccountID], func(other *subscription) bool { return other == o })
	return stage.Answer{Status: http.StatusNoContent}
}

// stamp writes a time as RingCentral does.
func stamp(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }
