package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// errNotConfirmed is what an erasing without its word is told.
func errNotConfirmed() error {
	return chat.Invalidf("confirm", "must be the word erase: erasing cannot be undone.")
}

// EraseLead begins the erasing of a lead, deleted or not. Its names, identifiers and
// values are gone at once; a job empties its messages, files and callbacks. Erasing it
// again returns the same erasure. Without confirmed nothing happens.
func (s *Store) EraseLead(ctx context.Context, p chat.Principal, id chat.LeadID, confirmed bool) (chat.Erasure, error) {
	var out chat.Erasure
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		erasure, err := t.eraseLead(ctx, p, id, confirmed)
		if err != nil {
			return err
		}
		out, err = t.erasure(ctx, erasure)
		return err
	})
	return out, err
}

func (t *tx) eraseLead(ctx context.Context, p chat.Principal, id chat.LeadID, confirmed bool) (chat.ErasureID, error) {
	lead, err := t.LockLeadToErase(ctx, db.LockLeadToEraseParams{OrgID: t.org, ID: id})
	if err == nil && p.User != "" && !p.Sees(zero(lead.OwnerID)) {
		err = pgx.ErrNoRows
	}
	if err != nil {
		return "", notFound(err, "lead")
	}
	if !confirmed {
		return "", errNotConfirmed()
	}
	if lead.ErasedAt != nil {
		return t.ErasureOfLead(ctx, db.ErasureOfLeadParams{OrgID: t.org, LeadID: id})
	}
	erasure := chat.NewID[chat.ErasureID]()
	if err := t.emptyLead(ctx, p, id, erasure); err != nil {
		return "", err
	}
	within, err := t.pgx(ctx)
	if err != nil {
		return "", err
	}
	return erasure, errors.Join(
		t.options.Erase(ctx, within, t.org, erasure),
		t.audit(ctx, p, chat.AuditEntry{Action: "lead.erased", Object: string(id)}),
	)
}

// emptyLead takes away all that a lead is known and found by.
func (t *tx) emptyLead(ctx context.Context, p chat.Principal, id chat.LeadID, erasure chat.ErasureID) error {
	whole, err := t.leadWhole(ctx, id)
	if err != nil {
		return err
	}
	wanted, err := json.Marshal(wantedOf(whole))
	if err != nil {
		return fmt.Errorf("encode what is to be erased: %w", err)
	}
	if err := errors.Join(
		t.InsertErasure(ctx, db.InsertErasureParams{OrgID: t.org, ID: erasure, LeadID: id, RequestedBy: orNull(p.User), Wanted: wanted}),
		t.remember(ctx, whole.Identifiers),
		t.EmptyLead(ctx, db.EmptyLeadParams{OrgID: t.org, ID: id}),
		t.EmptyIdentifiers(ctx, db.EmptyIdentifiersParams{OrgID: t.org, LeadID: id}),
		t.DeleteTermsOfLead(ctx, db.DeleteTermsOfLeadParams{OrgID: t.org, LeadID: id}),
		t.DeleteSpellings(ctx, db.DeleteSpellingsParams{OrgID: t.org, Words: nameWords(whole)}),
		t.DeleteValuesOfLead(ctx, db.DeleteValuesOfLeadParams{OrgID: t.org, LeadID: id}),
		t.DeleteMembershipsOfLead(ctx, db.DeleteMembershipsOfLeadParams{OrgID: t.org, LeadID: id}),
		t.DeleteActivitiesOfLead(ctx, db.DeleteActivitiesOfLeadParams{OrgID: t.org, LeadID: id}),
		t.DeleteAliasesOfLead(ctx, db.DeleteAliasesOfLeadParams{OrgID: t.org, LeadID: id}),
		t.DeleteWaitingJobsOfLead(ctx, db.DeleteWaitingJobsOfLeadParams{OrgID: t.org, LeadID: id}),
		t.FailWaitingMessagesOfLead(ctx, db.FailWaitingMessagesOfLeadParams{OrgID: t.org, LeadID: id}),
	); err != nil {
		return err
	}
	gone := chat.Lead{ID: id, Owner: whole.Owner, DeletedAt: time.Now(), Version: whole.Version + 1}
	return t.publish(chat.OrgTopic(t.org), chat.Event{Lead: &gone, Owner: whole.Owner})
}

// leadWhole is a lead with its identifiers, deleted or not.
func (t *tx) leadWhole(ctx context.Context, id chat.LeadID) (chat.Lead, error) {
	row, err := t.LeadToErase(ctx, db.LeadToEraseParams{OrgID: t.org, ID: id})
	if err != nil {
		return chat.Lead{}, notFound(err, "lead")
	}
	out := chat.Lead{ID: id, FirstName: row.FirstName, LastName: row.LastName, Owner: zero(row.OwnerID), Version: row.Version}
	identifiers, err := t.IdentifiersOfLeads(ctx, db.IdentifiersOfLeadsParams{OrgID: t.org, LeadIds: []string{string(id)}})
	out.Identifiers = convert(identifiers, identifierOf)
	return out, err
}

// nameWords are the words of a lead's names, as its terms have them.
func nameWords(l chat.Lead) []string {
	var out []string
	for _, term := range chat.LeadTerms(l) {
		if term.Kind == chat.TermFirstName || term.Kind == chat.TermLastName {
			out = append(out, term.Text)
		}
	}
	return out
}

// Wanted is what to look for where a lead may have left it.
type Wanted struct {
	// Numbers are the digits of phone numbers, Words all other identifiers.
	Numbers []string `json:"numbers"`
	Words   []string `json:"words"`
}

func wantedOf(l chat.Lead) Wanted {
	out := Wanted{Numbers: []string{}, Words: []string{}}
	for _, i := range l.Identifiers {
		if i.Kind == chat.IdentifierPhone && !i.Invalid {
			out.Numbers = append(out.Numbers, strings.TrimPrefix(i.Value, "+"))
		} else {
			out.Words = append(out.Words, i.Value)
		}
	}
	return out
}

func (t *tx) erasure(ctx context.Context, id chat.ErasureID) (chat.Erasure, error) {
	row, err := t.GetErasure(ctx, db.GetErasureParams{OrgID: t.org, ID: id})
	return erasureOf(db.ListErasuresRow(row)), notFound(err, "erasure")
}

func erasureOf(r db.ListErasuresRow) chat.Erasure {
	return chat.Erasure{
		ID: r.ID, Lead: r.LeadID, RequestedByName: r.RequestedByName, RequestedAt: r.RequestedAt, State: r.State, Total: r.Total,
		Handled: r.Handled, Messages: r.Messages, Files: r.Files, Callbacks: r.Callbacks, FinishedAt: zero(r.FinishedAt),
	}
}

// Erasures lists an org's erasures, the newest first.
func (s *Store) Erasures(ctx context.Context, org chat.OrgID, most int) ([]chat.Erasure, error) {
	var out []chat.Erasure
	err := s.inOrg(ctx, org, func(t *tx) error {
		rows, err := t.ListErasures(ctx, db.ListErasuresParams{OrgID: org, Most: int32(most)})
		out = convert(rows, erasureOf)
		return err
	})
	return out, err
}
