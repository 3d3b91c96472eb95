// Package docs embeds the guides to providers, so that whoever runs the program has them
// without its source. It promises nothing but bytes, and must not know who shows them.
package docs

import (
	"embed"
	"io/fs"
)

//go:embed providers/*.md
var providers embed.FS

// Providers is a Markdown file for each provider, named for it.
func Providers() fs.FS {
	sub, err := fs.Sub(providers, "providers")
	if err != nil {
		panic(err) // the directory is part of this package
	}
	return sub
}
