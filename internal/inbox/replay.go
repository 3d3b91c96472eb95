package inbox

import (
	"context"
	"time"

	"converse/internal/chat"
	"converse/internal/repeat"
	"converse/internal/store"
)

const (
	// cutAge is how old a callback is before its interrupted work is taken up again:
	// well beyond the deadline of the one who began it.
	cutAge = 30 * time.Second
	// cutPeriod is how often interrupted work is looked for.
	cutPeriod = 15 * time.Second
)

// Replay runs a parked callback through the same door again and returns how it
// ended. What was stored of it before is found and ignored. A callback that is not
// parked is an error with code blocked.
func (i *Inbox) Replay(ctx context.Context, org chat.OrgID, id chat.CallbackID) (store.StoredCallback, error) {
	stored, err := i.store.Callback(ctx, org, id)
	if err != nil {
		return store.StoredCallback{}, err
	}
	if stored.Result != store.ResultParked {
		return store.StoredCallback{}, &chat.Error{Code: chat.CodeBlocked, Message: "Only a parked callback can be replayed."}
	}
	open, err := i.accounts.ByID(ctx, org, stored.Connector)
	if err != nil {
		return store.StoredCallback{}, err
	}
	// The reply is for the provider, who has had one.
	end, _, err := i.process(ctx, open, replayed(stored), store.Arrival{Callback: stored.Callback, Stored: true})
	if err != nil {
		return store.StoredCallback{}, err
	}
	if err := i.store.EndReplay(ctx, org, id, end); err != nil {
		return store.StoredCallback{}, err
	}
	i.options.Metrics.Replayed(stored.Provider, string(end.Result))
	return i.store.Callback(ctx, org, id)
}

// KeepGoing takes up callbacks whose working through was cut short, by a crash or a
// lost database, until ctx ends.
func (i *Inbox) KeepGoing(ctx context.Context) {
	repeat.Every(ctx, cutPeriod, func(time.Time) { i.takeUp(ctx) })
}

func (i *Inbox) takeUp(ctx context.Context) {
	cut, err := i.store.CutCallbacks(ctx, WorkingThrough, cutAge, 50)
	if err != nil {
		i.options.Log.Warn("look for interrupted callbacks", "cause", err)
		return
	}
	for _, c := range cut {
		runCtx, cancel := context.WithTimeout(ctx, 2*deadline)
		_, err := i.Replay(runCtx, c.Org, c.ID)
		cancel()
		if err != nil {
			i.options.Log.Warn("take up callback", "callback_id", c.ID, "cause", err)
		}
	}
}
