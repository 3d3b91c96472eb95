package doctor_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"converse/internal/doctor"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func one(t *testing.T, check doctor.Check) doctor.Result {
	t.Helper()
	report := doctor.Run(context.Background(), []doctor.Check{check}, 20*time.Second)
	require.Len(t, report, 1)
	require.Equal(t, check.Name, report[0].Name)
	require.Equal(t, report[0].Status != doctor.OK, report[0].Do != "", "what to do is said exactly when there is something to do")
	return report[0]
}

func fixed(name string, result doctor.Result) doctor.Check {
	return doctor.Check{Name: name, Run: func(context.Context) doctor.Result { return result }}
}

func TestResultsKeepTheOrderOfTheChecks(t *testing.T) {
	t.Parallel()
	report := doctor.Run(context.Background(), []doctor.Check{
		fixed("first", doctor.Good("fine")), fixed("second", doctor.Doubtful("not quite", "look")), fixed("third", doctor.Good("fine")),
	}, time.Second)
	require.Equal(t, "second", report[1].Name)
	require.Equal(t, doctor.Warn, report.Status())
	require.Equal(t, doctor.Fail, append(report, doctor.Bad("broken", "mend it")).Status())
	require.Equal(t, doctor.OK, report[:1].Status())
}

func TestACheckThatHangsOrBreaksHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		forever := make(chan struct{})
		defer close(forever)
		began := time.Now()
		report := doctor.Run(t.Context(), []doctor.Check{
			{Name: "obeys", Run: func(ctx context.Context) doctor.Result {
				<-ctx.Done()
				return doctor.Bad("stopped: "+ctx.Err().Error(), "wait")
			}},
			{Name: "does not obey", Run: func(context.Context) doctor.Result { <-forever; return doctor.Result{} }},
			{Name: "breaks", Run: func(context.Context) doctor.Result { panic("out of range") }},
			fixed("fine", doctor.Good("fine")),
		}, 10*time.Second)
		require.LessOrEqual(t, time.Since(began), 11*time.Second)
		require.Equal(t, "stopped: context deadline exceeded", report[0].What)
		require.Equal(t, "no answer within 10s", report[1].What)
		require.Equal(t, "the check itself broke: out of range", report[2].What)
		require.Equal(t, doctor.OK, report[3].Status)
	})
}

func TestClock(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		theirs, took time.Duration
		want         doctor.Status
	}{
		"same":                   {0, time.Millisecond, doctor.OK},
		"a second ahead":         {time.Second, 0, doctor.OK},
		"two seconds ahead":      {2 * time.Second, 0, doctor.Fail},
		"two seconds behind":     {-2 * time.Second, 0, doctor.Fail},
		"an hour behind":         {-time.Hour, 0, doctor.Fail},
		"slow to answer":         {3 * time.Second, 5 * time.Second, doctor.OK},
		"slow to answer and off": {8 * time.Second, 5 * time.Second, doctor.Fail},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			times := []time.Time{noon, noon.Add(c.took)}
			now := func() time.Time { next := times[0]; times = times[1:]; return next }
			result := one(t, doctor.Clock(now, func(context.Context) (time.Time, error) { return noon.Add(c.theirs), nil }))
			require.Equal(t, c.want, result.Status, result.What)
		})
	}
	result := one(t, doctor.Clock(time.Now, func(context.Context) (time.Time, error) { return time.Time{}, errors.New("connection refused") }))
	require.Equal(t, doctor.Fail, result.Status)
}

func TestDisk(t *testing.T) {
	t.Parallel()
	for bytes, want := range map[uint64]doctor.Status{
		0: doctor.Fail, 100<<20 - 1: doctor.Fail, 100 << 20: doctor.Warn, 1<<30 - 1: doctor.Warn, 1 << 30: doctor.OK, 1 << 40: doctor.OK,
	} {
		result := one(t, doctor.DiskWith("disk", "/srv", func(string) (uint64, error) { return bytes, nil }))
		require.Equal(t, want, result.Status, bytes)
	}
	result := one(t, doctor.DiskWith("disk", "/srv", func(string) (uint64, error) { return 0, errors.New("no such device") }))
	require.Equal(t, doctor.Warn, result.Status)
	result = one(t, doctor.Disk("disk", filepath.Join(t.TempDir(), "not", "yet", "made")))
	require.Regexp(t, `\d GiB left`, result.What)
}

func TestFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.Equal(t, doctor.OK, one(t, doctor.Folder("data folder", dir)).Status)
	require.Equal(t, doctor.OK, one(t, doctor.Folder("data folder", filepath.Join(dir, "not", "made"))).Status)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, entries, "nothing is left behind")
	// Even root cannot write here.
	require.Equal(t, doctor.Fail, one(t, doctor.Folder("data folder", "/proc")).Status)
}

func TestFiles(t *testing.T) {
	t.Parallel()
	require.Equal(t, doctor.OK, one(t, doctor.Files("bucket media", func(context.Context) error { return nil })).Status)
	result := one(t, doctor.Files("bucket media", func(context.Context) error { return errors.New("there is none of this name") }))
	require.Equal(t, doctor.Fail, result.Status)
	require.Equal(t, "bucket media: there is none of this name", result.What)
}

func TestMasterKeyAndSettings(t *testing.T) {
	t.Parallel()
	require.Equal(t, doctor.OK, one(t, doctor.MasterKey(func() error { return nil })).Status)
	require.Equal(t, doctor.Fail, one(t, doctor.MasterKey(func() error { return errors.New("is required") })).Status)
	require.Equal(t, doctor.Fail, one(t, doctor.Setting("settings", errors.New("--redis-url is required"))).Status)
}

func TestCallback(t *testing.T) {
	t.Parallel()
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" || r.Method != http.MethodGet {
			http.NotFound(w, r)
		}
	})
	broken := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	secure, plain, failing := httptest.NewTLSServer(handler), httptest.NewServer(handler), httptest.NewServer(broken)
	t.Cleanup(func() { secure.Close(); plain.Close(); failing.Close() })
	public := secure.Client() // it leads example.com to the test server
	for name, c := range map[string]struct {
		url    string
		client *http.Client
		want   doctor.Status
		says   string
	}{
		"https":          {"https://example.com", public, doctor.OK, "https://example.com answers"},
		"http":           {plain.URL, plain.Client(), doctor.Warn, "plain http"},
		"local":          {secure.URL, secure.Client(), doctor.Warn, "on this machine"},
		"broken":         {failing.URL, failing.Client(), doctor.Warn, "502"},
		"nobody there":   {"http://127.0.0.1:1", plain.Client(), doctor.Warn, "connection refused"},
		"no address":     {"", plain.Client(), doctor.Fail, "no usable public address"},
		"not an address": {"::", plain.Client(), doctor.Fail, "no usable public address"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result := one(t, doctor.Callback(c.url, c.client))
			require.Equal(t, c.want, result.Status, result.What)
			require.Contains(t, result.What, c.says)
		})
	}
}

func report() doctor.Report {
	return doctor.Run(context.Background(), []doctor.Check{
		fixed("clock", doctor.Good("agrees with the database to 1ms")),
		fixed("callback address", doctor.Doubtful("http://example.com answers,\nbut by \x1b[31mplain http", "use https")),
		fixed("redis", doctor.Bad("connection refused", "start it")),
	}, time.Second)
}

func TestTableIsAligned(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, report().WriteTable(&out))
	require.Equal(t, `ok    clock             agrees with the database to 1ms
warn  callback address  http://example.com answers, but by [31mplain http
                        -> use https
fail  redis             connection refused
                        -> start it

1 of 3 checks failed.
`, out.String())
}

func TestJSONIsStable(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, report().WriteJSON(&out))
	var got struct {
		Status string
		Checks []map[string]string
	}
	require.NoError(t, json.Unmarshal(out.Bytes(), &got))
	require.Equal(t, "fail", got.Status)
	require.Equal(t, map[string]string{"name": "redis", "status": "fail", "what": "connection refused", "what_to_do": "start it"}, got.Checks[2])
	require.NotContains(t, got.Checks[0], "what_to_do")

	out.Reset()
	require.NoError(t, doctor.Report(nil).WriteJSON(&out))
	require.JSONEq(t, `{"status":"ok","checks":[]}`, out.String())
}
