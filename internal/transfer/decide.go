package transfer

import (
	"fmt"
	"slices"

	"converse/internal/chat"
	"converse/internal/sheet"
	"converse/internal/store"
)

// decider says what becomes of rows. Checking and importing ask the same one, so that
// the report tells what will happen.
type decider struct {
	*reader
	p chat.Principal
	// first is the row of the file that has an identifier first.
	first map[identifierKey]int
	// leads are those that identifiers belong to, as they are after the rows so far.
	leads map[identifierKey]*known
}

type identifierKey struct {
	kind  chat.IdentifierKind
	value string
}

func keyOf(i chat.Identifier) identifierKey { return identifierKey{i.Kind, i.Value} }

// known is a lead that is there, or will be.
type known struct {
	chat.Lead
	// ours: this import made it. fresh: it is not stored yet. changed: it is to be
	// stored again.
	ours, fresh, changed bool
}

// decision is what becomes of a row.
type decision struct {
	outcome chat.RowOutcome
	// lead is who was made, changed or found; nil where the user may not know.
	lead *known
	// why says why the row was skipped, in words for the user.
	why      string
	problems []chat.RowProblem
}

func newDecider(r *reader, p chat.Principal, rows []sheet.Row) *decider {
	d := &decider{reader: r, p: p, first: map[identifierKey]int{}, leads: map[identifierKey]*known{}}
	for _, row := range rows {
		for _, i := range r.read(row).lead.Identifiers {
			if _, ok := d.first[keyOf(i)]; !ok {
				d.first[keyOf(i)] = row.Number
			}
		}
	}
	return d
}

// knows tells the decider of leads that are there; ours are those that the import made.
func (d *decider) knows(leads []chat.Lead, ours []chat.LeadID) {
	for _, lead := range leads {
		if slices.ContainsFunc(lead.Identifiers, func(i chat.Identifier) bool { return d.leads[keyOf(i)] != nil && d.leads[keyOf(i)].ID == lead.ID }) {
			continue // it is known, and perhaps changed since
		}
		lead.Custom, lead.Identifiers = slices.Clone(lead.Custom), slices.Clone(lead.Identifiers)
		k := &known{Lead: lead, ours: slices.Contains(ours, lead.ID)}
		for _, i := range lead.Identifiers {
			d.leads[keyOf(i)] = k
		}
	}
}

// decide says what becomes of a row, and takes note of it.
func (d *decider) decide(row sheet.Row) decision {
	drafted := d.read(row)
	if len(drafted.problems) > 0 {
		return decision{outcome: chat.RowFailed, problems: drafted.problems}
	}
	there, by, err := d.find(drafted)
	switch {
	case err != "":
		return failed(row, err)
	case there == nil && !d.p.Rights().Create:
		return failed(row, "Your permissions do not let you make leads. Ask an administrator.")
	case there == nil:
		return decision{outcome: chat.RowCreated, lead: d.make(drafted)}
	case !there.DeletedAt.IsZero():
		return failed(row, fmt.Sprintf("A lead that was deleted has this %s. Restore it first.", by.Kind.Words()))
	}
	return d.meet(row, drafted, there, by)
}

func failed(row sheet.Row, text string) decision {
	return decision{outcome: chat.RowFailed, problems: []chat.RowProblem{{Row: row.Number, Text: text}}}
}

// find is the lead that a row is about, and the identifier it was found by.
func (d *decider) find(drafted draft) (there *known, by chat.Identifier, err string) {
	for _, i := range drafted.lead.Identifiers {
		k := d.leads[keyOf(i)]
		switch {
		case k == nil:
		case there == nil:
			there, by = k, i
		case there.ID != k.ID:
			return nil, by, "The row's numbers and addresses belong to different leads. Split the row, or merge the leads first."
		}
	}
	return there, by, ""
}

func (d *decider) make(drafted draft) *known {
	lead := drafted.lead
	lead.ID = chat.NewID[chat.LeadID]()
	for i := range lead.Identifiers {
		lead.Identifiers[i].ID = chat.NewID[chat.IdentifierID]()
	}
	if lead.Owner == "" {
		lead.Owner = d.settings.Owner
	}
	if lead.Source == "" {
		lead.Source = d.settings.Source
	}
	if lead.Stage == "" {
		lead.Stage = d.settings.Stage
	}
	k := &known{Lead: lead, ours: true, fresh: true}
	for _, i := range lead.Identifiers {
		d.leads[keyOf(i)] = k
	}
	return k
}

