package twilio

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"converse/internal/chat"
	"converse/internal/sandbox/stage"
)

// maxPage is the largest page of a list, and defaultPage what it is unless asked.
const (
	maxPage     = 1000
	defaultPage = 50
)

// listMessages plays GET /Accounts/{account}/Messages.json: both ways, latest first.
func (s *Side) listMessages(account *stage.Account, w http.ResponseWriter, r *http.Request) {
	var found []any
	for _, a := range s.stage.History(Provider, account.AccountID) {
		if matches(r.URL.Query(), a) {
			found = append(found, s.record(account, a))
		}
	}
	number, size := paging(r)
	first := min(number*size, len(found))
	last := min(first+size, len(found))
	out := map[string]any{
		"messages": append([]any{}, found[first:last]...), "page": number, "page_size": size, "start": first, "end": max(0, last-1),
		"uri": r.URL.RequestURI(), "next_page_uri": nil, "previous_page_uri": nil,
	}
	if last < len(found) {
		query := r.URL.Query()
		query.Set("Page", strconv.Itoa(number+1))
		query.Set("PageToken", "PA"+strconv.Itoa(last))
		out["next_page_uri"] = r.URL.Path + "?" + query.Encode()
	}
	answer(http.StatusOK, out).Write(w)
}

func paging(r *http.Request) (number, size int) {
	number, _ = strconv.Atoi(r.FormValue("Page"))
	size, err := strconv.Atoi(r.FormValue("PageSize"))
	if err != nil || size <= 0 {
		size = defaultPage
	}
	return max(0, number), min(size, maxPage)
}

// matches applies the filters of the list: To, From, DateSent and its bounds, which are a
// day or a time and include it.
func matches(query url.Values, a stage.Activity) bool {
	from, to := ends(a.Message)
	if want := query.Get("From"); want != "" && want != from {
		return false
	}
	if want := query.Get("To"); want != "" && want != to {
		return false
	}
	if since, ok := moment(query.Get("DateSent>")); ok && a.At.Before(since) {
		return false
	}
	if until, ok := moment(query.Get("DateSent<")); ok && a.At.After(until) {
		return false
	}
	return true
}

func moment(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// ends are a message's From and To as Twilio spells them.
func ends(m *stage.Message) (from, to string) {
	ours, theirs := spell(m.Sender, m.Sender.Address), spell(m.Sender, m.Party.Address())
	if m.Direction == chat.DirectionInbound {
		return theirs, ours
	}
	return ours, theirs
}

// record is a message as the REST API shows it.
func (s *Side) record(account *stage.Account, a stage.Activity) map[string]any {
	from, to := ends(a.Message)
	path := "/2010-04-01/Accounts/" + account.AccountID + "/Messages/" + a.ID
	files := 0
	if a.More != nil {
		files = len(a.More.Media)
	}
	at := a.At.UTC().Format(time.RFC1123Z)
	out := map[string]any{
		"account_sid": account.AccountID, "api_version": "2010-04-01", "body": a.Text, "date_created": at, "date_sent": at,
		"date_updated": at, "direction": "inbound", "error_code": nil, "error_message": nil, "from": from, "to": to,
		"messaging_service_sid": nil, "num_media": strconv.Itoa(files), "num_segments": "1", "price": nil, "price_unit": nil,
		"sid": a.ID, "status": "received", "uri": path + ".json", "subresource_uris": map[string]string{"media": path + "/Media.json"},
	}
	if a.Direction == chat.DirectionOutbound {
		out["direction"], out["status"] = "outbound-api", "queued"
		if state := states[a.Status]; state != "" {
			out["status"] = state
		}
		if code, err := strconv.Atoi(a.Code); err == nil {
			out["error_code"] = code
		}
	}
	return out
}

// find is a message of the account by its SID.
func (s *Side) find(account *stage.Account, sid string) (stage.Activity, bool) {
	for _, a := range s.stage.History(Provider, account.AccountID) {
		if a.ID == sid {
			return a, true
		}
	}
	return stage.Activity{}, false
}

// message plays GET /Accounts/{account}/Messages/{message}.json.
func (s *Side) message(account *stage.Account, w http.ResponseWriter, r *http.Request) {
	a, found := s.find(account, strings.TrimSuffix(r.PathValue("message"), ".json"))
	if !found {
		notFound(w, r)
		return
	}
	answer(http.StatusOK, s.record(account, a)).Write(w)
}

func notFound(w http.ResponseWriter, r *http.Request) { missing(r).Write(w) }

// missing is the answer for what is not there.
func missing(r *http.Request) stage.Answer {
	return *failure(http.StatusNotFound, 20404, "The requested resource "+r.URL.Path+" was not found")
}
