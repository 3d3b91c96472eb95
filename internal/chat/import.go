package chat

import "time"

// The limits of a file of leads.
const (
	// MostImportBytes is how large a file may be: 10 MB, as people count them.
	MostImportBytes = 10_000_000
	// MostImportRows is how many rows it may have, without the headers.
	MostImportRows = 25_000
)

// ImportState is how far an import has come.
type ImportState string

// The states.
const (
	// ImportNew: there is no file yet.
	ImportNew ImportState = "new"
	// ImportUploaded: the file is there, and nothing was done with it.
	ImportUploaded ImportState = "uploaded"
	// ImportChecking: rows are being looked at; no lead is changed.
	ImportChecking ImportState = "checking"
	// ImportChecked: it is known what would become of each row.
	ImportChecked ImportState = "checked"
	// ImportImporting: leads are being made and changed.
	ImportImporting ImportState = "importing"
	// ImportDone: every row was dealt with.
	ImportDone ImportState = "done"
	// ImportCancelled: somebody ended it. What was imported until then stays.
	ImportCancelled ImportState = "cancelled"
	// ImportFailed: it could not go on. What was imported until then stays.
	ImportFailed ImportState = "failed"
	// ImportUndoing: the leads it made are being deleted.
	ImportUndoing ImportState = "undoing"
	// ImportUndone: they are, but for those that somebody has touched since.
	ImportUndone ImportState = "undone"
)

// Working reports whether a job is at work on the import.
func (s ImportState) Working() bool {
	return s == ImportChecking || s == ImportImporting || s == ImportUndoing
}

// DuplicateRule is what happens to a row whose lead is there already.
type DuplicateRule string

// The rules.
const (
	// DuplicateIgnore leaves the lead as it is.
	DuplicateIgnore DuplicateRule = "ignore"
	// DuplicateOverwrite takes what the row has; an empty cell changes nothing.
	DuplicateOverwrite DuplicateRule = "overwrite"
	// DuplicateFill takes what the row has for fields that the lead has nothing in.
	DuplicateFill DuplicateRule = "fill"
)

// ImportSettings say how a file is to be read and what is to happen.
type ImportSettings struct {
	// Delimiter is empty to find it out.
	Delimiter string `json:"delimiter,omitempty"`
	// Country is the ISO 3166 code that numbers without a country code are read by.
	Country string `json:"country,omitempty"`
	// MonthFirst: 3/4/2026 is in March.
	MonthFirst bool           `json:"month_first,omitempty"`
	Columns    []ImportColumn `json:"columns,omitempty"`
	Rule       DuplicateRule  `json:"rule,omitempty"`
	// Owner, Source and Stage are for rows that have none.
	Owner  UserID `json:"owner,omitempty"`
	Source string `json:"source,omitempty"`
	Stage  string `json:"stage,omitempty"`
	// List takes the leads that were made, changed or found. May be empty.
	List LeadListID `json:"list,omitempty"`
	// NewList is the name of a list to be made for them.
	NewList string `json:"new_list,omitempty"`
}

// FieldFullName takes a first and a last name from one column. It is for imports alone.
const FieldFullName LeadField = "full_name"

// ImportColumn says what a column of the file means.
type ImportColumn struct {
	// Index is the column's place in the file: 0, 1, 2 …
	Index int `json:"index"`
	// Field is empty for a column that is left out.
	Field LeadField `json:"field,omitempty"`
	// Label is the label of a phone or an e-mail address.
	Label string `json:"label,omitempty"`
}

// RowProblem is one thing that is wrong with a file. It holds no value of a lead.
type RowProblem struct {
	// Row is the row as a spreadsheet shows it.
	Row int `json:"row"`
	// Column is the header; empty where it is the row as a whole.
	Column string `json:"column,omitempty"`
	// Text says what is wrong and what to do.
	Text string `json:"text"`
}

// RowOutcome is what became of a row.
type RowOutcome string

// The outcomes.
const (
	RowCreated RowOutcome = "created"
	RowUpdated RowOutcome = "updated"
	RowSkipped RowOutcome = "skipped"
	RowFailed  RowOutcome = "failed"
	// RowUndone: the lead that was made is deleted again.
	RowUndone RowOutcome = "undone"
)

// ImportCounts say what became, or would become, of the rows.
type ImportCounts struct {
	// Total is the file's rows, Handled those that were dealt with so far.
	Total, Handled                    int
	Created, Updated, Skipped, Failed int
}

// Add counts one row.
func (c *ImportCounts) Add(o RowOutcome) {
	c.Handled++
	switch o {
	case RowCreated:
		c.Created++
	case RowUpdated:
		c.Updated++
	case RowSkipped, RowUndone:
		c.Skipped++
	case RowFailed:
		c.Failed++
	}
}

// Import is one file of leads on its way in.
type Import struct {
	ID       ImportID
	User     UserID
	UserName string
	FileName string
	FileSize int
	State    ImportState
	Settings ImportSettings
	Counts   ImportCounts
	// Problems are the first things that are wrong.
	Problems []RowProblem
	// Failure says why the whole of it failed.
	Failure               string
	CreatedAt, FinishedAt time.Time
	// FilesUntil is when the file and the result are deleted.
	FilesUntil time.Time
	// FileKey and ResultKey find the bytes in the media store. Empty when there are none.
	FileKey, ResultKey string
}
