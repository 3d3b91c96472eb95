package chat

// LeadListKind says how a list comes by its leads.
type LeadListKind string

// The kinds of lists.
const (
	// ListStatic holds the leads that were put into it.
	ListStatic LeadListKind = "static"
	// ListFilter holds the leads that meet its filter, whenever one looks.
	ListFilter LeadListKind = "filter"
)

// LeadList is a list of leads.
type LeadList struct {
	ID     LeadListID
	Name   string
	Kind   LeadListKind
	Filter LeadFilter
	// Count is how many of its leads the asking user may see.
	Count int
}

// LeadFilter is met by leads that meet every condition.
type LeadFilter struct {
	Conditions []Condition `json:"conditions,omitempty"`
}

// FieldOptedOut is met by leads with an identifier that was opted out. It is for
// filters alone.
const FieldOptedOut LeadField = "opted_out"

// Condition narrows leads by one field.
type Condition struct {
	Field LeadField `json:"field"`
	Op    FilterOp  `json:"op"`
	// Values are what the field is compared with. For an owner "me" stands for the user
	// who looks; for a time a date, or days from today such as "-30d".
	Values []string `json:"values,omitempty"`
}

// FilterOp is how a field is compared.
type FilterOp string

// The comparisons. Texts are compared without case and accents.
const (
	// OpIs: the field is one of the values.
	OpIs FilterOp = "is"
	// OpIsNot: it is none of them; so is an empty one.
	OpIsNot FilterOp = "is_not"
	// OpBegins: it begins with the value.
	OpBegins FilterOp = "begins"
	// OpFrom and OpUpto: it is the value, or greater, or less. For a time the value's
	// whole day counts.
	OpFrom   FilterOp = "from"
	OpUpto   FilterOp = "upto"
	OpEmpty  FilterOp = "empty"
	OpFilled FilterOp = "filled"
)
