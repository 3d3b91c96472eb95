package chat

import "time"

// MostExportLeads is how many leads go into one file.
const MostExportLeads = 400_000

// ExportState is how far an export has come.
type ExportState string

// The states.
const (
	ExportWaiting   ExportState = "waiting"
	ExportWriting   ExportState = "writing"
	ExportDone      ExportState = "done"
	ExportCancelled ExportState = "cancelled"
	ExportFailed    ExportState = "failed"
)

// Working reports whether a job is at work on the export.
func (s ExportState) Working() bool { return s == ExportWaiting || s == ExportWriting }

// ExportSelection says which leads go out and what of them.
type ExportSelection struct {
	// List is empty for every lead.
	List   LeadListID `json:"list,omitempty"`
	Filter LeadFilter `json:"filter,omitzero"`
	// Leads are the leads alone that were picked; none means all that the rest covers.
	Leads []LeadID `json:"leads,omitempty"`
	// Fields are the columns, in their order.
	Fields []LeadField `json:"fields,omitempty"`
	// Sort is the field that orders; empty means when leads were made.
	Sort       LeadField `json:"sort,omitempty"`
	Descending bool      `json:"descending,omitempty"`
	// Mark begins the file with a byte order mark, by which Excel knows its encoding.
	Mark bool `json:"mark,omitempty"`
}

// Export is one file of leads on its way out.
type Export struct {
	ID   ExportID
	User UserID
	// AccessVersion is the user's when it was asked for: the file is for that access.
	AccessVersion int
	State         ExportState
	Selection     ExportSelection
	// Total is 0 until it is known.
	Total, Handled        int
	FileSize              int
	Failure               string
	CreatedAt, FinishedAt time.Time
	// FilesUntil is when the file is deleted.
	FilesUntil time.Time
	// FileKey finds the bytes in the media store. Empty when there are none.
	FileKey string
}
