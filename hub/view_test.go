package hub_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"converse/hub"
	"converse/internal/bus"
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/mask"
	"converse/internal/wire"
)

// canary is a number that nobody may find who sees no numbers.
const canary = "+917000012345"

// about is an event of a kind with a canary in every text of it that shows something of
// a lead, and with ids.
func about(t *testing.T, kind protoreflect.FieldDescriptor, owner, previous string) []byte {
	t.Helper()
	event := &conversev1.Event{OwnerId: owner, PreviousOwnerId: previous}
	plant(event.ProtoReflect().Mutable(kind).Message(), 0)
	payload, err := wire.Encode(event)
	require.NoError(t, err)
	return payload
}

func plant(m protoreflect.Message, depth int) {
	for i := range m.Descriptor().Fields().Len() {
		f := m.Descriptor().Fields().Get(i)
		switch {
		case f.IsMap() || depth > 4:
		case f.IsList() && f.Message() != nil:
			plant(m.Mutable(f).List().AppendMutable().Message(), depth+1)
		case f.IsList():
		case f.Message() != nil && f.Message().FullName() != "google.protobuf.Timestamp":
			plant(m.Mutable(f).Message(), depth+1)
		case f.Kind() != protoreflect.StringKind:
		case f.Name() == "kind" && m.Descriptor().Name() == "Identifier":
			m.Set(f, protoreflect.ValueOfString("phone"))
		case f.Name() == "id" || f.Name() == "conversation_id" || f.Name() == "lead_id":
			m.Set(f, protoreflect.ValueOfString(talk))
		case mask.Shows(f) != "" && !strings.HasSuffix(string(f.Name()), "_id"):
			m.Set(f, protoreflect.ValueOfString("Canary "+canary))
		}
	}
}

// kinds are all kinds of events.
func kinds() []protoreflect.FieldDescriptor {
	fields := (&conversev1.Event{}).ProtoReflect().Descriptor().Oneofs().ByName("event").Fields()
	out := make([]protoreflect.FieldDescriptor, fields.Len())
	for i := range out {
		out[i] = fields.Get(i)
	}
	return out
}

func (r *rig) publishRaw(t *testing.T, topic string, payload []byte) {
	t.Helper()
	require.NoError(t, r.bus.Publish(t.Context(), []bus.Message{{Topic: chat.Topic(topic), Payload: payload}}))
}

// own narrows what a user sees to the leads they own.
func own(masks ...chat.LeadField) chat.Access {
	template := chat.PermissionTemplate{View: chat.ScopeOwn, Masks: map[chat.LeadField]chat.Mask{}}
	for _, f := range masks {
		template.Masks[f] = chat.MaskEnds
	}
	template.MaskText = len(masks) > 0
	return chat.BaseAccess(chat.RoleSalesUser).Restrict(template)
}

var everyField = []chat.LeadField{
	chat.FieldFirstName, chat.FieldLastName, chat.FieldPhone, chat.FieldEmail, chat.FieldWhatsApp, chat.FieldOwner, chat.FieldSource,
	chat.FieldStage, chat.FieldCreatedAt, chat.FieldModifiedAt, chat.CustomField(""),
}

// TestI7I8EveryKindOfEventReachesWhomItMay sends every kind of event there is, in both
// subprotocols, to who sees all, who sees all in a widget, who sees the lead, who does not,
// who sees it masked, whose sign-in was revoked, and another org's.
func TestI7I8EveryKindOfEventReachesWhomItMay(t *testing.T) {
	t.Parallel()
	// What is about no lead concerns everyone in the org; all else is somebody's.
	open := map[protoreflect.Name]bool{"read": true, "presence": true, "signed_out": true, "access_changed": true, "removed": true}
	for _, kind := range kinds() {
		require.Equal(t, !open[kind.Name()], hub.AboutLead(kind.Number()), "%s: say in aboutLead and here whether it is about a lead", kind.Name())
		for _, protocol := range []string{speakProto, speakJSON} {
			synctest.Test(t, func(t *testing.T) {
				r := bubble(t, nil, hub.Options{})
				r.guard.access = map[chat.UserID]chat.Access{"owner": own(), "stranger": own(), "masked": own(everyField...)}
				clients := map[string]*client{}
				for _, who := range []string{"all", "widget", "owner", "stranger", "masked", "revoked", "foreign@" + string(otherOrg)} {
					clients[who] = r.joinAs(t, protocol, who, nil)
				}
				r.guard.set(func(g *guard) { g.ended = []chat.SignInID{"sign-in of revoked"} })
				require.Equal(t, hub.CodeSignedOut.Number, clients["revoked"].closed(t))
				r.publishRaw(t, orgStream, about(t, kind, "owner", ""))
				r.publishRaw(t, orgStream, about(t, kind, "masked", ""))
				time.Sleep(time.Second)
				synctest.Wait()
				count := func(who string) int { return len(clients[who].events(orgStream)) }
				if kind.Name() == "signed_out" || kind.Name() == "access_changed" {
					return // it ends the sessions, as their own tests show
				}
				if open[kind.Name()] {
					require.Equal(t, []int{2, 2, 2, 2}, []int{count("all"), count("owner"), count("stranger"), count("masked")}, kind.Name())
				} else {
					require.Equal(t, []int{1, 1, 0, 1}, []int{min(1, count("all")), count("owner"), count("stranger"), count("masked")}, kind.Name())
				}
				require.Zero(t, count("foreign@"+string(otherOrg)))
				require.Zero(t, count("revoked"))
				require.Equal(t, count("all"), count("widget"))
				heard := func(who string) string {
					clients[who].mu.Lock()
					defer clients[who].mu.Unlock()
					return string(clients[who].heard)
				}
				for _, form := range []string{canary, "7000012345", "Canary " + canary} {
					require.NotContains(t, heard("masked"), form, kind.Name())
					require.NotContains(t, heard("stranger"), form, kind.Name())
					require.NotContains(t, heard("foreign@"+string(otherOrg)), form, kind.Name())
				}
				if kind.Name() == "message" || kind.Name() == "lead" || kind.Name() == "conversation" || kind.Name() == "tick" {
					require.Contains(t, heard("all"), canary, "the test is not blind")
					require.Contains(t, heard("owner"), canary, "the test is not blind")
				}
				// Whoever was passed over is as far along as everybody else.
				require.Equal(t, clients["all"].at()[orgStream], clients["stranger"].at()[orgStream])
			})
		}
	}
}

