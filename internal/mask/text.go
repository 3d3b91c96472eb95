package mask

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"converse/internal/chat"
)

// Text is what may be read of a message of a kind. Its words stay as they were written,
// but for numbers where those are hidden in chat text. What a card or the network says is
// no chat, nor is what may be either: there, they are hidden from whoever sees no numbers.
func Text(s, kind string, a chat.Access) string {
	switch chat.MessageKind(kind) {
	case chat.KindText, chat.KindTemplate, chat.KindImage, chat.KindVideo, chat.KindAudio, chat.KindDocument, chat.KindSticker,
		chat.KindLocation, chat.KindReaction, chat.KindButton:
		if a.MaskText {
			return hideNumbers(s)
		}
		return s
	default:
		return Words(s, a)
	}
}

// Words is what may be read of what a provider, a program or a colleague wrote: numbers
// and addresses in it are hidden like those of the lead.
func Words(s string, a chat.Access) string {
	if maskOf(a, chat.FieldPhone) != "" || maskOf(a, chat.FieldWhatsApp) != "" || a.MaskText {
		s = hideNumbers(s)
	}
	if maskOf(a, chat.FieldEmail) != "" {
		s = addresses.ReplaceAllString(s, Hidden)
	}
	return s
}

var addresses = regexp.MustCompile(`[^\s@＠<>"',;:()\[\]]+(?:[@＠]|%40)[^\s@＠<>"',;:()\[\]]+`)

const (
	// leastDigits make a number: a local one has seven.
	leastDigits = 7
	// mostBetween is how many signs may stand between two digits: ") - (" and the like.
	mostBetween = 5
)

// hideNumbers hides what may be a phone number, in whatever notation: digits of any
// script, circled or in keycaps, spelt out in English, with spaces, dashes, dots,
// brackets and invisible signs between them.
func hideNumbers(s string) string {
	var out strings.Builder
	written := 0 // how much of s has been dealt with
	for at := 0; at < len(s); {
		begin, end, digits := number(s, at)
		if digits >= leastDigits {
			out.WriteString(s[written:begin])
			out.WriteString(Hidden)
			written = end
		}
		at = max(end, begin+1)
	}
	if written == 0 {
		return s
	}
	out.WriteString(s[written:])
	return out.String()
}

// number finds the next run of digits from a place on: where it begins, a plus sign and
// a bracket in front included, where it ends, and how many digits it has.
func number(s string, at int) (begin, end, digits int) {
	begin, end = len(s), len(s)
	between := 0
	for i := at; i < len(s); {
		if n := digit(s, i); n > 0 {
			if digits == 0 {
				for begin = i; begin > at && (s[begin-1] == '+' || s[begin-1] == '('); {
					begin--
				}
			}
			digits++
			i += n
			end, between = i, 0
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		if digits == 0 {
			continue
		}
		if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
			if between == 0 {
				end = i // it belongs to the digit: a keycap
			}
			continue
		}
		if between++; between > mostBetween || !parts(r) {
			break
		}
	}
	return begin, end, digits
}

// parts reports whether a sign may stand between the digits of a number.
func parts(r rune) bool {
	return unicode.IsSpace(r) || unicode.In(r, unicode.Zs, unicode.Pd, unicode.Ps, unicode.Pe, unicode.Pc) || strings.ContainsRune("+./\\*~|·•,'’", r)
}

// digit is how long the digit at a place is; 0: there is none.
func digit(s string, at int) int {
	r, n := utf8.DecodeRuneInString(s[at:])
	if unicode.In(r, unicode.Nd, unicode.No) {
		return n
	}
	if at > 0 {
		if before, _ := utf8.DecodeLastRuneInString(s[:at]); unicode.IsLetter(before) {
			return 0
		}
	}
	for _, word := range digitWords() {
		if len(s) < at+len(word) || !strings.EqualFold(s[at:at+len(word)], word) {
			continue
		}
		if after, _ := utf8.DecodeRuneInString(s[at+len(word):]); !unicode.IsLetter(after) {
			return len(word)
		}
	}
	return 0
}

func digitWords() []string {
	return []string{"zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "double", "triple"}
}
