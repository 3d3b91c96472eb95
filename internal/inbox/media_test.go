package inbox_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/channels/ctm"
	"converse/channels/whatsappcloud"
	"converse/internal/chat"
	"converse/internal/inbox"
	"converse/internal/jobs"
	"converse/internal/safehttp"
	"converse/internal/store"
	"converse/media"
)

// opener is an adapter that opens whatever address it is given.
type opener struct{ channels.Adapter }

func (opener) FetchMedia(ctx context.Context, doer channels.Doer, _ channels.Account, reference string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, reference, nil)
	if err != nil {
		return nil, &channels.Error{Reason: channels.ReasonRejected, Text: "no address"}
	}
	resp, err := doer.Do(req)
	if err == nil && resp.StatusCode != http.StatusOK {
		return nil, errors.Join(&channels.Error{Reason: channels.ReasonUnavailable, Text: "not now"}, resp.Body.Close())
	}
	return resp, err
}

// fetching is a room that fetches files, whatever address they are at.
type fetching struct {
	*bundle
	files *inbox.Files
}

func newFetching(t *testing.T, options safehttp.Options) *fetching {
	t.Helper()
	f := &fetching{bundle: setup(t, opener{whatsappcloud.New()}, ctm.New())}
	objects, err := media.OpenFolder(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(objects.Close)
	doer := safehttp.NewFetch(options)
	t.Cleanup(doer.Close)
	f.files = &inbox.Files{
		Store: f.Store, Accounts: f.accounts, Objects: objects, Doer: doer, Now: time.Now, Log: slog.New(slog.DiscardHandler),
	}
	return f
}

// announced is a file that a lead sent and that is at an address.
func (f *fetching) announced(t *testing.T, address string) chat.MediaID {
	t.Helper()
	id := chat.NewID[chat.MediaID]()
	_, err := f.Store.Receive(t.Context(), f.Org, store.Arrival{Stored: true}, store.Received{
		ID: chat.NewID[chat.MessageID](), Sender: f.accounts.WhatsApp.Senders[0].Sender, ProviderID: "in-" + string(id),
		Phone: "+12025550123", Kind: chat.KindImage, ProviderAt: time.Now(), ReceivedAt: time.Now(),
		Media: []store.NewMedia{{Media: chat.Media{ID: id, State: chat.MediaLoading, ContentType: "image/png"}, Reference: address}},
	})
	require.NoError(t, err)
	return id
}

func (f *fetching) media(t *testing.T, id chat.MediaID) store.StoredMedia {
	t.Helper()
	m, err := f.Store.Media(t.Context(), f.Org, id)
	require.NoError(t, err)
	return m
}

// TestA13AMediaAddressLeadsNowhereInside gives the addresses of our own network, in all
// their spellings, as those of files.
func TestA13AMediaAddressLeadsNowhereInside(t *testing.T) {
	t.Parallel()
	var opened atomic.Int32
	inside, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { opened.Add(1) })}
	go func() { _ = server.Serve(inside) }()
	t.Cleanup(func() { _ = server.Close() })
	port := inside.Addr().(*net.TCPAddr).AddrPort().Port()
	_, portText, err := net.SplitHostPort(inside.Addr().String())
	require.NoError(t, err)
	require.NotZero(t, port)

	f := newFetching(t, safehttp.Options{Timeout: 5 * time.Second})
	for _, address := range []string{
		"http://127.0.0.1:" + portText + "/", "http://localhost:" + portText + "/", "http://[::1]:" + portText + "/",
		"http://[::ffff:127.0.0.1]:" + portText + "/", "http://0.0.0.0:" + portText + "/", "http://[::]:" + portText + "/",
		"http://127.1:" + portText + "/", "http://2130706433:" + portText + "/", "http://0x7f000001:" + portText + "/",
		"http://0177.0.0.1:" + portText + "/", "http://example.com@127.0.0.1:" + portText + "/", "http://127.0.0.1:6379/", "http://127.0.0.1:5432/",
		"http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/", "http://100.64.0.1/", "http://10.0.0.1/", "http://192.168.0.1/",
		"http://[64:ff9b::a9fe:a9fe]/", "http://[2002:7f00:1::]/", "file:///etc/passwd", "gopher://127.0.0.1:" + portText + "/", "ftp://127.0.0.1/",
		"javascript:alert(1)", "//127.0.0.1:" + portText + "/", "",
	} {
		id := f.announced(t, address)
		err := f.files.Fetch(t.Context(), f.Org, id, true)
		require.ErrorIs(t, err, jobs.ErrGone, address)
		m := f.media(t, id)
		require.NotEqual(t, chat.MediaReady, m.State, address)
		require.NotEqual(t, chat.MediaLoading, m.State, address)
		require.NotEmpty(t, m.Why, address)
		require.Empty(t, m.ObjectKey, address)
	}
	require.Zero(t, opened.Load(), "something inside was opened")
}

