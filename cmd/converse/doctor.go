package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"converse/internal/bus"
	"converse/internal/config"
	"converse/internal/doctor"
	"converse/internal/store"
	"converse/migrations"
)

// errUnwell says that the doctor found something that stops a node; it has been
// printed already.
var errUnwell = errors.New("not everything is well")

// examine checks what a node needs and prints what it found and what to do.
func examine(ctx context.Context, c *config.Doctor, stdout io.Writer) error {
	var checks []doctor.Check
	var end func()
	if c.Data != "" {
		checks, end = devChecks(c), func() {}
	} else {
		checks, end = nodeChecks(ctx, c)
	}
	defer end()
	report := doctor.Run(ctx, checks, c.Timeout)
	write := report.WriteTable
	if c.JSON {
		write = report.WriteJSON
	}
	if err := write(stdout); err != nil {
		return fmt.Errorf("print report: %w", err)
	}
	if report.Status() == doctor.Fail {
		return errUnwell
	}
	return nil
}

// devChecks look at the data folder of converse dev.
func devChecks(c *config.Doctor) []doctor.Check {
	return []doctor.Check{doctor.Folder("data", c.Data), doctor.Disk("disk", c.Data), doctor.Folder("files", filepath.Join(c.Data, "media"))}
}

// nodeChecks look at everything serve needs. What is not set is reported, and what
// depends on it left out.
func nodeChecks(ctx context.Context, c *config.Doctor) (checks []doctor.Check, end func()) {
	for _, missing := range c.Missing() {
		checks = append(checks, doctor.Setting("setting", missing))
	}
	var closers []func()
	end = func() {
		for _, closer := range closers {
			closer()
		}
	}
	if c.DatabaseURL != "" {
		more, closer := databaseChecks(ctx, c)
		checks, closers = append(checks, more...), append(closers, closer)
	}
	if c.RedisURL != "" {
		if client, err := redisClient(c.RedisURL, slog.New(slog.DiscardHandler)); err != nil {
			checks = append(checks, wrongSetting("redis", err))
		} else {
			checks = append(checks, redisCheck(bus.NewRedis(client, bus.RedisOptions{})))
			closers = append(closers, func() { _ = client.Close() }) // it was only read from
		}
	}
	if c.S3() || c.MediaDir != "" {
		more, closer := fileChecks(c)
		checks, closers = append(checks, more...), append(closers, closer)
	}
	if c.PublicURL != "" {
		checks = append(checks, doctor.Callback(c.PublicURL, http.DefaultClient))
	}
	if c.MasterKey != "" || c.MasterKeyFile != "" {
		checks = append(checks, doctor.MasterKey(func() error {
			_, err := vaultKeys(&c.Needs)
			return err
		}))
	}
	return checks, end
}

// wrongSetting reports a setting that cannot be used.
func wrongSetting(name string, err error) doctor.Check {
	return doctor.Check{Name: name, Run: func(context.Context) doctor.Result { return doctor.Bad(err.Error(), "correct it") }}
}

// fileChecks look at where files are kept.
func fileChecks(c *config.Doctor) ([]doctor.Check, func()) {
	if c.MediaDir != "" {
		return []doctor.Check{doctor.Folder("files", c.MediaDir), doctor.Disk("disk", c.MediaDir)}, func() {}
	}
	objects, err := openObjects(&c.Needs)
	if err != nil {
		return []doctor.Check{wrongSetting("files", err)}, func() {}
	}
	return []doctor.Check{doctor.Files("the bucket "+c.S3Bucket, objects.Check), doctor.Disk("disk", os.TempDir())}, objects.Close
}

// databaseChecks look at PostgreSQL, its schema, its roles and its clock.
func databaseChecks(ctx context.Context, c *config.Doctor) ([]doctor.Check, func()) {
	if err := checkDatabase(c.DatabaseURL); err != nil {
		return []doctor.Check{wrongSetting("database", err)}, func() {}
	}
	url := c.DatabaseURL.Reveal()
	schema := doctor.Check{Name: "schema", Run: func(ctx context.Context) doctor.Result {
		state, err := migrations.Read(ctx, url)
		if err != nil {
			return doctor.Bad(err.Error(), "see that PostgreSQL runs and that the address, user and password are right")
		}
		switch err := state.Err(); {
		case errors.Is(err, migrations.ErrOlder):
			return doctor.Bad(fmt.Sprintf("is at %d, this program needs %d", state.Database, state.Program), "run converse migrate")
		case err != nil:
			return doctor.Bad(err.Error(), "run the newer program")
		}
		return doctor.Good("is at %d, as this program needs", state.Database)
	}}
	openCtx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	kept, err := store.Open(openCtx, store.Options{URL: url, MaxConns: 2})
	if err != nil {
		database := doctor.Check{Name: "database", Run: func(context.Context) doctor.Result {
			return doctor.Bad(err.Error(), "see that PostgreSQL runs, that the schema is migrated and that the user is a member of converse_app")
		}}
		away := func(context.Context) (time.Time, error) { return time.Time{}, errors.New("there is no connection") }
		return []doctor.Check{database, schema, doctor.Clock(time.Now, away)}, func() {}
	}
	database := doctor.Check{Name: "database", Run: func(ctx context.Context) doctor.Result { return judgeDatabase(kept.Check(ctx)) }}
	return []doctor.Check{database, schema, doctor.Clock(time.Now, kept.Clock)}, kept.Close
}

// oldestPostgreSQL is the first version that keeps row-level security through views.
const oldestPostgreSQL = 15

func judgeDatabase(found store.Check, err error) doctor.Result {
	switch {
	case err != nil:
		return doctor.Bad(err.Error(), "see that PostgreSQL runs and that the address, user and password are right")
	case found.Version < oldestPostgreSQL:
		return doctor.Bad(fmt.Sprintf("PostgreSQL %d is too old", found.Version), fmt.Sprintf("use PostgreSQL %d or later", oldestPostgreSQL))
	case !found.Fenced:
		return doctor.Bad("the connection can see rows of every org", "let the user be a member of converse_app and not use BYPASSRLS")
	case found.ReadOnly:
		return doctor.Bad("the database is read-only", "give the address of the primary")
	case found.AsyncCommit:
		return doctor.Bad("synchronous_commit is off: a crash would lose messages that were answered for", "set synchronous_commit to on")
	}
	return doctor.Good("PostgreSQL %d, fenced by org, answers in %v", found.Version, found.RoundTrip.Round(10*time.Microsecond))
}

// redisCheck looks at Redis.
func redisCheck(b *bus.Redis) doctor.Check {
	return doctor.Check{Name: "redis", Run: func(ctx context.Context) doctor.Result {
		found, err := b.Check(ctx)
		switch {
		case err != nil:
			return doctor.Bad(err.Error(), "see that Redis runs and that the address is right")
		case !found.ShardedChannels:
			return doctor.Bad("Redis "+found.Version+" is too old", "use Redis 7.0 or later")
		case found.EvictionPolicy != "" && found.EvictionPolicy != "noeviction" && found.EvictionPolicy != "volatile-ttl":
			return doctor.Doubtful("Redis may drop streams when it is full (maxmemory-policy "+found.EvictionPolicy+"): clients then fetch lists again",
				"set maxmemory-policy to noeviction")
		}
		return doctor.Good("Redis %s answers in %v", found.Version, found.RoundTrip.Round(10*time.Microsecond))
	}}
}
