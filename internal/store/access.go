package store

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// recomputeAccess works out what users may do and see: what their role allows, less
// what the templates take away that are assigned to them, to their role or to one of
// their groups. With no user named it does so for everyone in the org. Whoever changes a
// template, an assignment, a group or a role must call it behind the change, naming all
// whom that touches: with a group, its members before and after. The open sessions of
// users whose access or role did change are ended after the commit.
func (t *tx) recomputeAccess(ctx context.Context, users ...chat.UserID) error {
	locked, err := t.LockAccess(ctx, db.LockAccessParams{OrgID: t.org, Everyone: len(users) == 0, Ids: texts(users)})
	if err != nil || len(locked) == 0 {
		return err
	}
	ids := make([]string, len(locked))
	for i, u := range locked {
		ids[i] = string(u.ID)
	}
	templates, err := t.templatesOf(ctx, ids)
	if err != nil {
		return err
	}
	colleagues, err := t.ColleaguesOf(ctx, db.ColleaguesOfParams{OrgID: t.org, Ids: ids})
	if err != nil {
		return err
	}
	with := map[chat.UserID][]chat.UserID{}
	for _, r := range colleagues {
		with[r.UserID] = append(with[r.UserID], r.ColleagueID)
	}
	for _, u := range locked {
		access := chat.BaseAccess(u.Role)
		for _, template := range templates[u.ID] {
			access = access.Restrict(template)
		}
		access.Colleagues = with[u.ID]
		if err := t.changeAccess(ctx, u, access); err != nil {
			return err
		}
	}
	return nil
}

// templatesOf are the templates that restrict users.
func (t *tx) templatesOf(ctx context.Context, users []string) (map[chat.UserID][]chat.PermissionTemplate, error) {
	rows, err := t.RestrictionsOf(ctx, db.RestrictionsOfParams{OrgID: t.org, Ids: users})
	if err != nil {
		return nil, err
	}
	out := map[chat.UserID][]chat.PermissionTemplate{}
	for _, r := range rows {
		var template chat.PermissionTemplate
		if err := json.Unmarshal(r.Restrictions, &template); err != nil {
			return nil, fmt.Errorf("read a permission template: %w", err)
		}
		out[r.UserID] = append(out[r.UserID], template)
	}
	return out, nil
}

// changeAccess stores a user's access if it is not what it was, and ends the sessions
// that were opened under the other.
func (t *tx) changeAccess(ctx context.Context, u db.LockAccessRow, access chat.Access) error {
	before, err := accessOf(u.Access)
	if err != nil {
		return err
	}
	var stored []byte
	if !reflect.DeepEqual(access, chat.BaseAccess(u.Role)) {
		if stored, err = json.Marshal(access); err != nil {
			return fmt.Errorf("encode a user's access: %w", err)
		}
	}
	after, err := accessOf(stored) // as it will be read
	if err != nil || u.AccessRole == string(u.Role) && reflect.DeepEqual(before, after) {
		return err
	}
	version, err := t.SetAccess(ctx, db.SetAccessParams{OrgID: t.org, ID: u.ID, Access: stored})
	if err != nil {
		return err
	}
	t.changed = append(t.changed, u.ID)
	return t.publish(chat.UserTopic(u.ID), chat.Event{AccessChanged: &chat.AccessChanged{Version: version}})
}

// accessOf reads a stored access; nil stays nil.
func accessOf(stored []byte) (*chat.Access, error) {
	if stored == nil {
		return nil, nil //nolint:nilnil // nothing restricts the role
	}
	out := &chat.Access{}
	if err := json.Unmarshal(stored, out); err != nil {
		return nil, fmt.Errorf("read a user's access: %w", err)
	}
	return out, nil
}
