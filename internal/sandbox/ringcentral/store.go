package ringcentral

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"converse/internal/chat"
	"converse/internal/sandbox/stage"
)

const (
	// mostRecords is how many records come at once, and fewRecords how many unless asked.
	mostRecords = 250
	fewRecords  = 100
	// overlap is how far an incremental sync reaches back before the one before it, so
	// that some records come twice (guide, "Message synchronization").
	overlap = 5 * time.Second
	// tokenMark begins a sync token, the rest of which is a time in base 36.
	tokenMark = "sync-"
)

// texts lists the account's texts, latest first, less those still on a lead's phone.
func (s *Side) texts(account *stage.Account) []stage.Activity {
	return slices.DeleteFunc(s.stage.History(Provider, account.AccountID), func(a stage.Activity) bool {
		return a.Direction == chat.DirectionInbound && a.Status == chat.StatusQueued
	})
}

// syncMessages plays message-sync: everything from a date on, or what changed since.
func (s *Side) syncMessages(account *stage.Account, r *http.Request) stage.Answer {
	query, now := r.URL.Query(), time.Now()
	incremental := query.Get("syncType") == "ISync"
	from, until, problem := dates(query, now)
	switch {
	case problem != nil:
		return *problem
	case !incremental && query.Get("syncType") != "FSync":
		return *invalid("syncType")
	case incremental:
		since, ok := readToken(query.Get("syncToken"))
		if !ok {
			return *invalid("syncToken")
		}
		from = since.Add(-overlap)
	}
	most, older := count(query.Get("recordCount"), mostRecords), false
	records := []object{}
	for _, a := range s.texts(account) {
		at := a.At
		if incremental {
			at = a.ChangedAt
		}
		if at.Before(from) || at.After(until) || !wants(query, a) {
			continue
		}
		if len(records) == most {
			older = true
			break
		}
		records = append(records, s.record(account, a))
	}
	return answer(http.StatusOK, object{"uri": s.stage.Base() + r.URL.RequestURI(), "records": records, "syncInfo": object{
		"syncType": query.Get("syncType"), "syncTime": stamp(now), "olderRecordsExist": older,
		"syncToken": tokenMark + strconv.FormatInt(now.UnixNano(), 36),
	}})
}

// readToken reads the time in a sync token.
func readToken(text string) (time.Time, bool) {
	rest, ok := strings.CutPrefix(text, tokenMark)
	nanoseconds, err := strconv.ParseInt(rest, 36, 64)
	return time.Unix(0, nanoseconds), ok && err == nil
}

// dates reads the span that is asked for: the last day unless it is said.
func dates(query url.Values, now time.Time) (from, until time.Time, problem *stage.Answer) {
	until = now
	var err error
	if text := query.Get("dateTo"); text != "" {
		if until, err = time.Parse(time.RFC3339, text); err != nil {
			return from, until, invalid("dateTo")
		}
	}
	from = until.Add(-24 * time.Hour)
	if text := query.Get("dateFrom"); text != "" {
		if from, err = time.Parse(time.RFC3339, text); err != nil {
			return from, until, invalid("dateFrom")
		}
	}
	return from, until, nil
}

func wants(query url.Values, a stage.Activity) bool {
	direction := "Outbound"
	if a.Direction == chat.DirectionInbound {
		direction = "Inbound"
	}
	return asked(query["messageType"], "SMS") && asked(query["direction"], direction)
}

func count(text string, otherwise int) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > mostRecords {
		return otherwise
	}
	return n
}

// listMessages plays the message store's list, in pages.
func (s *Side) listMessages(account *stage.Account, r *http.Request) stage.Answer {
	query := r.URL.Query()
	from, until, problem := dates(query, time.Now())
	if problem != nil {
		return *problem
	}
	size, skip := count(query.Get("perPage"), fewRecords), 0
	if page, err := strconv.Atoi(query.Get("page")); err == nil && page > 1 {
		skip = (min(page, 1000) - 1) * size
	}
	records := []object{}
	for _, a := range s.texts(account) {
		if a.At.Before(from) || a.At.After(until) || !wants(query, a) {
			continue
		}
		if skip--; skip < 0 && len(records) < size {
			records = append(records, s.record(account, a))
		}
	}
	return answer(http.StatusOK, object{"uri": s.stage.Base() + r.URL.RequestURI(), "records": records, "paging": object{"perPage": size}})
}

// text finds the text that a path names.
func (s *Side) text(account *stage.Account, r *http.Request) (stage.Activity, bool) {
	all := s.texts(account)
	i := slices.IndexFunc(all, func(a stage.Activity) bool { return a.ID == r.PathValue("id") })
	if i < 0 {
		return stage.Activity{}, false
	}
	return all[i], true
}

func (s *Side) getMessage(account *stage.Account, r *http.Request) stage.Answer {
	a, found := s.text(account, r)
	if !found {
		return *notFound("messageId")
	}
	return answer(http.StatusOK, s.record(account, a))
}

// getContent serves a file of a text, or the text itself.
func (s *Side) getContent(account *stage.Account, r *http.Request) stage.Answer {
	a, found := s.text(account, r)
	if !found {
		return *notFound("messageId")
	}
	id := r.PathValue("attachment")
	header := http.Header{"X-Content-Type-Options": {"nosniff"}, "Content-Security-Policy": {"sandbox"}}
	if id == a.ID && a.Text != "" {
		return stage.Answer{Status: http.StatusOK, ContentType: "text/plain;charset=utf-8", Header: header, Body: []byte(a.Text)}
	}
	if a.More == nil || !slices.ContainsFunc(a.More.Media, func(m stage.Media) bool { return m.ID == id }) {
		return *notFound("attachmentId")
	}
	media, data, kept := s.stage.Library().Open(id)
	if !kept {
		return *notFound("attachmentId")
	}
	if spoilt, hit := s.stage.Spoil(s, id, true, *notFound("attachmentId")); hit {
		return spoilt
	}
	return stage.Answer{Status: http.StatusOK, ContentType: media.ContentType, Header: header, Body: data}
}
