package ringcentral

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"converse/channels"
	"converse/channels/jsonstrict"
)

const (
	// pageSize is how many records of a full sync come at once.
	pageSize = 250
	// lookBack is how far a full sync goes when nobody says since when.
	lookBack = 24 * time.Hour
	// older begins the cursor of a full sync that goes on with older records. What follows
	// is from when, until when, and the token to end with, parted by spaces.
	older = "older"
)

// page is an answer of the message sync (guide, "Message synchronization").
type page struct {
	Records jsonstrict.List[message] `json:"records"`
	Sync    struct {
		Token jsonstrict.Text `json:"syncToken"`
		Older bool            `json:"olderRecordsExist"`
	} `json:"syncInfo"`
}

// PollEvery is a few minutes: webhooks tell when there is something before that.
func (Adapter) PollEvery(channels.Account) time.Duration { return pollEvery }

// Poll asks the message sync what came or changed, in both directions. The cursor is
// its sync token. Without one, or when RingCentral has lost the place, it is a full
// sync from q.Since, latest first, page by page.
func (a Adapter) Poll(ctx context.Context, doer channels.Doer, account channels.Account, q channels.PollQuery) (channels.Polled, error) {
	if from, until, token, ok := goesOn(q.Cursor); ok {
		return a.fullSync(ctx, doer, account, from, until, token)
	}
	if q.Cursor != "" {
		polled, err := a.sync(ctx, doer, account, url.Values{"syncType": {"ISync"}, "syncToken": {q.Cursor}}, from(q), "")
		if !lostPlace(err) {
			return polled, err
		}
	}
	return a.fullSync(ctx, doer, account, from(q), "", "")
}

// from is since when a full sync tells, as RingCentral writes times.
func from(q channels.PollQuery) string {
	since := q.Since
	if since.IsZero() && !q.Now.IsZero() {
		since = q.Now.Add(-lookBack)
	}
	if since.IsZero() {
		return "" // RingCentral's own choice is a day
	}
	return since.UTC().Format("2006-01-02T15:04:05.000Z")
}

// lostPlace reports whether an incremental sync was refused for its token, or told more
// than can be read at once.
func lostPlace(err error) bool {
	if errors.Is(err, errTooMuch) {
		return true
	}
	refused, ok := errors.AsType[*channels.Error](err)
	return ok && refused.Reason == channels.ReasonRejected
}

var errTooMuch = errors.New("the page is longer than is read")

func (a Adapter) fullSync(ctx context.Context, doer channels.Doer, account channels.Account, from, until, token string) (channels.Polled, error) {
	query := url.Values{"syncType": {"FSync"}, "recordCount": {strconv.Itoa(pageSize)}}
	if from != "" {
		query.Set("dateFrom", from)
	}
	if until != "" {
		query.Set("dateTo", until)
	}
	return a.sync(ctx, doer, account, query, from, token)
}

// sync asks for one page. The token is the one to end with; empty means the page's own.
func (a Adapter) sync(ctx context.Context, doer channels.Doer, account channels.Account, query url.Values, from, token string) (channels.Polled, error) {
	query.Set("messageType", "SMS")
	var said page
	got, err := a.ask(ctx, doer, account, http.MethodGet, extension+"/message-sync?"+query.Encode(), nil, &said)
	switch {
	case err != nil && got.OK() && !got.Whole && query.Has("syncToken"):
		return channels.Polled{}, errTooMuch
	case err != nil:
		return channels.Polled{}, err
	}
	if token == "" {
		token = string(said.Sync.Token)
	}
	polled := channels.Polled{Body: got.Body, Cursor: token}
	if until := said.oldest(); said.Sync.Older && until != "" && until != query.Get("dateTo") {
		polled.Cursor, polled.More = strings.Join([]string{older, from, until, token}, " "), true
	}
	if said.Records.Err() == nil && said.Records.Len() == 0 {
		polled.Body = nil
	}
	return polled, nil
}

// oldest is when the earliest record of the page was made.
func (p page) oldest() string {
	var earliest time.Time
	oldest := ""
	for m, err := range p.Records.All() {
		if at := when(m.Created); err == nil && !at.IsZero() && (oldest == "" || at.Before(earliest)) {
			earliest, oldest = at, string(m.Created)
		}
	}
	return oldest
}

// goesOn reads the cursor of a full sync that goes on.
func goesOn(cursor string) (from, until, token string, ok bool) {
	words := strings.Split(cursor, " ")
	if len(words) != 4 || words[0] != older {
		return "", "", "", false
	}
	return words[1], words[2], words[3], true
}

// ParsePolled reads the records of a page, oldest first.
func (a Adapter) ParsePolled(account channels.Account, body []byte) ([]channels.Event, error) {
	nothing := []channels.Event{channels.Ignored{Why: "Nothing is new at RingCentral."}}
	if len(body) == 0 {
		return nothing, nil
	}
	var said page
	if err := jsonstrict.Unmarshal(body, &said); err != nil {
		return nil, fmt.Errorf("read the page: %w", err)
	}
	if err := said.Records.Err(); err != nil {
		return nil, fmt.Errorf("read the page's records: %w", err)
	}
	var told [][]channels.Event
	number := 0
	for m, err := range said.Records.All() {
		number++
		p := &parser{account: account, secrets: a.known(account)}
		where := fmt.Sprintf("record %d", number)
		if err != nil {
			p.malformed(where, err.Error())
		} else {
			p.message(where, m)
		}
		told = append(told, p.events)
	}
	if number == 0 {
		return nothing, nil
	}
	slices.Reverse(told)
	return slices.Concat(told...), nil
}
