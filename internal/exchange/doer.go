package exchange

import (
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"converse/channels"
	"converse/internal/account"
	"converse/internal/chat"
)

// About says what calls are for.
type About struct {
	Purpose chat.ExchangePurpose
	// Message is the one that is sent, if any.
	Message chat.MessageID
}

// Doer listens to the calls that are made for a connector. It changes nothing of them, and
// an answer's body may still come from the network. A nil Log returns the doer as it is, and
// so does one for a connector that is not stored yet: it has no log.
func (l *Log) Doer(doer channels.Doer, open account.Open, about About) channels.Doer {
	if l == nil || open.Account.Connector == "" {
		return doer
	}
	return &listener{doer: doer, log: l, open: open, about: about}
}

// Calls listens to calls that are about no message.
func (l *Log) Calls(doer channels.Doer) account.Calls {
	return func(open account.Open, purpose chat.ExchangePurpose) channels.Doer {
		return l.Doer(doer, open, About{Purpose: purpose})
	}
}

type listener struct {
	doer  channels.Doer
	log   *Log
	open  account.Open
	about About
}

// Do makes the exchange. It is logged when the answer's body is closed, or at once when
// there is none.
func (d *listener) Do(r *http.Request) (*http.Response, error) {
	h := heard{
		open: d.open, about: d.about, at: d.log.options.Now(), request: r, size: max(r.ContentLength, 0),
	}
	if d.about.keepsRequest() {
		h.said = said(r)
	}
	begun := time.Now()
	response, err := d.doer.Do(r)
	if err != nil {
		h.took, h.err = time.Since(begun), err
		d.log.take(h)
		return response, err
	}
	h.status, h.head = response.StatusCode, response.Header
	response.Body = &ear{ReadCloser: response.Body, log: d.log, heard: h, begun: begun, keep: d.about.keepsAnswer(response.StatusCode)}
	return response, nil
}

// keepsRequest: a body that holds a file, or what a token is granted by, is not kept.
func (a About) keepsRequest() bool {
	return a.Purpose != chat.PurposeToken && a.Purpose != chat.PurposeUpload
}

// keepsAnswer: a body that is a file, or holds a token, is not kept; why it was refused is.
func (a About) keepsAnswer(status int) bool {
	return status >= http.StatusBadRequest || a.Purpose != chat.PurposeToken && a.Purpose != chat.PurposeMedia
}

// said is the beginning of a request's body, read from a copy of it. A body that can only
// be read once is left alone.
func said(r *http.Request) []byte {
	if r.GetBody == nil {
		return nil
	}
	body, err := r.GetBody()
	if err != nil {
		return nil
	}
	defer body.Close()
	out := make([]byte, min(max(r.ContentLength, 0), mostHeard))
	n, _ := io.ReadFull(body, out) // what there is of it
	return out[:n]
}

// ear is a body that is listened to.
type ear struct {
	io.ReadCloser
	log    *Log
	heard  heard
	begun  time.Time
	keep   bool
	closed atomic.Bool
}

func (e *ear) Read(p []byte) (int, error) {
	n, err := e.ReadCloser.Read(p)
	e.heard.answerSize += int64(n)
	if left := mostHeard - len(e.heard.answer); e.keep && left > 0 && n > 0 {
		e.heard.answer = append(e.heard.answer, p[:min(n, left)]...)
	}
	if err != nil && err != io.EOF { // readers return it as it is
		e.heard.err = err
	}
	return n, err
}

func (e *ear) Close() error {
	err := e.ReadCloser.Close()
	if !e.closed.Swap(true) {
		e.heard.took = time.Since(e.begun)
		e.log.take(e.heard)
	}
	return err
}
