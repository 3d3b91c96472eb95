package store

import (
	"context"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// Timeline lists the states a message has been in, each with its time, who
// reported it and a detail: what we did and then what the provider reported, each
// oldest first. The two clocks are not compared.
func (s *Store) Timeline(ctx context.Context, p chat.Principal, id chat.MessageID) ([]chat.TimelineEntry, error) {
	var out []chat.TimelineEntry
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		if err := t.seeMessage(ctx, p, id); err != nil {
			return err
		}
		m, err := t.message(ctx, id)
		if err != nil {
			return err
		}
		out = append(out, firstEntry(m))
		attempts, err := t.AttemptsOf(ctx, db.AttemptsOfParams{OrgID: p.Org, MessageID: id})
		if err != nil {
			return err
		}
		for _, a := range attempts {
			out = append(out, attemptEntries(a)...)
		}
		receipts, err := t.ReceiptsOf(ctx, db.ReceiptsOfParams{OrgID: p.Org, MessageID: &id})
		for _, r := range receipts {
			at := r.ReceivedAt
			if r.ProviderAt != nil {
				at = *r.ProviderAt
			}
			out = append(out, chat.TimelineEntry{Status: r.Status, At: at, ReportedBy: r.Provider, Detail: joinWords(r.Code, r.FailureText)})
		}
		return err
	})
	return out, err
}

func firstEntry(m chat.Message) chat.TimelineEntry {
	e := chat.TimelineEntry{Status: m.Status, At: m.CreatedAt, ReportedBy: "converse"}
	if m.Direction == chat.DirectionOutbound {
		e.Status, e.ReportedBy, e.Detail = chat.StatusQueued, m.AuthorName, ""
	}
	return e
}

// attemptEntries are when a call began and how it ended.
func attemptEntries(a db.Attempt) []chat.TimelineEntry {
	if zero(a.Outcome) == "withheld" {
		return []chat.TimelineEntry{{Status: chat.StatusFailed, At: a.StartedAt, ReportedBy: "converse", Detail: joinWords(a.Code, a.Detail)}}
	}
	out := []chat.TimelineEntry{{Status: chat.StatusSending, At: a.StartedAt, ReportedBy: "converse"}}
	if a.Outcome == nil || a.FinishedAt == nil {
		return out
	}
	end := chat.TimelineEntry{At: *a.FinishedAt, ReportedBy: "converse", Detail: joinWords(a.Code, a.Detail)}
	switch *a.Outcome {
	case "accepted":
		end.Status, end.Detail = chat.StatusSent, "the provider took it"
	case "refused":
		end.Status = chat.StatusFailed
	case "unsure":
		end.Status = chat.StatusUnsure
	case "not_sent":
		end.Status = chat.StatusQueued
		end.Detail = joinWords("not taken, will be tried again", end.Detail)
	}
	return append(out, end)
}

func joinWords(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + ": " + b
}
