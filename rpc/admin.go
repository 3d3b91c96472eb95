package rpc

import (
	"context"
	"strconv"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"converse/internal/auth"
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/store"
	"converse/internal/wire"
)

type adminService struct {
	rooms   Rooms
	options Options
}

// Audit reads what was done.
type Audit interface {
	// AuditEntries returns entries, the newest first.
	AuditEntries(ctx context.Context, org chat.OrgID, f store.AuditFilter) ([]chat.AuditEntry, error)
	// VerifyAudit checks entries after one that is known to be good.
	VerifyAudit(ctx context.Context, org chat.OrgID, after int64) (chat.AuditCheck, error)
}

func (s *adminService) ListAudit(ctx context.Context, req *conversev1.ListAuditRequest) (*conversev1.ListAuditResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	f := store.AuditFilter{
		Actor: chat.UserID(req.GetActorId()), Object: req.GetObject(), Action: req.GetAction(), From: instant(req.GetFrom()), Upto: instant(req.GetUpto()),
		Most: int(req.GetLimit()),
	}
	if f.Most == 0 {
		f.Most = 50
	}
	if req.GetCursor() != "" {
		if f.Before, err = strconv.ParseInt(req.GetCursor(), 10, 64); err != nil || f.Before < 1 {
			return nil, chat.Invalidf("cursor", "is not from a page before")
		}
	}
	entries, err := s.rooms.Audit.AuditEntries(ctx, p.Org, f)
	out := &conversev1.ListAuditResponse{Entries: wire.List(entries, wire.AuditEntry)}
	if n := len(entries); n > 0 && n == f.Most && entries[n-1].Seq > 1 {
		out.NextCursor = strconv.FormatInt(entries[n-1].Seq, 10)
	}
	return out, err
}

func (s *adminService) VerifyAudit(ctx context.Context, req *conversev1.VerifyAuditRequest) (*conversev1.VerifyAuditResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	check, err := s.rooms.Audit.VerifyAudit(ctx, p.Org, int64(req.GetAfter()))
	return &conversev1.VerifyAuditResponse{
		VerifiedUpto: float64(check.Upto), BrokenAt: float64(check.BrokenAt), Problem: string(check.Problem), More: check.More,
	}, err
}

// instant is a time of a request; zero when it is absent.
func instant(t *timestamppb.Timestamp) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.AsTime()
}
