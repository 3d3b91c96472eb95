package store_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/testkit/world"
)

// The tests of this file ask the database how it is fenced, so that a new table is
// judged as it comes.

// otherKeys are tables whose primary key does not begin with org_id, and why.
var otherKeys = map[string]string{
	"events":                 "worked off across orgs in the order of ids; ids are handed out by a sequence and mean nothing",
	"tickets":                "found by a hash before the org is known; the hash is of 256 random bits",
	"widget_tokens":          "found by a hash before the org is known; the hash is of 256 random bits",
	"single_sign_on_domains": "found by a domain before the org is known, and a domain is one org's",
}

// otherUniques are unique indexes that do not begin with org_id, and why.
var otherUniques = map[string]string{
	"users_email_key":               "one signs in by e-mail before the org is known",
	"sign_ins_token_hash_key":       "found by a hash before the org is known",
	"api_keys_hash_key":             "found by a hash before the org is known",
	"connectors_endpoint_hash_key":  "found by a hash before the org is known",
	"password_links_token_hash_key": "found by a hash before the org is known",
}

// looseIDs are columns that name a row of another table without a foreign key, and why.
var looseIDs = map[string]string{
	"tickets.user_id":           "lives 30 seconds, and is checked when it is taken",
	"tickets.sign_in_id":        "lives 30 seconds, and is checked when it is taken",
	"receipts.callback_id":      "callbacks are forgotten before receipts",
	"send_jobs.connector_id":    "a copy of its message's",
	"send_jobs.conversation_id": "a copy of its message's",
	"messages.connector_id":     "a copy of its conversation's",
	"receipts.connector_id":     "a copy of its callback's",
	"media.connector_id":        "a copy of its message's",
	"rotations.rule_id":         "the default rule has no row",
	"merges.parent_id":          "may have been merged into another since; lead_id is who holds it",
	"merges.child_id":           "is gone, until the merge is undone",
}

func TestI7EveryTableIsFenced(t *testing.T) {
	t.Parallel()
	pool := owner(t, world.New(t))
	tables := append(orgTables(t, pool), "orgs")
	fenced := names(t, pool, `select c.relname from pg_class c join pg_policy p on p.polrelid = c.oid
		where c.relrowsecurity and p.polcmd = '*' and p.polpermissive and p.polroles = array[(select oid from pg_roles where rolname = 'converse_app')]
		  and pg_get_expr(p.polqual, c.oid) = format('(%s = current_org())', case c.relname when 'orgs' then 'id' else 'org_id' end)
		  and pg_get_expr(p.polwithcheck, c.oid) = pg_get_expr(p.polqual, c.oid)`)
	require.ElementsMatch(t, tables, fenced)
	require.Zero(t, count(t, pool, "select count(*) from pg_policy")-len(tables), "one policy a table: a second one would widen it")

	all := names(t, pool, "select relname from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace")
	for _, table := range all {
		ok := slices.Contains(tables, table) || strings.HasPrefix(table, "river_") || table == "goose_db_version"
		require.True(t, ok, "%s has no org_id: decide whose rows it holds", table)
	}
	require.Equal(t, []string{"org_id"}, names(t, pool, `select distinct attname from pg_attribute a join pg_class c on c.oid = a.attrelid
		where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and attname like '%org%' and attnum > 0`))
	nullable := names(t, pool, `select table_name from information_schema.columns
		where table_schema = 'public' and column_name = 'org_id' and is_nullable = 'YES' and table_name not like '%\_rows'`)
	require.Empty(t, nullable, "a row of no org")
	require.Empty(t, names(t, pool, `select relname from pg_class where relkind in ('v', 'm') and relnamespace = 'public'::regnamespace
		and not coalesce(reloptions, '{}') @> '{security_invoker=true}'`), "a view runs as its owner, past the fence")
}

func TestI7OrgIDLeadsEveryKey(t *testing.T) {
	t.Parallel()
	pool := owner(t, world.New(t))
	const first = `select %s from pg_index i
		join pg_class t on t.oid = i.indrelid join pg_class x on x.oid = i.indexrelid
		join pg_attribute a on a.attrelid = t.oid and a.attnum = i.indkey[0]
		where t.relnamespace = 'public'::regnamespace and t.relname not like 'river\_%%' and t.relname not in ('goose_db_version', 'orgs')
		  and a.attname <> 'org_id' and `
	keys := names(t, pool, strings.Replace(strings.Replace(first, "%s", "t.relname", 1), "%%", "%", 1)+"i.indisprimary")
	require.ElementsMatch(t, keysOf(otherKeys), keys)
	uniques := names(t, pool, strings.Replace(strings.Replace(first, "%s", "x.relname", 1), "%%", "%", 1)+"i.indisunique and not i.indisprimary")
	require.ElementsMatch(t, keysOf(otherUniques), uniques)
}

