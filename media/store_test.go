package media_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/testkit"
	"converse/media"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const (
	org     = chat.OrgID("0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b")
	otherID = chat.OrgID("0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5c")
)

func within(t *testing.T, limit time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	t.Cleanup(cancel)
	return ctx
}

// stores are all the implementations. Every promise of Store is tested on each.
var stores = map[string]func(t *testing.T) media.Store{
	"folder": func(t *testing.T) media.Store {
		f, err := media.OpenFolder(t.TempDir())
		require.NoError(t, err)
		return f
	},
	"bucket": func(t *testing.T) media.Store {
		b, err := media.OpenBucket(bucketOptions(testkit.S3(t)))
		require.NoError(t, err)
		return b
	},
}

func bucketOptions(s testkit.S3Bucket) media.BucketOptions {
	return media.BucketOptions{
		Endpoint: s.Endpoint, Bucket: s.Bucket, Access: s.Access, Secret: s.Secret, Region: s.Region, Insecure: true,
	}
}

// eachStore runs a test on every implementation.
func eachStore(t *testing.T, test func(t *testing.T, s media.Store)) {
	t.Helper()
	t.Parallel()
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			t.Cleanup(s.Close)
			test(t, s)
		})
	}
}

// stream hides everything but Read, as a network body does.
type stream struct{ io.Reader }

// random is a body of n bytes that is different for every n.
func random(n int) []byte {
	b := make([]byte, n)
	source := rand.NewChaCha8([32]byte{byte(n), byte(n >> 8), byte(n >> 16)})
	_, _ = source.Read(b)
	return b
}

func read(t *testing.T, s media.Store, key media.Key) ([]byte, media.Info) {
	t.Helper()
	object, err := s.Get(within(t, time.Minute), key)
	require.NoError(t, err)
	body, err := io.ReadAll(object)
	require.NoError(t, err)
	require.NoError(t, object.Close())
	return body, object.Info
}

func gone(t *testing.T, s media.Store, key media.Key) {
	t.Helper()
	_, err := s.Get(within(t, time.Minute), key)
	require.ErrorIs(t, err, media.ErrNotFound)
}

func TestWhatIsPutIsGot(t *testing.T) {
	// Around a part's size of 8 MiB, and more than one part.
	sizes := []int{0, 1, 1000, 8<<20 - 1, 8 << 20, 8<<20 + 1, 20 << 20}
	eachStore(t, func(t *testing.T, s media.Store) {
		for _, size := range sizes {
			for _, known := range []bool{true, false} {
				body, announced := random(size), int64(media.SizeUnknown)
				if known {
					announced = int64(size)
				}
				key := media.NewKey(org)
				info, err := s.Put(within(t, time.Minute), key, stream{bytes.NewReader(body)}, announced, "image/png")
				require.NoError(t, err, "%d %t", size, known)
				digest := sha256.Sum256(body)
				require.Equal(t, media.Info{Size: int64(size), ContentType: "image/png", SHA256: hex.EncodeToString(digest[:])}, info)
				got, info := read(t, s, key)
				require.True(t, bytes.Equal(body, got), "%d %t", size, known)
				require.Equal(t, media.Info{Size: int64(size), ContentType: "image/png"}, info)
			}
		}
	})
}

func TestAPartIsReadWithoutTheRest(t *testing.T) {
	eachStore(t, func(t *testing.T, s media.Store) {
		key, body := media.NewKey(org), random(100_000)
		_, err := s.Put(within(t, time.Minute), key, bytes.NewReader(body), int64(len(body)), "video/mp4")
		require.NoError(t, err)
		object, err := s.Get(within(t, time.Minute), key)
		require.NoError(t, err)
		defer object.Close()
		for _, from := range []int64{99_000, 0, 50_000} {
			at, err := object.Seek(from, io.SeekStart)
			require.NoError(t, err)
			require.Equal(t, from, at)
			part := make([]byte, 1000)
			_, err = io.ReadFull(object, part)
			require.NoError(t, err)
			require.Equal(t, body[from:from+1000], part)
		}
	})
}

func TestPutReplaces(t *testing.T) {
	eachStore(t, func(t *testing.T, s media.Store) {
		key := media.NewKey(org)
		for n, contentType := range []string{"image/png", "text/plain"} {
			body := fmt.Sprint("version ", n)
			_, err := s.Put(within(t, time.Minute), key, strings.NewReader(body), int64(len(body)), contentType)
			require.NoError(t, err)
			got, info := read(t, s, key)
			require.Equal(t, body, string(got))
			require.Equal(t, contentType, info.ContentType)
		}
	})
}

