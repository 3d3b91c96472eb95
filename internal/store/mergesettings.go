package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// MergeSettings are when leads of an org become one by themselves, and how.
func (s *Store) MergeSettings(ctx context.Context, org chat.OrgID) (chat.MergeSettings, error) {
	var out chat.MergeSettings
	err := s.inOrg(ctx, org, func(t *tx) error {
		var err error
		out, err = t.mergeSettings(ctx)
		return err
	})
	return out, err
}

func (t *tx) mergeSettings(ctx context.Context) (chat.MergeSettings, error) {
	row, err := t.Queries.MergeSettings(ctx, t.org)
	if errors.Is(err, pgx.ErrNoRows) {
		return chat.DefaultMergeSettings(), nil
	}
	if err != nil {
		return chat.MergeSettings{}, err
	}
	out := chat.MergeSettings{
		Automatic: row.Automatic, Parent: chat.MergeParent(row.Parent),
		Kinds: convert(row.Kinds, func(k string) chat.IdentifierKind { return chat.IdentifierKind(k) }),
	}
	if err := json.Unmarshal(row.Rules, &out.Rules); err != nil {
		return out, fmt.Errorf("read the rules of merging: %w", err)
	}
	return out, nil
}

// SetMergeSettings changes them. A rule for a field that leads do not have, or that cannot
// be followed, is an error.
func (s *Store) SetMergeSettings(ctx context.Context, p chat.Principal, settings chat.MergeSettings) error {
	return s.inOrg(ctx, p.Org, func(t *tx) error {
		if err := t.checkMergeRules(ctx, settings.Rules); err != nil {
			return err
		}
		rules := settings.Rules
		if rules == nil {
			rules = map[chat.LeadField]chat.MergeRule{}
		}
		encoded, err := json.Marshal(rules)
		if err != nil {
			return fmt.Errorf("encode the rules of merging: %w", err)
		}
		return errors.Join(
			t.Queries.SetMergeSettings(ctx, db.SetMergeSettingsParams{
				OrgID: t.org, Automatic: settings.Automatic, Kinds: texts(settings.Kinds), Parent: string(settings.Parent), Rules: encoded,
			}),
			t.audit(ctx, p, chat.AuditEntry{Action: "merging.updated", Fields: []string{"automatic", "kinds", "parent", "rules"}}),
		)
	})
}

// checkMergeRules merges a lead that has a value in every field with one like it.
func (t *tx) checkMergeRules(ctx context.Context, rules map[chat.LeadField]chat.MergeRule) error {
	known := []chat.LeadField{
		chat.FieldFirstName, chat.FieldLastName, chat.FieldSource, chat.FieldStage, chat.FieldOwner, chat.MergedIdentifiers,
	}
	fields, err := t.customFields(ctx)
	if err != nil {
		return err
	}
	var probe chat.Lead
	for _, f := range fields {
		known = append(known, f.Name)
		probe.Custom = append(probe.Custom, chat.CustomValue{Key: f.Name.Key(), Value: "x"})
	}
	for field := range rules {
		if !slices.Contains(known, field) {
			return chat.Invalidf("rules", "Leads have no field %s.", field)
		}
	}
	_, err = t.merged(ctx, chat.Merge{Rules: rules}, probe, probe)
	return err
}

// itself is who merges when nobody does.
func (t *tx) itself() chat.Principal { return chat.Principal{Org: t.org, Role: chat.RoleAdministrator} }

