package rpc

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"buf.build/go/protovalidate"
	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	"converse/internal/chat"
)

// validateInterceptor checks requests against the rules written beside their
// fields, and names the first field that breaks one in its JSON spelling.
func validateInterceptor(v protovalidate.Validator) connect.UnaryInterceptorFunc {
	return func(next connect.UnaryFunc) connect.UnaryFunc {
		return func(ctx context.Context, req connect.AnyRequest) (connect.AnyResponse, error) {
			message, ok := req.Any().(proto.Message)
			if !ok {
				return nil, fmt.Errorf("request of type %T is not a protobuf message", req.Any())
			}
			var broken *protovalidate.ValidationError
			err := v.Validate(message)
			switch {
			case errors.As(err, &broken) && len(broken.Violations) > 0:
				violation := broken.Violations[0].Proto
				field := jsonPath(protovalidate.FieldPathString(violation.GetField()))
				return nil, chat.Invalidf(field, "%s %s", field, violation.GetMessage())
			case err != nil:
				return nil, fmt.Errorf("validate request: %w", err)
			}
			return next(ctx, req)
		}
	}
}

// jsonPath turns "lead_id" into "leadId".
func jsonPath(path string) string {
	var out strings.Builder
	up := false
	for _, r := range path {
		switch {
		case r == '_':
			up = true
		case up:
			out.WriteString(strings.ToUpper(string(r)))
			up = false
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}
