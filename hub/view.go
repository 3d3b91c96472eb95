package hub

import (
	"encoding/json"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/mask"
	"converse/internal/wire"
)

// view is what sessions have in common from whom something is kept: leads, fields of
// leads, or both. Most sessions have none, and pay nothing for those that do.
type view struct {
	key    string
	access chat.Access
	reach  chat.Reach
}

// viewOf is nil for somebody who sees everything.
func viewOf(p chat.Principal) (*view, error) {
	access := p.Rights()
	if access.SeesAll() {
		return nil, nil //nolint:nilnil // nothing stands between
	}
	reach := p.Reach(access.View)
	slices.Sort(reach.Owners) // members of a group share one view
	access = chat.Access{Masks: access.Masks, MaskText: access.MaskText}
	key, err := json.Marshal(struct { //nolint:musttag // a key that nobody reads
		chat.Access
		chat.Reach
	}{access, reach})
	return &view{key: string(key), access: access, reach: reach}, err
}

// group are the members of a topic that share a view.
type group struct {
	*view
	members []*session
}

// mostViews is how many views of a segment are kept with it: those of the roles and
// groups of an org. Where everyone has a view of their own, each is made when needed.
const mostViews = 8

// through is a segment as a view shows it. Its place in the stream is the same, so that
// a session moves on past what it does not see. out must be held.
func (t *topic) through(v *view, seg *segment) *segment {
	if known := seg.views[v.key]; known != nil {
		return known
	}
	shown := &segment{from: seg.from, to: seg.to, stream: seg.stream, at: seg.at}
	for _, payload := range seg.events {
		if payload = v.show(payload, t.hub.masker, t.personal()); payload != nil {
			shown.events = append(shown.events, payload)
		}
	}
	if len(seg.views) < mostViews {
		if seg.views == nil {
			seg.views = map[string]*segment{}
		}
		seg.views[v.key] = shown
	}
	return shown
}

// show is an event as the view shows it, or nil. On a topic of the user's own an event
// that names no owner is the user's.
func (v *view) show(payload []byte, masker *mask.Masker, personal bool) []byte {
	if aboutLead(eventField(payload)) {
		owner, previous := owners(payload)
		switch {
		case v.reach.Covers(owner), personal && owner == "":
		case previous == chat.Nobody && v.reach.Covers(""), previous != "" && v.reach.Covers(previous):
			return removal(payload)
		default:
			return nil
		}
	}
	if !v.access.Hides() {
		return payload
	}
	var event conversev1.Event
	if proto.Unmarshal(payload, &event) != nil {
		return nil
	}
	masker.Mask(&event, v.access)
	masked, err := wire.Encode(&event)
	if err != nil {
		return nil
	}
	return masked
}

// aboutLead reports whether an event is about a lead, by the number of its field. One
// that is unknown here is.
func aboutLead(field protowire.Number) bool {
	switch field {
	case fieldRead, fieldPresence, fieldSignedOut, fieldAccessChanged, fieldRemoved:
		return false
	default:
		return true
	}
}

// owners are whose lead an event is about, and whose it was before.
func owners(payload []byte) (owner, previous chat.UserID) {
	for len(payload) > 0 {
		number, kind, n := protowire.ConsumeTag(payload)
		if n < 0 {
			return owner, previous
		}
		payload = payload[n:]
		if n = protowire.ConsumeFieldValue(number, kind, payload); n < 0 {
			return owner, previous
		}
		if kind == protowire.BytesType {
			switch text, _ := protowire.ConsumeString(payload); number {
			case wire.FieldOwner:
				owner = chat.UserID(text)
			case wire.FieldPreviousOwner:
				previous = chat.UserID(text)
			default:
			}
		}
		payload = payload[n:]
	}
	return owner, previous
}

// removal tells that what an event is about is out of sight, or is nil when there is
// nothing to be told of.
func removal(payload []byte) []byte {
	var event conversev1.Event
	if proto.Unmarshal(payload, &event) != nil {
		return nil
	}
	var out chat.Removed
	switch e := event.GetEvent().(type) {
	case *conversev1.Event_Message:
		out.Conversation = chat.ConversationID(e.Message.GetConversation().GetId())
	case *conversev1.Event_Conversation:
		out.Conversation = chat.ConversationID(e.Conversation.GetId())
	case *conversev1.Event_Lead:
		out.Lead = chat.LeadID(e.Lead.GetId())
	default:
		m := event.ProtoReflect()
		if f := m.WhichOneof(m.Descriptor().Oneofs().Get(0)); f != nil && f.Message() != nil {
			out.Conversation = chat.ConversationID(idIn(m.Get(f).Message(), "conversation_id"))
			out.Lead = chat.LeadID(idIn(m.Get(f).Message(), "lead_id"))
		}
	}
	if out == (chat.Removed{}) {
		return nil
	}
	encoded, err := wire.EncodeEvent(chat.Event{Removed: &out})
	if err != nil {
		return nil
	}
	return encoded
}

func idIn(m protoreflect.Message, name protoreflect.Name) string {
	if f := m.Descriptor().Fields().ByName(name); f != nil && f.Kind() == protoreflect.StringKind && !f.IsList() {
		return m.Get(f).String()
	}
	return ""
}