// mergeByRule makes one of two leads that the settings say are one person, as a step of
// its own in history and audit. p is in whose rights it is done. It returns the lead that
// stays; "" when the two stay apart, because p may not change both or one was deleted.
func (t *tx) mergeByRule(ctx context.Context, p chat.Principal, a, b chat.LeadID, choose func(a, b chat.Lead) chat.Merge) (chat.LeadID, error) {
	first, second, err := t.lockBoth(ctx, p, chat.Merge{Parent: a, Child: b})
	if code := chat.CodeOf(err); code == chat.CodeNotFound || code == chat.CodeForbidden {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	m := choose(first, second)
	parent, child := first, second
	if m.Parent != parent.ID {
		parent, child = child, parent
	}
	if _, err := t.merged(ctx, m, parent, child); chat.CodeOf(err) == chat.CodeInvalid {
		m = m.WithoutAppending()
	}
	if _, err := t.merge(ctx, chat.Principal{Org: t.org}, m, parent, child); err != nil {
		return "", err
	}
	return m.Parent, t.audit(ctx, chat.Principal{Org: t.org}, chat.AuditEntry{
		Action: "lead.merged", Object: string(m.Parent), Detail: "by itself, with " + string(m.Child),
	})
}

// mergeWriters makes one lead of two that one person turns out to be: they wrote with a
// phone number of one and a WhatsApp id of the other. Nothing happens unless the org
// wants it.
func (t *tx) mergeWriters(ctx context.Context, known []db.Identifier) (merged bool, err error) {
	if len(known) != 2 || known[0].LeadID == known[1].LeadID {
		return false, nil
	}
	settings, err := t.mergeSettings(ctx)
	if err != nil || !settings.Merges(known[0].Kind) && !settings.Merges(known[1].Kind) {
		return false, err
	}
	stays, err := t.mergeByRule(ctx, t.itself(), known[0].LeadID, known[1].LeadID, settings.Of)
	return stays != "", err
}

// mergeTyped merges into a lead that is being edited the leads that have identifiers which
// it is to get, as far as the settings say so and the principal may: the lead on screen
// stays. It returns the change as it is to be made then, and whether it merged any.
func (t *tx) mergeTyped(ctx context.Context, p chat.Principal, c LeadChange) (_ LeadChange, merged bool, err error) {
	typed := slices.ContainsFunc(c.Identifiers, func(i IdentifierChange) bool { return i.ID == "" })
	if !typed {
		return c, merged, nil
	}
	settings, err := t.mergeSettings(ctx)
	if err != nil || !settings.Automatic {
		return c, merged, err
	}
	c.Identifiers = slices.Clone(c.Identifiers)
	for _, i := range slices.Clone(c.Identifiers) {
		if i.ID != "" {
			continue
		}
		other, err := t.sharer(ctx, p, settings, i.Kind, zero(i.Value))
		if err != nil {
			return c, merged, err
		}
		if other == "" || other == c.ID {
			continue
		}
		was, err := t.lead(ctx, other)
		if err != nil {
			return c, merged, err
		}
		stays, err := t.mergeByRule(ctx, p, c.ID, other, func(a, b chat.Lead) chat.Merge {
			return chat.Merge{Parent: a.ID, Child: b.ID, Rules: settings.Rules}
		})
		if err != nil {
			return c, merged, err
		}
		if stays != "" {
			merged = true
			c.Identifiers = adopt(c.Identifiers, was.Identifiers)
		}
	}
	return c, merged, nil
}

// adopt puts identifiers that a lead has got by merging into a change of them: in place
// of those that were typed, or behind.
func adopt(changes []IdentifierChange, got []chat.Identifier) []IdentifierChange {
	for _, i := range got {
		at := slices.IndexFunc(changes, func(c IdentifierChange) bool { return c.ID == "" && c.Kind == i.Kind && zero(c.Value) == i.Value })
		if at < 0 {
			changes = append(changes, IdentifierChange{ID: i.ID, Kind: i.Kind})
		} else {
			changes[at] = IdentifierChange{ID: i.ID, Kind: i.Kind, Label: changes[at].Label}
		}
	}
	return changes
}

// sharer is the lead that has an identifier which another is to get, if the settings make
// one of the two; "" if there is none. Whoever may not see such values learns nothing.
func (t *tx) sharer(ctx context.Context, p chat.Principal, settings chat.MergeSettings, kind chat.IdentifierKind, value string) (chat.LeadID, error) {
	if !settings.Merges(kind) || p.Rights().Masks[chat.LeadField(kind)] != "" {
		return "", nil
	}
	others, err := t.IdentifiersByValue(ctx, db.IdentifiersByValueParams{OrgID: t.org, Kinds: []string{string(kind)}, Values: []string{value}})
	if err != nil || len(others) == 0 {
		return "", err
	}
	return others[0].LeadID, nil
}
