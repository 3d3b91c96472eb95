// Package table is what the bench reports: one row a comparison, as text for people
// and as JSON for programs.
//
// It owns the rule by which a row is met or missed: the ratio is the median of the
// ratios of the repetitions, each of which ran the two sides right after each
// other, so that a machine which gets slower slows both. It promises to show every
// value that went into a ratio in the JSON.
//
// It must not know how a value was measured.
package table

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
)

// Aim is what a row's ratio is to be.
type Aim struct {
	// Most: the ratio must be at most the budget; else at least.
	Most            bool
	Budget, Stretch float64
	// Floor: the ratio is to the floor, not to the peer.
	Floor bool
}

// Row is one comparison. The slices hold one value a repetition.
type Row struct {
	Scenario string `json:"scenario"`
	// Unit is what the values are in.
	Unit  string    `json:"unit"`
	Ours  []float64 `json:"ours"`
	Peer  []float64 `json:"peer,omitempty"`
	Floor []float64 `json:"floor,omitempty"`
	// Aim is nil for a row that is only told.
	Aim *Aim `json:"aim,omitempty"`
	// Notes are more about how it went.
	Notes []string `json:"notes,omitempty"`
	// Err is why there is nothing to compare.
	Err string `json:"error,omitempty"`
}

// Ratio is the median over repetitions of ours to the other, or NaN.
func (r Row) Ratio() float64 {
	other := r.Peer
	if r.Aim != nil && r.Aim.Floor {
		other = r.Floor
	}
	var ratios []float64
	for i := range min(len(r.Ours), len(other)) {
		ratios = append(ratios, r.Ours[i]/other[i])
	}
	return Median(ratios)
}

// Verdict says whether the aim is met.
func (r Row) Verdict() string {
	switch ratio := r.Ratio(); {
	case r.Err != "":
		return "failed"
	case r.Aim == nil || math.IsNaN(ratio):
		return ""
	case r.Aim.reached(ratio, r.Aim.Stretch):
		return "met, stretch too"
	case r.Aim.reached(ratio, r.Aim.Budget):
		return "met"
	default:
		return fmt.Sprintf("missed by %.0f %%", math.Ceil(100*math.Abs(ratio-r.Aim.Budget)/r.Aim.Budget))
	}
}

func (a Aim) reached(ratio, goal float64) bool {
	if a.Most {
		return ratio <= goal
	}
	return ratio >= goal
}

func (a Aim) words(goal float64) string {
	sign, other := "≥", "peer"
	if a.Most {
		sign = "≤"
	}
	if a.Floor {
		other = "floor"
	}
	return fmt.Sprintf("%s %.2f × %s", sign, goal, other)
}

// Median is the middle of the values, or NaN when there are none.
func Median(values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// Write prints the rows as one table, then what there is to note about them.
func Write(to io.Writer, rows []Row) error {
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "scenario\tours\tpeer\tfloor\tunit\tratio\tbudget\tstretch\t")
	for _, r := range rows {
		budget, stretch := "", ""
		if r.Aim != nil {
			budget, stretch = r.Aim.words(r.Aim.Budget), fmt.Sprintf("%.2f", r.Aim.Stretch)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.Scenario, number(Median(r.Ours)), number(Median(r.Peer)),
			number(Median(r.Floor)), r.Unit, ratio(r.Ratio()), budget, stretch, r.Verdict())
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, r := range rows {
		notes := r.Notes
		if r.Err != "" {
			notes = append([]string{"failed: " + r.Err}, notes...)
		}
		for _, note := range notes {
			if _, err := fmt.Fprintf(to, "%s: %s\n", r.Scenario, note); err != nil {
				return err
			}
		}
	}
	return nil
}

func ratio(v float64) string {
	if math.IsNaN(v) {
		return "–"
	}
	return fmt.Sprintf("%.2f", v)
}

// number shows three digits and thousands.
func number(v float64) string {
	switch {
	case math.IsNaN(v):
		return "–"
	case v >= 1000:
		text := fmt.Sprintf("%.0f", v)
		var out strings.Builder
		for i, digit := range text {
			if i > 0 && (len(text)-i)%3 == 0 {
				out.WriteByte(',')
			}
			out.WriteRune(digit)
		}
		return out.String()
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}
