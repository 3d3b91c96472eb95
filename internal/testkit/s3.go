package testkit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"golang.org/x/sys/unix"
)

// S3Bucket is an empty bucket of one test's own on a real S3 server, and the keys
// to it.
type S3Bucket struct {
	// Endpoint is host:port, plain HTTP.
	Endpoint string
	Bucket   string
	Access   string
	Secret   string
	Region   string
}

type s3Server struct {
	endpoint string
	client   *minio.Client
	made     atomic.Int64
}

const (
	s3Access = "converse"
	s3Secret = "fictional-secret-of-the-test-server"
	s3Region = "us-east-1"
)

// S3 makes a bucket. The server below is shared by the process; the first use on
// a machine compiles it, which takes a minute or two of processor time.
func S3(t testing.TB) S3Bucket {
	t.Helper()
	server, err := shared.s3.get(startS3)
	if err != nil {
		t.Fatalf("test S3 server: %v", err)
	}
	bucket := fmt.Sprintf("test-%d", server.made.Add(1))
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	if err := server.client.MakeBucket(ctx, bucket, minio.MakeBucketOptions{Region: s3Region}); err != nil {
		t.Fatalf("make the test's bucket: %v", err)
	}
	return S3Bucket{Endpoint: server.endpoint, Bucket: bucket, Access: s3Access, Secret: s3Secret, Region: s3Region}
}

func startS3() (*s3Server, error) {
	binary, err := buildS3()
	if err != nil {
		return nil, err
	}
	dir, remove, err := sharedFolder()
	if err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "s3")
	if err := os.Mkdir(data, 0o755); err != nil {
		return nil, errors.Join(err, remove())
	}
	var output readyLine
	c := exec.Command(binary, "-dir", data, "-access", s3Access, "-secret", s3Secret)
	c.Stdout, c.Stderr = &output, &output
	p, err := spawn(c)
	if err != nil {
		return nil, errors.Join(err, remove())
	}
	if err := p.poll(limit, output.err); err != nil {
		p.kill()
		return nil, errors.Join(fmt.Errorf("start tools/s3: %w: %s", err, output.text()), remove())
	}
	transport := &http.Transport{}
	client, err := minio.New(output.endpoint(), &minio.Options{
		Creds: credentials.NewStaticV4(s3Access, s3Secret, ""), Region: s3Region, Transport: transport,
	})
	if err != nil {
		p.kill()
		return nil, errors.Join(err, remove())
	}
	shared.atEnd(func() error {
		transport.CloseIdleConnections()
		p.kill()
		return remove()
	})
	return &s3Server{endpoint: output.endpoint(), client: client}, nil
}

// readyLine keeps what the server prints and finds "ready HOST:PORT" in it.
type readyLine struct {
	// mu guards printed.
	mu      sync.Mutex
	printed bytes.Buffer
}

func (r *readyLine) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.printed.Write(p)
}

func (r *readyLine) text() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.printed.String()
}

func (r *readyLine) endpoint() string {
	for line := range strings.Lines(r.text()) {
		if endpoint, ok := strings.CutPrefix(line, "ready "); ok && strings.HasSuffix(line, "\n") {
			return strings.TrimSpace(endpoint)
		}
	}
	return ""
}

func (r *readyLine) err() error {
	if r.endpoint() == "" {
		return errors.New("it is not ready")
	}
	return nil
}

// buildS3 compiles tools/s3 into the user's cache folder, where an unchanged
// program is not linked again. A lock keeps the test processes of several packages
// from building at once.
func buildS3() (string, error) {
	root, err := repository()
	if err != nil {
		return "", err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find the cache folder: %w", err)
	}
	dir := filepath.Join(cache, "converse-test")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("make the cache folder: %w", err)
	}
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return "", fmt.Errorf("lock the build: %w", err)
	}
	defer lock.Close()
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX); err != nil {
		return "", fmt.Errorf("lock the build: %w", err)
	}
	binary := filepath.Join(dir, "s3")
	c := exec.Command("go", "build", "-o", binary, ".")
	c.Dir = filepath.Join(root, "tools", "s3")
	if out, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build tools/s3: %w\n%s", err, out)
	}
	return binary, nil
}

// repository finds the repository's root above the folder the test runs in.
func repository() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the repository: %w", err)
	}
	for {
		text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && strings.HasPrefix(string(text), "module converse\n") {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("find the repository: no go.mod of module converse above the test")
		}
		dir = filepath.Dir(dir)
	}
}
