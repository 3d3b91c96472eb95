package forget_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
)

func TestAnErasedLeadLeavesNoTrace(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	kept := b.NewLead(t, "Zephyr", "Kept", "+12025550777")
	b.hear(t, "+12025550777", "I stay")
	lead := b.plant(t)
	before := b.traces(t)
	for _, table := range []string{
		"leads", "identifiers", "lead_terms", "name_spellings", "lead_values", "activities", "messages", "attempts", "receipts", "media", "uploads", "callbacks",
		"imports", "exports", "events", "a file",
	} {
		require.Contains(t, strings.Join(before, "\n"), table+": ", "the test is blind for %s", table)
	}
	counts := b.counts(t)

	_, err := b.store.EraseLead(ctx, b.Admin, lead.ID, false)
	require.Equal(t, chat.CodeInvalid, chat.CodeOf(err))
	_, err = b.store.EraseLead(ctx, chat.Principal{Org: chat.NewID[chat.OrgID](), User: b.Admin.User, Role: chat.RoleAdministrator}, lead.ID, true)
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err))
	erasure, err := b.store.EraseLead(ctx, b.Admin, lead.ID, true)
	require.NoError(t, err)
	require.Equal(t, "waiting", erasure.State)
	again, err := b.store.EraseLead(ctx, b.Admin, lead.ID, true)
	require.NoError(t, err)
	require.Equal(t, erasure.ID, again.ID)
	require.Equal(t, []chat.ErasureID{erasure.ID}, b.erasing, "one job")
	for range 2 { // a job may run twice
		require.NoError(t, b.forget.Erase(ctx, b.Org, erasure.ID))
	}
	require.Empty(t, b.traces(t))
	require.Equal(t, counts, b.counts(t), "what is counted stays")

	list, err := b.store.Erasures(ctx, b.Org, 10)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, "done", list[0].State)
	require.Equal(t, list[0].Total, list[0].Handled)
	require.Equal(t, b.Admin.Name, list[0].RequestedByName)
	require.Equal(t, 2, list[0].Messages)
	require.Equal(t, 4, list[0].Files)
	require.Equal(t, 4, list[0].Callbacks)
	// Others stay as they are.
	var text, body string
	require.NoError(t, b.pool.QueryRow(ctx, "select m.text, convert_from(k.body, 'UTF8') from messages m, callbacks k where m.text <> '' and k.body <> ''").Scan(&text, &body))
	require.Equal(t, "I stay", text)
	require.Contains(t, body, kept.Identifiers[0].Value)
	var words int
	require.NoError(t, b.pool.QueryRow(ctx, "select count(*) from name_spellings where word = 'zephyr'").Scan(&words))
	require.Positive(t, words)
}

// counts are the rows of what is counted for usage, and by how they ended.
func (b *bundle) counts(t *testing.T) string {
	t.Helper()
	var out string
	require.NoError(t, b.pool.QueryRow(t.Context(), `select concat_ws(' ',
		(select count(*) from messages where direction = 'inbound'), (select count(*) from messages where direction = 'outbound'),
		(select count(*) from conversations), (select count(*) from callbacks), (select count(*) from attempts), (select count(*) from receipts),
		(select count(*) from media))`).Scan(&out))
	return out
}

func TestAnErasedNumberThatOptedOutStaysSuppressed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	lead := b.plant(t)
	b.exec(t, "update identifiers set opted_out_at = now(), opt_out_source = 'reply', opt_out_reason = 'canary-secret' where value = '+12025559876'")
	erasure, err := b.store.EraseLead(ctx, b.Admin, lead.ID, true)
	require.NoError(t, err)
	require.NoError(t, b.forget.Erase(ctx, b.Org, erasure.ID))
	require.Empty(t, b.traces(t), "nor does the reason stay")

	// By itself, as a new lead, and typed in by a user, under another key by now.
	b.hear(t, "+12025559876", "it is me again")
	rotated, err := store.Open(ctx, store.Options{URL: b.URL, MaxConns: 2, SuppressionKeys: [][]byte{[]byte("newer"), []byte("new")}})
	require.NoError(t, err)
	defer rotated.Close()
	optedOut := func() (id chat.LeadID, out bool) {
		require.NoError(t, b.pool.QueryRow(ctx, "select lead_id, opted_out_at is not null from identifiers where value = '+12025559876'").Scan(&id, &out))
		return id, out
	}
	id, out := optedOut()
	require.NotEqual(t, lead.ID, id)
	require.True(t, out)
	second, err := b.store.EraseLead(ctx, b.Admin, id, true)
	require.NoError(t, err)
	require.NoError(t, b.forget.Erase(ctx, b.Org, second.ID))
	typed := chat.Lead{ID: chat.NewID[chat.LeadID](), FirstName: "New", Identifiers: []chat.Identifier{
		{ID: chat.NewID[chat.IdentifierID](), Kind: chat.IdentifierPhone, Value: "+12025559876"},
		{ID: chat.NewID[chat.IdentifierID](), Kind: chat.IdentifierPhone, Value: "+12025559877"},
	}}
	require.NoError(t, rotated.CreateLeads(ctx, b.Org, []chat.Lead{typed}))
	_, out = optedOut()
	require.True(t, out)
	var others int
	require.NoError(t, b.pool.QueryRow(ctx, "select count(*) from identifiers where value = '+12025559877' and opted_out_at is not null").Scan(&others))
	require.Zero(t, others)
}

func TestOldThingsGoAsTheOrgSays(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	require.Equal(t, chat.CodeInvalid, chat.CodeOf(b.store.SetRetention(ctx, b.Admin, chat.RetainCallbacks, 1)))
	require.Equal(t, chat.CodeInvalid, chat.CodeOf(b.store.SetRetention(ctx, b.Admin, "messages", 30)))
	require.NoError(t, b.store.SetRetention(ctx, b.Admin, chat.RetainDeletedLeads, 40))
	lead := b.plant(t)
	b.exec(t, "update leads set deleted_at = now() - interval '39 days' where id = $1", lead.ID)
	b.exec(t, "update imports set created_at = now() - interval '91 days', file_key = '', result_key = ''")
	require.NoError(t, b.forget.Forget(ctx))
	require.Empty(t, b.erasing, "not yet")
	kinds, err := b.store.Retention(ctx, b.Org)
	require.NoError(t, err)
	for _, kind := range kinds {
		require.WithinDuration(t, time.Now(), kind.RanAt, time.Minute, kind.Kind)
		require.Equal(t, map[chat.RetentionKind]int{chat.RetainCallbacks: 10, chat.RetainDeletedLeads: 40, chat.RetainImports: 90, chat.RetainExchanges: 7}[kind.Kind], kind.Days)
		require.Equal(t, map[chat.RetentionKind]int{chat.RetainImports: 1}[kind.Kind], kind.Removed, kind.Kind)
	}
	b.exec(t, "update leads set deleted_at = now() - interval '41 days' where id = $1", lead.ID)
	require.NoError(t, b.forget.Forget(ctx))
	require.Len(t, b.erasing, 1)
	require.NoError(t, b.forget.Erase(ctx, b.Org, b.erasing[0]))
	list, err := b.store.Erasures(ctx, b.Org, 10)
	require.NoError(t, err)
	require.Empty(t, list[0].RequestedByName)
}
