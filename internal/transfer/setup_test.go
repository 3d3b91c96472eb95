package transfer_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"log/slog"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/crm"
	"converse/internal/store"
	"converse/internal/testkit"
	"converse/internal/testkit/world"
	"converse/internal/transfer"
	"converse/media"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// bundle is a service on a world of its own. Its jobs run when the test says so.
type bundle struct {
	*world.World
	*transfer.Service
	objects media.Store
}

func setup(t testing.TB) *bundle {
	t.Helper()
	w := world.New(t)
	w.Admin.AccessVersion, w.Sales.AccessVersion = 1, 1 // as signing in finds them
	objects, err := media.OpenFolder(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(objects.Close)
	return &bundle{World: w, objects: objects, Service: transfer.New(w.Store, objects, crm.Canonical, slog.New(slog.DiscardHandler))}
}

// uploaded begins an import with a file.
func (b *bundle) uploaded(t testing.TB, p chat.Principal, text string) chat.Import {
	t.Helper()
	i, err := b.CreateImport(t.Context(), p, "leads.csv")
	require.NoError(t, err)
	i, err = b.Upload(t.Context(), p, i.ID, strings.NewReader(text))
	require.NoError(t, err)
	require.Equal(t, chat.ImportUploaded, i.State)
	return i
}

// suggested are the settings that the file itself suggests.
func (b *bundle) suggested(t testing.TB, p chat.Principal, id chat.ImportID) chat.ImportSettings {
	t.Helper()
	preview, err := b.Preview(t.Context(), p, id, "")
	require.NoError(t, err)
	return chat.ImportSettings{Columns: preview.Columns, Country: preview.Country, Delimiter: string(preview.File.Delimiter), MonthFirst: true}
}

func (b *bundle) work(t testing.TB, p chat.Principal, id chat.ImportID) chat.Import {
	t.Helper()
	require.NoError(t, b.Work(t.Context(), store.Transfer{Org: b.Org, Import: id}, false))
	i, err := b.Import(t.Context(), p, id)
	require.NoError(t, err)
	return i
}

// checked uploads a file and checks it by its own suggestions, changed as the test likes.
func (b *bundle) checked(t testing.TB, p chat.Principal, text string, change ...func(*chat.ImportSettings)) chat.Import {
	t.Helper()
	i := b.uploaded(t, p, text)
	settings := b.suggested(t, p, i.ID)
	for _, c := range change {
		c(&settings)
	}
	_, err := b.Validate(t.Context(), p, i.ID, settings)
	require.NoError(t, err)
	i = b.work(t, p, i.ID)
	require.Equal(t, chat.ImportChecked, i.State, i.Failure)
	return i
}

// imported takes a file all the way.
func (b *bundle) imported(t testing.TB, p chat.Principal, text string, change ...func(*chat.ImportSettings)) chat.Import {
	t.Helper()
	i := b.checked(t, p, text, change...)
	would := i.Counts
	_, err := b.Start(t.Context(), p, i.ID)
	require.NoError(t, err)
	i = b.work(t, p, i.ID)
	require.Equal(t, chat.ImportDone, i.State, i.Failure)
	require.Equal(t, would, i.Counts, "the check told what happened")
	return i
}

// rule makes a duplicate rule the import's.
func rule(r chat.DuplicateRule) func(*chat.ImportSettings) {
	return func(s *chat.ImportSettings) { s.Rule = r }
}

// result is the file that tells what became of the rows, without its headers.
func (b *bundle) result(t testing.TB, p chat.Principal, id chat.ImportID) [][]string {
	t.Helper()
	file, err := b.Result(t.Context(), p, id)
	require.NoError(t, err)
	return b.table(t, file)[1:]
}

func (b *bundle) table(t testing.TB, file transfer.File) [][]string {
	t.Helper()
	object, err := b.objects.Get(t.Context(), file.Key)
	require.NoError(t, err)
	defer object.Close()
	data, err := io.ReadAll(object)
	require.NoError(t, err)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(data), "\uFEFF"))).ReadAll()
	require.NoError(t, err)
	return rows
}

// lead is the lead with a phone number; it must be there.
func (b *bundle) lead(t testing.TB, phone string) chat.Lead {
	t.Helper()
	found := b.find(t, phone)
	require.Len(t, found, 1, phone)
	return found[0]
}

func (b *bundle) find(t testing.TB, phone string) []chat.Lead {
	t.Helper()
	found, err := b.Store.LeadsByIdentifiers(t.Context(), b.Org, []chat.Identifier{{Kind: chat.IdentifierPhone, Value: phone}})
	require.NoError(t, err)
	return found
}

// colleague is a user with an access of their own.
func (b *bundle) colleague(t testing.TB, role chat.Role, access *chat.Access) chat.Principal {
	t.Helper()
	u := chat.User{ID: chat.NewID[chat.UserID](), Name: "Col League", Role: role}
	u.Email = string(u.ID) + "@example.com"
	require.NoError(t, b.Store.CreateUser(t.Context(), b.Org, u, "none"))
	p := chat.Principal{Org: b.Org, User: u.ID, Name: u.Name, Role: role, AccessVersion: 1}
	if access != nil {
		b.restrict(t, &p, *access)
	}
	return p
}

// restrict gives a user an access, as permission templates would, and says so to p.
func (b *bundle) restrict(t testing.TB, p *chat.Principal, access chat.Access) {
	t.Helper()
	encoded, err := json.Marshal(access)
	require.NoError(t, err)
	b.exec(t, "update users set access = $1, access_version = access_version + 1 where id = $2", encoded, p.User)
	p.Access, p.AccessVersion = &access, p.AccessVersion+1
}

// exec runs a statement as the owner of the database.
func (b *bundle) exec(t testing.TB, statement string, args ...any) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), b.URL)
	require.NoError(t, err)
	defer conn.Close(context.WithoutCancel(t.Context()))
	_, err = conn.Exec(t.Context(), statement, args...)
	require.NoError(t, err)
}
