package attach

import (
	"path"
	"slices"
	"strings"

	"converse/channels"
	"converse/internal/chat"
	"converse/media"
)

// mostPixels is the largest picture of a rule that has no limit of its own.
const mostPixels = 50_000_000

// MaxPixels is the largest picture that a rule allows; 0 for what is no picture.
func MaxPixels(r channels.MediaRule) int {
	switch {
	case r.Kind != chat.KindImage && r.Kind != chat.KindSticker:
		return 0
	case r.MaxPixels > 0:
		return r.MaxPixels
	}
	return mostPixels
}

// Announced judges a file by what is said of it before it comes: its name, its type as
// declared, which may be empty, and its size. It returns the file under a safe name with
// the type that it is taken at its word for.
func Announced(can channels.Capabilities, name, declared string, size int64) (chat.Media, error) {
	if can.FilesPerMessage == 0 || len(can.Media) == 0 {
		return chat.Media{}, chat.Invalidf("contentType", "cannot go here: no files can")
	}
	name = media.SafeName(name)
	ending := strings.ToLower(path.Ext(name))
	said := media.Canonical(declared)
	if said == "" || said == media.Unknown {
		said = media.TypeOfEnding(ending)
	}
	rule, ok := RuleOf(can.Media, said)
	switch {
	case !ok:
		return chat.Media{}, chat.Invalidf("contentType", "is not a type that can go here. Possible: %s", list(can.Media))
	case ending != "" && !slices.Contains(media.Endings(said), ending):
		return chat.Media{}, chat.Invalidf("fileName", "does not end like a file of its type: %s", strings.Join(media.Endings(said), ", "))
	case size > rule.MaxBytes:
		return chat.Media{}, tooLarge("size", size, rule)
	}
	return chat.Media{Kind: rule.Kind, ContentType: said, Name: named(name, ending, said), Size: size}, nil
}

// named gives a name an ending where it has none.
func named(name, ending, contentType string) string {
	if name == "" {
		name = "file"
	}
	if endings := media.Endings(contentType); ending == "" && len(endings) > 0 {
		name += endings[0]
	}
	return name
}

// Arrived judges a file by its first bytes: they must say what was announced.
func Arrived(can channels.Capabilities, announced chat.Media, found media.Type) (chat.Media, error) {
	rule, ok := RuleOf(can.Media, found.ContentType)
	switch {
	case !ok:
		return announced, chat.Invalidf("contentType", "is not what the file is. Possible: %s", list(can.Media))
	case found.ContentType != announced.ContentType:
		return announced, chat.Invalidf("contentType", "is not what the file is: it is %s under another name", article(rule.Kind))
	case announced.Size > rule.MaxBytes:
		return announced, tooLarge("size", announced.Size, rule)
	}
	announced.Kind, announced.ContentType = rule.Kind, found.ContentType
	return announced, nil
}

// Picture judges the size of a picture.
func Picture(can channels.Capabilities, contentType string, width, height int) error {
	rule, ok := RuleOf(can.Media, contentType)
	most := MaxPixels(rule)
	if ok && most > 0 && int64(width)*int64(height) > int64(most) {
		return chat.Invalidf("mediaId", "is a picture of %d times %d pixels; it can have at most %d million here", width, height, most/1_000_000)
	}
	return nil
}
