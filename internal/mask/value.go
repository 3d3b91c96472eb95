package mask

import (
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/reflect/protoreflect"

	"converse/internal/chat"
)

// Hidden is what a reader sees in place of what is hidden. It is as long for a short
// value as for a long one.
const Hidden = "••••"

// What chat.MaskEnds leaves of a phone number, and how much it must hide for that: of a
// shorter number the ends would leave next to nothing to guess.
const (
	endsFirst, endsLast = 3, 4
	leastHidden         = 4
)

// Value is what a mask leaves of a lead's value. Nothing stays nothing.
func Value(value string, field chat.LeadField, m chat.Mask) string {
	switch {
	case value == "":
		return ""
	case m != chat.MaskEnds:
	case field == chat.FieldPhone:
		if runes := []rune(value); len(runes) >= endsFirst+endsLast+leastHidden {
			return string(runes[:endsFirst]) + Hidden + string(runes[len(runes)-endsLast:])
		}
	case field == chat.FieldEmail:
		local, domain, ok := strings.Cut(value, "@")
		if first, size := utf8.DecodeRuneInString(local); ok && size < len(local) && domain != "" {
			return string(first) + Hidden + "@" + domain
		}
	}
	return Hidden
}

// maskOf is how a field is hidden; empty: not at all.
func maskOf(a chat.Access, field chat.LeadField) chat.Mask { return a.Masks[field] }

// joinName puts a name together again from what is left of its parts.
func (w work) joinName(f protoreflect.FieldDescriptor) {
	names := maskOf(w.access, chat.FieldFirstName) != "" || maskOf(w.access, chat.FieldLastName) != ""
	name := strings.TrimSpace(w.text(w.plan.first) + " " + w.text(w.plan.last))
	whole := w.plan.first != nil && w.plan.last != nil
	switch {
	case whole && name != "":
	case whole && w.plan.identifier != nil && w.Has(w.plan.identifier):
		// It has no name: what stands there is its identifier, which is masked by now.
		inner := w.Get(w.plan.identifier).Message()
		name = inner.Get(shownIn(inner.Descriptor(), showsIdentifier)).String()
	case names:
		name = Hidden
	default:
		name = Words(w.Get(f).String(), w.access)
	}
	w.Set(f, protoreflect.ValueOfString(name))
}
