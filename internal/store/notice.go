package store

import (
	"context"
	"errors"
	"time"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// Notice is a provider's word about an account or a number, for administrators.
type Notice struct {
	ID        chat.NoticeID
	Connector chat.ConnectorID
	// Sender is the number it is about; empty means the account.
	Sender        chat.SenderID
	SenderAddress string
	// Kind names the subject in the provider's words.
	Kind string
	// Level is info, warning or stop.
	Level string
	// Text is what happened; Next is one thing to do about it, and may be empty.
	Text, Next string
	// At is the provider's time, or ours when it gave none.
	At         time.Time
	ReceivedAt time.Time
	// SettledAt is zero until an administrator has dealt with it.
	SettledAt     time.Time
	SettledByName string
}

// OpenNotices is how many notices of a connector nobody has dealt with.
type OpenNotices struct {
	Count int
	// Stopped: one of them says that messages do not go out.
	Stopped bool
}

// Notice stores a provider's word about an account and ends the callback it came in.
func (s *Store) Notice(ctx context.Context, org chat.OrgID, a Arrival, n Notice) (CallbackEnd, error) {
	end := CallbackEnd{Result: ResultShown}
	err := s.inOrg(ctx, org, func(t *tx) error {
		return errors.Join(t.insertNotice(ctx, n), t.arrive(ctx, a, end))
	})
	return end, err
}

// Warn stores a notice of our own making about a connector.
func (s *Store) Warn(ctx context.Context, org chat.OrgID, n Notice) error {
	return s.inOrg(ctx, org, func(t *tx) error { return t.insertNotice(ctx, n) })
}

func (t *tx) insertNotice(ctx context.Context, n Notice) error {
	at := n.At
	if at.IsZero() {
		at = n.ReceivedAt
	}
	return errors.Join(t.later.InsertNotice(ctx, db.InsertNoticeParams{
		OrgID: t.org, ID: chat.NewID[chat.NoticeID](), ConnectorID: n.Connector, SenderID: orNull(n.Sender), Kind: storable(n.Kind), Level: n.Level,
		Text: storable(n.Text), Next: storable(n.Next), At: at, ReceivedAt: n.ReceivedAt,
	}), t.connectorChanged(n.Connector, connectorNoticed))
}

// Notices lists notices of a connector, or with "" of all, the newest first. With open
// those alone that nobody has dealt with.
func (s *Store) Notices(ctx context.Context, org chat.OrgID, connector chat.ConnectorID, open bool, most int) ([]Notice, error) {
	var out []Notice
	err := s.inOrg(ctx, org, func(t *tx) error {
		rows, err := t.ListNotices(ctx, db.ListNoticesParams{OrgID: org, ConnectorID: string(connector), OpenOnly: open, Most: int32(most)})
		out = convert(rows, func(r db.ListNoticesRow) Notice {
			return Notice{
				ID: r.ID, Connector: r.ConnectorID, Sender: zero(r.SenderID), SenderAddress: r.SenderAddress, Kind: r.Kind, Level: r.Level,
				Text: r.Text, Next: r.Next, At: r.At, ReceivedAt: r.ReceivedAt, SettledAt: zero(r.SettledAt), SettledByName: r.SettledByName,
			}
		})
		return err
	})
	return out, err
}

// SettleNotice notes that an administrator has dealt with a notice.
func (s *Store) SettleNotice(ctx context.Context, p chat.Principal, id chat.NoticeID) error {
	return s.inOrg(ctx, p.Org, func(t *tx) error {
		connector, err := t.Queries.SettleNotice(ctx, db.SettleNoticeParams{OrgID: p.Org, ID: id, SettledBy: orNull(p.User)})
		if err != nil {
			return notFound(err, "notice")
		}
		return errors.Join(
			t.connectorChanged(connector, connectorNoticed),
			t.audit(ctx, p, chat.AuditEntry{Action: "connector.notice_settled", Object: string(id)}),
		)
	})
}

// CountOpenNotices counts, by connector, the notices that nobody has dealt with.
func (s *Store) CountOpenNotices(ctx context.Context, org chat.OrgID) (map[chat.ConnectorID]OpenNotices, error) {
	out := map[chat.ConnectorID]OpenNotices{}
	err := s.inOrg(ctx, org, func(t *tx) error {
		rows, err := t.Queries.CountOpenNotices(ctx, org)
		for _, r := range rows {
			out[r.ConnectorID] = OpenNotices{Count: r.N, Stopped: r.Stopped}
		}
		return err
	})
	return out, err
}
