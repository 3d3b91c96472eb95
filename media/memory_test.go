package media_test

import (
	"io"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/media"
)

// A file of 64 MiB goes through in far less memory. Not parallel: it reads the
// process's own memory.
func TestABodyIsNeverInMemoryWhole(t *testing.T) {
	const size = 64 << 20
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			defer s.Close()
			peak := &watching{r: io.LimitReader(endless{}, size)}
			_, err := s.Put(within(t, time.Minute), media.NewKey(org), stream{peak}, media.SizeUnknown, "video/mp4")
			require.NoError(t, err)
			require.Less(t, peak.grown(), uint64(size/2))
		})
	}
}

// watching records how much the heap holds while it is read.
type watching struct {
	r          io.Reader
	first, max uint64
	reads      int
}

func (w *watching) Read(p []byte) (int, error) {
	if w.reads%64 == 0 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		if w.reads == 0 {
			w.first = m.HeapAlloc
		}
		w.max = max(w.max, m.HeapAlloc)
	}
	w.reads++
	return w.r.Read(p)
}

func (w *watching) grown() uint64 { return w.max - w.first }
