package table

import (
	"encoding/json"
	"math"
	"time"

	"converse/bench/host"
)

// Report is a whole run.
type Report struct {
	Machine host.Machine `json:"machine"`
	At      time.Time    `json:"at"`
	// Reps is how many interleaved repetitions each row has.
	Reps int `json:"reps"`
	// Quick: smaller and shorter than what the budgets are about.
	Quick bool  `json:"quick,omitempty"`
	Rows  []Row `json:"rows"`
}

// MarshalJSON adds what is derived from the values.
func (r Row) MarshalJSON() ([]byte, error) {
	type plain Row // without this method
	out := struct {
		plain
		Ratio   *float64 `json:"ratio,omitempty"`
		Verdict string   `json:"verdict,omitempty"`
	}{plain: plain(r), Verdict: r.Verdict()}
	if ratio := r.Ratio(); !math.IsNaN(ratio) {
		out.Ratio = &ratio
	}
	return json.Marshal(out)
}
