package mask

import (
	"sync"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"converse/internal/chat"
)

// Masker masks messages. It keeps what it has learnt of their kinds, and is safe for
// concurrent use. Its zero value is ready.
type Masker struct {
	plans sync.Map // of *plan, by protoreflect.FullName
}

// Mask hides in the message, and in all within it, what the access hides. The message
// is changed. An access that hides nothing changes nothing.
func (m *Masker) Mask(message proto.Message, a chat.Access) {
	if a.Hides() && message != nil {
		m.mask(message.ProtoReflect(), a)
	}
}

func (m *Masker) mask(message protoreflect.Message, a chat.Access) {
	if !message.IsValid() {
		return
	}
	p := m.plan(message.Descriptor())
	message.SetUnknown(nil) // a newer node's fields, of which nobody here knows what they show
	for _, f := range p.within {
		each(message, f, func(v protoreflect.Value) { m.mask(v.Message(), a) })
	}
	w := work{Message: message, plan: p, access: a}
	for _, r := range p.rules {
		if message.Has(r.field) {
			w.apply(r)
		}
	}
	for _, f := range p.names {
		if message.Has(f) {
			w.joinName(f)
		}
	}
}

// each calls do with every message in a field.
func each(message protoreflect.Message, f protoreflect.FieldDescriptor, do func(protoreflect.Value)) {
	if !message.Has(f) {
		return
	}
	switch v := message.Get(f); {
	case f.IsMap():
		v.Map().Range(func(_ protoreflect.MapKey, v protoreflect.Value) bool {
			do(v)
			return true
		})
	case f.IsList():
		for i := range v.List().Len() {
			do(v.List().Get(i))
		}
	default:
		do(v)
	}
}

// work is the masking of one message.
type work struct {
	protoreflect.Message
	plan   *plan
	access chat.Access
}

func (w work) apply(r rule) {
	switch r.shows {
	case showsText:
		w.rewrite(r.field, func(s string) string { return Text(s, w.kind(), w.access) })
	case showsWords:
		w.rewrite(r.field, func(s string) string { return Words(s, w.access) })
	case showsRaw:
		w.hide(r.field, chat.MaskAll, "")
	case showsIdentifier:
		w.field(r.field, chat.Identifier{Kind: chat.IdentifierKind(w.kind()), Value: w.text(r.field)}.Field())
	case showsCustom:
		w.custom(r.field)
	default:
		w.field(r.field, chat.LeadField(r.shows))
	}
}

// field hides a field that shows one field of the lead, if that is masked.
func (w work) field(f protoreflect.FieldDescriptor, shown chat.LeadField) {
	if m := maskOf(w.access, shown); m != "" {
		w.hide(f, m, shown)
		w.note(f, shown)
	}
}

// custom hides a custom field, whose key is beside it, or in front of it in a map.
func (w work) custom(f protoreflect.FieldDescriptor) {
	if !f.IsMap() {
		w.field(f, chat.CustomField(w.text(w.plan.key)))
		return
	}
	values := w.Mutable(f).Map()
	var hidden []protoreflect.MapKey
	values.Range(func(k protoreflect.MapKey, _ protoreflect.Value) bool {
		if maskOf(w.access, chat.CustomField(k.String())) != "" {
			hidden = append(hidden, k)
		}
		return true
	})
	for _, k := range hidden {
		if f.MapValue().Kind() == protoreflect.StringKind {
			values.Set(k, protoreflect.ValueOfString(Hidden))
		} else {
			values.Clear(k)
		}
		w.note(f, chat.CustomField(k.String()))
	}
}

// note says in the message that a field of the lead is hidden in it.
func (w work) note(f protoreflect.FieldDescriptor, shown chat.LeadField) {
	if w.plan.masked != nil && !f.IsMap() {
		w.Set(w.plan.masked, protoreflect.ValueOfBool(true))
		return
	}
	if w.plan.maskedFields == nil {
		return
	}
	list := w.Mutable(w.plan.maskedFields).List()
	for i := range list.Len() {
		if list.Get(i).String() == string(shown) {
			return
		}
	}
	list.Append(protoreflect.ValueOfString(string(shown)))
}

// hide takes a value away: a text becomes what the mask leaves of it, an id and
// anything else nothing.
func (w work) hide(f protoreflect.FieldDescriptor, m chat.Mask, shown chat.LeadField) {
	if f.Kind() != protoreflect.StringKind || f.IsMap() || isID(f) {
		w.Clear(f)
		return
	}
	w.rewrite(f, func(s string) string { return Value(s, shown, m) })
}

// rewrite changes a text, or each of a list.
func (w work) rewrite(f protoreflect.FieldDescriptor, change func(string) string) {
	switch {
	case f.Kind() != protoreflect.StringKind || f.IsMap():
		w.Clear(f) // no text: nothing is known of how to change it
	case f.IsList():
		list := w.Mutable(f).List()
		for i := range list.Len() {
			list.Set(i, protoreflect.ValueOfString(change(list.Get(i).String())))
		}
	default:
		w.Set(f, protoreflect.ValueOfString(change(w.Get(f).String())))
	}
}

func (w work) kind() string { return w.text(w.plan.kind) }

func (w work) text(f protoreflect.FieldDescriptor) string {
	if f == nil {
		return ""
	}
	return w.Get(f).String()
}