func transferred(from, to chat.UserID) chat.Event {
	return chat.Event{Conversation: &chat.Conversation{ID: talk, Owner: to}, Owner: to, PreviousOwner: from}
}

func TestALeadThatPassesOutOfSightIsRemoved(t *testing.T) {
	t.Parallel()
	r := setup(t, nil, hub.Options{})
	group := own()
	group.View, group.Colleagues = chat.ScopeGroup, []chat.UserID{"ben"}
	r.guard.access = map[chat.UserID]chat.Access{"ann": own(), "ben": own(), "cleo": group}
	ann, ben, cleo, all := r.join(t, "ann", nil), r.join(t, "ben", nil), r.join(t, "cleo", nil), r.join(t, "all", nil)

	r.publish(t, orgStream, transferred("ann", "ben"))
	require.Equal(t, talk, ann.got(t, orgStream, 1)[0].GetRemoved().GetConversationId())
	require.Equal(t, talk, ben.got(t, orgStream, 1)[0].GetConversation().GetId())
	require.Equal(t, talk, cleo.got(t, orgStream, 1)[0].GetConversation().GetId(), "a colleague's")
	require.Equal(t, talk, all.got(t, orgStream, 1)[0].GetConversation().GetId())

	// What nobody had is gone for who saw that, and was never there for the others.
	r.publish(t, orgStream, transferred(chat.Nobody, "dan"))
	require.Equal(t, talk, cleo.got(t, orgStream, 2)[1].GetRemoved().GetConversationId())
	r.publish(t, orgStream, transferred("dan", "ann"))
	require.Len(t, ann.got(t, orgStream, 2), 2)
	require.NotNil(t, ann.events(orgStream)[1].GetConversation())
}

func TestWhoMissedWhatIsNotTheirsResumesBehindIt(t *testing.T) {
	t.Parallel()
	r := setup(t, nil, hub.Options{Limits: hub.Limits{Ring: 1}}) // so that the history is read, too
	r.guard.access = map[chat.UserID]chat.Access{"ann": own()}
	ann, all := r.join(t, "ann", nil), r.join(t, "all", nil)
	r.publish(t, orgStream, transferred("", "ann"))
	ann.got(t, orgStream, 1)
	places := ann.at()
	ann.leave()
	for n := range 5 {
		owner := chat.UserID("ben")
		if n == 3 {
			owner = "ann"
		}
		r.publish(t, orgStream, transferred("", owner))
		all.got(t, orgStream, n+2)
	}
	ann = r.join(t, "ann", places)
	require.Len(t, ann.got(t, orgStream, 1), 1)
	ann.until(t, "the place of everybody else", func() bool { return ann.places[orgStream] == all.at()[orgStream] })
	require.Empty(t, ann.resets())
	require.Len(t, ann.events(orgStream), 1)
}

