package answer

import "fmt"

// Silence says of a refusal that gives no reason of its own how the answer was: broken
// off, not understood, without what was asked for, or without a word. lacks is what an
// answer of success should have held, such as "holds no id". Numbers are HTTP statuses.
func (a Answer) Silence(provider string, readable bool, lacks string) string {
	switch {
	case !a.Whole:
		return fmt.Sprintf("The answer broke off (HTTP %d).", a.Status)
	case !readable && !a.Empty():
		return fmt.Sprintf("The answer was not understood (HTTP %d).", a.Status)
	case a.OK():
		return fmt.Sprintf("The answer %s (HTTP %d).", lacks, a.Status)
	default:
		return fmt.Sprintf("%s answered HTTP %d without a reason.", provider, a.Status)
	}
}
