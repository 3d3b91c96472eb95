package media

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// What a store can fail with, besides what the disk or the network says.
var (
	// ErrNotFound: there is no object of this key.
	ErrNotFound = errors.New("there is no such file")
	// ErrTooLarge: the body is longer than allowed.
	ErrTooLarge = errors.New("the file is larger than allowed")
	// ErrSize: the body is not as long as was announced.
	ErrSize = errors.New("the file does not have the size it was announced with")
)

// SizeUnknown is what Put takes for a body whose length is not known in advance.
const SizeUnknown = -1

// Store keeps objects. All methods may be called at the same time.
type Store interface {
	// Put stores a body read to its end and replaces what the key held before. On any
	// error nothing is stored. A size other than SizeUnknown is checked.
	Put(ctx context.Context, key Key, body io.Reader, size int64, contentType string) (Info, error)
	// Get opens an object; the caller closes it. The context must live as long as the
	// object is read.
	Get(ctx context.Context, key Key) (*Object, error)
	// Delete removes an object. Removing one that is not there is no error.
	Delete(ctx context.Context, key Key) error
	// Check puts, gets and deletes a small object, for the doctor.
	Check(ctx context.Context) error
	// Close gives back what the store holds. Nothing may be called after it.
	Close()
}

// Info describes an object.
type Info struct {
	// Size is in bytes.
	Size        int64
	ContentType string
	// SHA256 is the digest in lower-case hex. Only Put fills it in.
	SHA256 string
}

// Object is an open object. Seek lets a part be read without the rest.
type Object struct {
	io.ReadSeekCloser
	Info
}

// roundTrip is Check for any store.
func roundTrip(ctx context.Context, s Store) error {
	const text = "converse checks that it can keep files\n"
	key := NewKey(noOrg)
	if _, err := s.Put(ctx, key, strings.NewReader(text), int64(len(text)), "text/plain"); err != nil {
		return err
	}
	object, err := s.Get(ctx, key)
	if err != nil {
		return err
	}
	got, err := io.ReadAll(object)
	if err := errors.Join(err, object.Close()); err != nil {
		return fmt.Errorf("read file: %w", err)
	}
	if string(got) != text {
		return errors.New("read file: it came back changed")
	}
	return s.Delete(ctx, key)
}
