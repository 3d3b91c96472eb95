package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"
	"golang.org/x/time/rate"

	"converse/internal/bus"
	"converse/internal/config"
	"converse/internal/safehttp"
	"converse/internal/vault"
	"converse/media"
	"converse/migrations"
)

// serve runs one node of a real installation.
func serve(ctx context.Context, c *config.Serve, log *slog.Logger, stdout io.Writer) error {
	if err := checkDatabase(c.DatabaseURL); err != nil {
		return err
	}
	settings, err := serveSettings(c, log)
	if err != nil {
		return err
	}
	client, err := redisClient(c.RedisURL, log)
	if err != nil {
		return err
	}
	defer client.Close()
	settings.Bus = bus.NewRedis(client, bus.RedisOptions{})
	listeners, err := listen(ctx, place{"listen", c.Listen}, place{"internal-listen", c.InternalListen})
	if err != nil {
		return err
	}
	log.Info("starting", "config", c)
	if err := checkSchema(ctx, c.DatabaseURL); err != nil {
		return err
	}
	settings.Public, settings.Internal = listeners[0], listeners[1]
	app, err := New(ctx, settings)
	if err != nil {
		return err
	}
	defer app.Close()
	return app.Run(ctx, func() {
		line := readyLine{Ready: true, URL: httpURL(settings.Public), InternalURL: httpURL(settings.Internal)}
		if err := line.print(stdout); err != nil {
			log.Error("print ready line", "cause", err)
		}
	})
}

// checkDatabase reads the address as the driver will. The driver's words would
// repeat it, so they are not.
func checkDatabase(address config.Address) error {
	if _, err := pgx.ParseConfig(address.Reveal()); err != nil {
		return &config.Error{Flag: "database-url", Reason: "cannot be used: see that host, port and parameters such as sslmode are right"}
	}
	return nil
}

// checkSchema refuses a database whose schema is not this program's.
func checkSchema(ctx context.Context, address config.Address) error {
	state, err := migrations.Read(ctx, address.Reveal())
	if err != nil {
		return err
	}
	return state.Err()
}

func serveSettings(c *config.Serve, log *slog.Logger) (Settings, error) {
	keys, err := vaultKeys(&c.Needs)
	if err != nil {
		return Settings{}, err
	}
	objects, err := openObjects(&c.Needs)
	if err != nil {
		return Settings{}, err
	}
	private, err := safehttp.ParseAllowed(c.AllowPrivate)
	if err != nil {
		return Settings{}, err
	}
	return Settings{
		Node: c.NodeName, PublicURL: c.PublicURL, Origins: []string{c.PublicURL}, DatabaseURL: c.DatabaseURL.Reveal(),
		DatabaseConns: c.DatabaseConns, Objects: objects, Keys: keys, Private: private, Proxies: c.Proxies(), MaxBody: int64(c.MaxBody),
		Drain: c.DrainTimeout, SendLease: c.SendLease, Uploads: c.Uploads, UploadsPerUser: c.UploadsPerUser, FileTries: c.FileTries, Log: log,
	}, nil
}

// keyed is a command that takes master keys.
type keyed interface {
	MasterKeys() ([]config.Secret, error)
}

// vaultKeys reads a command's master keys, the one to seal with first.
func vaultKeys(command keyed) ([]vault.Key, error) {
	texts, err := command.MasterKeys()
	if err != nil {
		return nil, err
	}
	keys := make([]vault.Key, len(texts))
	for i, text := range texts {
		if keys[i], err = vault.ParseKey(text.Reveal()); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// openObjects opens where files are kept. Nothing is asked of a server yet: what
// fails here is a setting.
func openObjects(n *config.Needs) (media.Store, error) {
	if n.MediaDir != "" {
		folder, err := media.OpenFolder(n.MediaDir)
		if err != nil {
			return nil, &config.Error{Flag: "media-dir", Reason: "cannot be used: " + err.Error()}
		}
		return folder, nil
	}
	bucket, err := media.OpenBucket(media.BucketOptions{
		Endpoint: n.S3Endpoint, Bucket: n.S3Bucket, Access: n.S3AccessKey, Secret: n.S3SecretKey.Reveal(),
		Region: n.S3Region, Insecure: n.S3Insecure,
	})
	if err != nil {
		return nil, &config.Error{Flag: "s3-endpoint", Reason: "cannot be used: " + err.Error()}
	}
	return bucket, nil
}

// redisClient talks to one Redis, or to a Cluster when several addresses are given.
func redisClient(address config.Address, log *slog.Logger) (redis.UniversalClient, error) {
	redis.SetLogger(&redisLog{log: log, often: rate.Sometimes{First: 1, Interval: 10 * time.Second}})
	list := address.List()
	first, err := redis.ParseURL(list[0])
	if err != nil {
		// The driver's words would repeat it.
		return nil, &config.Error{Flag: "redis-url", Reason: "cannot be used: see that port, database number and parameters are right"}
	}
	if len(list) == 1 {
		return redis.NewClient(first), nil
	}
	options := &redis.ClusterOptions{Username: first.Username, Password: first.Password}
	for _, text := range list {
		u, err := url.Parse(text)
		if err != nil {
			return nil, fmt.Errorf("read the Redis addresses: one of %d is not a URL", len(list))
		}
		options.Addrs = append(options.Addrs, u.Host)
	}
	if first.TLSConfig != nil {
		options.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	return redis.NewClusterClient(options), nil
}

// redisLog is what the client library says, as lines like all others: by itself it
// writes its own to standard error. During an outage it says the same all the time.
type redisLog struct {
	log   *slog.Logger
	often rate.Sometimes
}

// Printf implements the library's logger.
func (r *redisLog) Printf(ctx context.Context, format string, args ...any) {
	r.often.Do(func() { r.log.WarnContext(ctx, "redis client", "cause", fmt.Sprintf(format, args...)) })
}
