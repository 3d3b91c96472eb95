package post

import (
	"sync"
	"time"
	"unicode/utf8"
)

// Entry is one attempt to post a webhook.
type Entry struct {
	Time         time.Time `json:"time"`
	Provider     string    `json:"provider"`
	About        string    `json:"about"`
	MessageID    string    `json:"messageId,omitempty"`
	URL          string    `json:"url"`
	Attempt      int       `json:"attempt"`
	Status       int       `json:"status"`
	Error        string    `json:"error,omitempty"`
	Milliseconds int64     `json:"milliseconds"`
	// Body is the beginning of what was posted.
	Body string `json:"body"`
}

// Log keeps the latest attempts; older ones are overwritten.
type Log struct {
	mu      sync.Mutex // guards the fields below
	entries []Entry
	next    int
	total   int
	size    int
}

func newLog(size int) *Log { return &Log{size: size} }

// Entries returns the kept attempts, oldest first, and how many there have been
// in all.
func (l *Log) Entries() (entries []Entry, total int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	entries = make([]Entry, 0, len(l.entries))
	entries = append(entries, l.entries[l.next:]...)
	return append(entries, l.entries[:l.next]...), l.total
}

func (l *Log) add(entry Entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.total++
	if len(l.entries) < l.size {
		l.entries = append(l.entries, entry)
		return
	}
	l.entries[l.next] = entry
	l.next = (l.next + 1) % l.size
}

func (l *Log) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries, l.next, l.total = nil, 0, 0
}

// excerptSize is how much of a body the log keeps: every receipt and all but
// the longest messages whole.
const excerptSize = 4 << 10

func excerpt(body []byte) string {
	if len(body) <= excerptSize {
		return string(body)
	}
	cut := excerptSize
	for cut > 0 && !utf8.RuneStart(body[cut]) {
		cut--
	}
	return string(body[:cut]) + "…"
}
