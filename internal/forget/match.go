package forget

import (
	"bytes"
	"encoding/base64"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"converse/internal/chat"
	"converse/internal/store"
)

// finder recognises a lead in what providers sent.
type finder struct {
	patterns []*regexp.Regexp
	words    [][]byte
}

// leastDigits is how many of a number's last digits are enough to take it for the lead's,
// written without its country code. That somebody else's ends so costs a raw copy of a
// webhook, no more.
const leastDigits = 8

// newFinder looks for numbers however they are written, and for words in any case, as
// they are and as URLs and base64 have them.
func newFinder(w store.Wanted) finder {
	var f finder
	for _, number := range w.Numbers {
		digits := number[len(number)-min(len(number), max(leastDigits, len(number)-3)):]
		// Between two digits there may be spaces, dots, dashes and brackets, also as URLs
		// have them.
		f.patterns = append(f.patterns, regexp.MustCompile(strings.Join(strings.Split(digits, ""), `(?:[ .()/+\-]|%20|%2[89DdFf]){0,3}`)))
		f.words = append(f.words, inBase64(number)...)
	}
	for _, word := range w.Words {
		for _, form := range []string{word, url.QueryEscape(word), strings.ReplaceAll(word, "@", `\u0040`)} {
			f.words = append(f.words, bytes.ToLower([]byte(form)))
		}
		f.words = append(f.words, inBase64(word)...)
	}
	return f
}

// inBase64 is how a text looks within base64, wherever in it the text begins: WhatsApp's
// message ids hold the number so.
func inBase64(text string) [][]byte {
	var out [][]byte
	for shift := range 3 {
		encoded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\x00", shift) + text))
		// The first and the last letters hold bits of what stands around.
		begin, end := []int{0, 2, 3}[shift], len(encoded)
		if (shift+len(text))%3 != 0 {
			end--
		}
		if end-begin >= leastDigits {
			out = append(out, []byte(strings.ToLower(encoded[begin:end])))
		}
	}
	return out
}

// in reports whether a callback names the lead.
func (f finder) in(c store.Callback) bool {
	if f.inText(c.Body) || f.inText([]byte(c.Query)) {
		return true
	}
	for _, value := range c.Headers {
		if f.inText([]byte(value)) {
			return true
		}
	}
	return false
}

// inExchange reports whether an entry of the connector log names the lead.
func (f finder) inExchange(x chat.Exchange) bool {
	return slices.ContainsFunc([]string{x.URL, x.RequestHead, x.RequestBody, x.AnswerHead, x.AnswerBody, x.Error}, func(text string) bool {
		return f.inText([]byte(text))
	})
}

func (f finder) inText(text []byte) bool {
	for _, pattern := range f.patterns {
		if pattern.Match(text) {
			return true
		}
	}
	lower := bytes.ToLower(text)
	for _, word := range f.words {
		if bytes.Contains(lower, word) {
			return true
		}
	}
	return false
}
