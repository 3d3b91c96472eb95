package fault_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/sandbox/fault"
)

func TestShareIsKept(t *testing.T) {
	t.Parallel()
	set := fault.NewSet(1)
	require.NoError(t, set.Put(fault.Rule{Kind: fault.Throttle, Share: 0.25}))
	hits := 0
	for range 10_000 {
		if _, hit := set.PickAnswer("ctm", "+12025550123"); hit {
			hits++
		}
	}
	require.InDelta(t, 2500, hits, 200)
}

func TestSameSeedGivesSameFaults(t *testing.T) {
	t.Parallel()
	draw := func(seed uint64) (got []fault.Kind) {
		set := fault.NewSet(seed)
		require.NoError(t, set.Put(fault.Rule{Kind: fault.Throttle, Share: 0.3}))
		require.NoError(t, set.Put(fault.Rule{Kind: fault.Cut, Share: 0.3}))
		for range 100 {
			rule, _ := set.PickAnswer("ctm", "")
			got = append(got, rule.Kind)
		}
		return got
	}
	require.Equal(t, draw(7), draw(7))
	require.NotEqual(t, draw(7), draw(8))
}

func TestNarrowestRuleWins(t *testing.T) {
	t.Parallel()
	set := fault.NewSet(1)
	require.NoError(t, set.Put(fault.Rule{Kind: fault.Delay, Share: 1, DelayMs: 1}))
	require.NoError(t, set.Put(fault.Rule{Kind: fault.Delay, Share: 1, DelayMs: 2, Provider: "ctm"}))
	require.NoError(t, set.Put(fault.Rule{Kind: fault.Delay, Share: 1, DelayMs: 3, Handset: "+12025550123"}))
	for _, c := range []struct {
		provider, handset string
		want              time.Duration
	}{
		{"whatsapp_cloud", "+12025550199", time.Millisecond},
		{"ctm", "+12025550199", 2 * time.Millisecond},
		{"ctm", "+12025550123", 3 * time.Millisecond},
	} {
		rule, hit := set.Pick(fault.Delay, c.provider, c.handset)
		require.True(t, hit)
		require.Equal(t, c.want, rule.Delay(time.Hour))
	}
}

func TestPutReplacesAndZeroShareRemoves(t *testing.T) {
	t.Parallel()
	set := fault.NewSet(1)
	require.NoError(t, set.Put(fault.Rule{Kind: fault.Hang, Share: 0.5}))
	require.NoError(t, set.Put(fault.Rule{Kind: fault.Hang, Share: 1}))
	require.Len(t, set.Rules(), 1)
	require.NoError(t, set.Put(fault.Rule{Kind: fault.Hang}))
	require.Empty(t, set.Rules())
	_, hit := set.PickAnswer("ctm", "")
	require.False(t, hit)
}

func TestProblemNamesTheField(t *testing.T) {
	t.Parallel()
	set := fault.NewSet(1)
	for field, rule := range map[string]fault.Rule{
		"kind":    {Kind: "nonsense", Share: 1},
		"share":   {Kind: fault.Hang, Share: math.NaN()},
		"delayMs": {Kind: fault.Delay, Share: 1, DelayMs: -1},
		"status":  {Kind: fault.Redirect, Share: 1, Status: 500},
	} {
		var problem *fault.Problem
		require.ErrorAs(t, set.Put(rule), &problem)
		require.Equal(t, field, problem.Field)
	}
	require.Empty(t, set.Rules())
}

func TestKindsAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]fault.Kind{
		"hang": fault.Hang, "accept-then-hang": fault.Hang, "Drop receipts": fault.DropReceipts, "429": fault.Throttle,
		"5xx": fault.ServerError, "server_error_accepted": fault.ServerErrorAccepted, "no-id": fault.NoID, "smell": "smell",
	} {
		var rule fault.Rule
		require.NoError(t, json.Unmarshal([]byte(`{"kind":"`+text+`"}`), &rule))
		require.Equal(t, want, rule.Kind, text)
	}
	for _, kind := range fault.Kinds() {
		var same fault.Kind
		require.NoError(t, same.UnmarshalText([]byte(kind)))
		require.Equal(t, kind, same, "a kind's own name means itself")
		require.NotEmpty(t, kind.About())
	}
}

func TestAcceptedCanBeOverridden(t *testing.T) {
	t.Parallel()
	no := false
	require.True(t, fault.Rule{Kind: fault.Reset}.Takes())
	require.False(t, fault.Rule{Kind: fault.Reset, Accepted: &no}.Takes())
	require.False(t, fault.Rule{Kind: fault.ServerError}.Takes())
	require.True(t, fault.Rule{Kind: fault.ServerErrorAccepted}.Takes())
}
