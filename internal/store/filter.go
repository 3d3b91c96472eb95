package store

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"converse/internal/chat"
)

// A filter is any combination of conditions, and which index serves it depends on the
// values, so the query is put together here. Values and names of fields only ever
// become arguments; what becomes text is written in this file.

// leadQuery is the text of a query for ids of leads under construction. Each one begins
// with the org, what is not deleted, and what the principal may see.
type leadQuery struct {
	where []string
	args  []any
	p     chat.Principal
	now   time.Time
	// fields are the custom fields by name.
	fields map[chat.LeadField]chat.Field
}

func newLeadQuery(p chat.Principal, fields []chat.Field, now time.Time) *leadQuery {
	q := &leadQuery{p: p, now: now, fields: map[chat.LeadField]chat.Field{}, args: []any{string(p.Org)}}
	for _, f := range fields {
		q.fields[f.Name] = f
	}
	q.add("l.org_id = $1::uuid", "l.deleted_at is null")
	if see := p.Reach(p.Rights().View); !see.All {
		visible := "l.owner_id = any(" + q.arg(texts(see.Owners)) + "::uuid[])"
		if see.Unassigned {
			visible = "(" + visible + " or l.owner_id is null)"
		}
		q.add(visible)
	}
	return q
}

func (q *leadQuery) add(conditions ...string) { q.where = append(q.where, conditions...) }

// arg adds a value and returns its place in the text.
func (q *leadQuery) arg(value any) string {
	q.args = append(q.args, value)
	return "$" + strconv.Itoa(len(q.args))
}

func (q *leadQuery) text() string { return strings.Join(q.where, "\n  and ") }

// inList narrows to the members of a static list.
func (q *leadQuery) inList(id chat.LeadListID) {
	q.add("exists (select 1 from lead_list_members m where m.org_id = $1::uuid and m.list_id = " + q.arg(string(id)) + "::uuid and m.lead_id = l.id)")
}

// narrow adds the conditions of a filter. A condition on a field that is masked for the
// principal is refused: it would tell what the mask hides.
func (q *leadQuery) narrow(f chat.LeadFilter) error {
	for i, c := range f.Conditions {
		at := fmt.Sprintf("filter.conditions[%d]", i)
		if err := q.refuseMasked(c.Field, at+".field"); err != nil {
			return err
		}
		condition, problem := q.condition(c)
		if problem != "" {
			return chat.Invalidf(at, "%s", problem)
		}
		q.add(condition)
	}
	return nil
}

// refuseMasked refuses to compare by a field that is hidden from the principal.
func (q *leadQuery) refuseMasked(field chat.LeadField, at string) error {
	if q.p.Rights().Masks[field] == "" {
		return nil
	}
	return &chat.Error{
		Code: chat.CodeForbidden, Reason: chat.ReasonMasked, Field: at,
		Message: "The field " + q.label(field) + " is hidden from you, so leads cannot be narrowed or sorted by it.",
	}
}

func (q *leadQuery) label(field chat.LeadField) string {
	if f, ok := q.fields[field]; ok {
		return f.Label
	}
	for _, f := range chat.BuiltInFields() {
		if f.Name == field {
			return f.Label
		}
	}
	return string(field)
}

// condition is one condition as SQL, or what is wrong with it.
func (q *leadQuery) condition(c chat.Condition) (condition, problem string) {
	if len(c.Values) == 0 && c.Op != chat.OpEmpty && c.Op != chat.OpFilled {
		return "", "needs a value"
	}
	switch c.Field {
	case chat.FieldFirstName, chat.FieldLastName:
		return q.name(c)
	case chat.FieldSource:
		return q.word(c, "l.source")
	case chat.FieldStage:
		return q.word(c, "l.stage")
	case chat.FieldOwner:
		return q.owner(c)
	case chat.FieldCreatedAt:
		return q.moment(c, "l.created_at")
	case chat.FieldModifiedAt:
		return q.moment(c, "l.modified_at")
	case chat.FieldPhone, chat.FieldEmail, chat.FieldWhatsApp:
		has := "exists (select 1 from identifiers i where i.org_id = $1::uuid and i.lead_id = l.id and i.kind = " + q.arg(string(c.Field)) + ")"
		return filled(c.Op, has)
	case chat.FieldOptedOut:
		return q.optedOut(c)
	default:
		if f, ok := q.fields[c.Field]; ok {
			return q.custom(c, f)
		}
		return "", "names no field of a lead"
	}
}

const cannot = "cannot be compared like that"

// filled is the condition that something is there, or is not.
func filled(op chat.FilterOp, has string) (condition, problem string) {
	switch op {
	case chat.OpFilled:
		return has, ""
	case chat.OpEmpty:
		return "not " + has, ""
	case chat.OpIs, chat.OpIsNot, chat.OpBegins, chat.OpFrom, chat.OpUpto:
	}
	return "", cannot
}

