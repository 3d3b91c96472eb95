package store

import (
	"context"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// mostOrigins is how many sites one org may allow.
const mostOrigins = 100

// Origins lists the sites that an org's widget may be on, by name.
func (s *Store) Origins(ctx context.Context, org chat.OrgID) ([]chat.Origin, error) {
	var out []chat.Origin
	err := s.inOrg(ctx, org, func(t *tx) error {
		var err error
		out, err = t.origins(ctx)
		return err
	})
	return out, err
}

func (t *tx) origins(ctx context.Context) ([]chat.Origin, error) {
	rows, err := t.ListOrigins(ctx, t.org)
	return convert(rows, func(r db.ListOriginsRow) chat.Origin {
		return chat.Origin{Origin: r.Origin, AddedAt: r.AddedAt, AddedByName: r.AddedByName, SeenAt: zero(r.SeenAt)}
	}), err
}

// AddOrigin allows a site, which must be in the form that origin.Parse gives it. One
// that is allowed already stays as it is.
func (s *Store) AddOrigin(ctx context.Context, p chat.Principal, origin string) (chat.Origin, error) {
	var out chat.Origin
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		added, err := t.InsertOrigin(ctx, db.InsertOriginParams{OrgID: p.Org, Origin: origin, AddedBy: orNull(p.User)})
		if err != nil {
			return err
		}
		all, err := t.origins(ctx)
		if err != nil {
			return err
		}
		if len(all) > mostOrigins {
			return chat.Invalidf("origin", "is one too many: an organisation may have %d. Remove one first.", mostOrigins)
		}
		for _, o := range all {
			if o.Origin == origin {
				out = o
			}
		}
		if added == 0 {
			return nil
		}
		return t.audit(ctx, p, chat.AuditEntry{Action: "origin.added", Detail: origin})
	})
	return out, err
}

// RemoveOrigin ends that a site is allowed.
func (s *Store) RemoveOrigin(ctx context.Context, p chat.Principal, origin string) error {
	return s.inOrg(ctx, p.Org, func(t *tx) error {
		removed, err := t.DeleteOrigin(ctx, db.DeleteOriginParams{OrgID: p.Org, Origin: origin})
		if err != nil {
			return err
		}
		if removed == 0 {
			return chat.NotFound("site")
		}
		return t.audit(ctx, p, chat.AuditEntry{Action: "origin.removed", Detail: origin})
	})
}

// AllOrigins lists the sites that any org allows.
func (s *Store) AllOrigins(ctx context.Context) ([]chat.OrgOrigin, error) {
	rows, err := s.queries().AllOrigins(ctx)
	return convert(rows, func(r db.EmbedOrigin) chat.OrgOrigin { return chat.OrgOrigin{Org: r.OrgID, Origin: r.Origin} }), err
}

// SeeOrigins notes that pages of these sites called just now.
func (s *Store) SeeOrigins(ctx context.Context, seen []chat.OrgOrigin) error {
	var p db.SeeOriginsParams
	for _, o := range seen {
		p.OrgIds, p.Origins = append(p.OrgIds, string(o.Org)), append(p.Origins, o.Origin)
	}
	return s.queries().SeeOrigins(ctx, p)
}
