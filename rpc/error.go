package rpc

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"

	"connectrpc.com/connect"

	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/store"
	"converse/internal/wire"
)

// codes is the one table from our codes to Connect's.
var codes = map[chat.Code]connect.Code{
	chat.CodeInvalid:         connect.CodeInvalidArgument,
	chat.CodeUnauthenticated: connect.CodeUnauthenticated,
	chat.CodeForbidden:       connect.CodePermissionDenied,
	chat.CodeNotFound:        connect.CodeNotFound,
	chat.CodeConflict:        connect.CodeAborted,
	chat.CodeBlocked:         connect.CodeFailedPrecondition,
	chat.CodeTooMany:         connect.CodeResourceExhausted,
	chat.CodeUnavailable:     connect.CodeUnavailable,
}

// errorInterceptor lets only errors for people out. Anything else is logged in full
// under a reference, and the caller gets the reference.
func errorInterceptor(log *slog.Logger) connect.UnaryInterceptorFunc {
	return func(next connect.UnaryFunc) connect.UnaryFunc {
		return func(ctx context.Context, req connect.AnyRequest) (connect.AnyResponse, error) {
			res, err := next(ctx, req)
			if err == nil {
				return res, nil
			}
			return nil, outward(ctx, log, req.Spec().Procedure, err)
		}
	}
}

func outward(ctx context.Context, log *slog.Logger, procedure string, err error) error {
	if known, ok := errors.AsType[*chat.Error](err); ok {
		if code, ok := codes[known.Code]; ok {
			return withDetail(connect.NewError(code, errors.New(known.Message)), &conversev1.ErrorDetail{
				Reason: known.Reason, Field: known.Field, Newer: int32(known.Newer), RetryAt: wire.Time(known.RetryAt), LeadId: string(known.Lead),
			})
		}
	}
	// Connect's own errors come from reading the request: limits, syntax, validation.
	var connectErr *connect.Error
	if errors.As(err, &connectErr) && connectErr.Code() != connect.CodeInternal && connectErr.Code() != connect.CodeUnknown {
		return connectErr
	}
	reference := rand.Text()[:10]
	if ctx.Err() != nil {
		log.Info("call not finished", "procedure", procedure, "reference", reference, "cause", err)
		return reply(connect.CodeUnavailable, "This took too long. Try again.", reference)
	}
	if store.IsAway(err) {
		log.Warn("call not finished", "procedure", procedure, "reference", reference, "cause", err)
		return reply(connect.CodeUnavailable, "The database does not answer just now. Try again.", reference)
	}
	log.Error("call failed", "procedure", procedure, "reference", reference, "cause", err)
	return reply(connect.CodeInternal, "Something went wrong on our side. Try again; if it stays, quote "+reference+".", reference)
}

func reply(code connect.Code, text, reference string) error {
	return withDetail(connect.NewError(code, errors.New(text)), &conversev1.ErrorDetail{Reference: reference})
}

func withDetail(err *connect.Error, detail *conversev1.ErrorDetail) *connect.Error {
	if d, detailErr := connect.NewErrorDetail(detail); detailErr == nil {
		err.AddDetail(d)
	}
	return err
}
