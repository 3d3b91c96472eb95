package localdb

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// A socket's path, "/.s.PGSQL.5432" included, must fit in sockaddr_un.
const (
	socketName    = "/.s.PGSQL.5432"
	maxSocketPath = 107
)

// shortPrefix names socket folders that had to be made outside of Dir.
const shortPrefix = "converse-pg-"

// folder is Options.Dir, resolved, and the user that owns what PostgreSQL writes.
type folder struct {
	root string
	// owner is nil when we are not root: PostgreSQL then runs as we do.
	owner *syscall.Credential
}

func (f folder) data() string       { return filepath.Join(f.root, "pg") }
func (f folder) unfinished() string { return filepath.Join(f.root, "pg.init") }
func (f folder) log() string        { return filepath.Join(f.root, "postgres.log") }
func (f folder) socketLink() string { return filepath.Join(f.root, "run") }

// openFolder makes dir and checks that PostgreSQL will be able to reach it.
func openFolder(dir string) (folder, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return folder{}, fmt.Errorf("resolve folder: %w", err)
	}
	if err := makeParents(dir); err != nil {
		return folder{}, err
	}
	// What must be searchable is the real path, not the links that lead to it.
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return folder{}, fmt.Errorf("resolve folder: %w", err)
	}
	f := folder{root: dir}
	if f.owner, err = f.runAs(); err != nil {
		return folder{}, err
	}
	return f, f.searchable(f.data())
}

// runAs chooses the user to drop to: whoever owns an existing cluster, else
// postgres, else nobody. It returns nil when we are not root.
func (f folder) runAs() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil //nolint:nilnil // no credential is the one to keep
	}
	if info, err := os.Stat(f.data()); err == nil {
		if owner := statOf(info); owner.Uid != 0 {
			return &syscall.Credential{Uid: owner.Uid, Gid: owner.Gid}, nil
		}
		return nil, fmt.Errorf("%w: %s belongs to root, whom PostgreSQL refuses to serve", ErrForeign, f.data())
	}
	for _, name := range []string{"postgres", "nobody"} {
		account, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUID := strconv.ParseUint(account.Uid, 10, 32)
		gid, errGID := strconv.ParseUint(account.Gid, 10, 32)
		if err := errors.Join(errUID, errGID); err != nil {
			return nil, fmt.Errorf("read the ids of user %s: %w", name, err)
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL refuses to run as root, and there is neither a user postgres nor a user nobody to drop to")
}

// statOf is what Linux knows of a file.
func statOf(info fs.FileInfo) *syscall.Stat_t {
	stat, _ := info.Sys().(*syscall.Stat_t) // os.Stat gives nothing else here
	return stat
}

// makeParents makes dir and what is missing above it, each searchable by all
// whatever the umask, since PostgreSQL may run as another user than we.
func makeParents(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case err == nil && info.IsDir():
		return nil
	case err == nil:
		return fmt.Errorf("%w: %s is not a folder", ErrUnusable, dir)
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w: %w", ErrUnusable, err)
	}
	if err := makeParents(filepath.Dir(dir)); err != nil {
		return err
	}
	//nolint:gosec // PostgreSQL's user must get through
	if err := os.Mkdir(dir, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%w: %w", ErrUnusable, err)
	}
	//nolint:gosec // as above
	if err := os.Chmod(dir, 0o755); err != nil {
		return fmt.Errorf("make folder searchable: %w", err)
	}
	return nil
}

// makeLeaf makes a folder that only PostgreSQL's user can enter.
func (f folder) makeLeaf(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make folder: %w", err)
	}
	return f.own(dir)
}

func (f folder) own(dir string) error {
	if err := os.Chmod(dir, 0o700); err != nil { //nolint:gosec // a folder, which its owner enters
		return fmt.Errorf("close folder to others: %w", err)
	}
	if f.owner == nil {
		return nil
	}
	if err := os.Chown(dir, int(f.owner.Uid), int(f.owner.Gid)); err != nil {
		return fmt.Errorf("give folder to PostgreSQL's user: %w", err)
	}
	return nil
}

// searchable checks every folder above dir, and names the one that is in the way.
// When we are not root PostgreSQL can reach what we can.
func (f folder) searchable(dir string) error {
	if f.owner == nil {
		return nil
	}
	for p := filepath.Dir(dir); ; p = filepath.Dir(p) {
		info, err := os.Stat(p)
		if err != nil {
			return fmt.Errorf("look at folder: %w", err)
		}
		sys, mode := statOf(info), info.Mode().Perm()
		if mode&0o001 == 0 && (sys.Uid != f.owner.Uid || mode&0o100 == 0) && (sys.Gid != f.owner.Gid || mode&0o010 == 0) {
			return fmt.Errorf("%w: %s (%v) is not searchable by uid %d; chmod o+x it, or use a folder elsewhere",
				ErrNotSearchable, p, mode, f.owner.Uid)
		}
		if p == "/" {
			return nil
		}
	}
}

// socketDir makes the folder for the socket: run in the root, or a short one
// elsewhere that run points to, so that the next start can clear it away even
// after a crash.
func (f folder) socketDir() (string, error) {
	if err := f.removeSocketDir(); err != nil {
		return "", err
	}
	dir := f.socketLink()
	// PostgreSQL and pgx both read a comma as the end of a path.
	if len(dir)+len(socketName) <= maxSocketPath && !strings.ContainsAny(dir, `,"'\`) {
		return dir, f.makeLeaf(dir)
	}
	short, err := os.MkdirTemp("", shortPrefix)
	if err != nil {
		return "", fmt.Errorf("make folder for the socket: %w", err)
	}
	if len(short)+len(socketName) > maxSocketPath {
		os.Remove(short)
		return "", fmt.Errorf("make folder for the socket: %s is too long a path for one", short)
	}
	if err := errors.Join(f.own(short), f.searchable(short), os.Symlink(short, dir)); err != nil {
		os.Remove(short)
		return "", err
	}
	return short, nil
}

// removeSocketDir removes what socketDir made, in this or an earlier run.
func (f folder) removeSocketDir() error {
	link := f.socketLink()
	if short, err := os.Readlink(link); err == nil && strings.HasPrefix(filepath.Base(short), shortPrefix) {
		if err := os.RemoveAll(short); err != nil {
			return fmt.Errorf("remove folder of the socket: %w", err)
		}
	}
	if err := os.RemoveAll(link); err != nil {
		return fmt.Errorf("remove folder of the socket: %w", err)
	}
	return nil
}

// madeBy returns the major version that made the cluster in root, 0 for none.
func madeBy(root string) (int, error) {
	data := filepath.Join(root, "pg")
	_, err := os.Stat(data)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return 0, nil
	case err != nil:
		return 0, fmt.Errorf("%w: %w", ErrUnusable, err)
	}
	text, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrForeign, err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("%w: unreadable %s/PG_VERSION", ErrForeign, data)
	}
	return major, nil
}

// flush makes everything in the folder's file system survive a crash of the machine.
func (f folder) flush() error {
	dir, err := os.Open(f.root)
	if err != nil {
		return fmt.Errorf("flush folder: %w", err)
	}
	defer dir.Close()
	if err := unix.Syncfs(int(dir.Fd())); err != nil {
		return fmt.Errorf("flush folder: %w", err)
	}
	return nil
}
