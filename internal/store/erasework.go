package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// ErasureWork is what is left to do of an erasure.
type ErasureWork struct {
	Lead chat.LeadID
	Wanted
	Done bool
}

// ErasureWork returns what is left to do.
func (s *Store) ErasureWork(ctx context.Context, org chat.OrgID, id chat.ErasureID) (ErasureWork, error) {
	var out ErasureWork
	err := s.inOrg(ctx, org, func(t *tx) error {
		row, err := t.GetErasure(ctx, db.GetErasureParams{OrgID: org, ID: id})
		if err != nil {
			return notFound(err, "erasure")
		}
		out = ErasureWork{Lead: row.LeadID, Done: row.State == "done"}
		if out.Done {
			return nil
		}
		if err := json.Unmarshal(row.Wanted, &out.Wanted); err != nil {
			return fmt.Errorf("read what is to be erased: %w", err)
		}
		return nil
	})
	return out, err
}

// ErasedFile is a row that names files of a lead, and their keys in the media store.
type ErasedFile struct {
	kind, id string
	Keys     []string
}

// FilesToErase returns files that a lead is in: of its messages, of uploads that were
// meant for it, of imports that dealt with it, and of exports that may hold it.
func (s *Store) FilesToErase(ctx context.Context, org chat.OrgID, lead chat.LeadID, most int) ([]ErasedFile, error) {
	var out []ErasedFile
	err := s.inOrg(ctx, org, func(t *tx) error {
		files, err := t.FilesOfLead(ctx, db.FilesOfLeadParams{OrgID: org, LeadID: lead, Most: int32(most)})
		if err != nil {
			return err
		}
		out = convert(files, func(f db.FilesOfLeadRow) ErasedFile {
			return ErasedFile{"media", string(f.ID), keysOf(f.ObjectKey, f.PreviewKey)}
		})
		uploads, err := t.UploadsOfLead(ctx, db.UploadsOfLeadParams{OrgID: org, LeadID: lead, Most: int32(most)})
		if err != nil {
			return err
		}
		for _, u := range uploads {
			out = append(out, ErasedFile{"upload", string(u.ID), keysOf(u.ObjectKey)})
		}
		transfers, err := t.TransferFilesOfLead(ctx, db.TransferFilesOfLeadParams{OrgID: org, LeadID: &lead})
		for _, x := range transfers {
			out = append(out, ErasedFile{x.Kind, string(x.ID), keysOf(x.FileKey, x.ResultKey)})
		}
		return err
	})
	return out, err
}

func keysOf(keys ...string) []string {
	var out []string
	for _, key := range keys {
		if key != "" {
			out = append(out, key)
		}
	}
	return out
}

// FilesErased empties the rows of files whose bytes are gone.
func (s *Store) FilesErased(ctx context.Context, org chat.OrgID, id chat.ErasureID, files []ErasedFile) error {
	ids := map[string][]string{}
	for _, f := range files {
		ids[f.kind] = append(ids[f.kind], f.id)
	}
	return s.inOrg(ctx, org, func(t *tx) error {
		return errors.Join(
			t.later.EmptyFiles(ctx, db.EmptyFilesParams{OrgID: org, Ids: ids["media"]}),
			t.later.DeleteUploads(ctx, db.DeleteUploadsParams{OrgID: org, Ids: ids["upload"]}),
			t.later.EmptyImportFiles(ctx, db.EmptyImportFilesParams{OrgID: org, Ids: ids["import"]}),
			t.later.EmptyExportFiles(ctx, db.EmptyExportFilesParams{OrgID: org, Ids: ids["export"]}),
			t.later.AdvanceErasure(ctx, db.AdvanceErasureParams{OrgID: org, ID: id, Files: len(files)}),
		)
	})
}

