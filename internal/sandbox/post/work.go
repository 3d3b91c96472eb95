package post

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"
)

// work carries letters until the office closes.
func (o *Office) work() {
	for {
		a := o.take()
		if a == nil {
			return
		}
		o.try(a)
	}
}

func (o *Office) try(a *attempt) {
	if a.body == nil {
		a.body = a.Body()
	}
	started := time.Now()
	outcome := o.carry(a, started)
	outcome.Attempt = a.number
	outcome.Last = outcome.OK() || a.number > a.Retries
	o.log.add(Entry{
		Time: started, Provider: a.Provider, About: a.About, MessageID: a.MessageID, URL: a.URL,
		Attempt: a.number, Status: outcome.Status, Error: outcome.Err,
		Milliseconds: time.Since(started).Milliseconds(), Body: excerpt(a.body),
	})
	o.release(a)
	if outcome.Last {
		o.finish(a)
		if !outcome.OK() {
			o.config.Log.Warn("webhook given up", "provider", a.Provider, "about", a.About,
				"message_id", a.MessageID, "attempts", a.number, "status", outcome.Status)
		}
	} else {
		next := &attempt{Letter: a.Letter, number: a.number + 1, body: a.body, era: a.era}
		next.Lane = 0 // providers do not hold up later webhooks for one that failed
		o.timer.After(o.config.RetryAfter<<(a.number-1), func() { o.again(next) })
	}
	if a.Tried != nil {
		a.Tried(outcome)
	}
}

// carry makes one POST.
func (o *Office) carry(a *attempt, at time.Time) Outcome {
	ctx, cancel := context.WithTimeout(o.ctx, o.config.Timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, a.URL, bytes.NewReader(a.body))
	if err != nil {
		return Outcome{Err: "webhook address cannot be used: " + cause(err)}
	}
	request.Header = a.Header(a.body, at)
	// A provider's own retries are the only ones: without GetBody the transport
	// cannot repeat a request by itself.
	request.GetBody = nil
	response, err := o.client.Do(request)
	if err != nil {
		return Outcome{Err: cause(err)}
	}
	defer func() { _ = response.Body.Close() }()
	// Reading the rest lets the connection be used again; no hub answers more.
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 64<<10))
	return Outcome{Status: response.StatusCode}
}

// cause is the error without the address, which may carry a secret.
func cause(err error) string {
	if problem, ok := errors.AsType[*url.Error](err); ok {
		err = problem.Err
	}
	return err.Error()
}
