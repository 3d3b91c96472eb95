package approval_test

import (
	"bytes"
	"image"
	"image/png"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/internal/approval"
	"converse/internal/chat"
	"converse/internal/files"
	"converse/internal/sandbox"
	"converse/internal/store"
	"converse/internal/testkit"
	"converse/internal/testkit/played"
	"converse/internal/testkit/world"
	"converse/media"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// How long to wait for what must come, and how often to look.
const (
	eventually = 20 * time.Second
	tick       = 50 * time.Millisecond
)

// bench is the rooms of templates and of files over played providers.
type bench struct {
	*world.World
	at       *played.Providers
	approval *approval.Service
	files    *files.Service
	objects  media.Store
}

func setup(t *testing.T, changes ...func(*sandbox.Config)) *bench {
	t.Helper()
	w := world.New(t)
	b := &bench{World: w, at: played.New(t, w, changes...)}
	objects, err := media.OpenFolder(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(objects.Close)
	signer, err := media.NewSigner(make([]byte, 32))
	require.NoError(t, err)
	b.objects = objects
	b.files = files.New(w.Store, b.at.Book, objects, signer, files.Options{PublicURL: "https://hub.example.com"})
	b.approval = approval.New(w.Store, b.at.Book, b.at.Doer, approval.Options{Objects: objects})
	return b
}

// house is a picture.
func house(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, png.Encode(&out, image.NewGray(image.Rect(0, 0, 40, 30))))
	return out.Bytes()
}

// attach uploads a file for a template of a connector, as the browser does.
func (b *bench) attach(t testing.TB, p chat.Principal, of store.Connector, name, contentType string, data []byte) chat.MediaID {
	t.Helper()
	id, url, _, err := b.files.CreateExample(t.Context(), p, of.ID, name, contentType, int64(len(data)))
	require.NoError(t, err)
	word := strings.TrimPrefix(url, "https://hub.example.com/uploads/")
	require.NoError(t, b.files.Receive(t.Context(), word, int64(len(data)), bytes.NewReader(data)))
	_, err = b.files.Complete(t.Context(), p, id, "")
	require.NoError(t, err)
	return id
}

// draft is a template with a picture over it.
func draft(of store.Connector, name string, file chat.MediaID) approval.Draft {
	return approval.Draft{
		Channel: chat.ChannelWhatsApp, Connector: of.ID, Name: name, Language: "en_US", Category: "utility", Body: "Hello {{1}}, your new home.",
		Examples: map[string]string{"1": "Asha"}, Header: &chat.TemplateHeader{Kind: chat.KindImage, File: &chat.Media{ID: file}},
	}
}

func (b *bench) write(t testing.TB, d approval.Draft) chat.Template {
	t.Helper()
	made, err := b.approval.Write(t.Context(), b.Admin, "", d)
	require.NoError(t, err)
	return made
}

// sync reads a connector's templates, as the job does.
func (b *bench) sync(t testing.TB, of store.Connector) store.TemplateSync {
	t.Helper()
	require.NoError(t, b.Store.BeginTemplateSync(t.Context(), b.Admin, b.Org, of.ID))
	require.NoError(t, b.approval.Sync(t.Context(), b.Org, of.ID, true))
	all, err := b.Store.TemplateSyncs(t.Context(), b.Org)
	require.NoError(t, err)
	for _, one := range all {
		if one.Connector == of.ID {
			return one
		}
	}
	t.Fatal("nothing was read")
	return store.TemplateSync{}
}

func (b *bench) template(t testing.TB, id chat.TemplateID) chat.Template {
	t.Helper()
	stored, err := b.Store.Template(t.Context(), b.Org, id)
	require.NoError(t, err)
	return stored.Template
}

// states are where the templates of a connector stand, by name.
func (b *bench) states(t testing.TB, of store.Connector) map[string]string {
	t.Helper()
	all, err := b.Store.AllTemplates(t.Context(), b.Org)
	require.NoError(t, err)
	out := map[string]string{}
	for _, one := range all {
		if one.Connector == of.ID {
			out[one.Name] = one.Status
		}
	}
	return out
}

// days makes every upload so much older.
func (b *bench) days(t testing.TB, n int) {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), b.URL)
	require.NoError(t, err)
	defer pool.Close()
	_, err = pool.Exec(t.Context(), "update uploads set created_at = created_at - make_interval(days => $1)", n)
	require.NoError(t, err)
}

func field(t testing.TB, err error) string {
	t.Helper()
	var refused *chat.Error
	require.ErrorAs(t, err, &refused)
	return refused.Field
}

// longAgo is before any reading of a list.
func longAgo() time.Time { return time.Now().Add(-time.Hour) }

// over has the calls about templates made by another doer.
func (b *bench) over(doer channels.Doer) {
	b.approval = approval.New(b.Store, b.at.Book, doer, approval.Options{Objects: b.objects})
}

// counted counts calls, and lets one of them fail; 0: none.
type counted struct {
	channels.Doer
	calls, fail int
}

func (c *counted) Do(r *http.Request) (*http.Response, error) {
	c.calls++
	if c.calls == c.fail {
		return nil, io.ErrUnexpectedEOF
	}
	return c.Doer.Do(r)
}

// cut is a line that breaks in the middle of the first upload.
type cut struct {
	channels.Doer
	after   int64
	offsets []string // where each part of an upload began
}

func (c *cut) Do(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPost && strings.Contains(r.URL.Path, "/upload:") {
		c.offsets = append(c.offsets, r.Header.Get("file_offset"))
		if len(c.offsets) == 1 {
			r.Body = struct {
				io.Reader
				io.Closer
			}{io.LimitReader(r.Body, c.after), r.Body}
		}
	}
	return c.Doer.Do(r)
}
