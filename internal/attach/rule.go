package attach

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"converse/channels"
	"converse/internal/chat"
	"converse/media"
)

// Rule says which files of one kind can go somewhere.
type Rule = channels.MediaRule

// RuleOf finds the rule for a type of file.
func RuleOf(rules []channels.MediaRule, contentType string) (channels.MediaRule, bool) {
	contentType = media.Canonical(contentType)
	for _, r := range rules {
		if slices.ContainsFunc(r.Types, func(t string) bool { return media.Canonical(t) == contentType }) {
			return r, true
		}
	}
	return channels.MediaRule{}, false
}

// Check applies a sender's rules to the text and the files of a message. There may be no
// files.
func Check(text string, files []chat.Media, can channels.Capabilities) error {
	length, most := utf8.RuneCountInString(text), can.Text
	switch {
	case len(files) > 0 && can.FilesPerMessage == 0:
		return chat.Invalidf("mediaIds", "cannot be sent: this number sends no files")
	case len(files) > can.FilesPerMessage:
		return chat.Invalidf("mediaIds", "are %d files; a message of this number carries at most %d", len(files), can.FilesPerMessage)
	}
	for _, f := range files {
		rule, ok := RuleOf(can.Media, f.ContentType)
		switch {
		case !ok:
			return chat.Invalidf("mediaIds", "are of a type that this number does not send. It sends %s", list(can.Media))
		case rule.PerMessage > 0 && len(files) > rule.PerMessage:
			return chat.Invalidf("mediaIds", "are %d files; a message with %s carries at most %d on this number", len(files), article(f.Kind), rule.PerMessage)
		case f.Size > rule.MaxBytes:
			return tooLarge("mediaIds", f.Size, rule)
		case length > 0 && rule.Caption == 0:
			return chat.Invalidf("text", "cannot go with %s on this number. Send it as a message of its own", article(f.Kind))
		}
		most = min(most, rule.Caption)
	}
	if length > most {
		return chat.Invalidf("text", "is %d characters long; this number takes at most %d", length, most)
	}
	return nil
}

func tooLarge(field string, size int64, rule channels.MediaRule) error {
	return chat.Invalidf(field, "is %s; %s can have at most %s here", bytes(size), article(rule.Kind), bytes(rule.MaxBytes))
}

// bytes is a size as people say it.
func bytes(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d KB", (n+1<<10-1)>>10)
	}
	return strings.Replace(fmt.Sprintf("%.1f MB", float64(n)/(1<<20)), ".0 ", " ", 1)
}

// article is a kind of file in a sentence.
func article(kind chat.MessageKind) string {
	switch kind {
	case chat.KindImage:
		return "an image"
	case chat.KindVideo:
		return "a video"
	case chat.KindAudio:
		return "a sound file"
	case chat.KindContacts:
		return "a contact card"
	case chat.KindSticker:
		return "a sticker"
	default:
		return "a document"
	}
}

// list is what can be sent, by the endings of names.
func list(rules []channels.MediaRule) string {
	var out []string
	for _, r := range rules {
		for _, ending := range Endings(r) {
			if !slices.Contains(out, ending) {
				out = append(out, ending)
			}
		}
	}
	if len(out) == 0 {
		return "no files"
	}
	return strings.Join(out, ", ")
}

// Endings are those of the names of files that a rule is for.
func Endings(r channels.MediaRule) []string {
	var out []string
	for _, t := range r.Types {
		for _, ending := range media.Endings(t) {
			if !slices.Contains(out, ending) {
				out = append(out, ending)
			}
		}
	}
	return out
}
