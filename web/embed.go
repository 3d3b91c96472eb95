// Package web embeds the built front end: the console, the widget and the
// sandbox's handset page, and its tokens. It owns dist, which `make build` fills, and promises
// nothing but bytes. It must not know who serves them.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

//go:embed src/styles/tokens.css
var tokens []byte

// Tokens is the style sheet with every colour and size, for pages that the program itself
// makes.
func Tokens() []byte { return tokens }

// Dist is the built front end, rooted at its index files. It is empty but for a
// placeholder until the front end has been built.
func Dist() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the directory is part of this package
	}
	return sub
}
