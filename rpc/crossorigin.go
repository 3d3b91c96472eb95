package rpc

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	connectcors "connectrpc.com/cors"
	"github.com/rs/cors"

	"converse/internal/chat"
	"converse/internal/origin"
)

// Embeds knows on which sites an org's widget may be.
type Embeds interface {
	// Known reports whether any org allows a site.
	Known(origin string) bool
	// Allows reports whether an org allows a site.
	Allows(org chat.OrgID, origin string) bool
}

// preflightLife is how long a browser may remember that it may ask, in seconds; browsers
// take two hours at most. What it then asks is judged each time.
const preflightLife = 2 * 60 * 60

// CrossOrigin judges where a browser's request comes from, ahead of everything else. Our
// own pages, whose origins are own, and programs pass. Pages of sites that some org allows
// may call and fetch files, without their cookies: a token says who they are. Every other
// page may change nothing.
func CrossOrigin(next http.Handler, own []string, embeds Embeds) (http.Handler, error) {
	guard := http.NewCrossOriginProtection()
	for _, o := range own {
		if err := guard.AddTrustedOrigin(o); err != nil {
			return nil, fmt.Errorf("trust origin %s: %w", o, err)
		}
	}
	guarded := guard.Handler(next)
	sharing := func(methods ...string) http.Handler {
		return cors.New(cors.Options{
			AllowOriginFunc: embeds.Known,
			AllowedMethods:  methods,
			AllowedHeaders:  append(connectcors.AllowedHeaders(), "Authorization", "Range"),
			ExposedHeaders:  append(connectcors.ExposedHeaders(), "Content-Disposition", "Content-Range"),
			MaxAge:          preflightLife,
		}).Handler(withoutCookies(next))
	}
	shared := sharing(append(connectcors.AllowedMethods(), http.MethodHead)...)
	taking := sharing(http.MethodPut, http.MethodDelete)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !embedded(r.URL.Path) {
			guarded.ServeHTTP(w, r)
			return
		}
		// A file that an image asked for is not the answer to a script that asks for it.
		w.Header().Add("Vary", "Origin")
		from, foreign := origin.Foreign(r.Header, own)
		if foreign && embeds.Known(from) {
			if strings.HasPrefix(r.URL.Path, uploadsPath) {
				taking.ServeHTTP(w, r)
				return
			}
			shared.ServeHTTP(w, r)
			return
		}
		guarded.ServeHTTP(w, r)
	}), nil
}

// uploadsPath is where the bytes of files are sent.
const uploadsPath = "/uploads/"

// embedded reports whether the widget on another site may ask for a path. Its scripts
// are for everyone, and the socket keeps its own door.
func embedded(path string) bool {
	return strings.HasPrefix(path, "/"+packageName+".") || strings.HasPrefix(path, "/media/") || strings.HasPrefix(path, uploadsPath)
}

// withoutCookies takes away what a browser added by itself: it says who is signed in to
// us, not whom the page means.
func withoutCookies(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Cookie")
		next.ServeHTTP(w, r)
	})
}

// EmbedCheck tells a page whether it may include the widget: of a refusal that a browser
// does not let it read, it would only know that something failed.
func EmbedCheck(own []string, embeds Embeds) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from, foreign := origin.Foreign(r.Header, own)
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]bool{"allowed": !foreign || embeds.Known(from)}) // the asker has gone
	})
}

// refuseOrigin returns an error unless a page of that origin may act for the principal.
func refuseOrigin(from string, p chat.Principal, embeds Embeds) error {
	switch {
	case p.Via == chat.ViaKey:
		// Whoever can read the page has the key by now.
		return forbidden("An API key is for servers. Get a widget token with it, and give that to the page.")
	case embeds == nil || !embeds.Allows(p.Org, from):
		return &chat.Error{
			Code: chat.CodeForbidden, Reason: chat.ReasonOrigin,
			Message: "Pages of " + from + " may not use Converse for your organisation. An administrator can allow them: Settings, Embedding.",
		}
	}
	return nil
}
