package store

import (
	"context"
	"errors"
	"time"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// TemplateSync is the last reading of a connector's templates from its provider.
type TemplateSync struct {
	Connector chat.ConnectorID
	// State is running, done or failed.
	State string
	// Found templates were read so far; Gone were there no more.
	Found, Gone int
	// Problem is why it failed, in words.
	Problem string
	// EndedAt is zero while it runs.
	BeganAt, EndedAt time.Time
}

// WriteTemplate stores a template that an administrator wrote, or changes one that is a
// draft or was rejected. One that its connector has under this name and language already
// is an error with code conflict. Of the header's example file only the id counts: it is an
// upload of the principal's for this connector, or the one that the template has.
func (s *Store) WriteTemplate(ctx context.Context, p chat.Principal, tpl StoredTemplate, exists bool) error {
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		tpl, err := t.keepFile(ctx, p, tpl)
		if err != nil {
			return err
		}
		row, err := tpl.row(p.Org)
		if err != nil {
			return err
		}
		if !exists {
			return errors.Join(t.InsertTemplate(ctx, row), t.templateTold(ctx, p, tpl.Connector, "template.created", tpl.ID))
		}
		changed, err := t.ChangeTemplate(ctx, db.ChangeTemplateParams{
			OrgID: p.Org, ID: tpl.ID, Name: row.Name, Language: row.Language, Category: row.Category, Body: row.Body, Footer: row.Footer,
			Buttons: row.Buttons, Variables: row.Variables, Named: row.Named, Header: row.Header, Actions: row.Actions, Status: row.Status,
		})
		if err == nil && changed == 0 {
			err = notADraft
		}
		return errors.Join(err, t.releaseFiles(ctx, tpl.Connector), t.templateTold(ctx, p, tpl.Connector, "template.updated", tpl.ID))
	})
	if isUnique(err, "templates_once") {
		return &chat.Error{Code: chat.CodeConflict, Field: "name", Message: "There is a template of this name in this language already."}
	}
	return err
}

// templateTold says in the audit what somebody did to a template, and tells sessions.
func (t *tx) templateTold(ctx context.Context, p chat.Principal, of chat.ConnectorID, action string, id chat.TemplateID) error {
	return errors.Join(t.audit(ctx, p, chat.AuditEntry{Action: action, Object: string(id)}), t.connectorChanged(of, connectorTemplates))
}

// keepFile makes an upload the example of a template, if it names one.
func (t *tx) keepFile(ctx context.Context, p chat.Principal, tpl StoredTemplate) (StoredTemplate, error) {
	if tpl.Header == nil || tpl.Header.File == nil {
		return tpl, nil
	}
	kept, err := t.KeepUpload(ctx, db.KeepUploadParams{
		OrgID: t.org, ID: tpl.Header.File.ID, ConnectorID: &tpl.Connector, Kind: tpl.Header.Kind, UserID: p.User, TemplateID: tpl.ID,
	})
	if chat.CodeOf(notFound(err, "file")) == chat.CodeNotFound {
		return tpl, chat.Invalidf("header.file", "is not there any more: attach it again")
	}
	if err != nil {
		return tpl, err
	}
	header, file := *tpl.Header, uploadOf(kept).Media
	header.File, tpl.Header = &file, &header
	return tpl, nil
}

// releaseFiles lets the examples go that no template of the connector has any more.
func (t *tx) releaseFiles(ctx context.Context, connector chat.ConnectorID) error {
	if connector == "" {
		return nil
	}
	return t.ReleaseUploads(ctx, db.ReleaseUploadsParams{OrgID: t.org, ConnectorID: &connector})
}

// notADraft says that a template is with its provider.
var notADraft = &chat.Error{Code: chat.CodeConflict, Message: "Only a draft or a rejected template can be changed. Make a new one under another name."}

// HandIn records that a template was handed in for review.
func (s *Store) HandIn(ctx context.Context, p chat.Principal, id chat.TemplateID, r Review, at time.Time) error {
	return s.inOrg(ctx, p.Org, func(t *tx) error {
		changed, err := t.HandInTemplate(ctx, db.HandInTemplateParams{
			OrgID: p.Org, ID: id, Ref: storable(r.Ref), Status: r.Status, Reason: storable(r.Reason), Category: storable(r.Category), SyncedAt: &at,
		})
		if err == nil && changed == 0 {
			err = notADraft
		}
		if err != nil {
			return err
		}
		tpl, err := t.GetTemplate(ctx, db.GetTemplateParams{OrgID: p.Org, ID: id})
		return errors.Join(err, t.templateTold(ctx, p, zero(tpl.ConnectorID), "template.submitted", id))
	})
}

