package store

import (
	"context"
	"slices"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// Colleague is an active user, as seen from one conversation.
type Colleague struct {
	chat.User
	// Sees: the lead as things are. MayTake: may be given the lead.
	Sees, MayTake bool
}

// TakingGroup is a group that a lead can be given to.
type TakingGroup struct {
	chat.Group
	// Takers is how many of its members may get the lead: more than none.
	Takers int
}

// Colleagues lists everyone active but the user, by name, and what each could do with
// the lead of a conversation; and the groups that it can be given to, by name.
func (s *Store) Colleagues(ctx context.Context, p chat.Principal, id chat.ConversationID) ([]Colleague, []TakingGroup, error) {
	var out []Colleague
	var groups []TakingGroup
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		c, err := t.conversation(ctx, p.User, id)
		if err != nil {
			return err
		}
		if !p.Sees(c.Owner) {
			return chat.NotFound("conversation")
		}
		everyone, err := t.everyone(ctx)
		if err != nil {
			return err
		}
		out, groups = nil, nil
		taking := map[chat.UserID]bool{}
		for _, other := range everyone {
			taking[other.User] = mayOwn(other) && other.User != c.Owner
			if other.User == p.User {
				continue
			}
			out = append(out, Colleague{
				User: chat.User{ID: other.User, Name: other.Name, Role: other.Role}, Sees: other.Sees(c.Owner), MayTake: mayOwn(other),
			})
		}
		all, err := t.groups(ctx)
		for _, g := range all {
			if takers := countOf(g.Members, taking); takers > 0 {
				groups = append(groups, TakingGroup{Group: g, Takers: takers})
			}
		}
		return err
	})
	return out, groups, err
}

func countOf(users []chat.UserID, wanted map[chat.UserID]bool) int {
	n := 0
	for _, u := range users {
		if wanted[u] {
			n++
		}
	}
	return n
}

// mayOwn reports whether a user may be given leads: one who chats, and who would see them.
func mayOwn(p chat.Principal) bool { return p.MayChat() && p.Sees(p.User) }

// everyone are the org's active users, with their access, by name.
func (t *tx) everyone(ctx context.Context) ([]chat.Principal, error) {
	rows, err := t.ListUsers(ctx, t.org)
	if err != nil {
		return nil, err
	}
	out := make([]chat.Principal, len(rows))
	for i, r := range rows {
		if out[i], err = principalOf(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// user is one active user with their access. One who is not there is an error with code
// not found.
func (t *tx) user(ctx context.Context, id chat.UserID) (chat.Principal, error) {
	everyone, err := t.everyone(ctx)
	if err != nil {
		return chat.Principal{}, err
	}
	i := slices.IndexFunc(everyone, func(p chat.Principal) bool { return p.User == id })
	if i < 0 {
		return chat.Principal{}, chat.NotFound("user")
	}
	return everyone[i], nil
}

// principalOf is a user as a principal: who they are and what they may do, signed in or not.
func principalOf(r db.User) (chat.Principal, error) {
	access, err := accessOf(r.Access)
	return chat.Principal{Org: r.OrgID, User: r.ID, Name: r.Name, Role: r.Role, Access: access, AccessVersion: r.AccessVersion}, err
}
