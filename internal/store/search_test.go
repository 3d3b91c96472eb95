package store_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store/db"
	"converse/internal/testkit/world"
)

// person stores a lead with a phone, an e-mail address and a WhatsApp id.
func person(t testing.TB, w *world.World, n int, first, last string) chat.Lead {
	t.Helper()
	lead := chat.Lead{ID: chat.NewID[chat.LeadID](), FirstName: first, LastName: last, Owner: w.Sales.User, Identifiers: []chat.Identifier{
		{ID: chat.NewID[chat.IdentifierID](), Kind: chat.IdentifierPhone, Value: phone(n)},
		{ID: chat.NewID[chat.IdentifierID](), Kind: chat.IdentifierEmail, Value: fmt.Sprintf("person%d@example.com", n)},
		{ID: chat.NewID[chat.IdentifierID](), Kind: chat.IdentifierWhatsApp, Value: fmt.Sprintf("US.1349120865530274%04d", n)},
	}}
	require.NoError(t, w.Store.CreateLead(t.Context(), w.Org, lead))
	return lead
}

func TestLeadsAreFoundByTheBeginningOfWhatTheyAreKnownBy(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	zoe := person(t, w, 1, "Zoë Anne", "O'Neill-Rao")
	ana := person(t, w, 2, "Ana", "Zoeller")
	for query, want := range map[string][]chat.LeadID{
		"zoë": {zoe.ID, ana.ID}, "ZOE": {zoe.ID, ana.ID}, "anne": {zoe.ID}, "neill": {zoe.ID}, "o'neill-rao, zoë": {zoe.ID}, "an zoe": {zoe.ID, ana.ID}, "zoelelr": {ana.ID}, "0101": {zoe.ID},
		"zoeller a": {ana.ID}, "+1 (303) 555-0101": {zoe.ID}, "3035550102": {ana.ID}, "303555": {ana.ID, zoe.ID}, "person1@": {zoe.ID},
		"PERSON2@EXAMPLE.COM": {ana.ID}, "us.13491208655302740002": {ana.ID}, "oë": nil, "smith": nil, "zoe smith": nil, "000": nil,
		"a@\x00": nil, "\x00": nil, "%": nil, "_": nil, "'; drop table leads; --": nil,
	} {
		var got []chat.LeadID
		if len(chat.SearchWords(query, nil)) > 0 {
			for _, l := range leadsFound(t, w, query) {
				got = append(got, l.ID)
			}
		}
		require.Equal(t, want, got, "%q", query)
	}
}

func TestWithoutWordsTheLeadsChangedLastAreFound(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	for n := range 5 {
		person(t, w, n, "Lead", fmt.Sprint(n))
	}
	leads, err := w.Store.SearchLeads(t.Context(), w.Sales, nil, 3)
	require.NoError(t, err)
	require.Len(t, leads, 3)
	require.Equal(t, "4", leads[0].LastName)
	require.Len(t, leads[0].Identifiers, 3)
	require.Equal(t, w.Sales.Name, leads[0].OwnerName)
}

// family adds leads named Given0 Smith, Given1 Smith and so on, by one statement.
func family(t testing.TB, w *world.World, pool *pgxpool.Pool, size int) {
	t.Helper()
	exec(t, pool, `with made as (
		  insert into leads (org_id, id, first_name, last_name)
		  select $1, gen_random_uuid(), 'Given' || n, 'Smith' from generate_series(0, $2 - 1) n returning id, lower(first_name) as given)
		insert into lead_terms (org_id, kind, term, lead_id)
		select $1, kind, term, id from made cross join lateral (
		  values ('first_name', given), ('last_name', 'smith'), ('phone', '1404555' || lpad(substr(given, 6), 4, '0'))) x (kind, term)`, w.Org, size)
	exec(t, pool, "analyze")
}

