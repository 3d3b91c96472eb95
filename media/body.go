package media

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
)

// Limit passes on at most so many bytes of r and then fails with ErrTooLarge, where
// io.LimitReader would pretend that the body had ended.
func Limit(r io.Reader, most int64) io.Reader {
	return &limited{r: r, left: most}
}

type limited struct {
	r    io.Reader
	left int64
}

func (l *limited) Read(p []byte) (int, error) {
	// One byte more than is left tells a body that ends here from one that goes on.
	if int64(len(p)) > l.left+1 {
		p = p[:l.left+1]
	}
	n, err := l.r.Read(p)
	if int64(n) > l.left {
		n, err = int(l.left), ErrTooLarge
	}
	l.left -= int64(n)
	return n, err
}

// measured counts and hashes a body on its way into a store, and ends it when the
// context ends or the body turns out not to be as long as announced.
type measured struct {
	ctx  context.Context //nolint:containedctx // it lives as long as one Put
	r    io.Reader
	want int64
	size int64
	hash hash.Hash
}

func measure(ctx context.Context, r io.Reader, want int64) *measured {
	return &measured{ctx: ctx, r: r, want: want, hash: sha256.New()}
}

func (m *measured) Read(p []byte) (int, error) {
	if err := m.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := m.r.Read(p)
	m.size += int64(n)
	_, _ = m.hash.Write(p[:n]) // a hash never fails
	if m.want >= 0 && (m.size > m.want || errors.Is(err, io.EOF) && m.size < m.want) {
		return n, ErrSize
	}
	return n, err
}

// drained checks that a body of announced length has no more to give, for a store
// that stops reading at that length.
func (m *measured) drained() error {
	if m.want < 0 {
		return nil
	}
	var one [1]byte
	switch n, err := io.ReadFull(m, one[:]); {
	case n > 0:
		return ErrSize
	case errors.Is(err, io.EOF):
		return nil
	default:
		return err
	}
}

func (m *measured) info(contentType string) Info {
	return Info{Size: m.size, ContentType: contentType, SHA256: hex.EncodeToString(m.hash.Sum(nil))}
}
