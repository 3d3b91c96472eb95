package sandbox

import (
	"errors"
	"io/fs"
	"net/http"
	"strings"
)

// policy is what the handset page may load: only what comes from here.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; font-src 'self'; " +
	"img-src 'self' blob: data:; media-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// unbuilt is shown while the front end has not been built.
const unbuilt = "The handset page has not been built yet. Run `make build`, or use the control API under /control.\n"

// pages serves the handset page and what it loads.
func (s *Sandbox) pages(mux *http.ServeMux) {
	files := http.FileServerFS(s.config.Web)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/handset/", http.StatusFound)
	})
	mux.HandleFunc("GET /handset/{$}", s.getPage)
	mux.HandleFunc("GET /assets/", func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/") {
			http.NotFound(w, r) // no listings
			return
		}
		w.Header().Set("X-Content-Type-Options", "nosniff")
		// Vite puts the content's hash into the name of every asset.
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		files.ServeHTTP(w, r)
	})
	mux.Handle("GET /favicon.ico", files)
	mux.Handle("GET /favicon.svg", files)
}

func (s *Sandbox) getPage(w http.ResponseWriter, _ *http.Request) {
	page, err := fs.ReadFile(s.config.Web, "handset.html")
	header := w.Header()
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Security-Policy", policy)
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Permissions-Policy", "microphone=(self), camera=(), geolocation=(self)")
	header.Set("Cache-Control", "no-cache")
	if errors.Is(err, fs.ErrNotExist) {
		header.Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = w.Write([]byte(unbuilt))
		return
	}
	header.Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(page)
}
