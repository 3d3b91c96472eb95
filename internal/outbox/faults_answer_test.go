package outbox_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
)

// taken is how each provider answers that it took a message, with an id of its own.
func taken(provider string) (status int, body string) {
	id := word()
	switch provider {
	case "ctm":
		return 200, `{"status":"processing","id":"` + id + `"}`
	case "ringcentral":
		return 200, `{"id":"` + id + `","messageStatus":"Queued","direction":"Outbound"}`
	case "whatsapp_cloud":
		return 200, `{"messaging_product":"whatsapp","contacts":[{"input":"+12025550123"}],"messages":[{"id":"wamid.` + id + `"}]}`
	case "twilio":
		return 201, `{"sid":"SM` + id + `","status":"queued","error_code":null,"error_message":null}`
	case "gupshup":
		return 202, `{"status":"submitted","messageId":"` + id + `"}`
	}
	panic("what does " + provider + " say?")
}

// broken is how each provider says that something went wrong on its side.
var broken = map[string]string{
	"ctm":            `{"status":"error","reason":"internal error"}`,
	"ringcentral":    `{"errorCode":"CMN-203","message":"Internal server error"}`,
	"whatsapp_cloud": `{"error":{"message":"(#131000) Something went wrong","type":"OAuthException","code":131000}}`,
	"twilio":         `{"code":20500,"message":"Internal Server Error","status":500}`,
	"gupshup":        `{"status":"error","message":"Internal Server Error"}`,
}

const page = `<!DOCTYPE html><html><body><h1>Bad gateway</h1><p>{"id":"1","sid":"SM1","messageId":"1"}</p></body></html>`

// ledger is what providers really took, by text.
type ledger struct {
	mu    sync.Mutex // guards taken
	taken map[string]int
}

