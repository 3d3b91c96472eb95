package forget_test

import (
	"context"
	"encoding/hex"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/forget"
	"converse/internal/store"
	"converse/internal/testkit"
	"converse/internal/testkit/world"
	"converse/media"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// canaries are what an erased lead must not leave anywhere.
var canaries = []string{
	"Zephyrine", "Quillfeather", "2025559876", "zephyrine@canary.example", "US.99887766554433", "canary-secret", "canary-file", "Canary Lane",
}

// bundle is a world whose store erases, and where its files are.
type bundle struct {
	*world.World
	store   *store.Store
	objects media.Store
	folder  string
	forget  *forget.Service
	pool    *pgxpool.Pool
	erasing []chat.ErasureID
}

func setup(t *testing.T) *bundle {
	t.Helper()
	b := &bundle{World: world.New(t), folder: t.TempDir()}
	var err error
	b.objects, err = media.OpenFolder(b.folder)
	require.NoError(t, err)
	t.Cleanup(b.objects.Close)
	b.store, err = store.Open(t.Context(), store.Options{
		URL: b.URL, MaxConns: 4, SuppressionKeys: [][]byte{[]byte("new"), []byte("old")},
		Erase: func(_ context.Context, _ pgx.Tx, _ chat.OrgID, id chat.ErasureID) error {
			b.erasing = append(b.erasing, id)
			return nil
		},
	})
	require.NoError(t, err)
	t.Cleanup(b.store.Close)
	b.forget = forget.New(b.store, b.objects, slog.New(slog.DiscardHandler))
	b.pool, err = pgxpool.New(t.Context(), b.URL)
	require.NoError(t, err)
	t.Cleanup(b.pool.Close)
	return b
}

func (b *bundle) exec(t *testing.T, statement string, args ...any) {
	t.Helper()
	_, err := b.pool.Exec(t.Context(), statement, args...)
	require.NoError(t, err, statement)
}

func (b *bundle) put(t *testing.T, text string) media.Key {
	t.Helper()
	key := media.NewKey(b.Org)
	_, err := b.objects.Put(t.Context(), key, strings.NewReader(text), int64(len(text)), "text/plain")
	require.NoError(t, err)
	return key
}

// callback is a webhook call with that body.
func (b *bundle) callback(body string) store.Callback {
	return store.Callback{ID: chat.NewID[chat.CallbackID](), Connector: b.WhatsApp.ID, ReceivedAt: time.Now(), Body: []byte(body)}
}

// hear receives a message of a number.
func (b *bundle) hear(t *testing.T, phone, text string) {
	t.Helper()
	a := store.Arrival{Callback: b.callback(`{"from":"` + phone + `","text":"` + text + `"}`)}
	_, err := b.store.Receive(t.Context(), b.Org, a, store.Received{
		ID: chat.NewID[chat.MessageID](), Sender: b.WhatsApp.Senders[0].Sender, ProviderID: "wamid." + string(a.ID), Phone: phone,
		Name: "Zephyrine Quillfeather", Kind: chat.KindText, Text: text, ProviderAt: time.Now(), ReceivedAt: time.Now(),
	})
	require.NoError(t, err)
}

// plant puts canaries of a lead everywhere that a lead leaves traces, and returns it.
func (b *bundle) plant(t *testing.T) chat.Lead {
	t.Helper()
	ctx := t.Context()
	lead := chat.Lead{
		ID: chat.NewID[chat.LeadID](), FirstName: "Zephyrine", LastName: "Quillfeather", Owner: b.Sales.User, Source: "canary-secret", Stage: "canary-secret",
		Identifiers: []chat.Identifier{
			{ID: chat.NewID[chat.IdentifierID](), Kind: chat.IdentifierPhone, Value: "+12025559876", Label: "canary-secret"},
			{ID: chat.NewID[chat.IdentifierID](), Kind: chat.IdentifierEmail, Value: "zephyrine@canary.example"},
			{ID: chat.NewID[chat.IdentifierID](), Kind: chat.IdentifierWhatsApp, Value: "US.99887766554433"},
		},
	}
	require.NoError(t, b.store.CreateLead(ctx, b.Org, lead))
	field, list := chat.NewID[chat.FieldID](), chat.NewID[chat.LeadListID]()
	b.exec(t, "update leads set custom = '{\"street\": \"Canary Lane\"}' where id = $1", lead.ID)
	b.exec(t, "insert into lead_fields (org_id, id, key, label, type) values ($1, $2, 'street', 'Street', 'text')", b.Org, field)
	b.exec(t, "insert into lead_values (org_id, lead_id, field_id, term) values ($1, $2, $3, 'canary lane')", b.Org, lead.ID, field)
	b.exec(t, "insert into lead_lists (org_id, id, name, kind) values ($1, $2, 'All', 'static')", b.Org, list)
	b.exec(t, "insert into lead_list_members (org_id, list_id, lead_id) values ($1, $2, $3)", b.Org, list, lead.ID)
	b.exec(t, `insert into activities (org_id, id, lead_id, kind, at, detail) values ($1, $2, $2, 'note', now(), '{"text":"canary-secret"}')`, b.Org, lead.ID)

	b.hear(t, "+12025559876", "canary-secret inbound")
	c, err := b.store.StartConversation(ctx, b.Sales, lead.ID, lead.Identifiers[0].ID, b.WhatsApp.Senders[0].ID)
	require.NoError(t, err)
	_, err = b.store.AcceptMessage(ctx, b.Sales, store.NewMessage{
		ID: chat.NewID[chat.MessageID](), Conversation: c.ID, ClientID: "c1", ContentHash: []byte("canary-secret"), Kind: chat.KindText, Text: "canary-secret waits",
		At: time.Now(), Patience: time.Hour,
	}, func(chat.Conversation, []chat.Media) error { return nil })
	require.NoError(t, err)
	b.exec(t, `insert into attempts (org_id, message_id, number, node, started_at, detail) select org_id, id, 1, 'n1', now(), 'no route to 12025559876'
		from messages where text like 'canary-secret inbound'`)
	b.exec(t, `insert into receipts (org_id, id, connector_id, message_id, provider_message_id, status, failure_text, received_at)
		select org_id, m.id, connector_id, m.id, 'wamid.2025559876', 'failed', 'canary-secret', now() from messages m where text like 'canary-secret inbound'`)
	b.exec(t, `insert into exchanges (org_id, id, connector_id, message_id, purpose, at, took_ms, method, url, request_body)
		select org_id, m.id, connector_id, m.id, 'send', now(), 1, 'POST', 'https://api.example.com/', 'canary-secret' from messages m where text like 'canary-secret inbound'`)
	b.exec(t, `insert into exchanges (org_id, id, connector_id, purpose, at, took_ms, method, url, answer_body)
		select org_id, gen_random_uuid(), connector_id, 'poll', now(), 1, 'GET', 'https://api.example.com/', '{"from":"+1 202 555 9876","body":"canary-secret"}'
		from messages where text like 'canary-secret inbound'`)
	key := b.put(t, "canary-file picture")
	b.exec(t, `insert into media (org_id, id, message_id, connector_id, state, name, reference, object_key, preview_key)
		select org_id, m.id, id, connector_id, 'ready', 'canary-file.jpg', 'canary-secret', $1, $2 from messages m where text like 'canary-secret inbound'`,
		string(key), string(b.put(t, "canary-file small")))
	b.exec(t, `insert into uploads (org_id, id, user_id, conversation_id, kind, content_type, name, size, state, object_key)
		values ($1, $2, $3, $4, 'image', 'image/png', 'canary-file.png', 5, 'ready', $5)`,
		b.Org, chat.NewID[chat.MediaID](), b.Sales.User, c.ID, string(b.put(t, "canary-file upload")))

	imported := b.put(t, "Zephyrine,Quillfeather,canary-file")
	job := chat.NewID[chat.ImportID]()
	b.exec(t, `insert into imports (org_id, id, user_id, file_name, file_key, state, files_until, settings) values ($1, $2, $3, 'canary-file.csv', $4, 'done', now(), '{"a":"canary-secret"}')`,
		b.Org, job, b.Admin.User, string(imported))
	b.exec(t, "insert into import_rows (org_id, import_id, place, outcome, lead_id) values ($1, $2, 1, 'created', $3)", b.Org, job, lead.ID)
	b.exec(t, `insert into exports (org_id, id, user_id, access_version, state, selection, file_key, files_until, created_at) values ($1, $2, $3, 1, 'done', '{"q":"canary-secret"}', $4, now(), now() + interval '1 second')`,
		b.Org, chat.NewID[chat.ExportID](), b.Admin.User, string(b.put(t, "export of canary-file")))
	for _, body := range []string{
		`{"statuses":[{"recipient_id":"12025559876"}]}`, "From=(202)+555-9876&Body=canary-secret", `{"user":"US.99887766554433","name":"Zephyrine"}`,
	} {
		require.NoError(t, b.store.EndNow(ctx, b.Org, b.callback(body), store.CallbackEnd{Result: store.ResultParked, Why: "cannot be read"}))
	}
	return lead
}

// traces lists where canaries are found: in every table, in text and in binary columns,
// and in every file.
func (b *bundle) traces(t *testing.T) []string {
	t.Helper()
	var out []string
	rows, err := b.pool.Query(t.Context(), "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1")
	require.NoError(t, err)
	var tables []string
	for rows.Next() {
		var name string
		require.NoError(t, rows.Scan(&name))
		tables = append(tables, name)
	}
	for _, table := range tables {
		var text string
		require.NoError(t, b.pool.QueryRow(t.Context(), fmt.Sprintf("select coalesce(string_agg(x::text, E'\\n'), '') from %s x", table)).Scan(&text))
		out = append(out, found(table, text)...)
	}
	require.NoError(t, filepath.WalkDir(b.folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		out = append(out, found("a file", string(text))...)
		return err
	}))
	return out
}

func found(where, text string) []string {
	var out []string
	text = strings.ToLower(text)
	for _, canary := range canaries {
		canary = strings.ToLower(canary)
		if strings.Contains(text, canary) || strings.Contains(text, hex.EncodeToString([]byte(canary))) {
			out = append(out, where+": "+canary)
		}
	}
	return out
}
