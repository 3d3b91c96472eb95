package people

import (
	"context"
	"reflect"
	"slices"

	"converse/internal/chat"
)

// Groups lists the groups that the principal may see.
func (s *Service) Groups(ctx context.Context, p chat.Principal) ([]chat.Group, error) {
	return s.store.Groups(ctx, p)
}

// SaveGroup makes a group when it has no id, or changes one.
func (s *Service) SaveGroup(ctx context.Context, p chat.Principal, g chat.Group) (chat.Group, error) {
	var err error
	if g.Name, err = goodName(g.Name); err != nil {
		return g, err
	}
	fresh := g.ID == ""
	if fresh {
		g.ID = chat.NewID[chat.GroupID]()
	}
	return g, s.store.SaveGroup(ctx, p, g, fresh)
}

// DeleteGroup takes a group away; its members stay.
func (s *Service) DeleteGroup(ctx context.Context, p chat.Principal, id chat.GroupID) error {
	return s.store.DeleteGroup(ctx, p, id)
}

// Templates lists the permission templates and whom they restrict.
func (s *Service) Templates(ctx context.Context, p chat.Principal) ([]chat.AssignedTemplate, error) {
	return s.store.PermissionTemplates(ctx, p.Org)
}

// SaveTemplate makes a template when it has no id, or changes one.
func (s *Service) SaveTemplate(ctx context.Context, p chat.Principal, t chat.PermissionTemplate, confirmed bool) (chat.PermissionTemplate, error) {
	var err error
	if t.Name, err = goodName(t.Name); err != nil {
		return t, err
	}
	if err := t.Check(); err != nil {
		return t, err
	}
	fresh := t.ID == ""
	if fresh {
		t.ID = chat.NewID[chat.PermissionTemplateID]()
	}
	return t, s.store.SavePermissionTemplate(ctx, p, t, fresh, confirmed)
}

// DeleteTemplate takes a template away; whom it restricted is free of it.
func (s *Service) DeleteTemplate(ctx context.Context, p chat.Principal, id chat.PermissionTemplateID) error {
	return s.store.DeletePermissionTemplate(ctx, p, id)
}

// Assign says whom a template restricts, in place of those it did.
func (s *Service) Assign(ctx context.Context, p chat.Principal, id chat.PermissionTemplateID, list []chat.Assignment, confirmed bool) error {
	return s.store.SetAssignments(ctx, p, id, list, confirmed)
}

// Effective is what a user may do and see, and which templates restrict it.
func (s *Service) Effective(ctx context.Context, p chat.Principal, id chat.UserID) (chat.Member, chat.Access, []chat.Restriction, error) {
	everyone, err := s.store.People(ctx, p.Org)
	if err != nil {
		return chat.Member{}, chat.Access{}, nil, err
	}
	for _, m := range everyone.Members {
		if m.ID == id {
			access, why := chat.Restrictions(m, everyone.Templates)
			return m, access, why, nil
		}
	}
	return chat.Member{}, chat.Access{}, nil, chat.NotFound("user")
}

// Preview is what a user may do now, and would.
type Preview struct {
	Member        chat.Member
	Before, After chat.Access
}

// PreviewTemplate tells what a template would change for those whom it touches, or
// would not touch any more. Nothing is changed.
func (s *Service) PreviewTemplate(ctx context.Context, p chat.Principal, draft chat.AssignedTemplate) ([]Preview, error) {
	if err := draft.Check(); err != nil {
		return nil, err
	}
	everyone, err := s.store.People(ctx, p.Org)
	if err != nil {
		return nil, err
	}
	now := everyone.Templates
	then := slices.DeleteFunc(slices.Clone(now), func(t chat.AssignedTemplate) bool { return t.ID == draft.ID })
	then = append(then, draft)
	var out []Preview
	for _, m := range everyone.Members {
		if m.State == chat.UserDeactivated {
			continue
		}
		before, _ := chat.Restrictions(m, now)
		after, why := chat.Restrictions(m, then)
		touched := slices.ContainsFunc(why, func(r chat.Restriction) bool { return r.Template.ID == draft.ID })
		if touched || !reflect.DeepEqual(before, after) {
			out = append(out, Preview{Member: m, Before: before, After: after})
		}
	}
	return out, nil
}
