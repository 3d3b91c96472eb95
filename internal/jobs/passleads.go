package jobs

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"converse/internal/chat"
)

type passLeadsArgs struct {
	Org  chat.OrgID    `json:"org_id"`
	From chat.UserID   `json:"from"`
	To   []chat.UserID `json:"to"`
}

func (passLeadsArgs) Kind() string { return "pass_leads" }

// PassLeads adds the job that gives a user's leads to others, in the transaction that
// lets the user go.
func (j *Jobs) PassLeads(ctx context.Context, tx pgx.Tx, org chat.OrgID, from chat.UserID, to []chat.UserID) error {
	if _, err := j.client.InsertTx(ctx, tx, passLeadsArgs{Org: org, From: from, To: to}, nil); err != nil {
		return fmt.Errorf("add the job that gives leads on: %w", err)
	}
	return nil
}

type passLeadsWorker struct {
	river.WorkerDefaults[passLeadsArgs]
	pass func(context.Context, chat.OrgID, chat.UserID, []chat.UserID, int) (int, error)
}

// Work implements river.Worker. Each step is a transaction of its own: after a crash the
// next try goes on with what is left.
func (w *passLeadsWorker) Work(ctx context.Context, job *river.Job[passLeadsArgs]) error {
	for turn := 0; ; {
		given, err := w.pass(ctx, job.Args.Org, job.Args.From, job.Args.To, turn)
		if err != nil || given == 0 {
			return err
		}
		turn += given
	}
}
