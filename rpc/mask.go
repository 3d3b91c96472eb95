package rpc

import (
	"context"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	"converse/internal/auth"
	"converse/internal/mask"
)

// maskInterceptor hides in every answer what the caller may not see (I8). It stands next
// to the services, so that nothing of theirs passes it by. Errors do not need it: they
// carry no values.
func maskInterceptor(m *mask.Masker) connect.UnaryInterceptorFunc {
	return func(next connect.UnaryFunc) connect.UnaryFunc {
		return func(ctx context.Context, req connect.AnyRequest) (connect.AnyResponse, error) {
			res, err := next(ctx, req)
			if err != nil {
				return nil, err
			}
			p, err := auth.From(ctx)
			if err != nil {
				return res, nil //nolint:nilerr // an open call: nobody is signed in, and it shows no leads
			}
			if answer, ok := res.Any().(proto.Message); ok {
				m.Mask(answer, p.Rights())
			}
			return res, nil
		}
	}
}
