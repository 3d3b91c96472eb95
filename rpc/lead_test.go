package rpc_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestALeadIsTakenFromItsOwner: an empty owner is nobody, and an absent one is left as it is.
func TestALeadIsTakenFromItsOwner(t *testing.T) {
	t.Parallel()
	b := setup(t)
	admin := b.token(t, b.Admin)
	made := b.ok(t, admin, "LeadService/CreateLead", map[string]any{"firstName": "Asha", "ownerId": b.Sales.User})["lead"].(map[string]any)
	id := made["id"]
	require.EqualValues(t, b.Sales.User, made["ownerId"])
	freed := b.ok(t, admin, "LeadService/UpdateLead", map[string]any{"leadId": id, "version": made["version"], "ownerId": ""})["lead"].(map[string]any)
	require.Empty(t, freed["ownerId"])

	b.ok(t, admin, "LeadService/BulkUpdateLeads", map[string]any{"leadIds": []any{id}, "ownerId": b.Sales.User})
	owner := func() any {
		return b.ok(t, admin, "LeadService/GetLead", map[string]any{"leadId": id})["lead"].(map[string]any)["ownerId"]
	}
	b.ok(t, admin, "LeadService/BulkUpdateLeads", map[string]any{"leadIds": []any{id}, "stage": "won"})
	require.EqualValues(t, b.Sales.User, owner())
	b.ok(t, admin, "LeadService/BulkUpdateLeads", map[string]any{"leadIds": []any{id}, "ownerId": ""})
	require.Empty(t, owner())

	nobodys := b.ok(t, admin, "LeadService/CreateLead", map[string]any{"firstName": "Noor", "ownerId": ""})["lead"].(map[string]any)
	require.Empty(t, nobodys["ownerId"])
	refused := b.post(t, admin, "LeadService/UpdateLead", map[string]any{"leadId": id, "version": 9, "ownerId": "somebody"})
	require.Equal(t, http.StatusBadRequest, refused.status)
	require.Equal(t, "ownerId must be a UUID, or empty for nobody", refused.message)
}
