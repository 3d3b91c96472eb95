package media

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"converse/internal/chat"
)

// ErrRefused says that the file is a program.
var ErrRefused = errors.New("files of this type are not accepted")

// The largest files by kind, in bytes: what WhatsApp carries (Meta, "Supported
// media types").
const (
	maxImage    = 5 << 20
	maxMoving   = 16 << 20
	maxDocument = 100 << 20
)

// Unknown is the content type of a file that is none of the types we know. It is
// kept and can be downloaded, and that is all.
const Unknown = "application/octet-stream"

// drawing is the one type of picture that can hold script. It is handed out to browsers as
// Unknown, and never shown.
const drawing = "image/svg+xml"

// Type is what a file may be.
type Type struct {
	ContentType string
	Kind        chat.MessageKind
	// Limit is the largest size in bytes.
	Limit int64
	// Inline: a browser may show it in place. Of types that can hold script none is.
	Inline bool
}

// types is the list of what we know. A type that is not on it is Unknown.
var types = map[string]Type{
	"image/jpeg":                    shown("image/jpeg"),
	"image/png":                     shown("image/png"),
	"image/webp":                    shown("image/webp"),
	"image/gif":                     shown("image/gif"),
	"image/bmp":                     still("image/bmp"),
	"image/tiff":                    still("image/tiff"),
	"image/svg+xml":                 document(drawing),
	"video/mp4":                     moving("video/mp4", chat.KindVideo, true),
	"video/3gpp":                    moving("video/3gpp", chat.KindVideo, false),
	"video/quicktime":               moving("video/quicktime", chat.KindVideo, false),
	"video/webm":                    moving("video/webm", chat.KindVideo, false),
	"audio/mpeg":                    moving("audio/mpeg", chat.KindAudio, true),
	"audio/mp4":                     moving("audio/mp4", chat.KindAudio, true),
	"audio/aac":                     moving("audio/aac", chat.KindAudio, true),
	"audio/ogg":                     moving("audio/ogg", chat.KindAudio, true),
	"audio/amr":                     moving("audio/amr", chat.KindAudio, false),
	"audio/wav":                     moving("audio/wav", chat.KindAudio, false),
	"application/pdf":               document("application/pdf"),
	"application/msword":            document("application/msword"),
	"application/vnd.ms-excel":      document("application/vnd.ms-excel"),
	"application/vnd.ms-powerpoint": document("application/vnd.ms-powerpoint"),
	"application/zip":               document("application/zip"),
	"text/plain":                    document("text/plain"),
	"text/csv":                      document("text/csv"),
	"text/rtf":                      document("text/rtf"),
	"text/vcard":                    document("text/vcard"),
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document":   document("application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":         document("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
	"application/vnd.openxmlformats-officedocument.presentationml.presentation": document("application/vnd.openxmlformats-officedocument.presentationml.presentation"),
}

// bare is a drawing without the declaration that the detector looks for.
var bare = regexp.MustCompile(`(?i)^\s*<svg[\s>]`)

// spellings are other names of types on the list.
var spellings = map[string]string{
	"image/jpg":       "image/jpeg",
	"image/pjpeg":     "image/jpeg",
	"image/x-ms-bmp":  "image/bmp",
	"image/x-bmp":     "image/bmp",
	"audio/mp3":       "audio/mpeg",
	"audio/x-aac":     "audio/aac",
	"audio/aacp":      "audio/aac",
	"audio/x-m4a":     "audio/mp4",
	"audio/x-wav":     "audio/wav",
	"application/ogg": "audio/ogg",
	"audio/opus":      "audio/ogg",
	"text/x-vcard":    "text/vcard",
	"text/directory":  "text/vcard",
	"application/rtf": "text/rtf",
}

// refinements says which declared types the bytes leave open. What is not here is
// decided by the bytes alone.
var refinements = map[string][]string{
	"video/mp4":  {"audio/mp4"},
	"text/plain": {"text/csv", "text/vcard"},
	"application/zip": {
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		"application/vnd.openxmlformats-officedocument.presentationml.presentation",
	},
	"application/x-ole-storage": {"application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"},
}

// programs are the types that are not taken at all.
var programs = []string{
	"application/x-elf", "application/x-executable", "application/x-sharedlib", "application/x-object", "application/x-coredump",
	"application/vnd.microsoft.portable-executable", "application/x-mach-binary", "application/x-ms-installer",
	"application/jar", "application/java-archive", "application/vnd.android.package-archive", "application/x-java-applet",
	"application/x-ms-shortcut", "application/vnd.debian.binary-package", "application/x-rpm", "application/wasm",
}

func shown(contentType string) Type {
	return Type{ContentType: contentType, Kind: chat.KindImage, Limit: maxImage, Inline: true}
}

// still is a picture that browsers do not show or show badly.
func still(contentType string) Type {
	return Type{ContentType: contentType, Kind: chat.KindImage, Limit: maxImage}
}

func moving(contentType string, kind chat.MessageKind, inline bool) Type {
	return Type{ContentType: contentType, Kind: kind, Limit: maxMoving, Inline: inline}
}

func document(contentType string) Type {
	return Type{ContentType: contentType, Kind: chat.KindDocument, Limit: maxDocument}
}

// TypeOf returns what we know of a content type.
func TypeOf(contentType string) Type {
	if t, ok := types[plain(contentType)]; ok {
		return t
	}
	return document(Unknown)
}

// Sniff decides what a file is. Its first bytes decide; the type it was declared
// with only chooses between types the bytes cannot tell apart. It returns a reader
// of the whole file, beginning with what was looked at.
func Sniff(body io.Reader, declared string) (Type, io.Reader, error) {
	// As much as the detector looks at.
	buffered := bufio.NewReaderSize(body, 3072)
	head, err := buffered.Peek(3072)
	if err != nil && !errors.Is(err, io.EOF) {
		return Type{}, nil, fmt.Errorf("read beginning of file: %w", err)
	}
	detected := mimetype.Detect(head)
	for m := detected; m != nil; m = m.Parent() {
		if slices.ContainsFunc(programs, m.Is) {
			return Type{}, nil, ErrRefused
		}
	}
	found, declared := plain(detected.String()), plain(declared)
	if slices.Contains(refinements[found], declared) {
		found = declared
	}
	if detected.Is("text/plain") && bytes.HasPrefix(bytes.TrimSpace(head), []byte("<")) {
		// Markup that the detector has no name for.
		found = Unknown
		if bare.Match(head) {
			found = drawing
		}
	}
	return TypeOf(found), buffered, nil
}

// Canonical is a content type without parameters and in lower case, and where it has several
// names that of our list.
func Canonical(contentType string) string { return plain(contentType) }

// plain is a content type without parameters, in the spelling of the list.
func plain(contentType string) string {
	base, _, _ := strings.Cut(contentType, ";")
	base = strings.ToLower(strings.TrimSpace(base))
	if other, ok := spellings[base]; ok {
		return other
	}
	return base
}