// name compares a name word by word, by what leads are found by.
func (q *leadQuery) name(c chat.Condition) (condition, problem string) {
	column := "l.first_name"
	if c.Field == chat.FieldLastName {
		column = "l.last_name"
	}
	end := endOfWord
	switch c.Op {
	case chat.OpEmpty, chat.OpFilled:
		return filled(c.Op, "("+column+" <> '')")
	case chat.OpBegins:
		end = endOfPrefix
	case chat.OpIs, chat.OpIsNot:
	case chat.OpFrom, chat.OpUpto:
		return "", cannot
	}
	var words []string
	for _, value := range c.Values {
		var all []string
		for _, word := range chat.NameWords(chat.Lead{FirstName: value}) {
			all = append(all, "exists (select 1 from lead_terms t where t.org_id = $1::uuid and t.lead_id = l.id and t.kind = "+q.arg(string(c.Field))+
				" and t.term >= "+q.arg(word)+" and t.term < "+q.arg(word+end)+")")
		}
		if len(all) > 0 {
			words = append(words, "("+strings.Join(all, " and ")+")")
		}
	}
	if len(words) == 0 {
		return "", "needs a word"
	}
	condition = "(" + strings.Join(words, " or ") + ")"
	if c.Op == chat.OpIsNot {
		condition = "not " + condition
	}
	return condition, ""
}

// word compares a column that holds one of few words.
func (q *leadQuery) word(c chat.Condition, column string) (condition, problem string) {
	switch c.Op {
	case chat.OpIs:
		return column + " = any(" + q.arg(c.Values) + "::text[])", ""
	case chat.OpIsNot:
		return column + " <> all(" + q.arg(c.Values) + "::text[])", ""
	case chat.OpBegins:
		return "starts_with(lower(" + column + "), lower(" + q.arg(c.Values[0]) + "))", ""
	case chat.OpEmpty, chat.OpFilled:
		return filled(c.Op, "("+column+" <> '')")
	case chat.OpFrom, chat.OpUpto:
	}
	return "", cannot
}

func (q *leadQuery) owner(c chat.Condition) (condition, problem string) {
	var ids []string
	for _, value := range c.Values {
		if value == "me" {
			if q.p.User == "" {
				continue
			}
			value = string(q.p.User)
		}
		id, err := chat.ParseID[chat.UserID]("values", value)
		if err != nil {
			return "", "names no user"
		}
		ids = append(ids, string(id))
	}
	switch c.Op {
	case chat.OpIs:
		return "l.owner_id = any(" + q.arg(ids) + "::uuid[])", ""
	case chat.OpIsNot:
		return "(l.owner_id is null or l.owner_id <> all(" + q.arg(ids) + "::uuid[]))", ""
	case chat.OpEmpty, chat.OpFilled:
		return filled(c.Op, "(l.owner_id is not null)")
	case chat.OpBegins, chat.OpFrom, chat.OpUpto:
	}
	return "", cannot
}

func (q *leadQuery) optedOut(c chat.Condition) (condition, problem string) {
	out := "exists (select 1 from identifiers i where i.org_id = $1::uuid and i.lead_id = l.id and (i.opted_out_at is not null or i.stops <> '{}'))"
	if c.Op != chat.OpIs || c.Values[0] != "true" && c.Values[0] != "false" {
		return "", cannot
	}
	if c.Values[0] == "false" {
		out = "not " + out
	}
	return out, ""
}

// custom compares the value of a custom field.
func (q *leadQuery) custom(c chat.Condition, f chat.Field) (condition, problem string) {
	terms := make([]string, len(c.Values))
	for i, value := range c.Values {
		if f.Type == chat.FieldDate && strings.HasSuffix(value, "d") {
			day, problem := q.day(value)
			if problem != "" {
				return "", problem
			}
			value = day.Format(time.DateOnly)
		}
		canonical := value
		if f.Type == chat.FieldNumber || f.Type == chat.FieldDate || f.Type == chat.FieldBoolean {
			if canonical, problem = f.Canonical(value); problem != "" {
				return "", problem
			}
		}
		terms[i] = f.Term(canonical)
	}
	has := func(compare string) string {
		return "exists (select 1 from lead_values v where v.org_id = $1::uuid and v.field_id = " + q.arg(string(f.ID)) + "::uuid and v.lead_id = l.id" + compare + ")"
	}
	switch c.Op {
	case chat.OpIs:
		return has(" and v.term = any(" + q.arg(terms) + "::text[])"), ""
	case chat.OpIsNot:
		return "not " + has(" and v.term = any("+q.arg(terms)+"::text[])"), ""
	case chat.OpBegins:
		return has(" and v.term >= " + q.arg(terms[0]) + " and v.term < " + q.arg(terms[0]+endOfPrefix)), ""
	case chat.OpFrom:
		return has(" and v.term >= " + q.arg(terms[0])), ""
	case chat.OpUpto:
		return has(" and v.term <= " + q.arg(terms[0])), ""
	case chat.OpEmpty, chat.OpFilled:
		return filled(c.Op, has(""))
	}
	return "", cannot
}
