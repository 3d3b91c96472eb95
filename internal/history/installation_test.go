package history_test

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"converse/internal/sandbox"
	"converse/internal/testkit"
)

// lease is the shortest that `converse serve` takes: what a dead node left behind is
// taken up soon.
const lease = 10 * time.Second

// masterKey is 32 made-up bytes in base64.
const masterKey = "aGlzdG9yeS1vZi1jb252ZXJzZS1tYWRlLXVwLWtleSE="

// installation is everything there is to hurt, provisioned with the demo.
type installation struct {
	t        testing.TB
	seed     uint64
	begun    time.Time
	database string // the address of PostgreSQL
	redis    *testkit.RedisServer
	provider *provider
	balancer *balancer
	nodes    []*node
	logins   []login
	senders  map[string]string // our number, by provider
	client   *http.Client
	pool     *pgxpool.Pool // for looking at the tables
}

// login is a demo user.
type login struct {
	Email    string `json:"email"`
	Password string `json:"password"`
	Role     string `json:"role"`
	Name     string `json:"name"`
}

// login is the demo user with that first name.
func (in *installation) login(first string) login {
	in.t.Helper()
	for _, l := range in.logins {
		if strings.HasPrefix(l.Name, first+" ") {
			return l
		}
	}
	in.t.Fatalf("the demo has no %s", first)
	return login{}
}

// install provisions an installation on a database that has been made for it. Its
// nodes, named a and b, are not started.
func install(t testing.TB, seed uint64, database string) *installation {
	t.Helper()
	in := &installation{t: t, seed: seed, begun: time.Now(), database: database, senders: map[string]string{}}
	dir := t.ArtifactDir()
	in.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32}}
	t.Cleanup(in.client.CloseIdleConnections)
	in.redis = testkit.Redis(t)
	in.provider = newProvider(t, seed)
	in.balancer = newBalancer(t, in.begun)
	run(t, "migrate", "--database-url", database, "--log-level", "error")
	in.setup()
	files := filepath.Join(testkit.Folder(t), "media")
	require.NoError(t, os.Mkdir(files, 0o755))
	for _, name := range []string{"a", "b"} {
		in.nodes = append(in.nodes, newNode(t, name, dir, func() []string {
			return []string{
				"--node-name", name, "--listen", "127.0.0.1:0", "--internal-listen", "127.0.0.1:0",
				"--public-url", in.balancer.URL, "--database-url", database, "--redis-url", "unix://" + in.redis.Addr,
				"--media-dir", files, "--master-key", masterKey, "--allow-private", in.provider.address,
				"--send-lease", lease.String(), "--drain-timeout", "20s", "--database-conns", "12",
			}
		}))
	}
	in.balancer.nodes = in.nodes
	var err error
	in.pool, err = pgxpool.New(t.Context(), database)
	require.NoError(t, err)
	t.Cleanup(in.pool.Close)
	return in
}

// setup makes the demo and tells the provider of its accounts.
func (in *installation) setup() {
	in.t.Helper()
	var made struct {
		Logins  []login `json:"logins"`
		Sandbox struct {
			Accounts []sandbox.Account `json:"accounts"`
		} `json:"sandbox"`
	}
	out := run(in.t, "setup", "--demo", "--leads", "20", "--database-url", in.database, "--provider-url", in.provider.URL,
		"--public-url", in.balancer.URL, "--master-key", masterKey)
	require.NoError(in.t, json.Unmarshal(out, &made), "%s", out)
	require.NotEmpty(in.t, made.Logins)
	require.NoError(in.t, in.provider.sandbox.SetAccounts(made.Sandbox.Accounts))
	in.logins = made.Logins
	for _, account := range made.Sandbox.Accounts {
		in.senders[account.Provider] = account.Senders[0].Address
	}
}

func (in *installation) a() *node { return in.nodes[0] }
func (in *installation) b() *node { return in.nodes[1] }

// any is the address of one of the nodes that run; empty when none does.
func (in *installation) any(d *rand.Rand) string {
	first := d.IntN(len(in.nodes))
	for i := range in.nodes {
		if url := in.nodes[(first+i)%len(in.nodes)].address(); url != "" {
			return url
		}
	}
	return ""
}

// row reads one row of the tables.
func (in *installation) row(query string, args []any, into ...any) {
	in.t.Helper()
	require.NoError(in.t, in.pool.QueryRow(in.t.Context(), query, args...).Scan(into...))
}

// count counts rows.
func (in *installation) count(query string, args ...any) int {
	in.t.Helper()
	var n int
	in.row(query, args, &n)
	return n
}

// rows reads rows of the tables, as structs by the names of the columns.
func rows[T any](ctx context.Context, in *installation, query string, args ...any) ([]T, error) {
	found, err := in.pool.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(found, pgx.RowToStructByNameLax[T])
}
