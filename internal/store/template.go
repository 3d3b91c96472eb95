package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// StoredTemplate is a template with what the provider needs to know of it.
type StoredTemplate struct {
	chat.Template
	// Named: the provider knows the variables by name, not by position.
	Named bool
	// Ref is the provider's own id of the template. May be empty.
	Ref string
}

// variable, templateHeader and templateAction are parts of a template as they are stored.
type variable struct {
	Name    string `json:"name"`
	Example string `json:"example"`
}

type templateHeader struct {
	Kind    chat.MessageKind `json:"kind"`
	Text    string           `json:"text"`
	Example string           `json:"example"`
	File    *templateFile    `json:"file,omitempty"`
}

// templateFile is what the list of templates says of an upload. Its row has the rest.
type templateFile struct {
	ID          chat.MediaID `json:"id"`
	ContentType string       `json:"type"`
	Name        string       `json:"name"`
	Size        int64        `json:"size"`
	Width       int          `json:"width"`
	Height      int          `json:"height"`
}

func headerRow(h chat.TemplateHeader) templateHeader {
	row := templateHeader{Kind: h.Kind, Text: h.Text, Example: h.Example}
	if f := h.File; f != nil {
		row.File = &templateFile{ID: f.ID, ContentType: f.ContentType, Name: f.Name, Size: f.Size, Width: f.Width, Height: f.Height}
	}
	return row
}

func (h templateHeader) header() *chat.TemplateHeader {
	out := &chat.TemplateHeader{Kind: h.Kind, Text: h.Text, Example: h.Example}
	if f := h.File; f != nil {
		out.File = &chat.Media{
			ID: f.ID, State: chat.MediaReady, Kind: h.Kind, ContentType: f.ContentType, Name: f.Name, Size: f.Size, Width: f.Width, Height: f.Height,
			Version: 1,
		}
	}
	return out
}

type templateAction struct {
	Kind    string `json:"kind"`
	Text    string `json:"text"`
	Value   string `json:"value"`
	Example string `json:"example"`
}

// CreateTemplate stores a template. One without a status counts as approved. One that its
// connector has under this name and language already is an error with code conflict.
func (s *Store) CreateTemplate(ctx context.Context, org chat.OrgID, tpl StoredTemplate) error {
	row, err := tpl.row(org)
	if err != nil {
		return err
	}
	err = s.inOrg(ctx, org, func(t *tx) error { return t.InsertTemplate(ctx, row) })
	if isUnique(err, "templates_once") {
		return &chat.Error{Code: chat.CodeConflict, Field: "name", Message: "There is a template of this name in this language already."}
	}
	return err
}

func (tpl StoredTemplate) row(org chat.OrgID) (db.InsertTemplateParams, error) {
	status := tpl.Status
	if status == "" {
		status = chat.TemplateApproved
	}
	buttons := tpl.Buttons
	if buttons == nil {
		buttons = []string{}
	}
	variables, errVariables := json.Marshal(convert(tpl.Variables, func(v chat.TemplateVariable) variable { return variable(v) }))
	actions, errActions := json.Marshal(convert(tpl.Actions, func(a chat.TemplateAction) templateAction { return templateAction(a) }))
	row := db.InsertTemplateParams{
		OrgID: org, ID: tpl.ID, Channel: tpl.Channel, Name: tpl.Name, Language: tpl.Language, Category: tpl.Category,
		Body: tpl.Body, Footer: tpl.Footer, Buttons: buttons, Variables: variables, Named: tpl.Named,
		ConnectorID: orNull(tpl.Connector), Ref: tpl.Ref, Status: status, Reason: tpl.Reason, Quality: tpl.Quality, Actions: actions,
		SyncedAt: orNull(tpl.SyncedAt),
	}
	var errHeader error
	if tpl.Header != nil {
		row.Header, errHeader = json.Marshal(headerRow(*tpl.Header))
	}
	if err := errors.Join(errVariables, errActions, errHeader); err != nil {
		return row, fmt.Errorf("encode template: %w", err)
	}
	return row, nil
}