// EraseMessages empties the next messages of a lead, with what providers said of them and
// the callbacks that are known to be theirs, and returns how many it emptied.
func (s *Store) EraseMessages(ctx context.Context, org chat.OrgID, id chat.ErasureID, lead chat.LeadID, most int) (int, error) {
	emptied := 0
	err := s.inOrg(ctx, org, func(t *tx) error {
		ids, err := t.EmptyMessages(ctx, db.EmptyMessagesParams{OrgID: org, LeadID: lead, Most: int32(most)})
		if emptied = len(ids); err != nil || emptied == 0 {
			return err
		}
		callbacks, err := t.CallbacksOfMessages(ctx, db.CallbacksOfMessagesParams{OrgID: org, Ids: texts(ids)})
		if err != nil {
			return err
		}
		n, err := t.EmptyCallbacks(ctx, db.EmptyCallbacksParams{OrgID: org, Ids: callbacks})
		return errors.Join(err,
			t.later.EmptyAttempts(ctx, db.EmptyAttemptsParams{OrgID: org, Ids: texts(ids)}),
			t.later.DeleteExchangesOfMessages(ctx, db.DeleteExchangesOfMessagesParams{OrgID: org, Ids: texts(ids)}),
			t.later.EmptyReceipts(ctx, db.EmptyReceiptsParams{OrgID: org, Ids: texts(ids)}),
			t.later.AdvanceErasure(ctx, db.AdvanceErasureParams{OrgID: org, ID: id, Handled: emptied, Messages: emptied, Callbacks: int(n)}),
		)
	})
	return emptied, err
}

// NextCallbacks returns an org's callbacks after one of them, in their order, whole.
func (s *Store) NextCallbacks(ctx context.Context, org chat.OrgID, after chat.CallbackID, most int) ([]Callback, error) {
	if after == "" {
		after = "00000000-0000-0000-0000-000000000000"
	}
	var out []Callback
	err := s.inOrg(ctx, org, func(t *tx) error {
		rows, err := t.Queries.NextCallbacks(ctx, db.NextCallbacksParams{OrgID: org, After: after, Most: int32(most)})
		if err != nil {
			return err
		}
		for _, r := range rows {
			c := Callback{ID: r.ID, Query: r.Query, Body: r.Body}
			if err := json.Unmarshal(r.Headers, &c.Headers); err != nil {
				return fmt.Errorf("read callback headers: %w", err)
			}
			out = append(out, c)
		}
		return nil
	})
	return out, err
}

// EraseCallbacks empties callbacks, of so many that were looked at. What became of them
// stays; one that was parked cannot be run again and is ignored.
func (s *Store) EraseCallbacks(ctx context.Context, org chat.OrgID, id chat.ErasureID, looked int, ids []chat.CallbackID) error {
	return s.inOrg(ctx, org, func(t *tx) error {
		n, err := t.EmptyCallbacks(ctx, db.EmptyCallbacksParams{OrgID: org, Ids: texts(ids)})
		return errors.Join(err, t.later.AdvanceErasure(ctx, db.AdvanceErasureParams{OrgID: org, ID: id, Handled: looked, Callbacks: int(n)}))
	})
}

// ErrOnItsWay says that a message of the lead is being handed to a provider just now.
var ErrOnItsWay = errors.New("a message of the lead is on its way")

// FinishErasure ends an erasure: what was looked for is forgotten too. It is ErrOnItsWay
// when that has to wait.
func (s *Store) FinishErasure(ctx context.Context, org chat.OrgID, id chat.ErasureID, w ErasureWork) error {
	return s.inOrg(ctx, org, func(t *tx) error {
		left, err := t.MessagesOnTheirWay(ctx, db.MessagesOnTheirWayParams{OrgID: org, LeadID: w.Lead})
		if err != nil {
			return err
		}
		if left > 0 {
			return ErrOnItsWay
		}
		if err := t.DeleteEventsWith(ctx, db.DeleteEventsWithParams{OrgID: org, Texts: append(w.Numbers, w.Words...)}); err != nil {
			return err
		}
		ended, err := t.Queries.FinishErasure(ctx, db.FinishErasureParams{OrgID: org, ID: id})
		if err != nil || ended == 0 {
			return err
		}
		return t.audit(ctx, chat.Principal{Org: org}, chat.AuditEntry{Action: "lead.erasure_finished", Object: string(w.Lead)})
	})
}
