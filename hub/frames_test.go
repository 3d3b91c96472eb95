package hub_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/reflect/protoreflect"

	"converse/hub"
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
)

// speakers are who may say a frame: each frame has a word about every one of them.
var speakers = []string{"allowed", "without the right", "of another org", "revoked", "in a widget"}

// scene is a socket of a speaker, and one of a colleague who sees everything.
type scene struct {
	*rig
	speaker, witness *client
	// user is the speaker's.
	user string
}

// heard are the events of one kind about the speaker that the witness has had.
func (s *scene) heard(about func(*conversev1.Event) (user string, ok bool)) int {
	s.witness.mu.Lock()
	defer s.witness.mu.Unlock()
	n := 0
	for _, f := range s.witness.frames {
		for _, b := range f.Batches {
			for _, e := range b.Events {
				if user, ok := about(e); ok && user == s.user {
					n++
				}
			}
		}
	}
	return n
}

func isTyping(e *conversev1.Event) (string, bool) {
	return e.GetTyping().GetUserId(), e.GetTyping() != nil
}

func isOnline(e *conversev1.Event) (string, bool) {
	return e.GetPresence().GetUserId(), e.GetPresence().GetState() == "online"
}

// says sends a frame, which a socket that was closed does not take, and waits for what
// comes of it.
func (s *scene) says(f *conversev1.ClientFrame) {
	_ = s.speaker.say(f)
	time.Sleep(5 * time.Second)
	synctest.Wait()
}

// frameRules say how each frame of a client goes, by who says it.
var frameRules = map[protoreflect.Name]map[string]func(*testing.T, *scene){
	"hello": {
		"allowed":           func(t *testing.T, s *scene) { hellos(t, s, s.user, 0) },
		"without the right": func(t *testing.T, s *scene) { hellos(t, s, "wrong ticket", hub.CodeTicketRefused.Number) },
		"of another org": func(t *testing.T, s *scene) {
			// Streams of ours that it names are not its to resume.
			c := s.join(t, s.user+"@"+string(otherOrg), s.witness.at())
			for _, p := range c.welcome(t).GetWelcome().GetPositions() {
				require.NotEqual(t, orgStream, p.GetStream())
			}
			s.numbered(t, orgStream, 1, 3)
			time.Sleep(time.Second)
			synctest.Wait()
			require.Empty(t, c.events(orgStream))
			require.Len(t, s.witness.events(orgStream), 3)
		},
		"revoked":     func(t *testing.T, s *scene) { hellos(t, s, s.user, hub.CodeTicketRefused.Number) },
		"in a widget": func(t *testing.T, s *scene) { hellos(t, s, s.user, 0) },
	},
	"typing": {
		"allowed":           func(t *testing.T, s *scene) { s.says(typing(talk)); require.Equal(t, 1, s.heard(isTyping)) },
		"without the right": func(t *testing.T, s *scene) { s.says(typing(talk)); require.Zero(t, s.heard(isTyping)) },
		"of another org":    func(t *testing.T, s *scene) { s.says(typing(talk)); require.Zero(t, s.heard(isTyping)) },
		"revoked":           func(t *testing.T, s *scene) { s.says(typing(talk)); require.Zero(t, s.heard(isTyping)) },
		"in a widget":       func(t *testing.T, s *scene) { s.says(typing(talk)); require.Equal(t, 1, s.heard(isTyping)) },
	},
	// It needs no right and names nothing: whoever is there may touch a page.
	"activity": {
		"allowed":           func(t *testing.T, s *scene) { wakes(t, s, true) },
		"without the right": func(t *testing.T, s *scene) { wakes(t, s, true) },
		"of another org":    func(t *testing.T, s *scene) { wakes(t, s, false) },
		"revoked":           func(t *testing.T, s *scene) { wakes(t, s, false) },
		"in a widget":       func(t *testing.T, s *scene) { wakes(t, s, true) },
	},
}

// hellos opens another socket with a ticket; code is the one it is closed with, or 0.
func hellos(t *testing.T, s *scene, ticket string, code int) {
	t.Helper()
	if code == 0 {
		s.join(t, ticket, nil)
		return
	}
	c := listen(s.open(t, speakJSON), nil).start()
	require.NoError(t, c.say(hello(ticket)))
	require.Equal(t, code, c.closed(t))
	require.Empty(t, c.frames, "nothing was told")
}

// wakes touches the page after a long while.
func wakes(t *testing.T, s *scene, noticed bool) {
	t.Helper()
	time.Sleep(5 * time.Minute) // the speaker is idle by now
	before := s.heard(isOnline)
	s.says(activity())
	require.Equal(t, noticed, s.heard(isOnline) > before)
}

// TestI7EveryFrameOfAClientAsksWho is made from the protocol's descriptor: every frame a
// client can say, from everyone who could.
func TestI7EveryFrameOfAClientAsksWho(t *testing.T) {
	t.Parallel()
	fields := (&conversev1.ClientFrame{}).ProtoReflect().Descriptor().Oneofs().ByName("frame").Fields()
	require.Len(t, frameRules, fields.Len(), "a rule is about no frame")
	for i := range fields.Len() {
		rules := frameRules[fields.Get(i).Name()]
		require.Len(t, rules, len(speakers), "%s: say in frameRules who may say it", fields.Get(i).Name())
		for _, who := range speakers {
			require.Contains(t, rules, who, fields.Get(i).Name())
			t.Run(string(fields.Get(i).Name())+" "+who, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) { rules[who](t, set(t, who)) })
			})
		}
	}
}

// set makes a scene for a speaker.
func set(t *testing.T, who string) *scene {
	t.Helper()
	s := &scene{rig: bubble(t, nil, hub.Options{}), user: "ann"}
	s.guard.owners = map[chat.ConversationID]chat.UserID{talk: "ann"}
	s.witness = s.join(t, "witness", nil)
	ticket := s.user
	switch who {
	case "without the right":
		s.user = "marketing"
		ticket = s.user
	case "of another org":
		ticket += "@" + string(otherOrg)
	case "in a widget":
		s.user = "widget"
		ticket = s.user
	}
	s.speaker = s.join(t, ticket, nil)
	if who == "revoked" {
		s.guard.set(func(g *guard) { g.ended = []chat.SignInID{"sign-in of ann"} })
		require.Equal(t, hub.CodeSignedOut.Number, s.speaker.closed(t))
	}
	return s
}
