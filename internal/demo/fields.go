package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"converse/internal/chat"
)

// fields are the custom fields of the demo, one of each type and one more.
func fields() []chat.Field {
	field := func(key, label string, kind chat.FieldType, choices ...string) chat.Field {
		return chat.Field{ID: idOf[chat.FieldID]("field", key), Name: chat.CustomField(key), Label: label, Type: kind, Choices: choices}
	}
	return []chat.Field{
		field("city", "City", chat.FieldText),
		field("budget", "Budget", chat.FieldNumber),
		field("move_in", "Move-in date", chat.FieldDate),
		field("pre_approved", "Loan approved", chat.FieldBoolean),
		field("home", "Looking for", chat.FieldChoice, "Flat", "House", "Plot"),
	}
}

var cities = []string{"Denver", "Boston", "Portland", "Austin", "Seattle", "Miami"}

// custom are the values of one lead; not everybody has said everything.
func custom(random *rand.Rand, today time.Time) []chat.CustomValue {
	homes := fields()[4].Choices
	all := []chat.CustomValue{
		{Key: "budget", Value: strconv.Itoa(150_000 + 25_000*random.IntN(30))},
		{Key: "city", Value: cities[random.IntN(len(cities))]},
		{Key: "home", Value: homes[random.IntN(len(homes))]},
		{Key: "move_in", Value: today.AddDate(0, 0, 7*random.IntN(40)).Format(time.DateOnly)},
		{Key: "pre_approved", Value: strconv.FormatBool(random.IntN(2) == 0)},
	}
	var out []chat.CustomValue
	for _, v := range all {
		if random.IntN(4) > 0 {
			out = append(out, v)
		}
	}
	return out
}

func (m *Maker) fields(ctx context.Context, _ Options) error {
	for _, f := range fields() {
		err := m.Store.CreateField(ctx, Administrator(), f)
		if err != nil && chat.CodeOf(err) != chat.CodeConflict { // it is there already
			return err
		}
	}
	return nil
}

// lists are made after the leads: all of them, and those who came to one visit.
func (m *Maker) lists(ctx context.Context, o Options) error {
	existing, err := m.Store.Lists(ctx, orgID())
	if err != nil {
		return err
	}
	visit := chat.LeadList{ID: idOf[chat.LeadListID]("list", "visit"), Name: "Open house guests", Kind: chat.ListStatic}
	all := chat.LeadList{
		ID: idOf[chat.LeadListID]("list", "all"), Name: "All demo leads", Kind: chat.ListFilter,
		Filter: chat.LeadFilter{Conditions: []chat.Condition{{Field: chat.FieldSource, Op: chat.OpIs, Values: sources}}},
	}
	for _, l := range []chat.LeadList{visit, all} {
		if slices.ContainsFunc(existing, func(e chat.LeadList) bool { return e.ID == l.ID }) {
			continue
		}
		if err := m.Store.CreateList(ctx, Administrator(), l); err != nil {
			return err
		}
	}
	var guests []chat.LeadID
	for n := 0; n < o.Leads && len(guests) < 24; n += 5 {
		guests = append(guests, leadID(n))
	}
	if len(guests) == 0 || len(existing) > 1 {
		return nil
	}
	_, err = m.Store.AddToList(ctx, Administrator(), visit.ID, guests)
	return err
}

// careless is a number as a sheet that nobody looked through has it: a digit short. It
// is kept as it is, and nothing can be sent to it.
func careless(number string) string {
	return fmt.Sprintf("%s-%s", number[2:5], number[5:len(number)-1])
}
