package guide

import (
	"bytes"
	"errors"
	"html/template"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	markdown "github.com/yuin/goldmark/text"
)

// text is a guide as HTML.
type text struct {
	// Name is the provider's, as in addresses.
	Name string
	// Title is the first heading.
	Title string
	HTML  template.HTML
}

// render makes HTML of Markdown. HTML in the source is left out. A link to another guide
// loses its ending, which turns a file's name into the address of a page.
func render(name string, source []byte) (text, error) {
	md := goldmark.New(goldmark.WithExtensions(extension.Table), goldmark.WithParserOptions(parser.WithAutoHeadingID()))
	tree := md.Parser().Parse(markdown.NewReader(source))
	out := text{Name: name}
	err := ast.Walk(tree, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := node.(type) {
		case *ast.Heading:
			if n.Level == 1 && out.Title == "" {
				out.Title = plain(n, source)
			}
		case *ast.Link:
			n.Destination = []byte(address(string(n.Destination)))
		}
		return ast.WalkContinue, nil
	})
	if err == nil && out.Title == "" {
		err = errors.New("it has no title")
	}
	if err != nil {
		return text{}, err
	}
	var html bytes.Buffer
	if err := md.Renderer().Render(&html, source, tree); err != nil {
		return text{}, err
	}
	out.HTML = template.HTML(html.String()) //nolint:gosec // made here of our own files, and raw HTML is off
	return out, nil
}

// address is where a link of a guide leads on its page.
func address(link string) string {
	if strings.Contains(link, "/") {
		return link
	}
	file, part, found := strings.Cut(link, "#")
	if found {
		part = "#" + part
	}
	return strings.TrimSuffix(file, ".md") + part
}

// plain is the text of a heading without its marks.
func plain(node ast.Node, source []byte) string {
	var out strings.Builder
	for child := node.FirstChild(); child != nil; child = child.NextSibling() {
		if t, ok := child.(*ast.Text); ok {
			out.Write(t.Segment.Value(source))
		} else {
			out.WriteString(plain(child, source))
		}
	}
	return out.String()
}
