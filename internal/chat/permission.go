package chat

import (
	"maps"
	"slices"
)

// Assignment is whom a template restricts: exactly one of a user, a role or a group.
type Assignment struct {
	User  UserID
	Role  Role
	Group GroupID
}

// Touches reports whether the assignment restricts the member.
func (a Assignment) Touches(m Member) bool {
	switch {
	case a.User != "":
		return a.User == m.ID
	case a.Role != "":
		return a.Role == m.Role
	}
	return slices.Contains(m.Groups, a.Group)
}

// AssignedTemplate is a permission template and whom it restricts.
type AssignedTemplate struct {
	PermissionTemplate
	Assignments []Assignment
}

// Restriction is what one template takes away from a user, and why it does.
type Restriction struct {
	Template PermissionTemplate
	// Through are the assignments that touch the user.
	Through []Assignment
	// Takes names what it takes from the role's rights: view, edit, delete, export,
	// create, import, mask_text, no_reveal, and mask. with a field's name.
	Takes []string
}

// Restrictions is which templates restrict a member, and what is left of the role's
// rights after all of them. Colleagues are the member's own.
func Restrictions(m Member, templates []AssignedTemplate) (Access, []Restriction) {
	base := BaseAccess(m.Role)
	left := base
	var out []Restriction
	for _, t := range templates {
		through := slices.DeleteFunc(slices.Clone(t.Assignments), func(a Assignment) bool { return !a.Touches(m) })
		if len(through) == 0 {
			continue
		}
		left = left.Restrict(t.PermissionTemplate)
		out = append(out, Restriction{Template: t.PermissionTemplate, Through: through, Takes: base.takenBy(t.PermissionTemplate)})
	}
	left.Colleagues = m.Access.Colleagues
	return left, out
}

// takenBy names what a template alone would take away.
func (a Access) takenBy(t PermissionTemplate) []string {
	b := a.Restrict(t)
	var out []string
	for _, right := range []struct {
		name  string
		taken bool
	}{
		{"view", a.View != b.View},
		{"edit", a.Edit != b.Edit},
		{"delete", a.Delete != b.Delete},
		{"export", a.Export != b.Export},
		{"create", a.Create != b.Create},
		{"import", a.Import != b.Import},
		{"mask_text", a.MaskText != b.MaskText},
		{"no_reveal", a.NoReveal != b.NoReveal},
	} {
		if right.taken {
			out = append(out, right.name)
		}
	}
	for _, field := range slices.Sorted(maps.Keys(b.Masks)) {
		if a.Masks[field] != b.Masks[field] {
			out = append(out, "mask."+string(field))
		}
	}
	return out
}

// Check returns an error that names the field of a template which is not right.
func (t PermissionTemplate) Check() error {
	for _, scope := range []struct {
		field string
		scope Scope
	}{{"view", t.View}, {"edit", t.Edit}, {"delete", t.Delete}, {"export", t.Export}} {
		if scope.scope != "" && !slices.Contains(scopes(), scope.scope) {
			return Invalidf(scope.field, "must be none, own, group or all, or empty for no restriction")
		}
	}
	for field, mask := range t.Masks {
		if mask != MaskEnds && mask != MaskAll {
			return Invalidf("masks", "A field is masked by ends or all.")
		}
		if !field.Known() {
			return Invalidf("masks", "There is no such field of a lead.")
		}
	}
	return nil
}

// Known reports whether a field is one that every lead has, or has the form of a
// custom one.
func (f LeadField) Known() bool {
	return slices.Contains([]LeadField{
		FieldFirstName, FieldLastName, FieldPhone, FieldEmail, FieldWhatsApp, FieldOwner, FieldSource, FieldStage, FieldCreatedAt, FieldModifiedAt,
	}, f) || len(f) > len(customPrefix) && f[:len(customPrefix)] == customPrefix
}

// Blinds says in words what a change of templates takes from administrators so that
// somebody should be asked first: leads out of sight of one who saw all, or a field
// hidden from every one of them. before and after are the accesses of the active
// administrators. "": nothing.
func Blinds(before, after []Access) string {
	for i := range before {
		if before[i].View == ScopeAll && after[i].View != ScopeAll {
			return "This takes leads out of an administrator's sight."
		}
	}
	for field := range hiddenFromAll(after) {
		if !hiddenFromAll(before)[field] {
			return "This hides a field from every administrator: nobody would see it any more."
		}
	}
	return ""
}

// hiddenFromAll are the fields that none of them sees.
func hiddenFromAll(list []Access) map[LeadField]bool {
	out := map[LeadField]bool{}
	if len(list) == 0 {
		return out
	}
	for field := range list[0].Masks {
		out[field] = !slices.ContainsFunc(list, func(a Access) bool { return a.Masks[field] == "" })
	}
	maps.DeleteFunc(out, func(_ LeadField, hidden bool) bool { return !hidden })
	return out
}
