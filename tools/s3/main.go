// Command s3 serves the S3 protocol from a folder, for tests and local runs.
//
// It is versitygw in process, in a module of its own so that its 300 dependency
// packages stay out of Converse's. It prints one line, "ready HOST:PORT", once it
// answers, and stops on SIGTERM or Ctrl-C.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/embedgw"
)

const healthPath = "/healthz"

func main() {
	addr := flag.String("addr", "127.0.0.1:0", "`host:port` to listen on; port 0 picks a free one")
	dir := flag.String("dir", "", "existing `folder` that holds a sub-folder for every bucket")
	access := flag.String("access", "converse", "access key")
	secret := flag.String("secret", "", "secret key")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *addr, *dir, *access, *secret); err != nil {
		fmt.Fprintln(os.Stderr, "s3:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, addr, dir, access, secret string) error {
	if dir == "" || secret == "" {
		return errors.New("-dir and -secret are required")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return fmt.Errorf("resolve folder: %w", err)
	}
	if addr, err = fixPort(addr); err != nil {
		return err
	}
	// CopyObject is refused for objects above the threshold, so zero refuses all.
	backend, err := posix.New(dir, meta.XattrMeta{}, posix.PosixOpts{NewDirPerm: 0o755, CopyObjectThreshold: 5 << 30})
	if err != nil {
		return fmt.Errorf("open folder %s: %w", dir, err)
	}
	go announce(ctx, addr)
	return embedgw.RunVersityGW(ctx, backend, &embedgw.Config{
		RootUserAccess: access, RootUserSecret: secret, Region: "us-east-1", Ports: []string{addr},
		MaxConnections: 1000, MaxRequests: 1000, MultipartMaxParts: 10000, HealthPath: healthPath, KeepAlive: true, Quiet: true,
	})
}

// fixPort turns port 0 into a free one, since the gateway does not tell which port it got.
func fixPort(addr string) (string, error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return "", fmt.Errorf("listen on %s: %w", addr, err)
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}

// announce prints the ready line once the gateway answers.
func announce(ctx context.Context, addr string) {
	client := http.Client{Timeout: time.Second}
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		if resp, err := client.Get("http://" + addr + healthPath); err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				fmt.Println("ready", addr)
				return
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
