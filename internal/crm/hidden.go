package crm

import (
	"fmt"

	"converse/internal/chat"
	"converse/internal/store"
)

// unhidden refuses a change of what is masked for the principal: whoever does not see a
// value would write over it unseen, most likely with its mask.
func unhidden(p chat.Principal, c store.LeadChange) error {
	masks := p.Rights().Masks
	if len(masks) == 0 {
		return nil
	}
	for _, change := range []struct {
		field chat.LeadField
		name  string
		set   bool
	}{
		{chat.FieldFirstName, "firstName", c.FirstName != nil},
		{chat.FieldLastName, "lastName", c.LastName != nil},
		{chat.FieldSource, "source", c.Source != nil},
		{chat.FieldStage, "stage", c.Stage != nil},
		{chat.FieldOwner, "ownerId", c.Owner != nil},
	} {
		if change.set && masks[change.field] != "" {
			return hiddenFrom(change.name)
		}
	}
	for place, v := range c.Custom {
		if masks[chat.CustomField(v.Key)] != "" {
			return hiddenFrom(fmt.Sprintf("custom[%d].value", place))
		}
	}
	return nil
}

// hiddenFrom says that a field, in its spelling in the protocol, cannot be changed.
func hiddenFrom(field string) error {
	return &chat.Error{
		Code: chat.CodeForbidden, Field: field,
		Message: "This is hidden from you, so you cannot change it. Ask somebody who sees it.",
	}
}
