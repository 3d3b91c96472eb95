package mask

import (
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	conversev1 "converse/internal/gen/converse/v1"
)

// The words of the option "shows" that are not the name of a lead's field.
const (
	showsIdentifier = "identifier"
	showsCustom     = "custom"
	showsName       = "name"
	showsText       = "text"
	showsWords      = "words"
	showsRaw        = "raw"
)

// Shows is what a field says that it shows of a lead, or "".
func Shows(f protoreflect.FieldDescriptor) string {
	shows, _ := proto.GetExtension(f.Options(), conversev1.E_Shows).(string) // it is declared a string
	return shows
}

// plan is what there is to do about one kind of message.
type plan struct {
	// within are the fields that hold messages.
	within []protoreflect.FieldDescriptor
	// rules are the fields that show something, but for names.
	rules []rule
	// names show both names in one; first, last and identifier are what they are made of.
	names       []protoreflect.FieldDescriptor
	first, last protoreflect.FieldDescriptor
	identifier  protoreflect.FieldDescriptor
	// kind and key say what others show. masked and maskedFields tell the reader.
	kind, key            protoreflect.FieldDescriptor
	masked, maskedFields protoreflect.FieldDescriptor
}

type rule struct {
	field protoreflect.FieldDescriptor
	shows string
}

func (m *Masker) plan(d protoreflect.MessageDescriptor) *plan {
	if known, ok := m.plans.Load(d.FullName()); ok {
		return known.(*plan) //nolint:errcheck,forcetypeassert // the map holds nothing else
	}
	p := newPlan(d)
	m.plans.Store(d.FullName(), p)
	return p
}

func newPlan(d protoreflect.MessageDescriptor) *plan {
	p := &plan{
		kind: textField(d, "kind"), key: textField(d, "key"), masked: d.Fields().ByName("masked"), maskedFields: d.Fields().ByName("masked_fields"),
	}
	for i := range d.Fields().Len() {
		f := d.Fields().Get(i)
		shows := Shows(f)
		switch {
		case shows == showsName:
			p.names = append(p.names, f)
		case shows != "":
			p.rules = append(p.rules, rule{f, shows})
		case holds(f) != nil:
			p.within = append(p.within, f)
		}
		switch {
		case shows == "first_name":
			p.first = f
		case shows == "last_name":
			p.last = f
		case f.Message() != nil && !f.IsList() && !f.IsMap() && shownIn(f.Message(), showsIdentifier) != nil:
			p.identifier = f
		}
	}
	return p
}

func textField(d protoreflect.MessageDescriptor, name protoreflect.Name) protoreflect.FieldDescriptor {
	if f := d.Fields().ByName(name); f != nil && f.Kind() == protoreflect.StringKind && !f.IsList() {
		return f
	}
	return nil
}

// holds is the kind of message in a field, or nil.
func holds(f protoreflect.FieldDescriptor) protoreflect.MessageDescriptor {
	if f.IsMap() {
		return f.MapValue().Message()
	}
	return f.Message()
}

// shownIn is the field of a message that shows something, or nil.
func shownIn(d protoreflect.MessageDescriptor, shows string) protoreflect.FieldDescriptor {
	for i := range d.Fields().Len() {
		if Shows(d.Fields().Get(i)) == shows {
			return d.Fields().Get(i)
		}
	}
	return nil
}

// isID reports whether a field is an id, of which a piece would be nonsense.
func isID(f protoreflect.FieldDescriptor) bool { return strings.HasSuffix(string(f.Name()), "_id") }
