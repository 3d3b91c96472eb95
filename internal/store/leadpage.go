package store

import (
	"cmp"
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// MostCounted bounds how far the leads of a page are counted.
const MostCounted = 10_000

// LeadPageQuery asks for a page of leads.
type LeadPageQuery struct {
	// List narrows to a list; empty means every lead.
	List   chat.LeadListID
	Filter chat.LeadFilter
	// Sort is the field that orders; empty means modified_at.
	Sort       chat.LeadField
	Descending bool
	// After is the last lead of the page before; empty for the first page.
	After chat.LeadID
	Most  int
	// CountUpTo bounds how far a first page is counted; 0 means MostCounted.
	CountUpTo int
}

// LeadPage is one page of leads.
type LeadPage struct {
	Leads []chat.Lead
	// Next is where the next page goes on; empty on the last.
	Next chat.LeadID
	// Total is how many there are, up to one more than the bound. It is counted for first
	// pages alone.
	Total int
}

// LeadPage returns a page of leads that the principal may see. Ties are in the order of
// ids. A field that is masked for the principal neither narrows nor sorts.
func (s *Store) LeadPage(ctx context.Context, p chat.Principal, page LeadPageQuery) (LeadPage, error) {
	var out LeadPage
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		query := func() (*leadQuery, error) {
			q, err := t.leadQuery(ctx, p)
			if err != nil {
				return nil, err
			}
			return q, t.narrowTo(ctx, q, page.List, page.Filter)
		}
		q, err := query()
		if err != nil {
			return err
		}
		if page.After == "" {
			if out.Total, err = t.countLeads(ctx, q, cmp.Or(page.CountUpTo, MostCounted)+1); err != nil {
				return err
			}
		}
		ids, err := t.pageOf(ctx, query, page)
		if err != nil {
			return err
		}
		if len(ids) > page.Most {
			ids = ids[:page.Most]
			out.Next = ids[len(ids)-1]
		}
		out.Leads, err = t.leadsByID(ctx, ids)
		return err
	})
	return out, err
}

// leadQuery begins a query for leads that the principal may see.
func (t *tx) leadQuery(ctx context.Context, p chat.Principal) (*leadQuery, error) {
	fields, err := t.customFields(ctx)
	if err != nil {
		return nil, err
	}
	return newLeadQuery(p, fields, time.Now()), nil
}

// narrowTo narrows to a list, if one is named, and to a filter.
func (t *tx) narrowTo(ctx context.Context, q *leadQuery, list chat.LeadListID, filter chat.LeadFilter) error {
	if list != "" {
		l, err := t.list(ctx, list)
		if err != nil {
			return err
		}
		if l.Kind == chat.ListStatic {
			q.inList(list)
		} else if err := q.narrow(l.Filter); err != nil {
			return err
		}
	}
	return q.narrow(filter)
}

// countLeads counts what a query finds, up to a bound.
func (t *tx) countLeads(ctx context.Context, q *leadQuery, most int) (int, error) {
	counted := *q // which may be asked something else after this
	text := "select count(*) from (select 1 from leads l where " + q.text() + " limit " + counted.arg(most) + ") x"
	var n int
	err := t.planned(ctx, func() error { return t.opening.QueryRow(ctx, text, counted.args...).Scan(&n) })
	return n, err
}

// planned runs a query that is planned for its own values: which index serves a filter
// depends on them.
func (t *tx) planned(ctx context.Context, run func() error) error {
	if err := t.PlanForValues(ctx); err != nil {
		return err
	}
	return run()
}

// columns are what leads can be sorted by.
var columns = map[chat.LeadField]string{
	chat.FieldFirstName: "first_name", chat.FieldLastName: "last_name", chat.FieldSource: "source", chat.FieldStage: "stage",
	chat.FieldCreatedAt: "created_at", chat.FieldModifiedAt: "modified_at",
}

// pageOf returns the ids of a page, one more than asked for where there are more.
func (t *tx) pageOf(ctx context.Context, query func() (*leadQuery, error), page LeadPageQuery) ([]chat.LeadID, error) {
	if page.Sort == "" {
		page.Sort = chat.FieldModifiedAt
	}
	q, err := query()
	if err != nil {
		return nil, err
	}
	if err := q.refuseMasked(page.Sort, "sort"); err != nil {
		return nil, err
	}
	if column, ok := columns[page.Sort]; ok {
		return t.ids(ctx, q.sorted("leads l", "l."+column, "(select o."+column+" from leads o where o.org_id = $1::uuid and o.id = ", "l.id", page), q.args)
	}
	field, ok := q.fields[page.Sort]
	if !ok {
		return nil, chat.Invalidf("sort", "names no field that leads can be sorted by")
	}
	return t.pageByValue(ctx, query, page, field)
}

