package chat

import (
	"maps"
	"slices"
)

// Scope is whose leads a right covers.
type Scope string

// The scopes, from the strictest on.
const (
	// ScopeNone: nobody's.
	ScopeNone Scope = "none"
	// ScopeOwn: those the user owns.
	ScopeOwn Scope = "own"
	// ScopeGroup: those of the user and of everyone in the user's groups, and those
	// that nobody owns.
	ScopeGroup Scope = "group"
	// ScopeAll: every lead of the org.
	ScopeAll Scope = "all"
)

// scopes in the order of strictness.
func scopes() []Scope { return []Scope{ScopeNone, ScopeOwn, ScopeGroup, ScopeAll} }

// stricter returns the stricter of two scopes; one that is empty or unknown does not
// restrict.
func stricter(a, b Scope) Scope {
	order := scopes()
	i, j := slices.Index(order, a), slices.Index(order, b)
	switch {
	case i < 0:
		return b
	case j < 0:
		return a
	}
	return order[min(i, j)]
}

// LeadField names a lead's field where fields are masked, filtered, imported or
// audited: one of the constants, or CustomField of a custom one's key.
type LeadField string

// The fields every lead has.
const (
	FieldFirstName  LeadField = "first_name"
	FieldLastName   LeadField = "last_name"
	FieldPhone      LeadField = "phone"
	FieldEmail      LeadField = "email"
	FieldWhatsApp   LeadField = "whatsapp"
	FieldOwner      LeadField = "owner"
	FieldSource     LeadField = "source"
	FieldStage      LeadField = "stage"
	FieldCreatedAt  LeadField = "created_at"
	FieldModifiedAt LeadField = "modified_at"
)

const customPrefix = "custom."

// CustomField names the custom field with that key.
func CustomField(key string) LeadField { return LeadField(customPrefix + key) }

// Mask is how a field's value is hidden.
type Mask string

// The masks, from the most lenient on.
const (
	// MaskEnds leaves the first three and the last four characters of a phone number,
	// and the first letter and the domain of an e-mail address. Other values are hidden
	// whole: their ends say too much.
	MaskEnds Mask = "ends"
	// MaskAll hides the whole value.
	MaskAll Mask = "all"
)

// Access is what a user may do with leads, and which of their fields stay hidden. It
// is what the role allows, less what permission templates take away.
type Access struct {
	View   Scope `json:"view"`
	Edit   Scope `json:"edit"`
	Delete Scope `json:"delete"`
	Export Scope `json:"export"`
	Create bool  `json:"create"`
	Import bool  `json:"import"`
	// Masks are the hidden fields.
	Masks map[LeadField]Mask `json:"masks,omitempty"`
	// MaskText hides phone numbers inside chat text too.
	MaskText bool `json:"mask_text,omitempty"`
	// NoReveal: hidden values cannot be looked at one by one either.
	NoReveal bool `json:"no_reveal,omitempty"`
	// Colleagues are the other users of the user's groups.
	Colleagues []UserID `json:"colleagues,omitempty"`
}

// BaseAccess is what a role allows before any template. Everyone sees every lead, as
// a small team expects; a template narrows that.
func BaseAccess(role Role) Access {
	switch role {
	case RoleAdministrator:
		return Access{View: ScopeAll, Edit: ScopeAll, Delete: ScopeAll, Export: ScopeAll, Create: true, Import: true}
	case RoleSalesManager:
		return Access{View: ScopeAll, Edit: ScopeGroup, Delete: ScopeGroup, Export: ScopeGroup, Create: true, Import: true}
	case RoleMarketingUser:
		return Access{View: ScopeAll, Edit: ScopeAll, Delete: ScopeNone, Export: ScopeAll, Create: true, Import: true}
	case RoleSalesUser:
		return Access{View: ScopeAll, Edit: ScopeGroup, Delete: ScopeNone, Export: ScopeNone, Create: true}
	}
	return Access{View: ScopeNone, Edit: ScopeNone, Delete: ScopeNone, Export: ScopeNone}
}

