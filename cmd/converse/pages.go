package main

import (
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/klauspost/compress/gzhttp"

	"converse/web"
)

// contentPolicy lets pages load what this program serves and nothing else, and
// nobody put them into a frame.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; " +
	"font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// pages serves the front end. Addresses of the console that are not files are its
// own pages, so they all get its entry page.
func pages() http.Handler {
	dist := web.Dist()
	files := http.FileServerFS(dist)
	return gzhttp.GzipHandler(closed(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			// Not 405: clients of a call that this version lacks read 404 as such.
			http.Error(w, "there is nothing to send here", http.StatusNotFound)
			return
		}
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		if name == "widget.js" || strings.HasPrefix(name, "assets/") {
			// The widget's scripts are loaded by pages anywhere; nothing in them is secret.
			h.Set("Access-Control-Allow-Origin", "*")
			h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		}
		switch {
		case strings.HasPrefix(name, "assets/"):
			// The name holds a hash of the content.
			h.Set("Cache-Control", "public, max-age=31536000, immutable")
		case name == "" || !isFile(dist, name):
			if path.Ext(name) != "" {
				http.NotFound(w, r)
				return
			}
			h.Set("Cache-Control", "no-cache")
			http.ServeFileFS(w, r, dist, "index.html")
			return
		default:
			h.Set("Cache-Control", "no-cache")
		}
		files.ServeHTTP(w, r)
	})))
}

// closed keeps what is shown to itself: it loads nothing of others, and others do not
// load it.
func closed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), payment=(), usb=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}

func isFile(dist fs.FS, name string) bool {
	info, err := fs.Stat(dist, name)
	return err == nil && !info.IsDir()
}
