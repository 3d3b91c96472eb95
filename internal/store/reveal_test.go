package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

func TestAHiddenFieldIsRevealedOnceAndNoted(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	masks := map[chat.LeadField]chat.Mask{chat.FieldPhone: chat.MaskEnds, chat.FieldLastName: chat.MaskAll}
	masked, locked := w.Sales, w.Sales
	access := chat.BaseAccess(chat.RoleSalesUser).Restrict(chat.PermissionTemplate{Masks: masks})
	masked.Access = &access
	shut := access.Restrict(chat.PermissionTemplate{NoReveal: true})
	locked.Access = &shut
	phone := store.Reveal{Lead: w.Lead.ID, Field: chat.FieldPhone, Identifier: w.Lead.Identifiers[0].ID, Reason: "to call back"}
	name := store.Reveal{Lead: w.Lead.ID, Field: chat.FieldLastName, Reason: "for the contract"}

	value, err := w.Store.RevealField(t.Context(), masked, phone)
	require.NoError(t, err)
	require.Equal(t, "+12025550123", value)
	value, err = w.Store.RevealField(t.Context(), masked, name)
	require.NoError(t, err)
	require.Equal(t, "Rao", value)

	for who, c := range map[string]struct {
		p    chat.Principal
		r    store.Reveal
		code chat.Code
	}{
		"one whose template forbids it":  {locked, phone, chat.CodeForbidden},
		"one from whom it is not hidden": {w.Admin, phone, chat.CodeInvalid},
		"a field that is not hidden":     {masked, store.Reveal{Lead: w.Lead.ID, Field: chat.FieldFirstName, Reason: "just so"}, chat.CodeInvalid},
		"no identifier":                  {masked, store.Reveal{Lead: w.Lead.ID, Field: chat.FieldPhone, Reason: "just so"}, chat.CodeInvalid},
		"another org's lead":             {world.At(t, w.URL).Sales, name, chat.CodeNotFound},
	} {
		value, err := w.Store.RevealField(t.Context(), c.p, c.r)
		require.Equal(t, c.code, chat.CodeOf(err), who)
		require.Empty(t, value, who)
	}
	entries, err := w.Store.AuditEntries(t.Context(), w.Org, store.AuditFilter{Action: "lead.field_revealed", Most: 10})
	require.NoError(t, err)
	require.Len(t, entries, 2)
	require.Equal(t, []string{"phone"}, entries[1].Fields)
	require.Equal(t, "to call back", entries[1].Detail)
	require.Equal(t, w.Sales.User, entries[1].Actor)
	require.NotContains(t, entries[1].Detail+entries[1].Object, "2025550123")
}
