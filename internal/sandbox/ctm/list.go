package ctm

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"converse/internal/chat"
	"converse/internal/sandbox/stage"
)

// maxPage is the most activities of one page.
const maxPage = 150

// listActivities plays GET /accounts/{account}/calls.json: all activities,
// latest first, in pages.
func (s *Side) listActivities(w http.ResponseWriter, r *http.Request) {
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
	all := s.between(account, r.FormValue("start_date"), r.FormValue("end_date"))
	pages := max(1, (len(all)+size-1)/size)
	first := min((page-1)*size, len(all))
	calls := []text{}
	for _, activity := range all[first:min(first+size, len(all))] {
		calls = append(calls, s.activity(account, activity))
	}
	out := map[string]any{
		"calls": calls, "page": page, "per_page": size, "total_entries": len(all), "total_pages": pages,
	}
	if page < pages {
		query := r.URL.Query()
		query.Set("page", strconv.Itoa(page+1))
		out["next_page"] = fmt.Sprintf("%s%s?%s", s.stage.Base(), r.URL.Path, query.Encode())
	}
	answer(http.StatusOK, out).Write(w)
}

func (s *Side) activity(account *stage.Account, a stage.Activity) text {
	if a.Direction == chat.DirectionInbound {
		in := s.inbound(account, a.Message, s.stage.Base())
		in.Status = "received"
		return in
	}
	return s.outbound(account, a.Message, a.Status, a.Code)
}

// listTexts plays GET /accounts/{account}/sms.json.
func (s *Side) listTexts(w http.ResponseWriter, r *http.Request) {
	account, denied := s.authorize(r)
	if denied != nil {
		denied.Write(w)
		return
	}
	want := r.FormValue("direction")
	texts := []map[string]any{}
	for _, a := range s.stage.History(Provider, account.AccountID) {
		from, to := a.Party.Phone, a.Sender.Address
		if a.Direction == chat.DirectionOutbound {
			from, to = to, from
		}
		if want != "" && want != string(a.Direction) {
			continue
		}
		texts = append(texts, map[string]any{
			"id": a.ID, "account_id": number(account.AccountID), "body": a.Text, "to_number": to, "from_number": from,
			"callerid": a.Party.Name, "tracking_source_id": a.Sender.Ref, "direction": string(a.Direction),
		})
		if len(texts) == maxPage {
			break
		}
	}
	answer(http.StatusOK, map[string]any{"sms": texts}).Write(w)
}

func paging(r *http.Request) (page, size int, problem *stage.Answer) {
	page, size = 1, 10
	if text := r.FormValue("page"); text != "" {
		page, _ = strconv.Atoi(text)
	}
	if text := r.FormValue("per_page"); text != "" {
		size, _ = strconv.Atoi(text)
	}
	if size > maxPage {
		a := answer(http.StatusBadRequest, map[string]string{"error": "per_page limit is 150"})
		return 0, 0, &a
	}
	return max(1, page), max(1, size), nil
}

// between lists the account's activities from one day to another, both included.
func (s *Side) between(account *stage.Account, start, end string) []stage.Activity {
	all := s.stage.History(Provider, account.AccountID)
	from, errFrom := time.Parse(time.DateOnly, start)
	to, errTo := time.Parse(time.DateOnly, end)
	kept := all[:0]
	for _, a := range all {
		if errFrom == nil && a.At.Before(from) || errTo == nil && !a.At.Before(to.AddDate(0, 0, 1)) {
			continue
		}
		kept = append(kept, a)
	}
	return kept
}

// media serves a file that an inbound text announced. Its address is the only key.
func (s *Side) media(w http.ResponseWriter, r *http.Request) {
	media, data, ok := s.stage.Library().Open(r.PathValue("id"))
	if !ok || media.Key != r.PathValue("key") {
		notFound(w, r)
		return
	}
	if spoilt, hit := s.stage.Spoil(s, media.ID, true, *failure(http.StatusNotFound, "not found")); hit {
		spoilt.Write(w)
		return
	}
	stage.Answer{
		Status: http.StatusOK, ContentType: media.ContentType, Body: data,
		Header: http.Header{"X-Content-Type-Options": {"nosniff"}, "Content-Security-Policy": {"sandbox"}},
	}.Write(w)
}
