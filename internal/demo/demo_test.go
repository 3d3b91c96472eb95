package demo_test

import (
	"context"
	"regexp"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/auth"
	"converse/internal/chat"
	"converse/internal/demo"
	"converse/internal/store"
	"converse/internal/testkit"
	"converse/internal/testkit/world"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// today is fixed, so that two demos can be compared.
var today = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// passwords makes one hasher for all tests: making it costs a hash.
var passwords = sync.OnceValue(func() *auth.Passwords {
	p, err := auth.NewPasswords()
	if err != nil {
		panic(err)
	}
	return p
})

// TestTheDemoHasWhatAnImportBringsAlong: every kind of field, a list of all leads, about
// one bad number and one opt-out in a hundred.
func TestTheDemoHasWhatAnImportBringsAlong(t *testing.T) {
	t.Parallel()
	s := setup(t)
	made, err := s.Make(t.Context(), options(200))
	require.NoError(t, err)
	require.Equal(t, 2, s.count(t, "select count(*) from identifiers where invalid and kind = 'phone'"))
	require.Equal(t, 2, s.count(t, "select count(*) from identifiers where opted_out_at is not null"))
	require.Equal(t, 5, s.count(t, "select count(distinct type) from lead_fields"))
	require.Equal(t, 5, s.count(t, "select count(distinct field_id) from lead_values"))
	lists, err := s.Store.Lists(t.Context(), made.Org)
	require.NoError(t, err)
	require.Equal(t, "All demo leads", lists[0].Name)
	n, err := s.Store.CountList(t.Context(), chat.Principal{Org: made.Org, Role: chat.RoleAdministrator}, lists[0])
	require.NoError(t, err)
	require.Equal(t, 200, n)
}

func TestMakingTwiceIsMakingOnce(t *testing.T) {
	t.Parallel()
	s := setup(t)
	made, err := s.Make(t.Context(), options(30))
	require.NoError(t, err)
	first := s.picture(t)
	again, err := s.Make(t.Context(), options(30))
	require.NoError(t, err)
	require.Equal(t, made, again)
	require.Equal(t, first, s.picture(t))
	require.Zero(t, s.count(t, "select count(*) from send_jobs"), "nobody is called")
	for _, login := range made.Logins {
		in, err := auth.NewSignIns(s.Store, s.Passwords, world.Vault(t)).LogIn(t.Context(), login.Email, login.Password, "here")
		require.NoError(t, err)
		require.Equal(t, login.Role, in.User.Role)
		break // a hash costs 60 ms, and all are the same
	}
}

func TestADemoGrows(t *testing.T) {
	t.Parallel()
	grown, whole := setup(t), setup(t)
	for _, leads := range []int{3, 20, 510} {
		_, err := grown.Make(t.Context(), options(leads))
		require.NoError(t, err)
		require.Equal(t, leads, grown.count(t, "select count(*) from leads l join orgs o on o.id = l.org_id where o.name = 'Harbour Homes'"))
	}
	_, err := whole.Make(t.Context(), options(510))
	require.NoError(t, err)
	require.Equal(t, whole.picture(t), grown.picture(t))
}

func TestADemosProvidersMove(t *testing.T) {
	t.Parallel()
	s := setup(t)
	o := options(1)
	_, err := s.Make(t.Context(), o)
	require.NoError(t, err)
	o.ProviderURL = "http://127.0.0.1:2"
	_, err = s.Make(t.Context(), o)
	require.NoError(t, err)
	require.Equal(t, 5, s.count(t, "select count(*) from connectors where base_url = 'http://127.0.0.1:2'"))
}

// makeUntil makes the demo until the connection is cut after so many chunks, and
// reports whether it was cut.
func (s *stage) makeUntil(ctx context.Context, chunks int64) (cut bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var passed atomic.Int64
	s.proxy.CutWhen(func(testkit.Chunk) bool {
		if passed.Add(1) < chunks {
			return false
		}
		cancel()
		return true
	})
	_, err = s.Make(ctx, options(12))
	s.proxy.CutWhen(nil)
	return passed.Load() >= chunks, err
}

// TestADemoSurvivesBeingCutAnywhere cuts one start after another, each a little
// later than the one before, until one comes through.
func TestADemoSurvivesBeingCutAnywhere(t *testing.T) {
	t.Parallel()
	whole := setup(t)
	_, err := whole.Make(t.Context(), options(12))
	require.NoError(t, err)
	want := whole.picture(t)
	// One database goes through every cut in turn.
	s := setup(t)
	starts := 0
	for chunks := int64(3); ; chunks += 3 {
		cut, err := s.makeUntil(t.Context(), chunks)
		starts++
		if !cut {
			require.NoError(t, err)
			break
		}
		require.Error(t, err)
	}
	require.Greater(t, starts, 20)
	require.Equal(t, want, s.picture(t))
	// Others are cut once, and start again.
	for _, chunks := range []int64{40, 90, 150, 200, 250} {
		once := setup(t)
		_, _ = once.makeUntil(t.Context(), chunks)
		_, err := once.Make(t.Context(), options(12))
		require.NoError(t, err, "cut after %d chunks", chunks)
		require.Equal(t, want, once.picture(t), "cut after %d chunks", chunks)
	}
}

// A newcomer meets every state that a conversation can be in.
func TestTheDemoShowsEveryState(t *testing.T) {
	t.Parallel()
	s := setup(t)
	made, err := s.Make(t.Context(), options(20))
	require.NoError(t, err)
	users, err := s.Store.Users(t.Context(), made.Org)
	require.NoError(t, err)
	page, err := s.Store.Conversations(t.Context(), chat.Principal{Org: made.Org, User: users[0].ID, Role: users[0].Role}, store.ConversationFilter{Most: 100})
	require.NoError(t, err)
	seen := map[string]int{}
	for _, c := range page.Conversations {
		seen[string(c.Channel)]++
		seen["last "+string(c.LastMessage.Status)]++
		seen["to "+string(c.Identifier.Kind)]++
		seen["from "+c.Sender.Address]++
		switch left := c.WindowExpiresAt.Sub(today); {
		case c.Channel == chat.ChannelSMS:
		case c.WindowExpiresAt.IsZero():
			seen["window never open"]++
		case left < 0:
			seen["window closed"]++
		case left < 2*time.Hour:
			seen["window about to close"]++
		default:
			seen["window open"]++
		}
		messages, err := s.Store.Messages(t.Context(), chat.Principal{Org: made.Org, Role: chat.RoleAdministrator}, c.ID, 0, 0, 100)
		require.NoError(t, err)
		for _, m := range messages {
			seen[string(m.Kind)]++
			require.NotContains(t, m.Text, "{{", "a template is filled")
			if m.Status == chat.StatusFailed {
				require.NotEmpty(t, m.Failure.Text)
				require.NotEmpty(t, m.Failure.Next)
			}
		}
	}
	for _, state := range []string{
		"sms", "whatsapp", "last received", "last sent", "last delivered", "last read", "last failed", "to phone", "to whatsapp",
		"from +12025550100", "from +12025550101", "from +12025550102", "template", "button",
		"window open", "window about to close", "window closed", "window never open",
	} {
		require.NotZero(t, seen[state], "%s, of %v", state, seen)
	}
	var several, hidden int
	for _, lead := range demo.Leads(20, today) {
		phones := 0
		for _, i := range lead.Identifiers {
			if i.Kind == chat.IdentifierPhone {
				phones++
			}
		}
		if phones > 1 {
			several++
		}
		if phones == 0 {
			hidden++
		}
	}
	require.NotZero(t, several, "leads with several numbers")
	require.NotZero(t, hidden, "leads without a number")
}

func TestTheDemosPeopleAreMadeUp(t *testing.T) {
	t.Parallel()
	address, number := regexp.MustCompile(`^[a-z.0-9]+@example\.com$`), regexp.MustCompile(`^\+1\d{3}555\d{4}$`)
	numbers := map[string]bool{}
	for _, lead := range demo.Leads(3000, today) {
		require.NotEmpty(t, lead.Identifiers)
		for _, i := range lead.Identifiers {
			require.False(t, numbers[i.Value], "%s is two people's", i.Value)
			numbers[i.Value] = true
			switch i.Kind {
			case chat.IdentifierWhatsApp:
				require.Regexp(t, `^US\.\d{20}$`, i.Value)
			case chat.IdentifierEmail:
				require.True(t, address.MatchString(i.Value), i.Value)
			case chat.IdentifierPhone:
				require.Equal(t, !i.Invalid, number.MatchString(i.Value), i.Value)
			}
		}
	}
}