func TestI8TwoOfOneViewShareWhatIsMaskedForThem(t *testing.T) {
	t.Parallel()
	r := setup(t, nil, hub.Options{})
	masked := chat.BaseAccess(chat.RoleSalesUser).Restrict(chat.PermissionTemplate{
		Masks: map[chat.LeadField]chat.Mask{chat.FieldPhone: chat.MaskEnds, chat.FieldLastName: chat.MaskAll},
	})
	r.guard.access = map[chat.UserID]chat.Access{"ann": masked, "ben": masked}
	ann, ben, all := r.join(t, "ann", nil), r.joinAs(t, speakJSON, "ben", nil), r.join(t, "all", nil)
	c := chat.Conversation{
		ID: talk, LeadName: "Asha Rao", LeadFirstName: "Asha", LeadLastName: "Rao", Owner: "zoe",
		Identifier: chat.Identifier{Kind: chat.IdentifierPhone, Value: canary},
	}
	r.publish(t, orgStream, chat.Event{Conversation: &c, Owner: "zoe"})
	for _, who := range []*client{ann, ben} {
		got := who.got(t, orgStream, 1)[0].GetConversation()
		require.Equal(t, "Asha ••••", got.GetLeadName())
		require.Equal(t, "+91••••2345", got.GetIdentifier().GetValue())
		require.True(t, got.GetIdentifier().GetMasked())
	}
	require.Equal(t, canary, all.got(t, orgStream, 1)[0].GetConversation().GetIdentifier().GetValue())
}

func TestI7TypingIsSeenByThoseWhoSeeTheConversation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := bubble(t, nil, hub.Options{})
		r.guard.access = map[chat.UserID]chat.Access{"ann": own(), "ben": own()}
		r.guard.owners = map[chat.ConversationID]chat.UserID{talk: "ann"}
		ann, ben, all := r.join(t, "ann", nil), r.join(t, "ben", nil), r.join(t, "all", nil)
		typists := func(c *client) (out []string) {
			c.mu.Lock()
			defer c.mu.Unlock()
			for _, f := range c.frames {
				for _, b := range f.Batches {
					for _, e := range b.Events {
						if e.GetTyping() != nil {
							out = append(out, e.GetTyping().GetUserId())
						}
					}
				}
			}
			return out
		}
		require.NoError(t, ann.say(typing(talk)))
		require.NoError(t, ben.say(typing(talk)))
		require.NoError(t, all.say(typing("0197a1b2-c3d4-7e5f-8a9b-00000000ffff"))) // there is no such conversation
		time.Sleep(time.Second)
		synctest.Wait()
		require.Equal(t, []string{"ann"}, typists(ann))
		require.Equal(t, []string{"ann"}, typists(all))
		require.Empty(t, typists(ben))
	})
}

func TestAnAccessThatChangedEndsTheSessionsOpenedBefore(t *testing.T) {
	t.Parallel()
	r := setup(t, nil, hub.Options{})
	r.guard.versions = map[chat.UserID]int{"ann": 1, "ben": 1}
	before, ben := r.join(t, "ann", nil), r.join(t, "ben", nil)
	r.guard.set(func(g *guard) {
		g.versions["ann"] = 2
		g.access = map[chat.UserID]chat.Access{"ann": own()}
	})
	after := r.join(t, "ann", nil) // with a ticket of before, which opens under the new access
	r.publish(t, userStream("ann"), chat.Event{AccessChanged: &chat.AccessChanged{Version: 2}})
	require.Equal(t, hub.CodeAccessChanged.Number, before.closed(t))
	require.True(t, hub.CodeAccessChanged.ComeBack)
	r.publish(t, orgStream, transferred("", "ben"), transferred("", "ann"))
	require.Equal(t, talk, after.got(t, orgStream, 1)[0].GetConversation().GetId())
	require.Len(t, ben.got(t, orgStream, 2), 2)
	require.Len(t, after.events(orgStream), 1)
}

func TestAnAccessThatChangedUnheardIsFoundOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := bubble(t, nil, hub.Options{})
		r.guard.versions = map[chat.UserID]int{"ann": 1}
		ann := r.join(t, "ann", nil)
		r.guard.set(func(g *guard) { g.versions["ann"] = 2 })
		time.Sleep(5*time.Second + time.Millisecond)
		synctest.Wait()
		require.Equal(t, hub.CodeAccessChanged.Number, ann.closed(t))
	})
}

func TestEventsEncodedByProtobufItselfAreReadAsWell(t *testing.T) {
	t.Parallel()
	payload, err := proto.Marshal(&conversev1.Event{OwnerId: "ann", Event: &conversev1.Event_Typing{Typing: &conversev1.Typing{UserId: "x"}}})
	require.NoError(t, err)
	r := setup(t, nil, hub.Options{})
	r.guard.access = map[chat.UserID]chat.Access{"ben": own()}
	ben, all := r.join(t, "ben", nil), r.join(t, "all", nil)
	r.publishRaw(t, orgStream, payload)
	r.publish(t, orgStream, event(1))
	all.got(t, orgStream, 2)
	require.Len(t, ben.got(t, orgStream, 1), 1, "what it is about is not told by its first field: it is hidden")
}
