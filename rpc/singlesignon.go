package rpc

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"connectrpc.com/connect"

	"converse/internal/auth"
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/sso"
	"converse/internal/store"
	"converse/internal/wire"
)

// ssoCookie is the name of the cookie of a browser that is at a provider.
func ssoCookie(secure bool) string { return Cookie(secure) + "-sso" }

// cookie is one that scripts cannot read.
func cookie(name, value string, expires time.Time, secure bool) *http.Cookie {
	return &http.Cookie{ //nolint:gosec // without TLS there is no Secure cookie to be had: that is a developer's machine
		Name: name, Value: value, Path: "/", Expires: expires, HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode,
	}
}

func (s *authService) StartSingleSignOn(ctx context.Context, req *conversev1.StartSingleSignOnRequest) (*conversev1.StartSingleSignOnResponse, error) {
	attempt, err := s.rooms.SingleSignOn.Start(ctx, req.GetEmail())
	if err != nil {
		return nil, err
	}
	if info, ok := connect.CallInfoForHandlerContext(ctx); ok {
		kept := cookie(ssoCookie(s.options.Secure), attempt.Browser, attempt.Expires, s.options.Secure)
		info.ResponseHeader().Add("Set-Cookie", kept.String())
	}
	return &conversev1.StartSingleSignOnResponse{Url: attempt.URL}, nil
}

// returned takes a browser back from a provider. It goes on to the console, or to the
// sign-in page, which says what went wrong or asks for a code. Both are told in the
// address's fragment, which browsers send nowhere.
func (s *authService) returned(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	back := sso.Return{State: query.Get("state"), Code: query.Get("code"), Refused: query.Get("error")}
	name := ssoCookie(s.options.Secure)
	if kept, err := r.Cookie(name); err == nil {
		back.Browser = kept.Value
	}
	http.SetCookie(w, cookie(name, "", time.Unix(0, 0), s.options.Secure))
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	ctx, cancel := context.WithTimeout(r.Context(), s.options.Limit)
	defer cancel()
	at := address(connect.Peer{Addr: r.RemoteAddr}, r.Header, s.options.Proxies)
	ctx = auth.WithCaller(ctx, auth.Caller{Address: at, Agent: agent(r.Header)})
	var in auth.SignedIn
	err := s.paced.pass(sso.CallbackPath, at, paceOfStarts, time.Now())
	if err == nil {
		in, err = s.rooms.SingleSignOn.Finish(ctx, back)
	}
	to := "/"
	switch {
	case err != nil:
		to = "/login#sso=" + url.QueryEscape(s.reason(ctx, err))
	case in.Challenge != "":
		to = "/login#challenge=" + url.QueryEscape(in.Challenge)
	default:
		http.SetCookie(w, cookie(Cookie(s.options.Secure), in.Token, in.Expires, s.options.Secure))
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// reason is the word for an error that the sign-in page has a sentence for.
func (s *authService) reason(ctx context.Context, err error) string {
	if known, ok := err.(*chat.Error); ok && known.Reason != "" { //nolint:errorlint // what rooms return for people is not wrapped
		return known.Reason
	}
	s.options.Log.ErrorContext(ctx, "single sign-on", "cause", err)
	return "failed"
}

func (s *adminService) GetSingleSignOn(ctx context.Context, _ *conversev1.GetSingleSignOnRequest) (*conversev1.GetSingleSignOnResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	settings, err := s.rooms.SingleSignOn.Get(ctx, p)
	return &conversev1.GetSingleSignOnResponse{SingleSignOn: s.singleSignOn(settings)}, err
}

func (s *adminService) SetSingleSignOn(ctx context.Context, req *conversev1.SetSingleSignOnRequest) (*conversev1.SetSingleSignOnResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	asked := req.GetSingleSignOn()
	settings, err := s.rooms.SingleSignOn.Set(ctx, p, store.SingleSignOn{
		Enabled: asked.GetEnabled(), Issuer: strings.TrimSpace(asked.GetIssuer()), ClientID: strings.TrimSpace(asked.GetClientId()),
		Domains: asked.GetDomains(), NewRole: chat.Role(asked.GetNewRole()), Trusted: asked.GetTrusted(),
	}, req.GetClientSecret())
	return &conversev1.SetSingleSignOnResponse{SingleSignOn: s.singleSignOn(settings)}, err
}

func (s *adminService) TestSingleSignOn(ctx context.Context, req *conversev1.TestSingleSignOnRequest) (*conversev1.TestSingleSignOnResponse, error) {
	steps, err := s.rooms.SingleSignOn.Test(ctx, strings.TrimSpace(req.GetIssuer()))
	return &conversev1.TestSingleSignOnResponse{Steps: wire.List(steps, func(step sso.Step) *conversev1.SingleSignOnStep {
		return &conversev1.SingleSignOnStep{Name: step.Name, Ok: step.OK, Text: step.Text}
	})}, err
}

func (s *adminService) singleSignOn(v sso.Settings) *conversev1.SingleSignOn {
	return &conversev1.SingleSignOn{
		Enabled: v.Enabled, Issuer: v.Issuer, ClientId: v.ClientID, Domains: v.Domains, NewRole: string(v.NewRole), Trusted: v.Trusted,
		ModifiedAt: wire.Time(v.ModifiedAt), SecretSet: v.SecretSet, RedirectUrl: s.rooms.SingleSignOn.RedirectURL(),
	}
}
