package history_test

import (
	"context"
	"time"

	"converse/internal/chat"
)

// evidence is all that is known when everything has come to rest: what was done and
// seen, what the provider knows, and the tables. The checker reads nothing else, so
// that it can be tested with made-up evidence.
type evidence struct {
	*chronicle
	posts    []post
	calls    []call
	listed   []notice // by the provider, when it was asked
	asked    bool     // all that it listed had time to be stored
	devices  []view
	storm    time.Duration // when the provider was well again and nothing broke any more
	messages []messageRow
	talks    []talkRow
	attempts []attemptRow
	receipts []receiptRow
	// callbacks are the stored webhooks.
	callbacks []callbackRow
	markers   []markerRow
	jobs      []string // messages that still have a job to send
	events    int      // events that still wait to be published
	// counted is what ListCallbacks answers: received, shown, ignored, parked.
	counted [4]int
}

// view is what one device shows at the end.
type view struct {
	Name, UserID string
	Live         bool
	Model        *model
}

type messageRow struct {
	ID             string
	ConversationID string
	Seq            int
	Direction      string
	Text           string
	Status         chat.Status
	ClientID       *string
	RetryOf        *string
	ProviderID     *string `db:"provider_message_id"`
	FailureText    string
	CreatedAt      time.Time
}

type talkRow struct {
	ID           string
	LastSeq      int
	InboundCount int
	Version      int
}

type attemptRow struct {
	MessageID  string
	Number     int
	Node       string
	StartedAt  time.Time
	FinishedAt *time.Time
	Outcome    *string
	Detail     string
}

type receiptRow struct {
	MessageID  *string
	ProviderID string `db:"provider_message_id"`
	Status     chat.Status
}

type callbackRow struct {
	ID     string
	Hash   string
	Result string
	Why    string
	// Polled: we asked for it, no provider posted it.
	Polled bool
}

type markerRow struct {
	ConversationID string
	UserID         string
	Seq            int
	InboundRead    int
}

// gather reads the tables.
func (in *installation) gather(ctx context.Context, e *evidence) error {
	var err error
	collect := func(into func() error) {
		if err == nil {
			err = into()
		}
	}
	collect(func() (err error) {
		e.messages, err = rows[messageRow](ctx, in, `
			select id::text, conversation_id::text, seq, direction, text, status, client_id, retry_of::text, provider_message_id, failure_text, created_at
			from messages order by conversation_id, seq`)
		return err
	})
	collect(func() (err error) {
		e.talks, err = rows[talkRow](ctx, in, `select id::text, last_seq, inbound_count, version from conversations order by id`)
		return err
	})
	collect(func() (err error) {
		e.attempts, err = rows[attemptRow](ctx, in, `
			select message_id::text, number, node, started_at, finished_at, outcome, detail from attempts order by message_id, number`)
		return err
	})
	collect(func() (err error) {
		e.receipts, err = rows[receiptRow](ctx, in, `select message_id::text, provider_message_id, status from receipts order by received_at, id`)
		return err
	})
	collect(func() (err error) {
		e.callbacks, err = rows[callbackRow](ctx, in, `
			select id::text, left(encode(sha256(body), 'hex'), 16) as hash, result, why, headers ? 'X-Converse-Polled' as polled
			from callbacks order by id`)
		return err
	})
	collect(func() (err error) {
		e.markers, err = rows[markerRow](ctx, in, `select conversation_id::text, user_id::text, seq, inbound_read from read_markers`)
		return err
	})
	collect(func() (err error) {
		type job struct{ MessageID string }
		jobs, err := rows[job](ctx, in, `select message_id::text from send_jobs`)
		for _, j := range jobs {
			e.jobs = append(e.jobs, j.MessageID)
		}
		return err
	})
	collect(func() error {
		// What a regular job has just said is about to be published.
		return in.pool.QueryRow(ctx, `select count(*)::int from events where created_at < now() - interval '5 seconds'`).Scan(&e.events)
	})
	return err
}

// copyOf is the device's model as it is now.
func (d *device) view() view {
	d.mu.Lock()
	defer d.mu.Unlock()
	copied := newModel()
	copied.mixed = append([]string(nil), d.model.mixed...)
	for id, t := range d.model.talks {
		c := *t
		c.messages = make(map[int]*shown, len(t.messages))
		for seq, m := range t.messages {
			one := *m
			c.messages[seq] = &one
		}
		copied.talks[id] = &c
	}
	return view{Name: d.name, UserID: d.user.GetId(), Live: d.live, Model: copied}
}