// KeepTemplates stores templates of a connector as its provider lists them: new ones are
// added, the others changed, but for those that somebody has made a draft of. With all, templates that were not among those kept since
// began are marked as deleted; it returns how many.
func (s *Store) KeepTemplates(ctx context.Context, org chat.OrgID, connector chat.ConnectorID, list []StoredTemplate, began time.Time, all bool) (deleted int, err error) {
	err = s.inOrg(ctx, org, func(t *tx) error {
		for _, tpl := range list {
			tpl.Connector = connector
			row, err := tpl.row(org)
			if err != nil {
				return err
			}
			kept, err := t.KeepDraft(ctx, db.KeepDraftParams{SyncedAt: row.SyncedAt, OrgID: org, ConnectorID: row.ConnectorID, Ref: row.Ref})
			if err != nil {
				return err
			}
			if kept > 0 {
				continue
			}
			if err := t.UpsertTemplate(ctx, db.UpsertTemplateParams(row)); err != nil {
				return err
			}
		}
		if !all {
			return nil
		}
		if err := t.DetachDrafts(ctx, db.DetachDraftsParams{OrgID: org, ConnectorID: string(connector), Before: began}); err != nil {
			return err
		}
		dropped, err := t.DropUnlistedTemplates(ctx, db.DropUnlistedTemplatesParams{OrgID: org, ConnectorID: string(connector), Before: began})
		deleted = int(dropped)
		return errors.Join(err, t.releaseFiles(ctx, connector), t.connectorChanged(connector, connectorTemplates))
	})
	return deleted, err
}

// Review is what a provider says of a template. Empty words change nothing.
type Review struct {
	// Ref finds the template, or else Name and Language do.
	Ref, Name, Language string
	Status, Reason      string
	Category, Quality   string
}

// Review applies a provider's word on a template of a connector and ends the callback it
// came in.
func (s *Store) Review(ctx context.Context, org chat.OrgID, a Arrival, r Review) (CallbackEnd, error) {
	end := CallbackEnd{Result: ResultShown}
	err := s.inOrg(ctx, org, func(t *tx) error {
		changed, err := t.ReviewTemplate(ctx, db.ReviewTemplateParams{
			OrgID: org, ConnectorID: string(a.Connector), Ref: storable(r.Ref), Name: storable(r.Name), Language: storable(r.Language),
			Status: r.Status, Reason: storable(r.Reason), Category: storable(r.Category), Quality: storable(r.Quality),
		})
		end = CallbackEnd{Result: ResultShown}
		if changed == 0 {
			end = CallbackEnd{Result: ResultIgnored, Why: "about a template that is not known here"}
			return errors.Join(err, t.arrive(ctx, a, end))
		}
		return errors.Join(err, t.arrive(ctx, a, end), t.connectorChanged(a.Connector, connectorTemplates))
	})
	return end, err
}

// Templates lists the templates of a channel by name, but for those that were deleted.
func (s *Store) Templates(ctx context.Context, org chat.OrgID, channel chat.Channel) ([]StoredTemplate, error) {
	var out []StoredTemplate
	err := s.inOrg(ctx, org, func(t *tx) error {
		rows, err := t.ListTemplates(ctx, db.ListTemplatesParams{OrgID: org, Channel: channel})
		if err != nil {
			return err
		}
		out, err = templatesOf(rows)
		return err
	})
	return out, err
}

// Template returns one template.
func (s *Store) Template(ctx context.Context, org chat.OrgID, id chat.TemplateID) (StoredTemplate, error) {
	var out StoredTemplate
	err := s.inOrg(ctx, org, func(t *tx) error {
		row, err := t.GetTemplate(ctx, db.GetTemplateParams{OrgID: org, ID: id})
		if err != nil {
			return notFound(err, "template")
		}
		out, err = templateOf(row)
		return err
	})
	return out, err
}

func templateOf(r db.Template) (StoredTemplate, error) {
	var variables []variable
	var actions []templateAction
	var above *templateHeader
	err := errors.Join(json.Unmarshal(r.Variables, &variables), json.Unmarshal(r.Actions, &actions))
	if r.Header != nil {
		err = errors.Join(err, json.Unmarshal(r.Header, &above))
	}
	if err != nil {
		return StoredTemplate{}, fmt.Errorf("read template: %w", err)
	}
	out := StoredTemplate{
		Template: chat.Template{
			ID: r.ID, Channel: r.Channel, Name: r.Name, Language: r.Language, Category: r.Category, Body: r.Body, Footer: r.Footer,
			Buttons: r.Buttons, Variables: convert(variables, func(v variable) chat.TemplateVariable { return chat.TemplateVariable(v) }),
			Connector: zero(r.ConnectorID), Status: r.Status, Reason: r.Reason, Quality: r.Quality,
			Actions: convert(actions, func(a templateAction) chat.TemplateAction { return chat.TemplateAction(a) }), SyncedAt: zero(r.SyncedAt),
		},
		Named: r.Named, Ref: r.Ref,
	}
	if above != nil {
		out.Header = above.header()
	}
	return out, nil
}

func templatesOf(rows []db.Template) ([]StoredTemplate, error) {
	out := make([]StoredTemplate, len(rows))
	for i, row := range rows {
		var err error
		if out[i], err = templateOf(row); err != nil {
			return nil, err
		}
	}
	return out, nil
}
