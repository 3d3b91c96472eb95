package twilio

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"converse/channels"
	"converse/channels/answer"
	"converse/channels/jsonstrict"
	"converse/internal/chat"
)

const (
	// pollEvery is how often the account's messages are looked through: Twilio does not
	// say that it posts a webhook again after its few tries.
	pollEvery = 5 * time.Minute
	// lookBack is how far each look goes back behind the one before, because the state
	// of a message changes after it was sent.
	lookBack = time.Hour
	// firstLook is how far back it goes when nothing says from when.
	firstLook = 24 * time.Hour
	// pageSize keeps a page well below what is read of an answer.
	pageSize = 50
)

// PollEvery is the same for every account.
func (Adapter) PollEvery(channels.Account) time.Duration { return pollEvery }

// Poll asks for one page of the messages since a time, both ways, latest first
// (Messages API, "Read multiple Message resources"). A cursor is "since TIME" where a
// look is to begin, and "page TIME URI" within one; TIME is where the next begins.
func (a Adapter) Poll(ctx context.Context, doer channels.Doer, account channels.Account, q channels.PollQuery) (channels.Polled, error) {
	list, err := resource(account, "/Messages.json")
	if err != nil {
		return channels.Polled{}, err
	}
	next := q.Now.Add(-lookBack).UTC().Format(time.RFC3339)
	address := list + "?" + url.Values{"DateSent>": {since(q)}, "PageSize": {strconv.Itoa(pageSize)}}.Encode()
	if rest, ok := strings.CutPrefix(q.Cursor, "page "); ok {
		from, uri, _ := strings.Cut(rest, " ")
		next, address = from, account.API(publicAPI)+uri
	}
	if !strings.HasPrefix(address, list+"?") {
		return channels.Polled{}, &channels.Error{Reason: rejected, Text: "The place to go on from is not one of Twilio's."}
	}
	request, err := newRequest(ctx, account, http.MethodGet, address, "")
	if err != nil {
		return channels.Polled{}, err
	}
	got, err := answer.Of(doer, request)
	if err != nil {
		return channels.Polled{}, err
	}
	var p page
	if !got.OK() || !got.Whole || jsonstrict.Unmarshal(got.Body, &p) != nil {
		return channels.Polled{}, asked(got, a.Secrets(account))
	}
	if p.Next == "" {
		return channels.Polled{Body: got.Body, Cursor: "since " + next}, nil
	}
	return channels.Polled{Body: got.Body, Cursor: "page " + next + " " + string(p.Next), More: true}, nil
}

// since is where a look begins.
func since(q channels.PollQuery) string {
	if from, ok := strings.CutPrefix(q.Cursor, "since "); ok {
		if _, err := time.Parse(time.RFC3339, from); err == nil {
			return from
		}
	}
	from := q.Since
	if from.IsZero() {
		from = q.Now.Add(-firstLook)
	}
	return from.UTC().Format(time.RFC3339)
}

type page struct {
	Messages jsonstrict.List[record] `json:"messages"`
	Next     jsonstrict.Text         `json:"next_page_uri"`
}

// record is a message as Twilio keeps it.
type record struct {
	SID       jsonstrict.Text `json:"sid"`
	Direction jsonstrict.Text `json:"direction"`
	From      jsonstrict.Text `json:"from"`
	To        jsonstrict.Text `json:"to"`
	Body      jsonstrict.Text `json:"body"`
	Status    jsonstrict.Text `json:"status"`
	NumMedia  jsonstrict.Text `json:"num_media"`
	// DateCreated is when Twilio was asked to send, DateSent when it did, and DateUpdated
	// when the message came to where it is.
	DateCreated jsonstrict.Text `json:"date_created"`
	DateSent    jsonstrict.Text `json:"date_sent"`
	DateUpdated jsonstrict.Text `json:"date_updated"`

	ErrorCode    jsonstrict.Text `json:"error_code"`
	ErrorMessage jsonstrict.Text `json:"error_message"`
}

// ParsePolled reads a page: messages of leads, and how far ours have come.
func (a Adapter) ParsePolled(account channels.Account, body []byte) ([]channels.Event, error) {
	var p page
	if err := jsonstrict.Unmarshal(body, &p); err != nil {
		return nil, fmt.Errorf("read the page: %w", err)
	}
	if err := p.Messages.Err(); err != nil {
		return nil, fmt.Errorf("read the page's messages: %w", err)
	}
	var events []channels.Event
	number := 0
	for r, err := range p.Messages.All() {
		if number++; number > mostRecords {
			events = append(events, malformed(fmt.Sprintf("the page holds more than %d messages", mostRecords))...)
			break
		}
		switch {
		case err != nil:
			events = append(events, malformed(fmt.Sprintf("message %d: %v", number, err))...)
		case r.SID == "":
			events = append(events, malformed(fmt.Sprintf("message %d has no id", number))...)
		case r.Direction == "inbound":
			events = append(events, r.received(account)...)
		default:
			events = append(events, r.reported(account, a.Secrets(account))...)
		}
	}
	if len(events) == 0 {
		return ignored("Nothing happened."), nil
	}
	return events, nil
}