// Restrict takes away what a template restricts. However many are applied, and in
// whatever order, the strictest wins.
func (a Access) Restrict(t PermissionTemplate) Access {
	a.View, a.Edit = stricter(a.View, t.View), stricter(a.Edit, t.Edit)
	a.Delete, a.Export = stricter(a.Delete, t.Delete), stricter(a.Export, t.Export)
	// Nobody changes or takes along what they may not see.
	a.Edit, a.Delete, a.Export = stricter(a.Edit, a.View), stricter(a.Delete, a.View), stricter(a.Export, a.View)
	a.Create, a.Import = a.Create && !t.NoCreate, a.Import && !t.NoImport
	a.MaskText, a.NoReveal = a.MaskText || t.MaskText, a.NoReveal || t.NoReveal
	if len(t.Masks) > 0 {
		masks := maps.Clone(a.Masks)
		if masks == nil {
			masks = map[LeadField]Mask{}
		}
		for field, mask := range t.Masks {
			if masks[field] != MaskAll {
				masks[field] = mask
			}
		}
		a.Masks = masks
	}
	return a
}

// Hides reports whether anything is hidden from the user.
func (a Access) Hides() bool { return len(a.Masks) > 0 || a.MaskText }

// SeesAll reports whether nothing at all is kept from the user: every lead, and every
// field.
func (a Access) SeesAll() bool { return a.View == ScopeAll && !a.Hides() }

// MayReveal reports whether the user may look at a hidden field of one lead, giving a
// reason that is kept.
func (a Access) MayReveal(field LeadField) bool { return a.Masks[field] != "" && !a.NoReveal }

// PermissionTemplate restricts users, roles or groups it is assigned to. Its zero
// value restricts nothing. In JSON it is as the database keeps it.
type PermissionTemplate struct {
	ID   PermissionTemplateID `json:"-"`
	Name string               `json:"-"`
	// View, Edit, Delete and Export are the widest scope left; empty does not restrict.
	View     Scope              `json:"view,omitempty"`
	Edit     Scope              `json:"edit,omitempty"`
	Delete   Scope              `json:"delete,omitempty"`
	Export   Scope              `json:"export,omitempty"`
	NoCreate bool               `json:"no_create,omitempty"`
	NoImport bool               `json:"no_import,omitempty"`
	Masks    map[LeadField]Mask `json:"masks,omitempty"`
	MaskText bool               `json:"mask_text,omitempty"`
	// NoReveal: hidden values cannot be looked at one by one, with a reason, either.
	NoReveal bool `json:"no_reveal,omitempty"`
}

// Reach is whose leads a scope covers for one user, in the form that queries take.
type Reach struct {
	// All: every lead; the rest does not count.
	All bool
	// Owners are whose leads they are.
	Owners []UserID
	// Unassigned: leads without an owner too.
	Unassigned bool
}

// Reach is what a scope covers for the principal.
func (p Principal) Reach(scope Scope) Reach {
	switch scope {
	case ScopeAll:
		return Reach{All: true}
	case ScopeGroup:
		return Reach{Owners: append([]UserID{p.User}, p.Rights().Colleagues...), Unassigned: true}
	case ScopeOwn:
		return Reach{Owners: []UserID{p.User}}
	case ScopeNone:
	}
	return Reach{}
}

// Covers reports whether a lead with that owner, "" for none, is covered.
func (r Reach) Covers(owner UserID) bool {
	return r.All || owner == "" && r.Unassigned || owner != "" && slices.Contains(r.Owners, owner)
}

// Rights is the principal's access: what was found when they were authenticated, or
// what their role allows.
func (p Principal) Rights() Access {
	if p.Access != nil {
		return *p.Access
	}
	return BaseAccess(p.Role)
}

// Sees reports whether the principal may see a lead with that owner, "" for none.
func (p Principal) Sees(owner UserID) bool { return p.Reach(p.Rights().View).Covers(owner) }
