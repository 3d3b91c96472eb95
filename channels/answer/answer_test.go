package answer_test

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"converse/channels/answer"
)

// endless gives bytes for ever and counts them.
type endless struct {
	read   int
	closed bool
}

func (e *endless) Read(p []byte) (int, error) { e.read += len(p); return len(p), nil }
func (e *endless) Close() error               { e.closed = true; return nil }

func TestReadStopsAtTheLimit(t *testing.T) {
	t.Parallel()
	body := &endless{}
	got := answer.Read(&http.Response{StatusCode: 200, Body: body})
	require.Len(t, got.Body, answer.Limit)
	require.False(t, got.Whole)
	require.LessOrEqual(t, body.read, answer.Limit+1)
	require.True(t, body.closed)
}

func TestReadTellsACutBody(t *testing.T) {
	t.Parallel()
	cut := io.MultiReader(strings.NewReader("half"), readerFunc(func([]byte) (int, error) { return 0, errors.New("reset") }))
	got := answer.Read(&http.Response{StatusCode: 200, Body: io.NopCloser(cut)})
	require.Equal(t, "half", string(got.Body))
	require.False(t, got.Whole)

	exact := strings.NewReader(strings.Repeat("x", answer.Limit))
	got = answer.Read(&http.Response{StatusCode: 200, Body: io.NopCloser(exact)})
	require.True(t, got.Whole, "a body of exactly the limit is whole")
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	const date = "Tue, 08 Jul 2025 18:00:00 GMT"
	for name, test := range map[string]struct {
		header, date string
		want         time.Duration
	}{
		"none":             {"", date, 0},
		"seconds":          {"30", "", 30 * time.Second},
		"seconds, spaces":  {" 7 ", "", 7 * time.Second},
		"zero":             {"0", "", 0},
		"negative":         {"-5", "", 0},
		"beyond any clock": {"99999999999999999999", "", 0},
		"too long":         {"2000000000", "", 24 * time.Hour},
		"date":             {"Tue, 08 Jul 2025 18:02:00 GMT", date, 2 * time.Minute},
		"date in the past": {"Tue, 08 Jul 2025 17:00:00 GMT", date, 0},
		"date, no Date":    {"Tue, 08 Jul 2025 18:02:00 GMT", "", 0},
		"words":            {"soon", date, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			header := http.Header{}
			header.Set("Retry-After", test.header)
			header.Set("Date", test.date)
			got := answer.Read(&http.Response{StatusCode: 429, Header: header, Body: http.NoBody})
			require.Equal(t, test.want, got.RetryAfter)
		})
	}
}

func TestWordsHoldNoSecret(t *testing.T) {
	t.Parallel()
	const key, secret = "key+1/ü", "s&cret=2?"
	got := answer.Words("token <"+url.QueryEscape(secret)+">\nof "+key+" is wrong", []string{key, secret, ""})
	require.Equal(t, "token <[redacted]> of [redacted] is wrong", got)
}

func TestWordsAreShortAndReadable(t *testing.T) {
	t.Parallel()
	require.Equal(t, "one two three", answer.Words(" one\r\n\ttwo\x00three ", nil))
	require.Equal(t, "a\ufffdb", answer.Words("a\xffb", nil))
	for _, text := range []string{strings.Repeat("x", 501), strings.Repeat("é", 400), strings.Repeat("€", 400), strings.Repeat("😀", 400)} {
		got := answer.Words(text, nil)
		require.LessOrEqual(t, len(got), 500)
		require.Greater(t, len(got), 490)
		require.True(t, utf8.ValidString(got))
	}
	require.Len(t, answer.Words(strings.Repeat("x", 500), nil), 500)
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
