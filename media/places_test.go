package media_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/testkit"
	"converse/media"
)

func TestAFailedPutLeavesNoFileInTheFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f, err := media.OpenFolder(dir)
	require.NoError(t, err)
	t.Cleanup(f.Close)
	_, err = f.Put(within(t, time.Minute), media.NewKey(org), strings.NewReader("short"), 100, "image/png")
	require.ErrorIs(t, err, media.ErrSize)
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		require.False(t, err == nil && !d.IsDir() && !strings.HasSuffix(path, ".type"), path)
		return err
	}))
}

func TestHalfWrittenFilesOfACrashAreClearedAway(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "tmp"), 0o700))
	old, fresh := filepath.Join(dir, "tmp", "OLD"), filepath.Join(dir, "tmp", "FRESH")
	for _, path := range []string{old, fresh} {
		require.NoError(t, os.WriteFile(path, []byte("half"), 0o600))
	}
	yesterday := time.Now().Add(-25 * time.Hour)
	require.NoError(t, os.Chtimes(old, yesterday, yesterday))
	f, err := media.OpenFolder(dir)
	require.NoError(t, err)
	f.Close()
	require.NoFileExists(t, old)
	require.FileExists(t, fresh, "it may be another program's")
}

func TestALinkDoesNotLeadOutOfTheFolder(t *testing.T) {
	t.Parallel()
	dir, outside := t.TempDir(), t.TempDir()
	f, err := media.OpenFolder(dir)
	require.NoError(t, err)
	t.Cleanup(f.Close)
	require.NoError(t, os.Symlink(outside, filepath.Join(dir, string(org))))
	_, err = f.Put(within(t, time.Minute), media.NewKey(org), strings.NewReader("x"), 1, "text/plain")
	require.Error(t, err)
	entries, err := os.ReadDir(outside)
	require.NoError(t, err)
	require.Empty(t, entries)
}

func TestCheckSaysWhatIsWrongWithABucket(t *testing.T) {
	t.Parallel()
	working := bucketOptions(testkit.S3(t))
	for name, c := range map[string]struct {
		change func(*media.BucketOptions)
		want   string
	}{
		"no such bucket": {func(o *media.BucketOptions) { o.Bucket = "no-such-bucket" }, "look for bucket no-such-bucket: there is none of this name"},
		"wrong secret":   {func(o *media.BucketOptions) { o.Secret = "wrong" }, "look for bucket"},
		"nobody there":   {func(o *media.BucketOptions) { o.Endpoint = "127.0.0.1:1" }, "connection refused"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := working
			c.change(&options)
			b, err := media.OpenBucket(options)
			require.NoError(t, err)
			t.Cleanup(b.Close)
			err = b.Check(within(t, time.Minute))
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, err.Error(), working.Secret)
		})
	}
}

func TestACheckThatCannotWriteFails(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f, err := media.OpenFolder(dir)
	require.NoError(t, err)
	t.Cleanup(f.Close)
	require.NoError(t, os.RemoveAll(filepath.Join(dir, "tmp")))
	require.Error(t, f.Check(context.Background()))
}