func TestI7ForeignKeysStayInTheOrg(t *testing.T) {
	t.Parallel()
	pool := owner(t, world.New(t))
	// Column n of a foreign key points at column n of the other table: org_id at org_id.
	require.Empty(t, names(t, pool, `select conrelid::regclass || ' ' || conname from pg_constraint k
		where contype = 'f' and connamespace = 'public'::regnamespace and conrelid::regclass::text not like 'river\_%'
		  and not exists (
		    select 1 from unnest(k.conkey, k.confkey) as c (here, there)
		    join pg_attribute h on h.attrelid = k.conrelid and h.attnum = c.here
		    join pg_attribute o on o.attrelid = k.confrelid and o.attnum = c.there
		    where h.attname = 'org_id' and (o.attname = 'org_id' or k.confrelid = 'orgs'::regclass and o.attname = 'id'))`))
	loose := names(t, pool, `select c.relname || '.' || a.attname from pg_class c
		join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.atttypid = 'uuid'::regtype
		where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attname not in ('id', 'org_id')
		  and not exists (select 1 from pg_constraint k where k.conrelid = c.oid and k.contype = 'f' and a.attnum = any(k.conkey))`)
	require.ElementsMatch(t, keysOf(looseIDs), loose)
}

func TestI7TheProgramsRoleOwnsAndBypassesNothing(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	pool := owner(t, w)
	require.Equal(t, 1, count(t, pool, `select count(*) from pg_roles where rolname = 'converse_app'
		and not rolsuper and not rolbypassrls and not rolcreaterole and not rolcreatedb and not rolreplication and not rolcanlogin`))
	for what, query := range map[string]string{
		"owns relations":    "select count(*) from pg_class where relowner = 'converse_app'::regrole",
		"owns functions":    "select count(*) from pg_proc where proowner = 'converse_app'::regrole",
		"owns schemas":      "select count(*) from pg_namespace where nspowner = 'converse_app'::regrole",
		"is a member":       "select count(*) from pg_auth_members where member = 'converse_app'::regrole",
		"creates in public": "select count(*) where has_schema_privilege('converse_app', 'public', 'create')",
		"empties or hooks tables": `select count(*) from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
			and relname not like 'river\_%' and has_table_privilege('converse_app', oid, 'truncate, references, trigger')`,
		"sees migrations": "select count(*) where has_table_privilege('converse_app', 'goose_db_version', 'select, insert, update, delete')",
	} {
		require.Zero(t, count(t, pool, query), what)
	}
	check, err := w.Store.Check(t.Context())
	require.NoError(t, err)
	require.True(t, check.Fenced)
	require.Equal(t, []string{"converse_app"}, names(t, w.Store.Pool(), "select current_user::text"))
}

// doors are the only functions that see past the fence.
var doors = []string{
	"door_api_key", "door_widget_tokens", "door_domain", "door_forget_attempts",
	"door_user", "door_sign_ins", "door_new_tickets", "door_tickets", "door_forget_sign_ins", "door_connector", "door_claim_jobs", "door_lost_jobs",
	"door_left_events", "door_published", "door_cut_callbacks", "door_give_up_callbacks", "door_orgs", "door_origins", "door_seen_origins",
	"door_reindexes",
	"door_left_transfers",
	"door_left_uploads",
	"door_due_care", "door_held_connectors",
	"door_due_template_syncs",
	"door_password_link",
	"door_set_presence", "door_forget_presence",
}

func TestI7OnlyDoorsSeePastTheFence(t *testing.T) {
	t.Parallel()
	pool := owner(t, world.New(t))
	require.ElementsMatch(t, doors, names(t, pool, "select proname from pg_proc where prosecdef and pronamespace = 'public'::regnamespace"))
	require.ElementsMatch(t, doors, names(t, pool, `select proname from pg_proc where proname like 'door\_%'`))
	require.ElementsMatch(t, doors, names(t, pool, `select proname from pg_proc where prosecdef and pronamespace = 'public'::regnamespace
		and proconfig = array['search_path=public, pg_temp']`), "a pinned search path")
	require.ElementsMatch(t, doors, names(t, pool, `select p.proname from pg_proc p where prosecdef and pronamespace = 'public'::regnamespace
		and (select array_agg(a.grantee::regrole::text order by 1) from aclexplode(p.proacl) a where a.grantee <> p.proowner) = '{converse_app}'`),
		"for the program alone")
}

func keysOf(reasons map[string]string) []string {
	out := []string{}
	for key, why := range reasons {
		if why != "" {
			out = append(out, key)
		}
	}
	return out
}
