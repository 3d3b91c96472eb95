package ctm

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"converse/channels"
	"converse/channels/jsonstrict"
)

const (
	// pageSize is how many activities a page holds. CallTrackingMetrics takes up to 150, of which
	// long calls would make an answer that is longer than is read ("REST Calls API").
	pageSize = 100
	// pollEvery is how often to look for what no webhook told. How often
	// CallTrackingMetrics repeats a webhook that failed is not documented.
	pollEvery = 2 * time.Minute
	// overlap is how far behind the time of the last poll the next one begins: what is
	// listed late is found, and a state that came since.
	overlap = 15 * time.Minute
	// lookBack is from when to tell when nobody says.
	lookBack = 24 * time.Hour
)

// PollEvery is two minutes.
func (Adapter) PollEvery(channels.Account) time.Duration { return pollEvery }

// place is where a poll goes on: the page, from when texts are told, and when the first
// page was asked for. Its text is the three, parted by spaces; page 0 is a new beginning.
type place struct {
	page        int
	since, from int64
}

func (p place) String() string { return fmt.Sprintf("%d %d %d", p.page, p.since, p.from) }

func readPlace(q channels.PollQuery) place {
	var p place
	if n, err := fmt.Sscanf(q.Cursor, "%d %d %d", &p.page, &p.since, &p.from); err == nil && n == 3 && p.page > 0 {
		return p
	}
	now := q.Now.Unix()
	switch {
	case p.from > 0 && p.page == 0:
		return place{page: 1, since: p.from - int64(overlap.Seconds()), from: now}
	case !q.Since.IsZero():
		return place{page: 1, since: q.Since.Unix(), from: now}
	}
	return place{page: 1, since: q.Now.Add(-lookBack).Unix(), from: now}
}

// listed is a page of the account's activities, calls and texts alike.
type listed struct {
	Calls jsonstrict.List[json.RawMessage] `json:"calls"`
	Next  jsonstrict.Text                  `json:"next_page"`
}

// Poll lists the activities of the last days, and keeps the texts that are new enough. In
// which order they come is not documented: a page whose first one is its latest ends the
// walk when it has grown too old.
func (a Adapter) Poll(ctx context.Context, doer channels.Doer, account channels.Account, q channels.PollQuery) (channels.Polled, error) {
	at := readPlace(q)
	// A day earlier: the list goes by the days of the account's time zone.
	query := url.Values{
		"page": {strconv.Itoa(at.page)}, "per_page": {strconv.Itoa(pageSize)},
		"start_date": {time.Unix(at.since, 0).UTC().AddDate(0, 0, -1).Format(time.DateOnly)},
	}
	var page listed
	if err := a.ask(ctx, doer, account, "/calls.json?"+query.Encode(), &page); err != nil {
		return channels.Polled{}, err
	}
	kept, old := page.recent(at.since)
	polled := channels.Polled{Cursor: place{from: at.from}.String()}
	if page.Next != "" && page.Calls.Len() > 0 && !old {
		at.page++
		polled.Cursor, polled.More = at.String(), true
	}
	if len(kept) == 0 {
		return polled, nil
	}
	body, err := json.Marshal(map[string]any{"calls": kept})
	if err != nil {
		return channels.Polled{}, fmt.Errorf("keep the page's texts: %w", err)
	}
	polled.Body = body
	return polled, nil
}

// recent are the page's texts since a time. old: what follows is older than that.
func (l listed) recent(since int64) (kept []json.RawMessage, old bool) {
	var first, last int64
	for raw, err := range l.Calls.All() {
		var one activity
		if err != nil || json.Unmarshal(raw, &one) != nil {
			continue // a list is no place to learn of something unreadable every time
		}
		seconds, err := strconv.ParseInt(string(one.UnixTime), 10, 64)
		if err != nil {
			seconds = since // a time that cannot be read is not too old
		}
		if first == 0 {
			first = seconds
		}
		last = seconds
		if strings.HasPrefix(string(one.Direction), "msg_") && seconds >= since {
			kept = append(kept, raw)
		}
	}
	return kept, first >= last && last < since
}

// ParsePolled reads the texts of a page, the earliest first.
func (a Adapter) ParsePolled(account channels.Account, body []byte) ([]channels.Event, error) {
	nothing := ignored("Nothing is new at CallTrackingMetrics.")
	if len(body) == 0 {
		return nothing, nil
	}
	var page struct {
		Calls jsonstrict.List[activity] `json:"calls"`
	}
	if err := jsonstrict.Unmarshal(body, &page); err != nil {
		return nil, fmt.Errorf("read the page: %w", err)
	}
	if err := page.Calls.Err(); err != nil {
		return nil, fmt.Errorf("read the page's activities: %w", err)
	}
	var told [][]channels.Event
	for one, err := range page.Calls.All() {
		switch {
		case err != nil:
			told = append(told, malformed("an activity of the list cannot be read: "+err.Error()))
		case one.MessageID == "":
			told = append(told, ignored("It is a call, or a text that the list has no id of."))
		default:
			told = append(told, one.events(account, a.Secrets(account)))
		}
	}
	if len(told) == 0 {
		return nothing, nil
	}
	slices.Reverse(told)
	return slices.Concat(told...), nil
}
