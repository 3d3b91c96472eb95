package ctm

import (
	"net/http"
)

// listNumbers plays GET /accounts/{account}/numbers.json: the tracking numbers, in pages.
func (s *Side) listNumbers(w http.ResponseWriter, r *http.Request) {
	account, denied := s.authorize(r)
	if denied != nil {
		denied.Write(w)
		return
	}
	page, size, problem := paging(r)
	if problem != nil {
		problem.Write(w)
		return
	}
	all := account.Senders
	first := min((page-1)*size, len(all))
	numbers := []map[string]any{}
	for _, sender := range all[first:min(first+size, len(all))] {
		numbers = append(numbers, map[string]any{
			"id": sender.Ref, "account_id": number(account.AccountID), "name": sender.Label, "number": sender.Address,
			"formatted": formatted(sender.Address), "split": []string{},
		})
	}
	answer(http.StatusOK, map[string]any{
		"numbers": numbers, "page": page, "per_page": size,
		"total_entries": len(all), "total_pages": max(1, (len(all)+size-1)/size),
	}).Write(w)
}

// formatted writes a North American number as people do: (202) 555-0100.
func formatted(address string) string {
	if len(address) != len("+12025550100") || address[:2] != "+1" {
		return address
	}
	return "(" + address[2:5] + ") " + address[5:8] + "-" + address[8:]
}

// listOptOuts plays GET /accounts/{account}/opt_out_texts. Nobody opts out of the
// sandbox's texts at CallTrackingMetrics itself: a STOP is passed on like any other text.
func (s *Side) listOptOuts(w http.ResponseWriter, r *http.Request) {
	if _, denied := s.authorize(r); denied != nil {
		denied.Write(w)
		return
	}
	answer(http.StatusOK, map[string]any{"opt_out_texts": []any{}, "page": 1, "total_entries": 0, "total_pages": 1}).Write(w)
}
