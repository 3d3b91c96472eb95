package store

import (
	"context"
	"slices"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// Groups lists the groups that the principal may see: all for an administrator, their
// own for a sales manager.
func (s *Store) Groups(ctx context.Context, p chat.Principal) ([]chat.Group, error) {
	var out []chat.Group
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		may, err := t.management(ctx, p)
		if err != nil {
			return err
		}
		all, err := t.groups(ctx)
		out = slices.DeleteFunc(all, func(g chat.Group) bool { return !may.All && !slices.Contains(may.Groups, g.ID) })
		return err
	})
	return out, err
}

func (t *tx) groups(ctx context.Context) ([]chat.Group, error) {
	rows, err := t.Queries.Groups(ctx, t.org)
	return convert(rows, func(r db.GroupsRow) chat.Group {
		return chat.Group{ID: r.ID, Name: r.Name, Members: idsOf[chat.UserID](r.MemberIds)}
	}), err
}

func idsOf[T ~string](texts []string) []T {
	return convert(texts, func(s string) T { return T(s) })
}

// SaveGroup makes a group, or gives one another name and other members. A name that
// another group has is a conflict.
func (s *Store) SaveGroup(ctx context.Context, p chat.Principal, g chat.Group, fresh bool) error {
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		if _, err := t.LockPeople(ctx, t.org); err != nil {
			return err
		}
		before, err := t.putGroup(ctx, g, fresh)
		if err != nil {
			return err
		}
		touched := difference(before, g.Members)
		if len(touched) > 0 {
			// Whoever stays has other colleagues now.
			if err := t.recompute(ctx, append(before, g.Members...)); err != nil {
				return err
			}
		}
		action := "group.updated"
		if fresh {
			action = "group.created"
		}
		return t.audit(ctx, p, chat.AuditEntry{Action: action, Object: string(g.ID), Fields: []string{"name", "members"}})
	})
	if isUnique(err, "groups_org_id_name_key") {
		return &chat.Error{Code: chat.CodeConflict, Field: "name", Message: "Another group has this name."}
	}
	return err
}

// putGroup stores a group and returns who was in it before.
func (t *tx) putGroup(ctx context.Context, g chat.Group, fresh bool) (before []chat.UserID, err error) {
	if fresh {
		err = t.InsertGroup(ctx, db.InsertGroupParams{OrgID: t.org, ID: g.ID, Name: g.Name})
	} else {
		var renamed int64
		renamed, err = t.RenameGroup(ctx, db.RenameGroupParams{OrgID: t.org, ID: g.ID, Name: g.Name})
		if err == nil && renamed == 0 {
			err = chat.NotFound("group")
		}
	}
	if err != nil {
		return nil, err
	}
	if before, err = t.MembersOfGroup(ctx, db.MembersOfGroupParams{OrgID: t.org, GroupID: g.ID}); err != nil {
		return nil, err
	}
	err = t.RemoveMembers(ctx, db.RemoveMembersParams{OrgID: t.org, GroupID: g.ID, UserIds: texts(without(before, g.Members))})
	if err != nil {
		return nil, err
	}
	err = t.AddMembers(ctx, db.AddMembersParams{OrgID: t.org, GroupID: g.ID, UserIds: texts(without(g.Members, before))})
	return before, missing(err, "user")
}

// DeleteGroup takes a group away, and with it what was assigned to it.
func (s *Store) DeleteGroup(ctx context.Context, p chat.Principal, id chat.GroupID) error {
	return s.inOrg(ctx, p.Org, func(t *tx) error {
		if _, err := t.LockPeople(ctx, t.org); err != nil {
			return err
		}
		before, err := t.MembersOfGroup(ctx, db.MembersOfGroupParams{OrgID: t.org, GroupID: id})
		if err != nil {
			return err
		}
		deleted, err := t.Queries.DeleteGroup(ctx, db.DeleteGroupParams{OrgID: t.org, ID: id})
		if err == nil && deleted == 0 {
			err = chat.NotFound("group")
		}
		if err != nil {
			return err
		}
		if err := t.recompute(ctx, before); err != nil {
			return err
		}
		return t.audit(ctx, p, chat.AuditEntry{Action: "group.deleted", Object: string(id)})
	})
}

// setGroups changes the groups of a user, and returns whose colleagues changed by it.
func (t *tx) setGroups(ctx context.Context, id chat.UserID, before, after []chat.GroupID) ([]chat.UserID, error) {
	gone, come := without(before, after), without(after, before)
	var touched []chat.UserID
	for _, g := range append(slices.Clone(gone), come...) {
		members, err := t.MembersOfGroup(ctx, db.MembersOfGroupParams{OrgID: t.org, GroupID: g})
		if err != nil {
			return nil, err
		}
		touched = append(touched, members...)
	}
	if len(gone)+len(come) == 0 {
		return nil, nil
	}
	err := t.RemoveFromGroups(ctx, db.RemoveFromGroupsParams{OrgID: t.org, UserID: id, GroupIds: texts(gone)})
	if err == nil {
		err = t.AddToGroups(ctx, db.AddToGroupsParams{OrgID: t.org, UserID: id, GroupIds: texts(come)})
	}
	return append(touched, id), missing(err, "group")
}

// without returns what is in one list and not in the other.
func without[T comparable](list, other []T) []T {
	return slices.DeleteFunc(slices.Clone(list), func(v T) bool { return slices.Contains(other, v) })
}

// difference returns what is in one of two lists alone.
func difference[T comparable](a, b []T) []T { return append(without(a, b), without(b, a)...) }
