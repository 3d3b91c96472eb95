package answer

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"converse/channels"
)

// Limit is how much of an answer is read. A provider's answer to a send is a few
// hundred bytes; one larger than this is not one we understand.
const Limit = 1 << 20

// maxRetryAfter bounds how long a provider can make us wait by one header.
const maxRetryAfter = 24 * time.Hour

// Answer is a provider's answer, read and closed.
type Answer struct {
	Status int
	Body   []byte
	// Whole is false when the body ended early, broke, or is longer than Limit.
	Whole bool
	// RetryAfter is how long the provider asked us to wait; 0 when it did not say.
	RetryAfter time.Duration
}

// Of makes one call and reads what comes back. An error is the Doer's, as it is.
func Of(doer channels.Doer, request *http.Request) (Answer, error) {
	response, err := doer.Do(request) //nolint:bodyclose // Read does
	if err != nil {
		return Answer{}, err
	}
	return Read(response), nil
}

// Read reads a response and closes it.
func Read(response *http.Response) Answer {
	defer func() { _ = response.Body.Close() }() // what was to be read has been
	body, err := io.ReadAll(io.LimitReader(response.Body, Limit+1))
	whole := err == nil && len(body) <= Limit
	return Answer{
		Status:     response.StatusCode,
		Body:       body[:min(len(body), Limit)],
		Whole:      whole,
		RetryAfter: retryAfter(response.Header),
	}
}

// OK reports whether the status is one of success.
func (a Answer) OK() bool { return a.Status >= 200 && a.Status <= 299 }

// Empty reports whether the whole body is blank: nothing was said.
func (a Answer) Empty() bool { return a.Whole && len(bytes.TrimSpace(a.Body)) == 0 }

// retryAfter reads the header of RFC 9110 section 10.2.3: seconds, or a date.
func retryAfter(header http.Header) time.Duration {
	value := strings.TrimSpace(header.Get("Retry-After"))
	if value == "" {
		return 0
	}
	var wait time.Duration
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		wait = time.Duration(seconds) * time.Second
	} else if until, err := http.ParseTime(value); err == nil {
		now, err := http.ParseTime(header.Get("Date"))
		if err != nil {
			return 0
		}
		wait = until.Sub(now)
	}
	return min(max(wait, 0), maxRetryAfter)
}