// meet is what becomes of a row whose lead is there.
func (d *decider) meet(row sheet.Row, drafted draft, there *known, by chat.Identifier) decision {
	what := by.Kind.Words()
	why := fmt.Sprintf("A lead with this %s is there already.", what)
	if first := d.first[keyOf(by)]; first < row.Number {
		why = fmt.Sprintf("Row %d has the same %s.", first, what)
	}
	rights := d.p.Rights()
	if d.hides(by.Kind) && !there.ours {
		// Who changes the lead of a number, and then looks which lead has changed, has
		// found out whose number it is.
		return decision{outcome: chat.RowSkipped, why: why}
	}
	visible := there
	if !there.ours && !d.p.Sees(there.Owner) {
		visible = nil
	}
	if d.settings.Rule == chat.DuplicateIgnore {
		return decision{outcome: chat.RowSkipped, lead: visible, why: why}
	}
	if !there.ours && !d.p.Reach(rights.Edit).Covers(there.Owner) {
		return failed(row, why+" You may not change it.")
	}
	if !d.apply(drafted, there) {
		return decision{outcome: chat.RowSkipped, lead: visible, why: why + " There was nothing to change."}
	}
	there.changed = true
	return decision{outcome: chat.RowUpdated, lead: visible}
}

// hides reports whether the user may not see identifiers of a kind.
func (d *decider) hides(kind chat.IdentifierKind) bool {
	for field, k := range kinds {
		if k == kind {
			_, hidden := d.p.Rights().Masks[field]
			return hidden
		}
	}
	return false
}

// apply puts what a row says onto a lead and reports whether that changed it. A field
// that is hidden from the user stays as it is.
func (d *decider) apply(drafted draft, there *known) bool {
	changed := false
	put := func(field chat.LeadField, to *string, value string) {
		_, hidden := d.p.Rights().Masks[field]
		if value == "" || *to == value || hidden && !there.ours || d.settings.Rule == chat.DuplicateFill && *to != "" {
			return
		}
		*to, changed = value, true
	}
	from := drafted.lead
	put(chat.FieldFirstName, &there.FirstName, from.FirstName)
	put(chat.FieldLastName, &there.LastName, from.LastName)
	put(chat.FieldSource, &there.Source, from.Source)
	put(chat.FieldStage, &there.Stage, from.Stage)
	owner := string(there.Owner)
	put(chat.FieldOwner, &owner, string(from.Owner))
	there.Owner = chat.UserID(owner)
	for _, v := range from.Custom {
		at := slices.IndexFunc(there.Custom, func(c chat.CustomValue) bool { return c.Key == v.Key })
		if at < 0 {
			there.Custom = append(there.Custom, chat.CustomValue{Key: v.Key})
			at = len(there.Custom) - 1
		}
		put(chat.CustomField(v.Key), &there.Custom[at].Value, v.Value)
	}
	return d.addIdentifiers(from.Identifiers, there) || changed
}

// addIdentifiers adds those that the lead does not have. None is ever taken away.
func (d *decider) addIdentifiers(from []chat.Identifier, there *known) bool {
	has := map[chat.IdentifierKind]bool{}
	for _, i := range there.Identifiers {
		has[i.Kind] = true
	}
	added := false
	for _, i := range from {
		switch {
		case d.leads[keyOf(i)] != nil, len(there.Identifiers) >= mostIdentifiers:
		case d.hides(i.Kind) && !there.ours, d.settings.Rule == chat.DuplicateFill && has[i.Kind]:
		default:
			i.ID = chat.NewID[chat.IdentifierID]()
			there.Identifiers = append(there.Identifiers, i)
			d.leads[keyOf(i)] = there
			added = true
		}
	}
	return added
}

// identifiers are all that rows name.
func (d *decider) identifiers(rows []sheet.Row) []chat.Identifier {
	var out []chat.Identifier
	for _, row := range rows {
		out = append(out, d.read(row).lead.Identifiers...)
	}
	return out
}

// forget makes the decider forget what it knows of leads: another page begins, and
// somebody may have changed them.
func (d *decider) forget() { clear(d.leads) }

// page decides about the rows of a page and says what is to be stored.
func (d *decider) page(rows []sheet.Row) store.ImportedPage {
	var out store.ImportedPage
	stored := map[*known]bool{}
	var leads []*known
	for _, row := range rows {
		made := d.decide(row)
		done := store.ImportedRow{Outcome: made.outcome, Why: made.words()}
		if k := made.lead; k != nil {
			done.Lead = k.ID
			if !slices.Contains(out.Listed, k.ID) {
				out.Listed = append(out.Listed, k.ID)
			}
			if !stored[k] {
				stored[k] = true
				leads = append(leads, k)
			}
		}
		out.Rows, out.Problems = append(out.Rows, done), append(out.Problems, made.problems...)
	}
	for _, k := range leads {
		switch {
		case k.fresh:
			out.Made = append(out.Made, k.Lead)
		case k.changed:
			out.Changed = append(out.Changed, k.Lead)
		}
	}
	return out
}
