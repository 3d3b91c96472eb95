package store

import (
	"context"
	"errors"
	"slices"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// Members lists the users whom the principal may see as one who manages people, by
// name: all for an administrator, those of their groups for a sales manager.
func (s *Store) Members(ctx context.Context, p chat.Principal) ([]chat.Member, error) {
	var out []chat.Member
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		may, err := t.management(ctx, p)
		if err != nil {
			return err
		}
		all, err := t.members(ctx, nil)
		out = slices.DeleteFunc(all, func(m chat.Member) bool { return !may.Sees(m) })
		return err
	})
	return out, err
}

// Member returns one of them, and how many leads they own.
func (s *Store) Member(ctx context.Context, p chat.Principal, id chat.UserID) (member chat.Member, leads int, err error) {
	err = s.inOrg(ctx, p.Org, func(t *tx) error {
		may, err := t.management(ctx, p)
		if err != nil {
			return err
		}
		if member, err = t.member(ctx, id); err != nil {
			return err
		}
		if !may.Sees(member) {
			return chat.NotFound("user")
		}
		leads, err = t.OwnedLeads(ctx, db.OwnedLeadsParams{OrgID: t.org, ID: string(id)})
		return err
	})
	return member, leads, err
}

// Management is which people the principal may manage.
func (s *Store) Management(ctx context.Context, p chat.Principal) (chat.Management, error) {
	var out chat.Management
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		var err error
		out, err = t.management(ctx, p)
		return err
	})
	return out, err
}

// management asks the database who the principal is now: what they were a few seconds
// ago may be remembered elsewhere, and must not let them change people.
func (t *tx) management(ctx context.Context, p chat.Principal) (chat.Management, error) {
	row, err := t.GetUser(ctx, db.GetUserParams{OrgID: t.org, ID: p.User})
	if err != nil {
		return chat.Management{}, notFound(err, "user")
	}
	switch {
	case row.Active && row.Role == chat.RoleAdministrator:
		return chat.Management{All: true}, nil
	case row.Active && row.Role == chat.RoleSalesManager:
		groups, err := t.GroupsOfUser(ctx, db.GroupsOfUserParams{OrgID: t.org, UserID: p.User})
		return chat.Management{Groups: groups}, err
	}
	return chat.Management{}, &chat.Error{Code: chat.CodeForbidden, Message: "Your role may not do this."}
}

// managed locks the org's people, so that what is found stays true to the commit, and
// returns a member whom the principal may change.
func (t *tx) managed(ctx context.Context, p chat.Principal, id chat.UserID) (chat.Management, chat.Member, error) {
	if _, err := t.LockPeople(ctx, t.org); err != nil {
		return chat.Management{}, chat.Member{}, err
	}
	may, err := t.management(ctx, p)
	if err != nil {
		return may, chat.Member{}, err
	}
	member, err := t.member(ctx, id)
	if err != nil {
		return may, member, err
	}
	return may, member, may.Manages(member)
}

func (t *tx) member(ctx context.Context, id chat.UserID) (chat.Member, error) {
	found, err := t.members(ctx, &id)
	if err == nil && len(found) == 0 {
		err = chat.NotFound("user")
	}
	if err != nil {
		return chat.Member{}, err
	}
	return found[0], nil
}

