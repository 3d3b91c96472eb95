package rpc_test

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/testkit/world"
)

// withLeads adds to a stock what calls about leads name.
func withLeads(t testing.TB, w *world.World, out things) things {
	t.Helper()
	doomed := w.NewLead(t, "Doomed", "Lead", "+12025550124")
	nobodys := chat.Lead{ID: chat.NewID[chat.LeadID](), FirstName: "Nobodys", Identifiers: []chat.Identifier{
		{ID: chat.NewID[chat.IdentifierID](), Kind: chat.IdentifierPhone, Value: "+12025550125"},
	}}
	require.NoError(t, w.Store.CreateLead(t.Context(), w.Org, nobodys))
	field, list := chat.NewID[chat.FieldID](), chat.NewID[chat.LeadListID]()
	require.NoError(t, w.Store.CreateField(t.Context(), w.Admin, chat.Field{ID: field, Name: chat.CustomField("city"), Label: "City", Type: chat.FieldText}))
	require.NoError(t, w.Store.CreateList(t.Context(), w.Admin, chat.LeadList{ID: list, Name: "Buyers", Kind: chat.ListStatic}))
	maps.Copy(out, things{
		"ownerId": string(w.Sales.User), "leadIds": string(w.Lead.ID), "doomedIds": string(doomed.ID), "nobodysId": string(nobodys.ID),
		"nobodysIdentifierId": string(nobodys.Identifiers[0].ID), "fieldId": string(field), "listId": string(list),
	})
	return out
}