func TestAFailedPutStoresNothing(t *testing.T) {
	broken := errors.New("the network broke")
	for name, c := range map[string]struct {
		body func() io.Reader
		size int64
		want error
	}{
		"broken":                {func() io.Reader { return io.MultiReader(bytes.NewReader(random(1000)), failing{broken}) }, 2000, broken},
		"broken, size unknown":  {func() io.Reader { return io.MultiReader(bytes.NewReader(random(1000)), failing{broken}) }, media.SizeUnknown, broken},
		"broken in second part": {func() io.Reader { return io.MultiReader(bytes.NewReader(random(9<<20)), failing{broken}) }, media.SizeUnknown, broken},
		"too short":             {func() io.Reader { return bytes.NewReader(random(999)) }, 1000, media.ErrSize},
		"too long":              {func() io.Reader { return bytes.NewReader(random(1001)) }, 1000, media.ErrSize},
		"empty":                 {func() io.Reader { return strings.NewReader("") }, 1000, media.ErrSize},
		"not empty":             {func() io.Reader { return strings.NewReader("x") }, 0, media.ErrSize},
		"over the limit":        {func() io.Reader { return media.Limit(bytes.NewReader(random(1001)), 1000) }, media.SizeUnknown, media.ErrTooLarge},
		"far over the limit":    {func() io.Reader { return media.Limit(bytes.NewReader(random(9<<20)), 1000) }, media.SizeUnknown, media.ErrTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			eachStore(t, func(t *testing.T, s media.Store) {
				key := media.NewKey(org)
				_, err := s.Put(within(t, time.Minute), key, stream{c.body()}, c.size, "image/png")
				require.ErrorIs(t, err, c.want)
				gone(t, s, key)
			})
		})
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestAnEndedContextEndsAPut(t *testing.T) {
	eachStore(t, func(t *testing.T, s media.Store) {
		ctx, cancel := context.WithCancel(context.Background())
		key := media.NewKey(org)
		body := io.MultiReader(bytes.NewReader(random(1000)), calling(cancel), endless{})
		_, err := s.Put(ctx, key, body, media.SizeUnknown, "image/png")
		require.ErrorIs(t, err, context.Canceled)
		gone(t, s, key)
	})
}

type calling func()

func (c calling) Read([]byte) (int, error) { c(); return 0, io.EOF }

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func TestDeleteIsSafeTwice(t *testing.T) {
	eachStore(t, func(t *testing.T, s media.Store) {
		key, other := media.NewKey(org), media.NewKey(org)
		for _, k := range []media.Key{key, other} {
			_, err := s.Put(within(t, time.Minute), k, strings.NewReader("x"), 1, "text/plain")
			require.NoError(t, err)
		}
		require.NoError(t, s.Delete(within(t, time.Minute), key))
		require.NoError(t, s.Delete(within(t, time.Minute), key))
		gone(t, s, key)
		got, _ := read(t, s, other)
		require.Equal(t, "x", string(got))
	})
}

func TestMalformedKeysAreRefused(t *testing.T) {
	good := string(media.NewKey(org))
	require.NoError(t, media.Key(good).Check())
	require.Equal(t, org, media.Key(good).Org())
	eachStore(t, func(t *testing.T, s media.Store) {
		for _, key := range []string{
			"", "/", "a", good + "x", good + "\n", strings.ToUpper(good), good + ".type", "../" + good, "x/" + good, "/" + good,
			string(org) + "/", string(org) + "/../../../etc/passwd", string(org) + "/aaaaaaaaaaaaaaaaaaaaaaaa..",
			string(org) + `/..\..\aaaaaaaaaaaaaaaaaaaa`, string(org) + "/%2e%2e%2faaaaaaaaaaaaaaaaa", string(org) + "/\x00aaaaaaaaaaaaaaaaaaaaaaaaa",
			strings.Replace(good, "/", "//", 1), "tmp/aaaaaaaaaaaaaaaaaaaaaaaaaa",
		} {
			_, err := s.Put(within(t, time.Minute), media.Key(key), strings.NewReader("x"), 1, "text/plain")
			require.ErrorContains(t, err, "malformed object key", key)
			_, err = s.Get(within(t, time.Minute), media.Key(key))
			require.ErrorContains(t, err, "malformed object key", key)
			require.ErrorContains(t, s.Delete(within(t, time.Minute), media.Key(key)), "malformed object key", key)
		}
	})
}

func TestCheckPassesOnAWorkingStore(t *testing.T) {
	eachStore(t, func(t *testing.T, s media.Store) {
		require.NoError(t, s.Check(within(t, time.Minute)))
	})
}

func TestManyPutsAtOnce(t *testing.T) {
	eachStore(t, func(t *testing.T, s media.Store) {
		var wg sync.WaitGroup
		errs := make(chan error, 16)
		for n := range cap(errs) {
			wg.Go(func() {
				key, body := media.NewKey(org), random(10_000+n)
				_, err := s.Put(context.Background(), key, stream{bytes.NewReader(body)}, media.SizeUnknown, "image/png")
				if err == nil {
					var object *media.Object
					if object, err = s.Get(context.Background(), key); err == nil {
						var got []byte
						if got, err = io.ReadAll(object); !bytes.Equal(got, body) {
							err = fmt.Errorf("body %d came back changed: %w", n, err)
						}
						err = errors.Join(err, object.Close())
					}
				}
				errs <- err
			})
		}
		wg.Wait()
		for range cap(errs) {
			require.NoError(t, <-errs)
		}
	})
}
