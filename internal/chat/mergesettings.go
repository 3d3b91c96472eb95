package chat

import "slices"

// MergeParent says which of two leads stays when they become one by themselves.
type MergeParent string

// The lead that stays. Of two that are alike it is the one that was made first.
const (
	// MergeParentNumber is the one with a phone number: it can be reached over any channel.
	MergeParentNumber MergeParent = "number"
	MergeParentOlder  MergeParent = "older"
	MergeParentNewer  MergeParent = "newer"
)

// MergeSettings say when leads become one by themselves, and how. The zero value merges
// nothing.
type MergeSettings struct {
	Automatic bool
	// Kinds are the identifiers that make two leads one person when they share one.
	Kinds  []IdentifierKind
	Parent MergeParent
	// Rules are as for Merge.
	Rules map[LeadField]MergeRule
}

// DefaultMergeSettings are those of an org that has not chosen.
func DefaultMergeSettings() MergeSettings {
	return MergeSettings{Kinds: []IdentifierKind{IdentifierPhone, IdentifierEmail, IdentifierWhatsApp}, Parent: MergeParentNumber}
}

// Merges reports whether leads that share an identifier of a kind become one.
func (s MergeSettings) Merges(kind IdentifierKind) bool {
	return s.Automatic && slices.Contains(s.Kinds, kind)
}

// Of is the merge of two leads by the settings.
func (s MergeSettings) Of(a, b Lead) Merge {
	if b.CreatedAt.Before(a.CreatedAt) {
		a, b = b, a
	}
	second := s.Parent == MergeParentNewer || s.Parent == MergeParentNumber && !a.hasNumber() && b.hasNumber()
	if second {
		a, b = b, a
	}
	return Merge{Parent: a.ID, Child: b.ID, Rules: s.Rules}
}

func (l Lead) hasNumber() bool {
	return slices.ContainsFunc(l.Identifiers, func(i Identifier) bool { return i.Kind == IdentifierPhone })
}

// WithoutAppending is the merge where what was to be appended is filled instead: two texts
// together may be too long.
func (m Merge) WithoutAppending() Merge {
	rules := map[LeadField]MergeRule{}
	for field, rule := range m.Rules {
		if rule != MergeAppend || field == MergedIdentifiers {
			rules[field] = rule
		}
	}
	m.Rules = rules
	return m
}
