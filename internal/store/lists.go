package store

import (
	"context"
	"errors"
	"time"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// ListKind says which conversations are listed, and in which order.
type ListKind string

// The kinds. The newest message comes first where nothing else is said. What is snoozed
// is in its own list and among the mentions, and elsewhere only while it asks for the
// user's eyes.
const (
	ListAll  ListKind = "all"
	ListMine ListKind = "mine"
	// ListUnread: with messages of the lead, or anything else, that the user has not read.
	ListUnread     ListKind = "unread"
	ListUnassigned ListKind = "unassigned"
	// ListWindowClosing: the service window closes within ClosingWithin, the soonest first.
	ListWindowClosing ListKind = "window_closing"
	// ListSnoozed: the one that comes back next first.
	ListSnoozed ListKind = "snoozed"
	// ListMentions: a note names the user, read or not.
	ListMentions ListKind = "mentions"
)

// ClosingWithin is how soon a service window must close to be listed as closing.
const ClosingWithin = 4 * time.Hour

// forward reports whether the list goes on in time from page to page, not back.
func (k ListKind) forward() bool { return k == ListWindowClosing || k == ListSnoozed }

// ConversationFilter narrows a list of conversations.
type ConversationFilter struct {
	// Kind: empty means ListAll.
	Kind ListKind
	// Channel: empty means every channel.
	Channel chat.Channel
	// At and AtID are where the page before ended; zero for the first page.
	At   time.Time
	AtID chat.ConversationID
	Most int
}

// ConversationPage is one page of a list.
type ConversationPage struct {
	Conversations []chat.Conversation
	// LastAt is the place of the last row, for the next page's filter.
	LastAt time.Time
	// UnreadMine is how many unread messages the user's own leads have in all.
	UnreadMine int
}

// Conversations lists conversations that have a message and that the principal may see.
func (s *Store) Conversations(ctx context.Context, p chat.Principal, f ConversationFilter) (ConversationPage, error) {
	if f.At.IsZero() && !f.Kind.forward() {
		f.At = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	if f.AtID == "" {
		f.AtID = "ffffffff-ffff-ffff-ffff-ffffffffffff"
	}
	var out ConversationPage
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		rows, err := t.listed(ctx, p, f)
		if err != nil {
			return err
		}
		if len(rows) > 0 {
			out.LastAt = f.Kind.place(rows[len(rows)-1].ConversationRow)
		}
		out.Conversations, err = t.withLastMessages(ctx, rows)
		if err := errors.Join(err, t.withMarks(ctx, p.User, out.Conversations)); err != nil {
			return err
		}
		out.UnreadMine, err = t.unreadMine(ctx, p)
		return err
	})
	return out, err
}

// place is where a row stands in the list's order.
func (k ListKind) place(r db.ConversationRow) time.Time {
	switch k {
	case ListWindowClosing:
		return zero(r.WindowExpiresAt)
	case ListSnoozed:
		return zero(r.SnoozedUntil)
	case ListAll, ListMine, ListUnread, ListUnassigned, ListMentions:
	}
	return r.LastMessageAt
}

// listed are the rows of one page.
func (t *tx) listed(ctx context.Context, p chat.Principal, f ConversationFilter) ([]db.GetConversationRow, error) {
	see, channel, most, id := p.Reach(p.Rights().View), string(f.Channel), int32(f.Most), string(f.AtID)
	owners := texts(see.Owners)
	switch f.Kind {
	case ListUnassigned:
		rows, err := t.UnassignedConversations(ctx, db.UnassignedConversationsParams{
			OrgID: t.org, UserID: p.User, BeforeAt: f.At, BeforeID: id, Channel: channel, Most: most,
			SeeAll: see.All, SeeOwners: owners, SeeUnassigned: see.Unassigned,
		})
		return convert(rows, func(r db.UnassignedConversationsRow) db.GetConversationRow { return db.GetConversationRow(r) }), err
	case ListMentions:
		rows, err := t.MentioningConversations(ctx, db.MentioningConversationsParams{
			OrgID: t.org, UserID: p.User, BeforeAt: f.At, BeforeID: id, Channel: channel, Most: most,
			SeeAll: see.All, SeeOwners: owners, SeeUnassigned: see.Unassigned,
		})
		return convert(rows, func(r db.MentioningConversationsRow) db.GetConversationRow { return db.GetConversationRow(r) }), err
	case ListWindowClosing:
		rows, err := t.ClosingConversations(ctx, db.ClosingConversationsParams{
			OrgID: t.org, UserID: p.User, AfterAt: f.At, AfterID: id, Channel: channel, Most: most, Within: ClosingWithin,
			SeeAll: see.All, SeeOwners: owners, SeeUnassigned: see.Unassigned,
		})
		return convert(rows, func(r db.ClosingConversationsRow) db.GetConversationRow { return db.GetConversationRow(r) }), err
	case ListSnoozed:
		rows, err := t.SnoozedConversations(ctx, db.SnoozedConversationsParams{
			OrgID: t.org, UserID: p.User, AfterAt: f.At, AfterID: id, Channel: channel, Most: most,
			SeeAll: see.All, SeeOwners: owners, SeeUnassigned: see.Unassigned,
		})
		return convert(rows, func(r db.SnoozedConversationsRow) db.GetConversationRow { return db.GetConversationRow(r) }), err
	case ListAll, ListMine, ListUnread:
	}
	rows, err := t.ListConversations(ctx, db.ListConversationsParams{
		OrgID: t.org, UserID: p.User, BeforeAt: f.At, BeforeID: id, Channel: channel, Most: most,
		Mine: f.Kind == ListMine, Unread: f.Kind == ListUnread, SeeAll: see.All, SeeOwners: owners, SeeUnassigned: see.Unassigned,
	})
	return convert(rows, func(r db.ListConversationsRow) db.GetConversationRow { return db.GetConversationRow(r) }), err
}

// ConversationCounts says how many conversations the lists have, at most 100 each.
type ConversationCounts struct {
	// Unread counts among the newest 1,000.
	Unread, Unassigned, WindowClosing, Snoozed int
	// Mentions counts those that are not read.
	Mentions int
}

// CountConversations counts what the lists of a channel have, "" for every channel.
func (s *Store) CountConversations(ctx context.Context, p chat.Principal, channel chat.Channel) (ConversationCounts, error) {
	var out ConversationCounts
	see := p.Reach(p.Rights().View)
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		row, err := t.Queries.CountConversations(ctx, db.CountConversationsParams{
			OrgID: t.org, UserID: p.User, Channel: string(channel), Within: ClosingWithin,
			SeeAll: see.All, SeeOwners: texts(see.Owners), SeeUnassigned: see.Unassigned,
		})
		out = ConversationCounts{
			Unread: row.Unread, Unassigned: row.Unassigned, WindowClosing: row.WindowClosing, Snoozed: row.Snoozed, Mentions: row.Mentions,
		}
		return err
	})
	return out, err
}