// local is a place for files that the test serves.
func local(t *testing.T, serve http.HandlerFunc) (string, safehttp.Options) {
	t.Helper()
	server := httptest.NewServer(serve)
	t.Cleanup(server.Close)
	allowed, err := safehttp.ParseAllowed([]string{"127.0.0.0/8"})
	require.NoError(t, err)
	return server.URL, safehttp.Options{Allowed: allowed}
}

func TestAFileThatDoesNotComeFailsAndMayBeFetchedAgain(t *testing.T) {
	t.Parallel()
	var up atomic.Bool
	url, options := local(t, func(w http.ResponseWriter, _ *http.Request) {
		if !up.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		_, _ = io.WriteString(w, "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
	})
	f := newFetching(t, options)
	id := f.announced(t, url)
	require.Error(t, f.files.Fetch(t.Context(), f.Org, id, false))
	late := f.media(t, id)
	require.Equal(t, chat.MediaLoading, late.State, "it is tried again by itself")
	require.NotEmpty(t, late.Why, "and says that it is late")
	require.Error(t, f.files.Fetch(t.Context(), f.Org, id, false))
	require.Equal(t, late.Version, f.media(t, id).Version, "once is enough")
	require.ErrorIs(t, f.files.Fetch(t.Context(), f.Org, id, true), jobs.ErrGone)
	m := f.media(t, id)
	require.Equal(t, chat.MediaFailed, m.State)
	require.NotEmpty(t, m.Why)

	up.Store(true)
	again, err := f.Store.RetryMedia(t.Context(), f.Sales, id)
	require.NoError(t, err)
	require.Equal(t, chat.MediaLoading, again.State)
	require.NoError(t, f.files.Fetch(t.Context(), f.Org, id, false))
	m = f.media(t, id)
	require.Equal(t, chat.MediaReady, m.State)
	require.Empty(t, m.Why)
	require.Equal(t, chat.KindImage, m.Kind)
	require.Len(t, m.SHA256, 64)
	_, err = f.Store.RetryMedia(t.Context(), f.Sales, id)
	require.Equal(t, chat.CodeBlocked, chat.CodeOf(err), "it is here")
}

func TestAFileThatIsLateIsHurriedAndOneThatFailedBeginsAnew(t *testing.T) {
	t.Parallel()
	url, options := local(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	f := newFetching(t, options)
	id := f.announced(t, url)
	require.Error(t, f.files.Fetch(t.Context(), f.Org, id, false))
	late := f.media(t, id)

	var hurried, begun []chat.MediaID
	st, err := store.Open(t.Context(), store.Options{
		URL: f.URL,
		HurryMedia: func(_ context.Context, _ pgx.Tx, _ chat.OrgID, id chat.MediaID) error {
			hurried = append(hurried, id)
			return nil
		},
		FetchMedia: func(_ context.Context, _ pgx.Tx, _ chat.OrgID, ids []chat.MediaID) error {
			begun = append(begun, ids...)
			return nil
		},
	})
	require.NoError(t, err)
	t.Cleanup(st.Close)
	m, err := st.RetryMedia(t.Context(), f.Sales, id)
	require.NoError(t, err)
	require.Equal(t, chat.MediaLoading, m.State)
	require.Empty(t, m.Why, "a try is on its way")
	require.Greater(t, m.Version, late.Version)
	require.Equal(t, []chat.MediaID{id}, hurried, "its own job is made due")
	require.Empty(t, begun)

	require.ErrorIs(t, f.files.Fetch(t.Context(), f.Org, id, true), jobs.ErrGone)
	_, err = st.RetryMedia(t.Context(), f.Sales, id)
	require.NoError(t, err)
	require.Equal(t, []chat.MediaID{id}, begun, "its job has ended")
	require.Len(t, hurried, 1)
}

func TestAFileIsRefusedWithAReason(t *testing.T) {
	t.Parallel()
	var body string
	url, options := local(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) })
	f := newFetching(t, options)
	for name, c := range map[string]string{
		"a program": "\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00",
		"too large": "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + strings.Repeat("x", 6<<20),
	} {
		body = c
		id := f.announced(t, url)
		require.ErrorIs(t, f.files.Fetch(t.Context(), f.Org, id, false), jobs.ErrGone, name)
		m := f.media(t, id)
		require.Equal(t, chat.MediaRefused, m.State, name)
		require.NotEmpty(t, m.Why, name)
		_, err := f.Store.RetryMedia(t.Context(), f.Sales, id)
		require.Equal(t, chat.CodeBlocked, chat.CodeOf(err), name)
	}
}
