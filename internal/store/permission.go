package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// PermissionTemplates lists an org's permission templates by name, with whom they
// restrict.
func (s *Store) PermissionTemplates(ctx context.Context, org chat.OrgID) ([]chat.AssignedTemplate, error) {
	var out []chat.AssignedTemplate
	err := s.inOrg(ctx, org, func(t *tx) error {
		var err error
		out, err = t.permissionTemplates(ctx)
		return err
	})
	return out, err
}

func (t *tx) permissionTemplates(ctx context.Context) ([]chat.AssignedTemplate, error) {
	rows, err := t.Queries.PermissionTemplates(ctx, t.org)
	if err != nil {
		return nil, err
	}
	out, place := make([]chat.AssignedTemplate, len(rows)), map[chat.PermissionTemplateID]int{}
	for i, r := range rows {
		if err := json.Unmarshal(r.Restrictions, &out[i].PermissionTemplate); err != nil {
			return nil, fmt.Errorf("read a permission template: %w", err)
		}
		out[i].ID, out[i].Name = r.ID, r.Name
		place[r.ID] = i
	}
	assignments, err := t.PermissionAssignments(ctx, t.org)
	for _, a := range assignments {
		to := &out[place[a.Restricts]].Assignments
		*to = append(*to, chat.Assignment{User: zero(a.UserID), Role: zero(a.Role), Group: zero(a.GroupID)})
	}
	return out, err
}

// SavePermissionTemplate makes a template, or changes one. Unless it is confirmed, a
// change that would take something from administrators' sight is refused with
// ReasonConfirm. A name that another template has is a conflict.
func (s *Store) SavePermissionTemplate(ctx context.Context, p chat.Principal, template chat.PermissionTemplate, fresh, confirmed bool) error {
	restrictions, err := json.Marshal(template)
	if err != nil {
		return fmt.Errorf("encode a permission template: %w", err)
	}
	err = s.inOrg(ctx, p.Org, func(t *tx) error {
		return t.permit(ctx, p, template.ID, action(fresh, "permission_template"), confirmed, func() error {
			if fresh {
				return t.InsertPermissionTemplate(ctx, db.InsertPermissionTemplateParams{
					OrgID: t.org, ID: template.ID, Name: template.Name, Restrictions: restrictions,
				})
			}
			changed, err := t.UpdatePermissionTemplate(ctx, db.UpdatePermissionTemplateParams{
				OrgID: t.org, ID: template.ID, Name: template.Name, Restrictions: restrictions,
			})
			return some(changed, err, "permission template")
		})
	})
	if isUnique(err, "permission_templates_org_id_name_key") {
		return &chat.Error{Code: chat.CodeConflict, Field: "name", Message: "Another template has this name."}
	}
	return err
}

func action(fresh bool, thing string) string {
	if fresh {
		return thing + ".created"
	}
	return thing + ".updated"
}

// some turns a statement that found nothing to change into the user's error.
func some(changed int64, err error, what string) error {
	if err == nil && changed == 0 {
		return chat.NotFound(what)
	}
	return err
}

// DeletePermissionTemplate takes a template away; whom it restricted is free of it.
func (s *Store) DeletePermissionTemplate(ctx context.Context, p chat.Principal, id chat.PermissionTemplateID) error {
	return s.inOrg(ctx, p.Org, func(t *tx) error {
		return t.permit(ctx, p, id, "permission_template.deleted", true, func() error {
			deleted, err := t.Queries.DeletePermissionTemplate(ctx, db.DeletePermissionTemplateParams{OrgID: t.org, ID: id})
			return some(deleted, err, "permission template")
		})
	})
}

// SetAssignments says whom a template restricts, in place of those it did. It is
// refused like SavePermissionTemplate.
func (s *Store) SetAssignments(ctx context.Context, p chat.Principal, id chat.PermissionTemplateID, list []chat.Assignment, confirmed bool) error {
	return s.inOrg(ctx, p.Org, func(t *tx) error {
		return t.permit(ctx, p, id, "permission_template.assigned", confirmed, func() error {
			if _, err := t.LockPermissionTemplate(ctx, db.LockPermissionTemplateParams{OrgID: t.org, ID: id}); err != nil {
				return notFound(err, "permission template")
			}
			if err := t.DeleteAssignments(ctx, db.DeleteAssignmentsParams{OrgID: t.org, Restricts: id}); err != nil {
				return err
			}
			for _, a := range list {
				err := t.InsertAssignment(ctx, db.InsertAssignmentParams{
					OrgID: t.org, ID: chat.NewID[string](), Restricts: id, UserID: (*string)(orNull(a.User)), Role: (*string)(orNull(a.Role)),
					GroupID: (*string)(orNull(a.Group)),
				})
				if err != nil {
					return missing(err, "user or group")
				}
			}
			return nil
		})
	})
}

// permit changes what templates say, has everyone's access follow, and refuses a
// change that would blind administrators unless it is confirmed.
func (t *tx) permit(ctx context.Context, p chat.Principal, id chat.PermissionTemplateID, action string, confirmed bool, change func() error) error {
	if _, err := t.LockPeople(ctx, t.org); err != nil {
		return err
	}
	before, err := t.administratorsAccess(ctx)
	if err != nil {
		return err
	}
	if err := change(); err != nil {
		return err
	}
	if err := t.recomputeAccess(ctx); err != nil {
		return err
	}
	after, err := t.administratorsAccess(ctx)
	if err != nil {
		return err
	}
	if why := chat.Blinds(before, after); why != "" && !confirmed {
		return &chat.Error{Code: chat.CodeBlocked, Reason: chat.ReasonConfirm, Field: "confirm", Message: why}
	}
	return t.audit(ctx, p, chat.AuditEntry{Action: action, Object: string(id)})
}

// administratorsAccess is what each active administrator may see.
func (t *tx) administratorsAccess(ctx context.Context) ([]chat.Access, error) {
	all, err := t.members(ctx, nil)
	all = slices.DeleteFunc(all, func(m chat.Member) bool { return m.Role != chat.RoleAdministrator || m.State != chat.UserActive })
	return convert(all, func(m chat.Member) chat.Access { return m.Access }), err
}

// People is who is in an org, and what restricts them.
type People struct {
	Members   []chat.Member
	Groups    []chat.Group
	Templates []chat.AssignedTemplate
}

// People returns them as they are at one moment.
func (s *Store) People(ctx context.Context, org chat.OrgID) (People, error) {
	var out People
	err := s.inOrg(ctx, org, func(t *tx) error {
		var err error
		if out.Members, err = t.members(ctx, nil); err != nil {
			return err
		}
		if out.Groups, err = t.groups(ctx); err != nil {
			return err
		}
		out.Templates, err = t.permissionTemplates(ctx)
		return err
	})
	return out, err
}
