// Package guide shows the guides to providers as pages, to whoever sets up a connector and
// has no repository at hand.
//
// It owns how the Markdown of docs/providers looks in a browser. A guide holds nothing of
// an org, so nobody needs to be signed in. Every page is made once, when the program
// starts; a link from one guide to another works here as it does on a code host. It must
// know no provider by name.
package guide

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"time"
)

//go:embed page.html
var pageHTML string

//go:embed guide.css
var style []byte

// Guides are the pages of all guides. They are an http.Handler under /guides/.
type Guides struct {
	mux   *http.ServeMux
	names []string
}

// content is a page or a file, and what its bytes are known by.
type content struct {
	kind  string
	bytes []byte
	tag   string
}

// New makes the pages of the Markdown files in a folder, one for each. tokens is a style
// sheet that names their colours and sizes.
func New(files fs.FS, tokens []byte) (*Guides, error) {
	texts, err := read(files)
	if err != nil {
		return nil, err
	}
	page, err := template.New("page").Parse(pageHTML)
	if err != nil {
		return nil, fmt.Errorf("read the page around guides: %w", err)
	}
	g := &Guides{mux: http.NewServeMux()}
	g.serve("guide.css", contentOf("text/css; charset=utf-8", slices.Concat(tokens, style)))
	for _, text := range texts {
		var out bytes.Buffer
		if err := page.Execute(&out, map[string]any{"Guide": text, "Guides": texts}); err != nil {
			return nil, fmt.Errorf("draw the guide %s: %w", text.Name, err)
		}
		g.serve(text.Name, contentOf("text/html; charset=utf-8", out.Bytes()))
		g.names = append(g.names, text.Name)
	}
	return g, nil
}

// Names are the providers that have a guide, in order of the alphabet.
func (g *Guides) Names() []string { return g.names }

// ServeHTTP implements http.Handler.
func (g *Guides) ServeHTTP(w http.ResponseWriter, r *http.Request) { g.mux.ServeHTTP(w, r) }

func (g *Guides) serve(name string, c content) {
	g.mux.HandleFunc("GET /guides/"+name, func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Type", c.kind)
		// A new version of the program has new guides: a browser asks whether its own is the same.
		h.Set("Cache-Control", "no-cache")
		h.Set("ETag", c.tag)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(c.bytes))
	})
}

func contentOf(kind string, b []byte) content {
	return content{kind: kind, bytes: b, tag: fmt.Sprintf(`"%x"`, sha256.Sum256(b))}
}

// read renders every file, in order of their names.
func read(files fs.FS) ([]text, error) {
	names, err := fs.Glob(files, "*.md")
	if err != nil {
		return nil, fmt.Errorf("list guides: %w", err)
	}
	texts := make([]text, len(names))
	for i, name := range names {
		source, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read a guide: %w", err)
		}
		if texts[i], err = render(strings.TrimSuffix(name, ".md"), source); err != nil {
			return nil, fmt.Errorf("render the guide %s: %w", name, err)
		}
	}
	return texts, nil
}