// TestTenThousandLeadsAreSearchedByTheIndex reads PostgreSQL's plan as the role that
// the program runs as, beneath row-level security.
func TestTenThousandLeadsAreSearchedByTheIndex(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	pool := owner(t, w)
	family(t, w, pool, 10_000)
	// The last of a large family is found although the family name alone finds too many.
	found := leadsFound(t, w, "given9999 smith")
	require.Len(t, found, 1)
	require.Equal(t, "Given9999", found[0].FirstName)
	require.Len(t, leadsFound(t, w, "smith"), 50)

	asApp(t, pool, w.Org, func(tx pgx.Tx) {
		require.NoError(t, db.New(tx).ReadByIndex(t.Context()))
		_, err := tx.Exec(t.Context(), "set local plan_cache_mode = force_generic_plan")
		require.NoError(t, err)
		p := db.SearchLeadsParams{
			OrgID: w.Org, Words: []int{0, 1}, Kinds: []string{"first_name", "last_name"}, Froms: []string{"given77", "smith"},
			Uptos: []string{"given77\U0010FFFF", "smith\U0010FFFF"}, Sets: 2, Bound: 20_000, SeeAll: true, Most: 20,
		}
		plan := explainer{tx: tx}
		_, err = db.New(&plan).SearchLeads(t.Context(), p)
		require.ErrorIs(t, err, errExplained)
		require.NotRegexp(t, scansAll, plan.text)
		require.Contains(t, plan.text, "lead_terms_pkey")
		require.Contains(t, plan.text, `"leads_pkey"`)
	})
}

// scansAll is a plan that reads the terms from end to end.
var scansAll = regexp.MustCompile(`"Node Type": "Seq Scan",[^{}]*"Relation Name": "(lead_terms|leads)"`)

// explainer asks for a query's plan instead of its rows.
type explainer struct {
	db.DBTX
	tx   pgx.Tx
	text string
}

var errExplained = errors.New("explained")

func (e *explainer) Query(ctx context.Context, query string, args ...any) (pgx.Rows, error) {
	if err := e.tx.QueryRow(ctx, "explain (format json) "+query, args...).Scan(&e.text); err != nil {
		return nil, err
	}
	return nil, errExplained
}

// TestLeadsFromBeforeAreFoundAfterAReindex takes away all terms, as the migration did.
func TestLeadsFromBeforeAreFoundAfterAReindex(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	person(t, w, 1, "Zoë", "Rao")
	pool := owner(t, w)
	exec(t, pool, "delete from lead_terms")
	exec(t, pool, "delete from name_spellings")
	exec(t, pool, "insert into lead_reindexes (org_id) values ($1)", w.Org)
	require.Empty(t, leadsFound(t, w, "zoe"))
	for range 2 {
		require.NoError(t, w.Store.Reindex(t.Context()))
		require.Len(t, leadsFound(t, w, "zoe"), 1)
		require.Len(t, leadsFound(t, w, "ahsa"), 1)
		require.Zero(t, count(t, pool, "select count(*) from lead_reindexes"))
	}
}

func TestMistypedNamesAreFoundWhereLittleElseIs(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	petrov := person(t, w, 1, "Olga", "Petrov")
	hindi := person(t, w, 2, "किरण", "शर्मा")
	kanji := person(t, w, 3, "山田太郎", "")
	for query, want := range map[string]chat.LeadID{
		"petorv": petrov.ID, "ptrov": petrov.ID, "pettrov": petrov.ID, "petrow": petrov.ID, "olga petorv": petrov.ID, "ogla petorv": petrov.ID,
		"किरन": hindi.ID, "山田太朗": kanji.ID, "山田": kanji.ID,
	} {
		found := leadsFound(t, w, query)
		require.Len(t, found, 1, query)
		require.Equal(t, want, found[0].ID, query)
	}
	require.Empty(t, leadsFound(t, w, "pedroff"))
	masked := limited(w.Sales, chat.PermissionTemplate{Masks: map[chat.LeadField]chat.Mask{chat.FieldLastName: chat.MaskAll}})
	for _, query := range []string{"petrov", "petorv", "olga petrov"} {
		found, err := w.Store.SearchLeads(t.Context(), masked, chat.SearchWords(query, masked.Rights().Masks), 50)
		require.NoError(t, err)
		require.Empty(t, found, "a masked name finds nothing: %s", query)
	}
	own := limited(w.Admin, chat.PermissionTemplate{View: chat.ScopeOwn})
	found, err := w.Store.SearchLeads(t.Context(), own, chat.SearchWords("olga", nil), 50)
	require.NoError(t, err)
	require.Empty(t, found)
}
