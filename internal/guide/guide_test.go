package guide_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"converse/docs"
	"converse/internal/guide"
)

// ask makes one request and returns the answer with its body.
func ask(t *testing.T, h http.Handler, path string, header ...string) (*http.Response, string) {
	t.Helper()
	req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody)
	if len(header) == 2 {
		req.Header.Set(header[0], header[1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	resp := w.Result()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp, string(body)
}

// guides are those of the program.
func guides(t *testing.T) *guide.Guides {
	t.Helper()
	g, err := guide.New(docs.Providers(), nil)
	require.NoError(t, err)
	return g
}

// of makes one guide of Markdown, and returns its page.
func of(t *testing.T, markdown string) string {
	t.Helper()
	g, err := guide.New(fstest.MapFS{"one.md": {Data: []byte(markdown)}}, nil)
	require.NoError(t, err)
	_, body := ask(t, g, "/guides/one")
	return body
}

var (
	links    = regexp.MustCompile(`(?:href|src)="([^"]*)"`)
	headings = regexp.MustCompile(`<h[1-6] id="([^"]*)"`)
)

func TestEveryGuideIsAPageWhoseLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	g := guides(t)
	require.GreaterOrEqual(t, len(g.Names()), 5)
	between := 0
	for _, name := range g.Names() {
		resp, body := ask(t, g, "/guides/"+name)
		require.Equal(t, http.StatusOK, resp.StatusCode, name)
		require.Equal(t, "text/html; charset=utf-8", resp.Header.Get("Content-Type"), name)
		require.Contains(t, body, `<html lang="en">`, name)
		require.Regexp(t, `<title>.+ · Converse</title>`, body, name)
		require.Contains(t, body, "<table>", name)
		require.Equal(t, 1, strings.Count(body, "<h1"), name)
		require.Equal(t, 1, strings.Count(body, `aria-current="page"`), name)
		for _, mark := range []string{"raw HTML omitted", "](", "| ---", "|---", "<script", "style=", "<th></th>"} {
			require.NotContains(t, body, mark, name)
		}
		here, err := url.Parse("/guides/" + name)
		require.NoError(t, err)
		_, article, _ := strings.Cut(body, "<main")
		for _, found := range links.FindAllStringSubmatch(body, -1) {
			to, err := here.Parse(found[1])
			require.NoError(t, err, found[1])
			if to.Host != "" {
				continue
			}
			resp, target := ask(t, g, to.Path)
			require.Equal(t, http.StatusOK, resp.StatusCode, "%s links to %s", name, found[1])
			if to.Fragment != "" && to.Fragment != "guide" {
				require.Contains(t, headingsOf(target), to.Fragment, "%s links to %s", name, found[1])
			}
			if to.Path != here.Path && strings.Contains(article, found[0]) {
				between++
			}
		}
	}
	require.Positive(t, between, "one guide names another")
}

func headingsOf(page string) []string {
	var ids []string
	for _, found := range headings.FindAllStringSubmatch(page, -1) {
		ids = append(ids, found[1])
	}
	return ids
}

func TestAFilesLinksAreThePagesLinks(t *testing.T) {
	t.Parallel()
	page := of(t, "# One & all\n\n[a](two.md) [b](two.md#there) [c](#here) [d](https://example.com/x.md) [e](../operating.md)\n")
	require.Contains(t, page, "<title>One &amp; all · Converse</title>")
	for _, want := range []string{`href="two"`, `href="two#there"`, `href="#here"`, `href="https://example.com/x.md"`, `href="../operating.md"`} {
		require.Contains(t, page, want)
	}
}

func TestHTMLInAGuideIsLeftOut(t *testing.T) {
	t.Parallel()
	page := of(t, "# One\n\n<script>alert(1)</script>\n\nText <img src=x onerror=alert(1)> [go](javascript:alert(1)) <b>bold</b>\n")
	for _, bad := range []string{"<script", "<img", "onerror", "javascript:", "<b>"} {
		require.NotContains(t, page, bad)
	}
	require.Contains(t, page, "Text")
}

func TestAGuideWithoutATitleStopsTheProgram(t *testing.T) {
	t.Parallel()
	_, err := guide.New(fstest.MapFS{"one.md": {Data: []byte("Text alone.\n")}}, nil)
	require.ErrorContains(t, err, "one.md")
}

func TestAnUnchangedGuideIsNotSentAgain(t *testing.T) {
	t.Parallel()
	g := guides(t)
	for _, path := range []string{"/guides/" + g.Names()[0], "/guides/guide.css"} {
		first, _ := ask(t, g, path)
		tag := first.Header.Get("ETag")
		require.NotEmpty(t, tag)
		again, body := ask(t, g, path, "If-None-Match", tag)
		require.Equal(t, http.StatusNotModified, again.StatusCode, path)
		require.Empty(t, body)
		other, _ := ask(t, g, path, "If-None-Match", `"another"`)
		require.Equal(t, http.StatusOK, other.StatusCode, path)
	}
}

func TestThereIsNothingElse(t *testing.T) {
	t.Parallel()
	g := guides(t)
	for _, path := range []string{"/guides/none", "/guides/", "/guides/twilio.md", "/guides/twilio/", "/guides/../guides/none", "/guides/page.html", "/guides/%2e%2e"} {
		resp, _ := ask(t, g, path)
		require.NotEqual(t, http.StatusOK, resp.StatusCode, path)
	}
	resp, _ := ask(t, g, "/guides/none")
	require.Equal(t, http.StatusNotFound, resp.StatusCode)
}
