package table_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/bench/table"
)

func TestARatioIsTheMedianOfRepetitions(t *testing.T) {
	t.Parallel()
	// The machine is half as fast in the last repetition, for both sides.
	r := table.Row{Ours: []float64{120, 130, 65}, Peer: []float64{100, 100, 50}, Aim: &table.Aim{Budget: 1.2, Stretch: 1.5}}
	require.InDelta(t, 1.3, r.Ratio(), 1e-9)
	require.Equal(t, "met", r.Verdict())
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	most, least := table.Aim{Most: true, Budget: 0.4, Stretch: 0.25}, table.Aim{Budget: 1.2, Stretch: 1.5}
	for _, c := range []struct {
		aim  table.Aim
		ours float64
		want string
	}{
		{most, 0.2, "met, stretch too"},
		{most, 0.4, "met"},
		{most, 0.5, "missed by 25 %"},
		{least, 1.6, "met, stretch too"},
		{least, 1.2, "met"},
		{least, 0.6, "missed by 50 %"},
	} {
		r := table.Row{Ours: []float64{c.ours}, Peer: []float64{1}, Aim: &c.aim}
		require.Equal(t, c.want, r.Verdict())
		c.aim.Floor = true
		r = table.Row{Ours: []float64{c.ours}, Floor: []float64{1}, Aim: &c.aim}
		require.Equal(t, c.want, r.Verdict())
	}
	require.Equal(t, "failed", table.Row{Err: "a delivery was lost", Aim: &most}.Verdict())
}

func TestBothForms(t *testing.T) {
	t.Parallel()
	rows := []table.Row{
		{Scenario: "idle", Ours: []float64{12345}, Peer: []float64{51600}, Aim: &table.Aim{Most: true, Budget: 0.4, Stretch: 0.25}},
		{Scenario: "broken", Err: "a delivery was lost"},
	}
	var out strings.Builder
	require.NoError(t, table.Write(&out, rows))
	require.Contains(t, out.String(), "12,345")
	require.Contains(t, out.String(), "≤ 0.40 × peer")
	require.Contains(t, out.String(), "broken: failed: a delivery was lost")
	text, err := json.Marshal(table.Report{Rows: rows})
	require.NoError(t, err)
	require.Contains(t, string(text), `"verdict":"met, stretch too"`)
}
