package doctor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// maxSkew is how far our clock and PostgreSQL's may be apart: leases and links are
// judged by both.
const maxSkew = 2 * time.Second

// Clock compares our clock with the database's. The time the question takes is
// allowed for.
func Clock(now func() time.Time, database func(context.Context) (time.Time, error)) Check {
	return Check{Name: "clock", Run: func(ctx context.Context) Result {
		before := now()
		theirs, err := database(ctx)
		after := now()
		if err != nil {
			return Bad("the database's time cannot be read: "+err.Error(), "see the result for the database")
		}
		var skew time.Duration
		switch {
		case theirs.Before(before):
			skew = before.Sub(theirs)
		case theirs.After(after):
			skew = theirs.Sub(after)
		}
		if skew >= maxSkew {
			return Bad(fmt.Sprintf("this machine and the database are %v apart", skew.Round(time.Millisecond)),
				"set both clocks by NTP (systemd-timesyncd or chrony)")
		}
		return Good("agrees with the database to %v", max(skew, after.Sub(before)).Round(time.Millisecond))
	}}
}

// Files checks that the store of files takes one and gives it back.
func Files(where string, check func(context.Context) error) Check {
	return Check{Name: "files", Run: func(ctx context.Context) Result {
		if err := check(ctx); err != nil {
			return Bad(where+": "+err.Error(), "see that it exists and that the credentials may put, get and delete")
		}
		return Good("%s takes a file and gives it back", where)
	}}
}

// Folder checks that a folder, or the one it will be made in, can be written to.
func Folder(name, dir string) Check {
	return Check{Name: name, Run: func(context.Context) Result {
		existing := existingParent(dir)
		file, err := os.CreateTemp(existing, ".converse-doctor-*")
		if err != nil {
			return Bad(fmt.Sprintf("%s cannot be written to: %v", existing, cause(err)), "give the user this program runs as the right to write there")
		}
		_, err = file.WriteString("x")
		err = errors.Join(err, file.Sync(), file.Close(), os.Remove(file.Name()))
		if err != nil {
			return Bad(fmt.Sprintf("%s does not keep what is written: %v", existing, cause(err)), "see that the disk is neither full nor read-only")
		}
		return Good("%s can be written to", dir)
	}}
}

// How much room a disk should and must have left, in bytes.
const (
	lowDisk  = 1 << 30
	fullDisk = 100 << 20
)

// Disk checks the room left where a folder is or will be.
func Disk(name, dir string) Check { return disk(name, dir, freeBytes) }

func disk(name, dir string, free func(string) (uint64, error)) Check {
	return Check{Name: name, Run: func(context.Context) Result {
		bytes, err := free(existingParent(dir))
		if err != nil {
			return Doubtful(fmt.Sprintf("the room left for %s cannot be read: %v", dir, cause(err)), "see that the folder can be reached")
		}
		what := fmt.Sprintf("%.1f GiB left for %s", float64(bytes)/(1<<30), dir)
		const do = "make room, or use a larger disk"
		switch {
		case bytes < fullDisk:
			return Bad(what, do)
		case bytes < lowDisk:
			return Doubtful(what, do)
		}
		return Good("%s", what)
	}}
}

// existingParent is the folder itself or the nearest one above it that exists.
func existingParent(dir string) string {
	dir = filepath.Clean(dir)
	for {
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return dir
		}
		dir = parent
	}
}

// cause drops the path that the standard library puts before the reason.
func cause(err error) error {
	if at, ok := errors.AsType[*os.PathError](err); ok {
		return at.Err
	}
	return err
}

// Callback checks that this installation answers at the address that providers are
// given. A client that cannot reach it from inside says little about the outside,
// so only an unusable address fails.
func Callback(publicURL string, client *http.Client) Check {
	return Check{Name: "callback address", Run: func(ctx context.Context) Result {
		base, err := url.Parse(publicURL)
		if err != nil || base.Hostname() == "" {
			return Bad("there is no usable public address", "set --public-url (CONVERSE_PUBLIC_URL)")
		}
		shown := base.Scheme + "://" + base.Host
		what, reached := probe(ctx, client, base)
		switch {
		case !reached:
			return Doubtful(fmt.Sprintf("%s is not reached from here: %s", shown, what),
				"start the node, and see that DNS, the load balancer and the certificate lead to it; from inside some networks it cannot be reached, then try from outside")
		case base.Scheme != "https":
			return Doubtful(shown+" answers, but by plain http", "use https: most providers call nothing else, and signatures alone hide nothing")
		case isLocal(base.Hostname()):
			return Doubtful(shown+" answers, but is on this machine or network", "use an address that providers can reach")
		}
		return Good("%s answers", shown)
	}}
}

// probe asks for /healthz and says in words what came of it.
func probe(ctx context.Context, client *http.Client, base *url.URL) (what string, reached bool) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base.JoinPath("healthz").String(), nil)
	if err != nil {
		return "the address cannot be used", false
	}
	resp, err := client.Do(req)
	if err != nil {
		if failure, ok := errors.AsType[*url.Error](err); ok {
			err = failure.Err // without the address, which is said already
		}
		return err.Error(), false
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)) // only so that the connection can be kept
	if resp.StatusCode != http.StatusOK {
		return "it answers " + resp.Status, false
	}
	return "", true
}

func isLocal(host string) bool {
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && (ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast())
}

// MasterKey checks that the key for credentials can be read.
func MasterKey(read func() error) Check {
	return Check{Name: "master key", Run: func(context.Context) Result {
		if err := read(); err != nil {
			return Bad(err.Error(), "set it, and keep a copy where the database's backups are not")
		}
		return Good("is there")
	}}
}

// Setting reports a setting that is missing as a failed check.
func Setting(name string, missing error) Check {
	return Check{Name: name, Run: func(context.Context) Result { return Bad(missing.Error(), "set it") }}
}
