package store_test

import (
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

// filled is a world with rows in every table.
type filled struct {
	*world.World
	conversation    chat.Conversation
	message, failed chat.Message
	media, upload   chat.MediaID
	callback        chat.CallbackID
	tokenHash       [sha256.Size]byte
	text            string
	note            chat.Message
	transfer        chat.TransferID
}

// twoOrgs are two orgs in one database, with rows in every table and their names in
// every text.
func twoOrgs(t testing.TB) (a, b *filled) {
	t.Helper()
	w := world.New(t)
	return fill(t, w, "amber"), fill(t, world.At(t, w.URL), "birch")
}

func fill(t testing.TB, w *world.World, name string) *filled {
	t.Helper()
	ctx := t.Context()
	f := &filled{World: w, text: name, tokenHash: sha256.Sum256([]byte("token of " + name))}
	lead := w.NewLead(t, name, "Lead", phone(77))
	c, err := w.Store.StartConversation(ctx, w.Sales, lead.ID, lead.Identifiers[0].ID, w.WhatsApp.Senders[0].ID)
	require.NoError(t, err)
	f.conversation = c
	r := received(w.WhatsApp, "wamid.in", lead.Identifiers[0].Value, name+" says hello")
	r.Kind = chat.KindImage
	f.media = chat.NewID[chat.MediaID]()
	r.Media = []store.NewMedia{{Media: chat.Media{ID: f.media, State: chat.MediaLoading, Name: name}}}
	receive(t, w, w.WhatsApp, r)
	receive(t, w, w.SMS, received(w.SMS, "in-1", phone(78), name+" is new"))
	f.message = sent(t, w, c, name+" answers", "wamid.out")
	report(t, w, w.WhatsApp, reportOf(w.WhatsApp, "wamid.out", chat.StatusDelivered))
	m, call := calling(t, w, c, name+" fails")
	require.NoError(t, w.Store.Refused(ctx, call, store.Outcome{Reason: "rejected", At: time.Now()}))
	f.failed = m
	queue(t, w, c, name+" waits")
	parked := arrival(w.WhatsApp)
	_, err = w.Store.Report(ctx, w.Org, parked, reportOf(w.WhatsApp, "wamid.unknown", chat.StatusRead))
	require.NoError(t, err)
	f.callback = parked.ID
	_, err = w.Store.MarkRead(ctx, w.Sales, c.ID, 1)
	require.NoError(t, err)
	require.NoError(t, w.Store.CreateSignIn(ctx, w.Sales, f.tokenHash, time.Now().Add(time.Hour)))
	require.NoError(t, w.Store.CreateTicket(ctx, w.Sales, sha256.Sum256([]byte("ticket of "+name)), time.Hour))
	fillSignIn(t, w, name)
	fillAccess(t, w, name)
	fillEmbed(t, w, name)
	fillLeads(t, w, name)
	fillTransfers(t, w, name)
	fillPeople(t, w, name)
	fillRouting(t, w, name)
	fillCollab(t, w, f)
	f.upload = fillFiles(t, w, name, f.conversation.ID)
	fillConsents(t, w, name)
	fillLife(t, w, name)
	fillConnect(t, w)
	return f
}

// fillAccess puts a row into each table of groups, permissions and the audit.
func fillAccess(t testing.TB, w *world.World, name string) {
	t.Helper()
	require.NoError(t, w.Store.Audit(t.Context(), w.Admin, chat.AuditEntry{Action: "lead.updated", Detail: name}))
	pool := owner(t, w)
	group, template := chat.NewID[chat.GroupID](), chat.NewID[chat.PermissionTemplateID]()
	for _, insert := range []struct {
		statement string
		args      []any
	}{
		{"insert into groups (org_id, id, name) values ($1, $2, $3)", []any{w.Org, group, name}},
		{"insert into group_members (org_id, group_id, user_id) values ($1, $2, $3)", []any{w.Org, group, w.Sales.User}},
		{"insert into permission_templates (org_id, id, name, restrictions) values ($1, $2, $3, '{}')", []any{w.Org, template, name}},
		{"insert into permission_assignments (org_id, id, restricts, group_id) values ($1, $2, $2, $3)", []any{w.Org, template, group}},
	} {
		_, err := pool.Exec(t.Context(), insert.statement, insert.args...)
		require.NoError(t, err)
	}
}

// orgTables lists the tables with a column org_id, from the database itself.
func orgTables(t testing.TB, pool *pgxpool.Pool) []string {
	t.Helper()
	rows, err := pool.Query(t.Context(), `select c.relname from pg_class c
		join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id' and not a.attisdropped
		where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace order by 1`)
	require.NoError(t, err)
	defer rows.Close()
	var out []string
	for rows.Next() {
		var name string
		require.NoError(t, rows.Scan(&name))
		out = append(out, name)
	}
	require.NoError(t, rows.Err())
	require.NotEmpty(t, out)
	return out
}

// names is the one text column that a query returns.
func names(t testing.TB, pool *pgxpool.Pool, query string, args ...any) []string {
	t.Helper()
	rows, err := pool.Query(t.Context(), query, args...)
	require.NoError(t, err, query)
	defer rows.Close()
	out := []string{}
	for rows.Next() {
		var name string
		require.NoError(t, rows.Scan(&name))
		out = append(out, name)
	}
	require.NoError(t, rows.Err())
	return out
}

func keyOf(table string) string {
	if table == "orgs" {
		return "id"
	}
	return "org_id"
}

func of(pool *pgxpool.Pool, t testing.TB, table string, org chat.OrgID) int {
	t.Helper()
	return count(t, pool, fmt.Sprintf("select count(*) from %s where %s = $1", table, keyOf(table)), org)
}
