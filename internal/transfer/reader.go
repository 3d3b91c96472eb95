package transfer

import (
	"fmt"
	"slices"
	"strings"

	"converse/internal/chat"
	"converse/internal/sheet"
)

// reader turns rows into leads by what the columns were said to mean.
type reader struct {
	settings  chat.ImportSettings
	canonical CanonicalFunc
	headers   []string
	fields    map[chat.LeadField]chat.Field
	// users are the org's by e-mail address and by name, in lower case. A name that
	// several have is nobody's.
	users map[string]chat.UserID
}

func newReader(headers []string, settings chat.ImportSettings, fields []chat.Field, users []chat.User, canonical CanonicalFunc) *reader {
	r := &reader{settings: settings, canonical: canonical, headers: headers, fields: map[chat.LeadField]chat.Field{}, users: map[string]chat.UserID{}}
	for _, f := range fields {
		r.fields[f.Name] = f
	}
	for _, u := range users {
		name := strings.ToLower(u.Name)
		if _, taken := r.users[name]; taken {
			r.users[name] = ""
		} else {
			r.users[name] = u.ID
		}
	}
	for _, u := range users {
		r.users[strings.ToLower(u.Email)] = u.ID
	}
	return r
}

// draft is what a row says of a lead.
type draft struct {
	row  int
	lead chat.Lead
	// given are the fields that the row has something in.
	given map[chat.LeadField]bool
	// problems are what is wrong; with any the row is not imported.
	problems []chat.RowProblem
}

func (d *draft) wrong(column, format string, args ...any) {
	d.problems = append(d.problems, chat.RowProblem{Row: d.row, Column: column, Text: fmt.Sprintf(format, args...)})
}

// read reads a row. It tells all that is wrong with it, not only the first.
func (r *reader) read(row sheet.Row) draft {
	d := draft{row: row.Number, given: map[chat.LeadField]bool{}}
	if text, ok := broken[row.Problem]; ok {
		d.wrong("", "%s", text)
		return d
	}
	for _, column := range r.settings.Columns {
		if column.Field == "" || column.Index >= len(row.Cells) || row.Cells[column.Index] == "" {
			continue
		}
		r.cell(&d, column, row.Cells[column.Index])
	}
	if len(d.problems) == 0 && d.lead.FirstName+d.lead.LastName == "" && len(d.lead.Identifiers) == 0 {
		d.wrong("", "The row has no name, no number and no address. Map a column that has one, or leave the row out.")
	}
	return d
}

var broken = map[sheet.Problem]string{
	sheet.ProblemTooLong:  "The row has more cells than there are headers. Put text that holds the delimiter in quotation marks.",
	sheet.ProblemTooShort: "The row has fewer cells than there are headers.",
	sheet.ProblemQuotes:   "A quotation mark is opened in this row and not closed, so that rows after it may be missing too. Close it or take it out.",
}

// longestWords is how long a name, a source or a stage may be.
const longestWords = 100

func (r *reader) cell(d *draft, column chat.ImportColumn, cell string) {
	header := r.headers[column.Index]
	if masked(cell) {
		d.wrong(header, "This is a value that was hidden when the file was made. Leave the column out.")
		return
	}
	switch column.Field {
	case chat.FieldPhone, chat.FieldEmail, chat.FieldWhatsApp:
		r.identifiers(d, column, cell)
		return
	case chat.FieldOwner:
		owner := r.users[strings.ToLower(cell)]
		if owner == "" {
			d.wrong(header, "There is no user with this e-mail address or name. Write the e-mail address of an active user.")
			return
		}
		d.lead.Owner = owner
	case chat.FieldFirstName, chat.FieldLastName, chat.FieldFullName, chat.FieldSource, chat.FieldStage:
		cell = strings.Join(strings.Fields(cell), " ")
		if len([]rune(cell)) > longestWords {
			d.wrong(header, "This is longer than %d characters.", longestWords)
			return
		}
		d.words(column.Field, cell)
	default:
		f := r.fields[column.Field]
		value, problem := canonical(f, cell, r.settings.MonthFirst)
		if problem != "" {
			d.wrong(header, "%s", problem)
			return
		}
		d.lead.Custom = append(d.lead.Custom, chat.CustomValue{Key: column.Field.Key(), Value: value})
	}
	d.given[column.Field] = true
}

// words puts a text where it belongs. The last word of a whole name is the last name.
func (d *draft) words(field chat.LeadField, text string) {
	switch field {
	case chat.FieldFirstName:
		d.lead.FirstName = text
	case chat.FieldLastName:
		d.lead.LastName = text
	case chat.FieldSource:
		d.lead.Source = text
	case chat.FieldStage:
		d.lead.Stage = text
	default: // the whole name
		d.lead.FirstName = text
		if first, last, ok := strings.Cut(text, ","); ok {
			d.lead.FirstName, d.lead.LastName = strings.TrimSpace(last), strings.TrimSpace(first)
		} else if at := strings.LastIndexByte(text, ' '); at > 0 {
			d.lead.FirstName, d.lead.LastName = text[:at], text[at+1:]
		}
		d.given[chat.FieldFirstName], d.given[chat.FieldLastName] = d.lead.FirstName != "", d.lead.LastName != ""
	}
}

// kinds are the fields that are identifiers.
var kinds = map[chat.LeadField]chat.IdentifierKind{
	chat.FieldPhone: chat.IdentifierPhone, chat.FieldEmail: chat.IdentifierEmail, chat.FieldWhatsApp: chat.IdentifierWhatsApp,
}

// separators come between several numbers or addresses in one cell; ours is the first.
var separators = []string{" / ", "\n", ";", "|", ",", "/"}

// identifiers reads a cell that holds one identifier, or several.
func (r *reader) identifiers(d *draft, column chat.ImportColumn, cell string) {
	found, problem := r.identifier(column.Field, cell)
	all := []string{found}
	for _, separator := range separators {
		if problem == "" || !strings.Contains(cell, separator) {
			continue
		}
		if several, ok := r.several(column.Field, strings.Split(cell, separator)); ok {
			all, problem = several, ""
		}
	}
	if problem != "" {
		d.wrong(r.headers[column.Index], "%s", problem)
		return
	}
	for _, value := range all {
		i := chat.Identifier{Kind: kinds[column.Field], Value: value, Label: column.Label}
		if !slices.ContainsFunc(d.lead.Identifiers, func(other chat.Identifier) bool { return sameIdentifier(i, other) }) {
			d.lead.Identifiers = append(d.lead.Identifiers, i)
		}
	}
	if len(d.lead.Identifiers) > mostIdentifiers {
		d.wrong(r.headers[column.Index], "A lead can have %d numbers and addresses.", mostIdentifiers)
	}
}

// mostIdentifiers is how many a lead may have.
const mostIdentifiers = 20

func (r *reader) several(field chat.LeadField, parts []string) ([]string, bool) {
	var out []string
	for _, part := range parts {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		value, problem := r.identifier(field, sheet.Unguard(part))
		if problem != "" {
			return nil, false
		}
		out = append(out, value)
	}
	return out, len(out) > 0
}

func sameIdentifier(a, b chat.Identifier) bool { return a.Kind == b.Kind && a.Value == b.Value }
