package doctor

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// WriteTable writes the results for people: one line each, and below it what to do.
func (r Report) WriteTable(w io.Writer) error {
	width := 0
	for _, result := range r {
		width = max(width, utf8.RuneCountInString(result.Name))
	}
	var b strings.Builder
	for _, result := range r {
		fmt.Fprintf(&b, "%-4s  %-*s  %s\n", result.Status, width, oneLine(result.Name), oneLine(result.What))
		if result.Do != "" {
			fmt.Fprintf(&b, "      %-*s  -> %s\n", width, "", oneLine(result.Do))
		}
	}
	fmt.Fprintln(&b, r.summary())
	_, err := io.WriteString(w, b.String())
	if err != nil {
		return fmt.Errorf("write results: %w", err)
	}
	return nil
}

func (r Report) summary() string {
	count := map[Status]int{}
	for _, result := range r {
		count[result.Status]++
	}
	switch {
	case count[Fail] > 0:
		return fmt.Sprintf("\n%d of %d checks failed.", count[Fail], len(r))
	case count[Warn] > 0:
		return fmt.Sprintf("\nNothing failed; %d of %d checks found something to look at.", count[Warn], len(r))
	}
	return fmt.Sprintf("\nAll %d checks are fine.", len(r))
}

// WriteJSON writes the results for programs.
func (r Report) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	checks := r
	if checks == nil {
		checks = Report{}
	}
	if err := encoder.Encode(struct {
		Status Status `json:"status"`
		Checks Report `json:"checks"`
	}{r.Status(), checks}); err != nil {
		return fmt.Errorf("write results: %w", err)
	}
	return nil
}

// oneLine keeps what a server said from moving the cursor or the table.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}
