package media

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"
)

// Folder keeps objects as files below a folder, each beside a small one with its
// content type. It never follows a link out of the folder.
type Folder struct {
	root *os.Root
}

const (
	// temporary holds files that are being written.
	temporary = "tmp"
	// typeSuffix names the file with the content type; no key has a dot.
	typeSuffix = ".type"
	// abandoned is when a temporary file must be a dead program's.
	abandoned = 24 * time.Hour
)

// OpenFolder opens the folder, made when missing, and clears away what a crash
// left half-written.
func OpenFolder(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make media folder: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open media folder: %w", err)
	}
	f := &Folder{root: root}
	if err := f.sweep(); err != nil {
		return nil, errors.Join(err, root.Close())
	}
	return f, nil
}

func (f *Folder) sweep() error {
	if err := f.root.MkdirAll(temporary, 0o700); err != nil {
		return fmt.Errorf("make media folder: %w", err)
	}
	entries, err := fs.ReadDir(f.root.FS(), temporary)
	if err != nil {
		return fmt.Errorf("list half-written media: %w", err)
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || time.Since(info.ModTime()) < abandoned {
			continue
		}
		if err := f.root.Remove(path.Join(temporary, entry.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove half-written media: %w", err)
		}
	}
	return nil
}

// Put implements Store. The object appears under its key by a rename, after its
// bytes are on disk.
func (f *Folder) Put(ctx context.Context, key Key, body io.Reader, size int64, contentType string) (Info, error) {
	if err := key.Check(); err != nil {
		return Info{}, fmt.Errorf("put file: %w", err)
	}
	m := measure(ctx, body, size)
	dir, file := key.path()
	err := f.root.MkdirAll(dir, 0o700)
	if err == nil {
		// The type goes first: an object is there when its own file is.
		err = f.write(file+typeSuffix, strings.NewReader(contentType))
	}
	if err == nil {
		err = f.write(file, m)
	}
	if err == nil {
		err = f.flush(dir)
	}
	if err != nil {
		return Info{}, fmt.Errorf("put file: %w", err)
	}
	return m.info(contentType), nil
}

// write makes a file of a name, whole or not at all.
func (f *Folder) write(name string, body io.Reader) error {
	part := path.Join(temporary, rand.Text())
	file, err := f.root.OpenFile(part, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, body)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err == nil {
		err = f.root.Rename(part, name)
	}
	if err != nil {
		return errors.Join(err, f.root.Remove(part))
	}
	return nil
}

// flush makes the names in a folder survive a crash of the machine.
func (f *Folder) flush(dir string) error {
	d, err := f.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Get implements Store.
func (f *Folder) Get(_ context.Context, key Key) (*Object, error) {
	if err := key.Check(); err != nil {
		return nil, fmt.Errorf("get file: %w", err)
	}
	_, name := key.path()
	file, err := f.root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("get file: %w", ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("get file: %w", err)
	}
	info, err := file.Stat()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("get file: %w", err), file.Close())
	}
	contentType, err := f.root.ReadFile(name + typeSuffix)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("get file's type: %w", err), file.Close())
	}
	return &Object{ReadSeekCloser: file, Info: Info{Size: info.Size(), ContentType: string(contentType)}}, nil
}

// Delete implements Store.
func (f *Folder) Delete(_ context.Context, key Key) error {
	if err := key.Check(); err != nil {
		return fmt.Errorf("delete file: %w", err)
	}
	_, name := key.path()
	for _, name := range []string{name, name + typeSuffix} {
		if err := f.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("delete file: %w", err)
		}
	}
	return nil
}

// Check implements Store.
func (f *Folder) Check(ctx context.Context) error { return roundTrip(ctx, f) }

// Close implements Store.
func (f *Folder) Close() { _ = f.root.Close() } // nothing was written through it
