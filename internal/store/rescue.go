package store

import (
	"context"
	"errors"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// Rescue ends what a lost node left behind: a job that was only claimed goes back
// to the queue, one whose attempt was committed becomes unsure and is never sent
// again by itself. It reports false when the job is in good hands after all.
func (s *Store) Rescue(ctx context.Context, job Job, o Outcome) (bool, error) {
	rescued := false
	err := s.inOrg(ctx, job.Org, func(t *tx) error {
		row, err := t.LockJob(ctx, db.LockJobParams{OrgID: t.org, MessageID: job.Message})
		if err != nil {
			return ignoreMissing(err)
		}
		held := row.State != "waiting" && row.LeaseUntil != nil
		if rescued = held && row.Attempts == job.Attempts && row.Claims == job.Claims && row.State == stateName(job); !rescued {
			return nil
		}
		if !job.Calling {
			return t.later.RequeueJob(ctx, db.RequeueJobParams{
				OrgID: t.org, MessageID: job.Message, State: "claimed", Attempts: job.Attempts,
			})
		}
		call := Call{Job: job, Number: job.Attempts}
		return errors.Join(
			t.finish(ctx, call, "unsure", o),
			t.settle(ctx, job.Message, settlement{status: chat.StatusUnsure, failure: o.Failure, at: o.At}),
		)
	})
	return rescued && err == nil, err
}

func stateName(job Job) string {
	if job.Calling {
		return "calling"
	}
	return "claimed"
}