func (l *ledger) take(provider, body, text string) bool {
	if !strings.Contains(body, text) {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.taken[provider+" "+text]++
	return true
}

// TestF2ServerErrors: half of them come after the provider has taken the message, and
// nothing in them says which half.
func TestF2ServerErrors(t *testing.T) {
	t.Parallel()
	f := setupFaulty(t)
	book := ledger{taken: map[string]int{}}
	for _, status := range []int{500, 502, 503, 504} {
		took, lost := []string{word(), word(), word()}, []string{word(), word(), word()}
		f.does(func(n int, provider, body string, w http.ResponseWriter, _ *http.Request) {
			for _, text := range took {
				book.take(provider, body, text)
			}
			answer(w, status, []string{broken[provider], page, ""}[n%3])
		})
		f.each(t, append(took, lost...), f.unsureOnce)
	}
	f.nothingLeft(t)
	require.Len(t, book.taken, len(f.ids)*4*3)
	for text, n := range book.taken {
		require.Equal(t, 1, n, text)
	}
}

// notTaken are the answers of which the provider's pages say that the message was not
// taken. A provider that is not here has none.
var notTaken = map[string][]func(http.ResponseWriter){
	"ringcentral": {func(w http.ResponseWriter) {
		w.Header().Set("Retry-After", "1")
		answer(w, 503, `{"errorCode":"CMN-211","message":"Service is temporary unavailable"}`)
	}},
	"whatsapp_cloud": {
		func(w http.ResponseWriter) { answer(w, 503, graphError("2")) },
		func(w http.ResponseWriter) { answer(w, 503, graphError("133004")) },
		func(w http.ResponseWriter) { answer(w, 500, graphError("131016")) },
		func(w http.ResponseWriter) { answer(w, 500, graphError("131057")) },
	},
}

// TestF2ServerErrorsThatSayNotTaken: such a message is sent again, until it is taken once.
func TestF2ServerErrorsThatSayNotTaken(t *testing.T) {
	t.Parallel()
	f := setupFaulty(t)
	book := ledger{taken: map[string]int{}}
	for provider, answers := range notTaken {
		for i, refuse := range answers {
			t.Run(fmt.Sprint(provider, " ", i), func(t *testing.T) {
				text := word()
				f.does(func(n int, provider, body string, w http.ResponseWriter, _ *http.Request) {
					if n == 1 {
						refuse(w)
						return
					}
					book.take(provider, body, text)
					status, body := taken(provider)
					answer(w, status, body)
				})
				m := f.becomes(t, f.send(t, f.talks[provider], text).ID, chat.StatusSent)
				require.Equal(t, 2, f.count(provider, text), f.outcomes(t, m.ID))
				require.Equal(t, "queued sending queued sending sent", f.outcomes(t, m.ID))
				require.Equal(t, 1, book.taken[provider+" "+text])
			})
		}
	}
	f.nothingLeft(t)
}

// TestF5AnswersThatAreNone: what cannot be understood to its end may stand for a message
// that was taken.
func TestF5AnswersThatAreNone(t *testing.T) {
	t.Parallel()
	f := setupFaulty(t)
	for name, act := range map[string]act{
		"a page":            answerWith(200, page),
		"a page of refusal": answerWith(404, page),
		"bad JSON": func(_ int, provider, _ string, w http.ResponseWriter, _ *http.Request) {
			status, body := taken(provider)
			answer(w, status, body[:len(body)-1])
		},
		"JSON twice": func(_ int, provider, _ string, w http.ResponseWriter, _ *http.Request) {
			status, body := taken(provider)
			answer(w, status, body+body)
		},
		"cut in the middle": func(_ int, provider, _ string, w http.ResponseWriter, _ *http.Request) {
			status, body := taken(provider)
			w.Header().Set("Content-Length", fmt.Sprint(len(body)))
			answer(w, status, body[:len(body)/2])
		},
		"cut where it looks whole": func(_ int, provider, _ string, w http.ResponseWriter, _ *http.Request) {
			status, body := taken(provider)
			w.Header().Set("Content-Length", fmt.Sprint(len(body)+2))
			answer(w, status, body)
		},
		"no answer's worth of bytes": answerWith(200, "\x00\xff\xfe"),
	} {
		f.does(act)
		t.Run(name, func(t *testing.T) { f.each(t, []string{word()}, f.unsureOnce) })
	}
	f.nothingLeft(t)
}

// TestF5AnAnswerThatIsTooLong begins as one that was taken does. No more than a mebibyte of
// it is read.
func TestF5AnAnswerThatIsTooLong(t *testing.T) {
	t.Parallel()
	const size = 64 << 20 // more than lies in the kernel on the way
	f := setupFaulty(t)
	broke := make(chan string, len(f.ids))
	f.does(func(_ int, provider, _ string, w http.ResponseWriter, _ *http.Request) {
		status, body := taken(provider)
		answer(w, status, body)
		blank := []byte(strings.Repeat(" ", 1<<20))
		for range size / len(blank) {
			if _, err := w.Write(blank); err != nil {
				broke <- provider
				return
			}
		}
		broke <- "read to the end by " + provider
	})
	f.each(t, []string{word()}, f.unsureOnce)
	for range f.ids {
		require.Contains(t, f.ids, <-broke)
	}
	f.nothingLeft(t)
}

// said is a provider's answer of success that holds something else, and what it makes of a
// message.
type said struct {
	status int
	body   string
	want   chat.Status
	code   string
}

// insideSuccess are errors that come with a status of success, each as its provider says
// them, and answers whose id is empty.
var insideSuccess = map[string][]said{
	"ctm": {
		{200, `{"status":"error","reason":"call not found"}`, chat.StatusFailed, ""},
		{200, `{"status":"error","id":""}`, chat.StatusFailed, ""},
		{200, `{"id":"","message_id":null}`, chat.StatusUnsure, ""},
		// It promises no id: that the text is processed is all it says.
		{200, `{"status":"processing","id":""}`, chat.StatusSent, ""},
	},
	"ringcentral": {
		// Success is that it was put into a queue; why it failed is told by its reports.
		{200, `{"id":"%s","messageStatus":"SendingFailed","deliveryErrorCode":"SMS-RC-413"}`, chat.StatusSent, ""},
		{200, `{"errorCode":"MSG-243","message":"Sending to this number is blocked"}`, chat.StatusUnsure, "MSG-243"},
		{200, `{"id":"","messageStatus":"Queued"}`, chat.StatusUnsure, ""},
		{200, `{"id":null,"messageStatus":"Queued"}`, chat.StatusUnsure, ""},
	},
	"whatsapp_cloud": {
		{200, graphError("131026"), chat.StatusFailed, "131026"},
		{200, graphError("131000"), chat.StatusUnsure, "131000"},
		{200, `{"messaging_product":"whatsapp","messages":[{"id":""}]}`, chat.StatusUnsure, ""},
		{200, `{"messaging_product":"whatsapp","messages":[]}`, chat.StatusUnsure, ""},
	},
	"twilio": {
		{201, `{"sid":"SM%s","status":"failed","error_code":30006,"error_message":"Landline or unreachable carrier"}`, chat.StatusFailed, "30006"},
		{200, `{"code":21610,"message":"Attempt to send to unsubscribed recipient","status":400}`, chat.StatusUnsure, "21610"},
		{201, `{"sid":"","status":"queued"}`, chat.StatusUnsure, ""},
		{201, `{"sid":null,"status":"queued"}`, chat.StatusUnsure, ""},
	},
	"gupshup": {
		{200, `{"status":"error","message":"Invalid Destination"}`, chat.StatusFailed, "Invalid Destination"},
		{200, `{"status":"error","message":"Something of today","messageId":"%s"}`, chat.StatusFailed, ""},
		{202, `{"status":"submitted","messageId":""}`, chat.StatusUnsure, ""},
		{202, `{"status":"submitted","messageId":null}`, chat.StatusUnsure, ""},
	},
}

// TestF5SuccessWithAnErrorInsideOrWithoutAnID is what each provider's table makes of it,
// and is never sent again.
func TestF5SuccessWithAnErrorInsideOrWithoutAnID(t *testing.T) {
	t.Parallel()
	f := setupFaulty(t)
	require.Len(t, insideSuccess, len(f.ids))
	for provider, talk := range f.talks {
		for _, c := range insideSuccess[provider] {
			t.Run(provider+" "+c.body, func(t *testing.T) {
				f.does(func(_ int, _, _ string, w http.ResponseWriter, _ *http.Request) {
					body := c.body
					if strings.Contains(body, "%s") {
						body = fmt.Sprintf(body, word())
					}
					answer(w, c.status, body)
				})
				m := f.becomes(t, f.send(t, talk, word()).ID, c.want)
				require.Equal(t, 1, f.count(provider, m.Text), f.outcomes(t, m.ID))
				if c.want == chat.StatusSent {
					require.Nil(t, m.Failure)
					return
				}
				require.Equal(t, c.code, m.Failure.Code)
				require.NotEmpty(t, m.Failure.Text)
				require.NotEmpty(t, m.Failure.Next)
			})
		}
	}
	f.nothingLeft(t)
}
