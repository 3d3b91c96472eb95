package chat

import "github.com/google/uuid"

// Ids are UUIDs in their canonical text form, opaque outside the database.
// Each kind is a type of its own so that one cannot be passed for another.
type (
	// OrgID names one customer of the product.
	OrgID string
	// UserID names a user of an org.
	UserID string
	// SignInID names one sign-in of a user: a token on one device.
	SignInID string
	// LeadID names a person the org talks to.
	LeadID string
	// IdentifierID names one way to reach a lead.
	IdentifierID string
	// ConnectorID names one org's configured account at a provider.
	ConnectorID string
	// SenderID names a number of a connector.
	SenderID string
	// ConversationID names one sender with one identifier of one lead.
	ConversationID string
	// MessageID names a message of a conversation.
	MessageID string
	// TemplateID names a message template.
	TemplateID string
	// CallbackID names a stored webhook call.
	CallbackID string
	// ExchangeID names one entry of the connector log.
	ExchangeID string
	// MediaID names a stored file.
	MediaID string
	// GroupID names a group of users.
	GroupID string
	// PermissionTemplateID names a permission template.
	PermissionTemplateID string
	// APIKeyID names an org's API key.
	APIKeyID string
	// RoutingRuleID names a rule of who gets a lead.
	RoutingRuleID string
	// MergeID names one merge of two leads.
	MergeID string
	// LeadListID names a list of leads.
	LeadListID string
	// FieldID names a custom field of leads.
	FieldID string
	// ActivityID names an entry in the history of a lead.
	ActivityID string
	// ImportID names an import of leads from a file.
	ImportID string
	// ErasureID names the erasing of a lead.
	ErasureID string
	// NoticeID names a provider's word about an account.
	NoticeID string
	// ExportID names an export of leads to a file.
	ExportID string
	// TransferID names one giving of a lead to a colleague.
	TransferID string
)

// NewID returns a fresh id of any kind: a UUIDv7 (RFC 9562), so that ids made
// later sort later and index pages fill from one end.
func NewID[T ~string]() T {
	return T(uuid.Must(uuid.NewV7()).String())
}

// ParseID reads an id that came from outside. Anything but a canonical UUID is
// answered as an invalid argument that names the field.
func ParseID[T ~string](field, value string) (T, error) {
	parsed, err := uuid.Parse(value)
	if err != nil || parsed.String() != value {
		return "", Invalidf(field, "must be an id like %q", "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b")
	}
	return T(value), nil
}
