package sandbox

import (
	"sync"

	"converse/internal/sandbox/post"
)

// tally gathers how the hub took several webhooks.
type tally struct {
	done chan struct{} // closed when nothing is open

	mu       sync.Mutex // guards the fields below
	open     int
	held     int
	outcomes []post.Outcome
}

func newTally(open int) *tally {
	return &tally{open: open, done: make(chan struct{})}
}

// add notes one outcome.
func (t *tally) add(outcome post.Outcome) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.outcomes = append(t.outcomes, outcome)
	t.less(1)
}

// skip notes webhooks that are not posted now.
func (t *tally) skip(count int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.held += count
	t.less(count)
}

func (t *tally) less(count int) {
	if t.open -= count; t.open == 0 {
		close(t.done)
	}
}

// tallyResult is the answer to a call that made the sandbox post webhooks.
type tallyResult struct {
	// ID is the provider's message id, and IDs all of them when there are several. Some
	// webhooks have none.
	ID  string   `json:"id,omitempty"`
	IDs []string `json:"ids,omitempty"`
	// Delivered is the HTTP status that the hub answered, the first other than 2xx
	// when they differ; 0 when there was no answer.
	Delivered int `json:"delivered"`
	// Deliveries are all of them when there are several.
	Deliveries []int  `json:"deliveries,omitempty"`
	Error      string `json:"error,omitempty"`
	// Held: nothing was posted, because the phone is in flight mode or the account
	// has no webhook address.
	Held bool `json:"held,omitempty"`
}

func (t *tally) result() tallyResult {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := tallyResult{Held: t.held > 0}
	for i, o := range t.outcomes {
		if i == 0 || (out.Delivered >= 200 && out.Delivered < 300 && !o.OK()) {
			out.Delivered, out.Error = o.Status, o.Err
		}
		if len(t.outcomes) > 1 {
			out.Deliveries = append(out.Deliveries, o.Status)
		}
	}
	return out
}