// pageByValue sorts by a custom field. Leads without a value come last.
func (t *tx) pageByValue(ctx context.Context, query func() (*leadQuery, error), page LeadPageQuery, field chat.Field) ([]chat.LeadID, error) {
	without := false
	if page.After != "" {
		n, err := t.CountValues(ctx, db.CountValuesParams{OrgID: t.org, LeadID: page.After, FieldID: field.ID})
		if err != nil {
			return nil, err
		}
		without = n == 0
	}
	var out []chat.LeadID
	if !without {
		q, err := query()
		if err != nil {
			return nil, err
		}
		id := q.arg(string(field.ID)) + "::uuid"
		q.add("v.org_id = $1::uuid", "v.field_id = "+id)
		text := q.sorted("lead_values v join leads l on l.org_id = v.org_id and l.id = v.lead_id", "v.term",
			"(select o.term from lead_values o where o.org_id = $1::uuid and o.field_id = "+id+" and o.lead_id = ", "v.lead_id", page)
		if out, err = t.ids(ctx, text, q.args); err != nil || len(out) > page.Most {
			return out, err
		}
		page.After = ""
	}
	q, err := query()
	if err != nil {
		return nil, err
	}
	q.add("not exists (select 1 from lead_values v where v.org_id = $1::uuid and v.field_id = " + q.arg(string(field.ID)) + "::uuid and v.lead_id = l.id)")
	page.Most -= len(out)
	rest, err := t.ids(ctx, q.sorted("leads l", "l.id", "(select o.id from leads o where o.org_id = $1::uuid and o.id = ", "l.id", page), q.args)
	return append(out, rest...), err
}

// sorted is the text of a query for a page. place begins a query for the value that the
// page before ended with; what it was is not in any cursor.
func (q *leadQuery) sorted(from, by, place, id string, page LeadPageQuery) string {
	direction, further := "", " > "
	if page.Descending {
		direction, further = " desc", " < "
	}
	if page.After != "" {
		after := q.arg(string(page.After)) + "::uuid"
		q.add("(" + by + ", " + id + ")" + further + "(" + place + after + "), " + after + ")")
	}
	return "select l.id from " + from + " where " + q.text() + " order by " + by + direction + ", " + id + direction + " limit " + q.arg(page.Most+1)
}

func (t *tx) ids(ctx context.Context, text string, args []any) ([]chat.LeadID, error) {
	var out []chat.LeadID
	err := t.planned(ctx, func() error {
		rows, err := t.opening.Query(ctx, text, args...)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, pgx.RowTo[chat.LeadID])
		return err
	})
	return out, err
}

// leadsByID reads leads in the order of their ids in the list.
func (t *tx) leadsByID(ctx context.Context, ids []chat.LeadID) ([]chat.Lead, error) {
	rows, err := t.LeadsByID(ctx, db.LeadsByIDParams{OrgID: t.org, Ids: texts(ids)})
	if err != nil {
		return nil, err
	}
	byID := make(map[chat.LeadID]db.GetLeadRow, len(rows))
	for _, r := range rows {
		byID[r.ID] = db.GetLeadRow(r)
	}
	ordered := make([]db.GetLeadRow, 0, len(rows))
	for _, id := range ids {
		if r, ok := byID[id]; ok {
			ordered = append(ordered, r)
		}
	}
	return t.withIdentifiers(ctx, ordered)
}

// LeadIDs lists the leads that a list and a filter hold and the principal may see, up to
// a bound, in the order of ids after one: for work that goes through all of them.
func (s *Store) LeadIDs(ctx context.Context, p chat.Principal, list chat.LeadListID, filter chat.LeadFilter, after chat.LeadID, most int) ([]chat.LeadID, error) {
	var out []chat.LeadID
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		q, err := t.leadQuery(ctx, p)
		if err != nil {
			return err
		}
		if err := t.narrowTo(ctx, q, list, filter); err != nil {
			return err
		}
		if after != "" {
			q.add("l.id > " + q.arg(string(after)) + "::uuid")
		}
		out, err = t.ids(ctx, "select l.id from leads l where "+q.text()+" order by l.id limit "+q.arg(most), q.args)
		return err
	})
	return out, err
}