// members returns all members, or the one with an id.
func (t *tx) members(ctx context.Context, id *chat.UserID) ([]chat.Member, error) {
	rows, err := t.Queries.Members(ctx, db.MembersParams{OrgID: t.org, ID: (*string)(id)})
	if err != nil {
		return nil, err
	}
	out := make([]chat.Member, len(rows))
	for i, r := range rows {
		if out[i], err = memberOf(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func memberOf(r db.MembersRow) (chat.Member, error) {
	m := chat.Member{
		User: chat.User{ID: r.ID, Email: r.Email, Name: r.Name, Role: r.Role}, State: chat.UserActive,
		LinkExpires: zero(r.LinkExpiresAt), Access: chat.BaseAccess(r.Role), SecondFactor: r.SecondFactor,
	}
	switch {
	case !r.Joined:
		m.State = chat.UserInvited
	case !r.Active:
		m.State = chat.UserDeactivated
	}
	if r.LastSeenAt.Unix() > 0 { // the beginning of time stands for never
		m.LastSeen = r.LastSeenAt
	}
	for _, g := range r.GroupIds {
		m.Groups = append(m.Groups, chat.GroupID(g))
	}
	access, err := accessOf(r.Access)
	if access != nil {
		m.Access = *access
	}
	return m, err
}

// UpdateMember gives a user a name, a role and groups. A user whose role changes is
// signed out everywhere, so that nobody goes on with more or less than they have.
func (s *Store) UpdateMember(ctx context.Context, p chat.Principal, id chat.UserID, name string, role chat.Role, groups []chat.GroupID) (chat.Member, error) {
	var out chat.Member
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		may, before, err := t.managed(ctx, p, id)
		if err != nil {
			return err
		}
		if err := may.MayBecome(role, before.Groups, groups); err != nil {
			return err
		}
		if role != chat.RoleAdministrator {
			if err := t.notTheLast(ctx, before); err != nil {
				return err
			}
		}
		if err := t.updateMember(ctx, before, name, role, groups); err != nil {
			return err
		}
		if out, err = t.member(ctx, id); err != nil {
			return err
		}
		fields := differences(before, out)
		if len(fields) == 0 {
			return nil
		}
		return t.audit(ctx, p, chat.AuditEntry{Action: "user.updated", Object: string(id), Fields: fields})
	})
	return out, err
}

func (t *tx) updateMember(ctx context.Context, before chat.Member, name string, role chat.Role, groups []chat.GroupID) error {
	if err := t.Queries.UpdateMember(ctx, db.UpdateMemberParams{OrgID: t.org, ID: before.ID, Name: name, Role: role}); err != nil {
		return err
	}
	touched, err := t.setGroups(ctx, before.ID, before.Groups, groups)
	if err != nil {
		return err
	}
	if role != before.Role {
		if _, err := t.endSignIns(ctx, before.ID, ""); err != nil {
			return err
		}
		touched = append(touched, before.ID)
	}
	return t.recompute(ctx, touched)
}

// notTheLast refuses to let the last administrator who can sign in go.
func (t *tx) notTheLast(ctx context.Context, m chat.Member) error {
	if m.Role != chat.RoleAdministrator || m.State != chat.UserActive {
		return nil
	}
	others, err := t.OtherAdministrators(ctx, db.OtherAdministratorsParams{OrgID: t.org, ID: m.ID})
	if err == nil && others == 0 {
		err = &chat.Error{
			Code: chat.CodeBlocked, Reason: chat.ReasonLastAdministrator,
			Message: "This is the last administrator. Make somebody else an administrator first: nobody could manage the org any more.",
		}
	}
	return err
}

// differences names what changed of a member.
func differences(before, after chat.Member) []string {
	var out []string
	for _, field := range []struct {
		name    string
		changed bool
	}{
		{"name", before.Name != after.Name}, {"role", before.Role != after.Role}, {"groups", !slices.Equal(before.Groups, after.Groups)},
	} {
		if field.changed {
			out = append(out, field.name)
		}
	}
	return out
}

// Rename gives the principal another name.
func (s *Store) Rename(ctx context.Context, p chat.Principal, name string) (chat.User, error) {
	var out chat.User
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		row, err := t.GetUser(ctx, db.GetUserParams{OrgID: t.org, ID: p.User})
		if err != nil {
			return notFound(err, "user")
		}
		out = userOf(row)
		if out.Name == name {
			return nil
		}
		out.Name = name
		return errors.Join(
			t.later.UpdateMember(ctx, db.UpdateMemberParams{OrgID: t.org, ID: p.User, Name: name, Role: out.Role}),
			t.audit(ctx, p, chat.AuditEntry{Action: "user.updated", Object: string(p.User), Fields: []string{"name"}}),
		)
	})
	return out, err
}
