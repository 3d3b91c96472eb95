package store

import (
	"context"
	"encoding/json"
	"fmt"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// MostAdded is how many leads a filter may put into a list at once.
const MostAdded = 100_000

// Lists are the org's lists by name, without counts.
func (s *Store) Lists(ctx context.Context, org chat.OrgID) ([]chat.LeadList, error) {
	var out []chat.LeadList
	err := s.inOrg(ctx, org, func(t *tx) error {
		var err error
		out, err = t.lists(ctx)
		return err
	})
	return out, err
}

func (t *tx) lists(ctx context.Context) ([]chat.LeadList, error) {
	rows, err := t.ListLists(ctx, t.org)
	if err != nil {
		return nil, err
	}
	out := make([]chat.LeadList, len(rows))
	for i, r := range rows {
		if out[i], err = listOf(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func listOf(r db.LeadList) (chat.LeadList, error) {
	l := chat.LeadList{ID: r.ID, Name: r.Name, Kind: r.Kind}
	if err := json.Unmarshal(r.Filter, &l.Filter); err != nil {
		return l, fmt.Errorf("read the filter of a list: %w", err)
	}
	return l, nil
}

func (t *tx) list(ctx context.Context, id chat.LeadListID) (chat.LeadList, error) {
	row, err := t.GetList(ctx, db.GetListParams{OrgID: t.org, ID: id})
	if err != nil {
		return chat.LeadList{}, notFound(err, "list")
	}
	return listOf(row)
}

// CountList counts the leads of a list that the principal may see. Of a list by filter
// all leads of the org may have to be looked at.
func (s *Store) CountList(ctx context.Context, p chat.Principal, list chat.LeadList) (int, error) {
	n := 0
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		q, err := t.leadQuery(ctx, p)
		if err != nil {
			return err
		}
		if list.Kind == chat.ListStatic {
			q.inList(list.ID)
		} else if err := q.narrow(list.Filter); err != nil {
			return err
		}
		n, err = t.countLeads(ctx, q, int(^uint32(0)>>1))
		return err
	})
	return n, err
}

// ListsOfLead are the lists that hold a lead. Lists that the principal could not open
// are left out.
func (s *Store) ListsOfLead(ctx context.Context, p chat.Principal, id chat.LeadID) ([]chat.LeadList, error) {
	var out []chat.LeadList
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		if _, err := t.seenLead(ctx, p, id); err != nil {
			return err
		}
		lists, err := t.lists(ctx)
		if err != nil {
			return err
		}
		for _, l := range lists {
			q, err := t.leadQuery(ctx, p)
			if err != nil {
				return err
			}
			q.add("l.id = " + q.arg(string(id)) + "::uuid")
			if l.Kind == chat.ListStatic {
				q.inList(l.ID)
			} else if err := q.narrow(l.Filter); err != nil {
				continue // it narrows by something hidden, or by a field that is gone
			}
			n, err := t.countLeads(ctx, q, 1)
			if err != nil {
				return err
			}
			if n > 0 {
				out = append(out, l)
			}
		}
		return nil
	})
	return out, err
}

// seenLead is a lead that the principal may see.
func (t *tx) seenLead(ctx context.Context, p chat.Principal, id chat.LeadID) (chat.Lead, error) {
	lead, err := t.lead(ctx, id)
	if err == nil && !p.Sees(lead.Owner) {
		err = chat.NotFound("lead")
	}
	return lead, err
}

// CreateList stores a new list. A name that another list has is a conflict.
func (s *Store) CreateList(ctx context.Context, p chat.Principal, l chat.LeadList) error {
	filter, err := json.Marshal(l.Filter)
	if err != nil {
		return fmt.Errorf("encode the filter of a list: %w", err)
	}
	return listNameTaken(s.inOrg(ctx, p.Org, func(t *tx) error {
		if err := t.checkFilter(ctx, p, l.Filter); err != nil {
			return err
		}
		err := t.InsertList(ctx, db.InsertListParams{OrgID: t.org, ID: l.ID, Name: l.Name, Kind: l.Kind, Filter: filter, CreatedBy: orNull(p.User)})
		if err != nil {
			return err
		}
		return t.audit(ctx, p, chat.AuditEntry{Action: "lead_list.created", Object: string(l.ID)})
	}))
}

// checkFilter refuses a filter that the principal could not look through.
func (t *tx) checkFilter(ctx context.Context, p chat.Principal, f chat.LeadFilter) error {
	q, err := t.leadQuery(ctx, p)
	if err != nil {
		return err
	}
	return q.narrow(f)
}

func listNameTaken(err error) error {
	if isUnique(err, "lead_lists_org_id_name_key") {
		return &chat.Error{Code: chat.CodeConflict, Field: "name", Message: "There is a list with this name already."}
	}
	return err
}

