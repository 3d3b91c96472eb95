package rpc

import (
	"context"
	"slices"
	"strings"

	"connectrpc.com/connect"

	"converse/internal/auth"
	"converse/internal/chat"
)

// callName is the name of a procedure in the table: "LeadService/GetLead".
func callName(procedure string) string {
	return strings.TrimPrefix(procedure, "/"+packageName+".")
}

// refuse returns an error unless the principal may make the call.
func (r right) refuse(p chat.Principal) error {
	switch {
	case p.Via == chat.ViaKey:
		if r.key == "" || !slices.Contains(p.KeyScopes, r.key) {
			return forbidden("This API key was not made for that.")
		}
		return nil
	case p.Via == chat.ViaEnrol && !r.enrol:
		return &chat.Error{Code: chat.CodeForbidden, Reason: chat.ReasonMustEnrol, Message: "Set up your second factor first."}
	case p.Via == chat.ViaWidget && !r.widget:
		return forbidden("The widget may not do this. Sign in to Converse itself.")
	case r.roles != nil && !slices.Contains(r.roles, p.Role):
		if r.refusal != "" {
			return forbidden(r.refusal)
		}
		return forbidden("Your role may not do this.")
	}
	return nil
}

func forbidden(message string) error {
	return &chat.Error{Code: chat.CodeForbidden, Message: message}
}

// rightsInterceptor refuses calls that the principal may not make.
func rightsInterceptor(table map[string]right) connect.UnaryInterceptorFunc {
	return func(next connect.UnaryFunc) connect.UnaryFunc {
		return func(ctx context.Context, req connect.AnyRequest) (connect.AnyResponse, error) {
			r, ok := table[callName(req.Spec().Procedure)]
			switch {
			case !ok:
				return nil, forbidden("This call is not known.")
			case r.open:
				return next(ctx, req)
			}
			p, err := auth.From(ctx)
			if err != nil {
				return nil, err
			}
			if err := r.refuse(p); err != nil {
				return nil, err
			}
			return next(ctx, req)
		}
	}
}