// DropTemplate takes away a draft, or a template of no connector. Messages made from it
// stay.
func (s *Store) DropTemplate(ctx context.Context, p chat.Principal, id chat.TemplateID) error {
	return s.inOrg(ctx, p.Org, func(t *tx) error {
		tpl, err := t.GetTemplate(ctx, db.GetTemplateParams{OrgID: p.Org, ID: id})
		if err != nil {
			return notFound(err, "template")
		}
		dropped, err := t.Queries.DropTemplate(ctx, db.DropTemplateParams{OrgID: p.Org, ID: id})
		if err == nil && dropped == 0 && tpl.Status != "deleted" {
			err = &chat.Error{Code: chat.CodeConflict, Message: "This template is with its provider. Delete it there, then read the templates again."}
		}
		connector := zero(tpl.ConnectorID)
		return errors.Join(err, t.releaseFiles(ctx, connector), t.templateTold(ctx, p, connector, "template.deleted", id))
	})
}

// AllTemplates lists an org's templates of every channel, but for those that were deleted.
func (s *Store) AllTemplates(ctx context.Context, org chat.OrgID) ([]StoredTemplate, error) {
	var out []StoredTemplate
	err := s.inOrg(ctx, org, func(t *tx) error {
		rows, err := t.ListAllTemplates(ctx, org)
		if err != nil {
			return err
		}
		out, err = templatesOf(rows)
		return err
	})
	return out, err
}

// BeginTemplateSync has a connector's templates read from its provider soon, unless that
// is going on. p is zero where nobody asked for it.
func (s *Store) BeginTemplateSync(ctx context.Context, p chat.Principal, org chat.OrgID, id chat.ConnectorID) error {
	return s.inOrg(ctx, org, func(t *tx) error {
		begun, err := t.Queries.BeginTemplateSync(ctx, db.BeginTemplateSyncParams{OrgID: org, ConnectorID: id})
		if isForeign(err) {
			return chat.NotFound("connector")
		}
		if err != nil || begun == 0 {
			return err
		}
		if t.options.SyncTemplates != nil {
			transaction, err := t.pgx(ctx)
			if err != nil {
				return err
			}
			if err := t.options.SyncTemplates(ctx, transaction, org, id); err != nil {
				return err
			}
		}
		if p.User == "" {
			return nil
		}
		return t.audit(ctx, p, chat.AuditEntry{Action: "template.synced", Object: string(id)})
	})
}

// CountTemplateSync says how many templates were read so far.
func (s *Store) CountTemplateSync(ctx context.Context, org chat.OrgID, id chat.ConnectorID, found int) error {
	return s.inOrg(ctx, org, func(t *tx) error {
		return t.later.CountTemplateSync(ctx, db.CountTemplateSyncParams{OrgID: org, ConnectorID: id, Found: found})
	})
}

// EndTemplateSync says how a reading ended.
func (s *Store) EndTemplateSync(ctx context.Context, org chat.OrgID, y TemplateSync) error {
	return s.inOrg(ctx, org, func(t *tx) error {
		return t.later.EndTemplateSync(ctx, db.EndTemplateSyncParams{
			OrgID: org, ConnectorID: y.Connector, State: y.State, Found: y.Found, Gone: y.Gone, Problem: storable(y.Problem),
		})
	})
}

// TemplateSyncs lists the last reading of each connector.
func (s *Store) TemplateSyncs(ctx context.Context, org chat.OrgID) ([]TemplateSync, error) {
	var out []TemplateSync
	err := s.inOrg(ctx, org, func(t *tx) error {
		rows, err := t.ListTemplateSyncs(ctx, org)
		out = convert(rows, func(r db.TemplateSync) TemplateSync {
			return TemplateSync{
				Connector: r.ConnectorID, State: r.State, Found: r.Found, Gone: r.Gone, Problem: r.Problem,
				BeganAt: r.BeganAt, EndedAt: zero(r.EndedAt),
			}
		})
		return err
	})
	return out, err
}

// DueConnector is a connector of any org at which something is due.
type DueConnector struct {
	Org chat.OrgID
	ID  chat.ConnectorID
}

// DueTemplateSyncs lists connectors of these providers whose templates were not read for
// that long.
func (s *Store) DueTemplateSyncs(ctx context.Context, providers []string, every time.Duration, most int) ([]DueConnector, error) {
	rows, err := s.queries().DueTemplateSyncs(ctx, db.DueTemplateSyncsParams{Providers: providers, Every: every, Most: most})
	return convert(rows, func(r db.Connector) DueConnector { return DueConnector{Org: r.OrgID, ID: r.ID} }), err
}