// mostRecords is how many messages of a page are read; Twilio's largest page has as many.
const mostRecords = 1000

func (r record) received(account channels.Account) []channels.Event {
	to, from := readEnd(string(r.To)), readEnd(string(r.From))
	sender, ok := senderOf(account, to.channel, to.address)
	if !ok {
		return ignored("It is for a number that is not one of the connector's.")
	}
	party, ok := from.party()
	if !ok {
		return ignored("It comes from a short code or a name, which no lead writes from.")
	}
	message := channels.Received{
		ProviderID: string(r.SID), Sender: sender.ID, From: party, Kind: chat.KindText, Text: string(r.Body), At: moment(r.DateSent),
	}
	files, problem := r.files(account)
	switch {
	case problem != "":
		return malformed(problem)
	case len(files) > 0:
		message.Kind, message.Media = chat.KindDocument, files
	case message.Text == "":
		message.Kind, message.Text = chat.KindUnsupported, "The lead sent an empty message."
	}
	return []channels.Event{message}
}

// files are those of a message. The list says how many there are, and not where: they are
// looked up when they are fetched.
func (r record) files(account channels.Account) (files []channels.InboundMedia, problem string) {
	count, err := strconv.Atoi(string(r.NumMedia))
	if err != nil || count <= 0 {
		return nil, ""
	}
	list, err := resource(account, "/Messages/"+url.PathEscape(string(r.SID))+"/Media.json")
	if err != nil {
		return nil, "its files cannot be found: the connector has no account SID"
	}
	for i := range min(count, mostFiles) {
		files = append(files, channels.InboundMedia{Reference: list + "#" + strconv.Itoa(i)})
	}
	return files, ""
}

// reported tells of a message that was sent from a number of ours. The list does not say by
// whom: by us, by another program with the account's keys, or by Twilio itself, which answers
// a word like STOP. So it is an echo, which of a message of ours is a report that it was
// sent, and a report of how far it has come since. One that failed is only a report: of a
// message of ours that was refused at once we do not know the SID, and one of others that
// nobody got is theirs to know. So is one to a short code, or from one of our numbers to
// another.
func (r record) reported(account channels.Account, secrets []string) []channels.Event {
	from, to := readEnd(string(r.From)), readEnd(string(r.To))
	sender, known := senderOf(account, from.channel, from.address)
	status, followed := ladder[string(r.Status)]
	switch {
	case !known:
		return ignored("It was sent from a number that is not one of the connector's.")
	case !followed:
		return ignored("A message is still on its way.")
	}
	report := channels.Report{ProviderID: string(r.SID), Status: status, At: moment(r.DateUpdated)}
	if status == chat.StatusFailed {
		report.Error = failure(string(r.Status), string(r.ErrorCode), string(r.ErrorMessage), secrets)
		return []channels.Event{report}
	}
	party, outside := to.party()
	_, own := senderOf(account, to.channel, to.address)
	sent, shown := r.echo(account, sender, party)
	switch {
	case own || !outside || !shown:
		return []channels.Event{report}
	case status == sent.Status:
		return []channels.Event{sent}
	}
	return []channels.Event{sent, report}
}

// echo is the message with what it says; false when it says nothing that can be shown.
func (r record) echo(account channels.Account, sender channels.AccountSender, to channels.Party) (channels.Echo, bool) {
	at := moment(r.DateCreated)
	if at.IsZero() {
		at = moment(r.DateSent)
	}
	sent := channels.Echo{
		ProviderID: string(r.SID), Sender: sender.ID, To: to, Kind: chat.KindText, Text: string(r.Body), Status: chat.StatusSent, At: at,
	}
	files, problem := r.files(account)
	if len(files) > 0 {
		sent.Kind, sent.Media = chat.KindDocument, files
	}
	return sent, problem == "" && (sent.Text != "" || len(files) > 0)
}

// moment reads a time, or zero.
func moment(text jsonstrict.Text) time.Time {
	at, err := time.Parse(time.RFC1123Z, string(text))
	if err != nil || at.Year() > 9999 {
		return time.Time{}
	}
	return at.UTC()
}
