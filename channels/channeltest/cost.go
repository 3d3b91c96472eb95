package channeltest

import (
	"bytes"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"converse/channels"
)

// What reading one webhook may cost. A provider's keys may leak, and some providers
// sign nothing, so no body of the size that the door lets in may cost much more
// than its own bytes.
const (
	// costPerByte is how many bytes may be allocated for each of the body's.
	costPerByte = 10
	// costAtLeast is what any body may cost: tables of a fixed size, and the thousands
	// of updates that one webhook may rightly hold.
	costAtLeast = 10 << 20
)

// CheckCost reads every Hostile body, and the given ones, in which what stands in <…>
// is repeated until there is half a megabyte, and measures what is allocated: time
// depends on what else the machine does. A test that calls it must not run beside
// others, whose memory would be counted too.
func CheckCost(t *testing.T, adapter channels.Adapter, account channels.Account, repeated ...string) {
	t.Helper()
	bodies := Hostile()
	for _, text := range repeated {
		bodies = append(bodies, repeat(text))
	}
	for _, body := range bodies {
		for _, problem := range checkCost(adapter, account, body) {
			t.Errorf("%.40q…%.40q: %s", body, body[max(0, len(body)-40):], problem)
		}
	}
}

// large is the size that repeated bodies are brought to. Meta's largest webhook is
// six times that; what a byte costs is seen well enough.
const large = 512 << 10

// repeat writes the element between < and > again and again, with commas between.
func repeat(text string) []byte {
	before, rest, _ := strings.Cut(text, "<")
	element, after, _ := strings.Cut(rest, ">")
	var body bytes.Buffer
	body.WriteString(before + element)
	for body.Len() < large {
		body.WriteString("," + element)
	}
	body.WriteString(after)
	return body.Bytes()
}

func checkCost(adapter channels.Adapter, account channels.Account, body []byte) problems {
	var found problems
	webhook := &channels.Webhook{Method: http.MethodPost, Header: http.Header{}, Body: body, ReceivedAt: defaultReceived}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, _, _ = adapter.Parse(account, webhook) // what it says of the body is checked elsewhere
	runtime.ReadMemStats(&after)
	if cost := after.TotalAlloc - before.TotalAlloc; cost > costAtLeast+costPerByte*uint64(len(body)) {
		found.addf("reading %d bytes allocates %d", len(body), cost)
	}
	return found
}
