package files_test

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"converse/channels/ctm"
	"converse/channels/whatsappcloud"
	"converse/internal/chat"
	"converse/internal/files"
	"converse/internal/testkit"
	"converse/internal/testkit/world"
	"converse/media"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// bundle is the room over a folder, with a number that carries files and one that does not.
type bundle struct {
	*world.World
	files    *files.Service
	objects  media.Store
	signer   *media.Signer
	accounts *world.Accounts
	folder   string
	talk     chat.Conversation
	mu       sync.Mutex // guards now
	now      time.Time
}

func setup(t *testing.T) *bundle {
	t.Helper()
	b := &bundle{World: world.New(t), folder: t.TempDir(), now: time.Now()}
	b.accounts = b.NewAccounts(t, "https://provider.example.com", world.Carrier{Adapter: whatsappcloud.New()}, ctm.New())
	objects, err := media.OpenFolder(b.folder)
	require.NoError(t, err)
	t.Cleanup(objects.Close)
	b.objects = objects
	b.signer, err = media.NewSigner(make([]byte, 32))
	require.NoError(t, err)
	b.files = files.New(b.Store, b.accounts, objects, b.signer, files.Options{
		PublicURL: "https://hub.example.com", PerNode: 3, PerUser: 1, Now: b.clock,
	})
	b.talk = b.Conversation(t, b.accounts.WhatsApp)
	return b
}

func (b *bundle) clock() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now
}

func (b *bundle) pass(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = b.now.Add(d)
}

// picture is a PNG.
func picture(t testing.TB, width, height int) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, png.Encode(&out, image.NewGray(image.Rect(0, 0, width, height))))
	return out.Bytes()
}

func (b *bundle) create(t testing.TB, name, contentType string, size int) (chat.MediaID, string) {
	t.Helper()
	id, url, _, err := b.files.Create(t.Context(), b.Sales, b.talk.ID, name, contentType, int64(size))
	require.NoError(t, err)
	word, ours := strings.CutPrefix(url, "https://hub.example.com/uploads/")
	require.True(t, ours, url)
	return id, word
}

func (b *bundle) receive(t testing.TB, word string, body []byte) error {
	t.Helper()
	return b.files.Receive(t.Context(), word, int64(len(body)), bytes.NewReader(body))
}

// kept lists the files that are in the folder.
func (b *bundle) kept(t testing.TB) []string {
	t.Helper()
	var out []string
	require.NoError(t, filepath.WalkDir(b.folder, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasSuffix(path, ".type") {
			out = append(out, path)
		}
		return err
	}))
	return out
}

// rows counts the uploads there are.
func (b *bundle) rows(t testing.TB) int {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), b.URL)
	require.NoError(t, err)
	defer pool.Close()
	var n int
	require.NoError(t, pool.QueryRow(t.Context(), "select count(*) from uploads").Scan(&n))
	return n
}

func invalid(t testing.TB, err error) string {
	t.Helper()
	var e *chat.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, chat.CodeInvalid, e.Code, err)
	return e.Field
}