// UpdateList changes a list's name, unless it is empty, and its filter, unless it is nil.
func (s *Store) UpdateList(ctx context.Context, p chat.Principal, id chat.LeadListID, name string, filter *chat.LeadFilter) (chat.LeadList, error) {
	var out chat.LeadList
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		var err error
		if out, err = t.list(ctx, id); err != nil {
			return err
		}
		if name != "" {
			out.Name = name
		}
		if filter != nil {
			if out.Kind == chat.ListStatic {
				return chat.Invalidf("filter", "is for lists by filter; this one holds what was put into it")
			}
			if err := t.checkFilter(ctx, p, *filter); err != nil {
				return err
			}
			out.Filter = *filter
		}
		encoded, err := json.Marshal(out.Filter)
		if err != nil {
			return fmt.Errorf("encode the filter of a list: %w", err)
		}
		if err := t.Queries.UpdateList(ctx, db.UpdateListParams{OrgID: t.org, ID: id, Name: out.Name, Filter: encoded}); err != nil {
			return err
		}
		return t.audit(ctx, p, chat.AuditEntry{Action: "lead_list.updated", Object: string(id)})
	})
	return out, listNameTaken(err)
}

// DeleteList forgets a list. Its leads stay.
func (s *Store) DeleteList(ctx context.Context, p chat.Principal, id chat.LeadListID) error {
	return s.inOrg(ctx, p.Org, func(t *tx) error {
		n, err := t.Queries.DeleteList(ctx, db.DeleteListParams{OrgID: t.org, ID: id})
		if err != nil {
			return err
		}
		if n == 0 {
			return chat.NotFound("list")
		}
		return t.audit(ctx, p, chat.AuditEntry{Action: "lead_list.deleted", Object: string(id)})
	})
}

// AddToList puts leads into a static list and says how many were not in it. A lead that
// the principal does not see is an error.
func (s *Store) AddToList(ctx context.Context, p chat.Principal, id chat.LeadListID, leads []chat.LeadID) (int, error) {
	return s.changeMembers(ctx, p, id, func(t *tx) (int64, error) {
		if _, err := t.lockLeads(ctx, p, leads, false); err != nil {
			return 0, err
		}
		return t.AddListMembers(ctx, db.AddListMembersParams{OrgID: t.org, ListID: id, LeadIds: texts(leads)})
	})
}

// AddFilteredToList puts every lead that meets a filter, and that the principal sees,
// into a static list, and says how many were not in it.
func (s *Store) AddFilteredToList(ctx context.Context, p chat.Principal, id chat.LeadListID, filter chat.LeadFilter) (int, error) {
	return s.changeMembers(ctx, p, id, func(t *tx) (int64, error) {
		q, err := t.leadQuery(ctx, p)
		if err != nil {
			return 0, err
		}
		if err := q.narrow(filter); err != nil {
			return 0, err
		}
		n, err := t.countLeads(ctx, q, MostAdded+1)
		if err != nil {
			return 0, err
		}
		if n > MostAdded {
			return 0, &chat.Error{
				Code: chat.CodeBlocked, Field: "filter",
				Message: "These are more than 100,000 leads. Save them as a list by filter instead, which holds any number.",
			}
		}
		text := "insert into lead_list_members (org_id, list_id, lead_id) select l.org_id, " + q.arg(string(id)) + "::uuid, l.id from leads l where " +
			q.text() + " on conflict do nothing"
		tag, err := t.opening.Exec(ctx, text, q.args...)
		return tag.RowsAffected(), err
	})
}

// RemoveFromList takes leads from a static list and says how many were in it. A lead
// that the principal does not see is an error.
func (s *Store) RemoveFromList(ctx context.Context, p chat.Principal, id chat.LeadListID, leads []chat.LeadID) (int, error) {
	return s.changeMembers(ctx, p, id, func(t *tx) (int64, error) {
		if _, err := t.lockLeads(ctx, p, leads, false); err != nil {
			return 0, err
		}
		return t.RemoveListMembers(ctx, db.RemoveListMembersParams{OrgID: t.org, ListID: id, LeadIds: texts(leads)})
	})
}

func (s *Store) changeMembers(ctx context.Context, p chat.Principal, id chat.LeadListID, change func(*tx) (int64, error)) (int, error) {
	var n int64
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		l, err := t.list(ctx, id)
		if err != nil {
			return err
		}
		if l.Kind != chat.ListStatic {
			return &chat.Error{Code: chat.CodeBlocked, Field: "listId", Message: "This list holds what meets its filter. Change the filter instead."}
		}
		if n, err = change(t); err != nil || n == 0 {
			return err
		}
		return t.audit(ctx, p, chat.AuditEntry{Action: "lead_list.changed", Object: string(id), Detail: fmt.Sprintf("%d leads", n)})
	})
	return int(n), err
}
