package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"converse/internal/bus"
	"converse/internal/config"
	"converse/internal/demo"
	"converse/internal/localdb"
	"converse/internal/safehttp"
	"converse/internal/sandbox"
	"converse/internal/vault"
	"converse/media"
	"converse/migrations"
)

// dev runs everything on this machine: a private database in the data folder, the
// memory bus, files in a folder, played providers and made-up people.
func dev(ctx context.Context, c *config.Dev, log *slog.Logger, stdout io.Writer) error {
	listeners, err := listen(ctx, place{"listen", c.Listen}, place{"internal-listen", c.InternalListen}, place{"sandbox-listen", c.SandboxListen})
	if err != nil {
		return err
	}
	data, err := filepath.Abs(c.Data)
	if err != nil {
		return fmt.Errorf("find data folder: %w", err)
	}
	database, err := localdb.Start(ctx, localdb.Options{Dir: filepath.Join(data, "db"), Bin: c.PostgresBin, Logger: log})
	if err != nil {
		return blame(err, c)
	}
	defer func() {
		stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
		defer cancel()
		if err := database.Stop(stopCtx); err != nil {
			log.Error("stop database", "cause", err)
		}
	}()
	log.Info("starting", "config", c)
	url := database.URL(localdb.Database)
	if _, err := migrations.Up(ctx, url, log); err != nil {
		return err
	}
	settings, err := devSettings(c, data, url, listeners, log)
	if err != nil {
		return err
	}
	// A database that ends by itself ends the program too.
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	go func() {
		<-database.Done()
		fail(fmt.Errorf("the private database ended: %w", database.Err()))
	}()
	return devRun(ctx, c, settings, listeners[2], stdout)
}

// blame names the setting that keeps the database from starting, if it is one.
func blame(err error, c *config.Dev) error {
	for _, reason := range []error{localdb.ErrUnusable, localdb.ErrNotSearchable, localdb.ErrForeign, localdb.ErrInUse} {
		if errors.Is(err, reason) {
			return &config.Error{Flag: "data", Reason: "cannot be used: " + err.Error()}
		}
	}
	if errors.Is(err, localdb.ErrNotInstalled) && c.PostgresBin != "" {
		return &config.Error{Flag: "postgres-bin", Reason: "cannot be used: " + err.Error()}
	}
	return err
}

func devSettings(c *config.Dev, data, url string, listeners []net.Listener, log *slog.Logger) (Settings, error) {
	key, err := masterKey(filepath.Join(data, "master.key"))
	if err != nil {
		return Settings{}, err
	}
	objects, err := media.OpenFolder(filepath.Join(data, "media"))
	if err != nil {
		return Settings{}, err
	}
	private, err := safehttp.ParseAllowed([]string{listeners[2].Addr().String()})
	if err != nil {
		return Settings{}, err
	}
	public := httpURL(listeners[0])
	return Settings{
		Node: "dev", Public: listeners[0], Internal: listeners[1], PublicURL: public, Origins: localOrigins(public),
		DatabaseURL: url, Bus: bus.NewMemory(bus.Limits{}), Objects: objects, Keys: []vault.Key{key}, Private: private,
		Drain: 5 * time.Second, FileTries: c.FileTries, Log: log,
	}, nil
}

// localOrigins are the ways a browser on this machine may spell the address.
func localOrigins(url string) []string {
	out := []string{url}
	if strings.Contains(url, "//127.0.0.1:") {
		out = append(out, strings.Replace(url, "//127.0.0.1:", "//localhost:", 1))
	}
	return out
}

// masterKey reads the data folder's key, or makes one.
func masterKey(path string) (vault.Key, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		text, err = makeKey(path)
	}
	if err != nil {
		return vault.Key{}, fmt.Errorf("keep the master key: %w", err)
	}
	key, err := vault.ParseKey(string(text))
	if err != nil {
		return vault.Key{}, fmt.Errorf("read %s: %w", path, err)
	}
	return key, nil
}

// makeKey makes a key and keeps it. It is whole and on the disk before anything is
// sealed with it: half a key would open nothing ever again.
func makeKey(path string) ([]byte, error) {
	raw := make([]byte, vault.KeySize)
	_, _ = rand.Read(raw) // never fails: crypto/rand
	text := []byte(base64.StdEncoding.EncodeToString(raw) + "\n")
	file, err := os.CreateTemp(filepath.Dir(path), "master.key.*") // for us alone, as the key is to be
	if err != nil {
		return nil, err
	}
	_, err = file.Write(text)
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		_ = os.Remove(file.Name()) // half a key is of no use
	}
	return text, err
}

// devRun makes the demo, plays the providers and runs the node until ctx ends.
func devRun(ctx context.Context, c *config.Dev, s Settings, sandboxListener net.Listener, stdout io.Writer) error {
	sandboxURL := httpURL(sandboxListener)
	s.Demo = &demoPage{SandboxURL: sandboxURL}
	app, err := New(ctx, s)
	if err != nil {
		return err
	}
	defer app.Close()
	today := c.SeedDate.Time
	if today.IsZero() {
		today = time.Now()
	}
	maker := &demo.Maker{Store: app.store, Accounts: app.accounts, Passwords: app.passwords}
	made, err := maker.Make(ctx, demo.Options{Leads: c.Leads, ProviderURL: sandboxURL, Today: today})
	if err != nil {
		return err
	}
	host, err := hostPage(ctx, app, made, c.Data, sandboxURL, s.Log)
	if err != nil {
		return err
	}
	s.Demo.Logins, s.Demo.HostURL = made.Logins, sandboxURL+"/host/"
	line := readyLine{
		Ready: true, URL: s.PublicURL, InternalURL: httpURL(s.Internal), SandboxURL: sandboxURL, HostURL: s.Demo.HostURL, Logins: made.Logins,
	}
	if line.Connectors, err = readyConnectors(ctx, app.accounts, made.Org, s.PublicURL); err != nil {
		return err
	}
	accounts, err := playedAccounts(ctx, app.accounts, made.Org, s.PublicURL)
	if err != nil {
		return err
	}
	past, err := playedPast(ctx, app.store, made.Org)
	if err != nil {
		return err
	}
	played := sandbox.New(sandbox.Config{
		Accounts: accounts, Leads: playedLeads(c.Leads, today), Past: past, BaseURL: sandboxURL, Host: host, Log: s.Log,
	})

	group, groupCtx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer played.Close()
		server := newServer(played.Handler(), s.Log)
		draining, release := drainOf(groupCtx, time.Second)
		defer release()
		return serveAll(groupCtx, draining, func() {}, map[*http.Server]net.Listener{server: sandboxListener})
	})
	group.Go(func() error {
		return app.Run(groupCtx, func() {
			if err := line.print(stdout); err != nil {
				s.Log.Error("print ready line", "cause", err)
			}
		})
	})
	if err := group.Wait(); err != nil {
		return err
	}
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}
