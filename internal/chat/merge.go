package chat

import (
	"slices"
	"strings"
)

// MergeRule says what becomes of a field when two leads become one.
type MergeRule string

// The rules.
const (
	// MergeFillEmpty keeps the parent's value, and takes the child's where it has none.
	MergeFillEmpty MergeRule = "fill_empty"
	// MergeOverwrite takes the child's value, unless that is empty.
	MergeOverwrite MergeRule = "overwrite"
	// MergeAppend keeps both, the parent's first. For texts and identifiers.
	MergeAppend MergeRule = "append"
)

// MergedIdentifiers names all identifiers where merging is told what to do with them:
// they are never lost, the rule says whose come first.
const MergedIdentifiers LeadField = "identifiers"

// mostMerged bounds a text that two others are appended to, in bytes.
const mostMerged = 100

// Merge is two leads that are to be one.
type Merge struct {
	// Parent stays, Child is no more.
	Parent, Child LeadID
	// Rules by field; a field that is not named is filled when it is empty.
	Rules map[LeadField]MergeRule
}

// Rule is the rule for a field.
func (m Merge) Rule(f LeadField) MergeRule {
	if r := m.Rules[f]; r != "" {
		return r
	}
	return MergeFillEmpty
}

// Of returns what becomes of the parent. Texts are the custom fields that hold text: others
// cannot be appended to.
func (m Merge) Of(parent, child Lead, texts []string) (Lead, error) {
	out := parent
	for _, f := range []struct {
		field     LeadField
		to        *string
		from      string
		appending bool
	}{
		{FieldFirstName, &out.FirstName, child.FirstName, true},
		{FieldLastName, &out.LastName, child.LastName, true},
		{FieldSource, &out.Source, child.Source, true},
		{FieldStage, &out.Stage, child.Stage, false},
		{FieldOwner, (*string)(&out.Owner), string(child.Owner), false},
	} {
		merged, err := m.value(f.field, *f.to, f.from, f.appending)
		if err != nil {
			return Lead{}, err
		}
		*f.to = merged
	}
	if out.Owner == child.Owner {
		out.OwnerName = child.OwnerName
	}
	out.Custom = nil
	for _, key := range customKeys(parent, child) {
		merged, err := m.value(CustomField(key), parent.Value(key), child.Value(key), slices.Contains(texts, key))
		if err != nil {
			return Lead{}, err
		}
		if merged != "" {
			out.Custom = append(out.Custom, CustomValue{Key: key, Value: merged})
		}
	}
	first, then := parent.Identifiers, child.Identifiers
	if m.Rule(MergedIdentifiers) == MergeOverwrite {
		first, then = then, first
	}
	out.Identifiers = slices.Concat(first, then)
	return out, nil
}

func customKeys(leads ...Lead) []string {
	var keys []string
	for _, l := range leads {
		for _, v := range l.Custom {
			keys = append(keys, v.Key)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// value is what becomes of one field.
func (m Merge) value(f LeadField, parent, child string, appending bool) (string, error) {
	rule := m.Rule(f)
	switch {
	case rule == MergeAppend && !appending:
		return "", Invalidf("rules", "Nothing can be appended to %s.", f)
	case child == "" || child == parent:
		return parent, nil
	case parent == "":
		return child, nil
	case rule == MergeOverwrite:
		return child, nil
	case rule == MergeAppend:
		both := strings.TrimSpace(parent + " " + child)
		if len(both) > mostMerged && f != "" && !strings.HasPrefix(string(f), customPrefix) {
			return "", Invalidf("rules", "Both values of %s together are too long.", f)
		}
		return both, nil
	}
	return parent, nil
}

// Duplicate is a lead that may be the same person as another, and why.
type Duplicate struct {
	Lead   Lead
	Reason DuplicateReason
}

// DuplicateReason is why two leads may be one person.
type DuplicateReason string

// The reasons, the strongest first.
const (
	// DuplicatePhone: their numbers have the same last digits.
	DuplicatePhone DuplicateReason = "phone"
	// DuplicateEmail: the same name, and e-mail addresses of the same domain.
	DuplicateEmail DuplicateReason = "name_domain"
	// DuplicateName: the same first and last name.
	DuplicateName DuplicateReason = "name"
)
