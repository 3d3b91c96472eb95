package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"

	"github.com/redis/go-redis/v9"

	"converse/internal/bus"
	"converse/internal/config"
	"converse/internal/safehttp"
	"converse/internal/vault"
	"converse/media"
	"converse/migrations"
)

// serve runs one node of a real installation.
func serve(ctx context.Context, c *config.Serve, log *slog.Logger, stdout io.Writer) error {
	log.Info("starting", "config", c)
	state, err := migrations.Read(ctx, c.DatabaseURL.Reveal())
	if err != nil {
		return err
	}
	if err := state.Err(); err != nil {
		return err
	}
	settings, err := serveSettings(c, log)
	if err != nil {
		return err
	}
	client, err := redisClient(c.RedisURL)
	if err != nil {
		return err
	}
	defer client.Close()
	settings.Bus = bus.NewRedis(client, bus.RedisOptions{})
	listeners, err := listen(c.Listen, c.InternalListen)
	if err != nil {
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
		DatabaseConns: c.DatabaseConns, Objects: objects, Keys: keys, Private: private, MaxBody: int64(c.MaxBody),
		Drain: c.DrainTimeout, SendLease: c.SendLease, Log: log,
	}, nil
}

func vaultKeys(n *config.Needs) ([]vault.Key, error) {
	texts, err := n.MasterKeys()
	if err != nil {
		return nil, err
	}
	return parseKeys(texts)
}

func parseKeys(texts []config.Secret) ([]vault.Key, error) {
	keys := make([]vault.Key, len(texts))
	for i, text := range texts {
		var err error
		if keys[i], err = vault.ParseKey(text.Reveal()); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

func openObjects(n *config.Needs) (media.Store, error) {
	if n.MediaDir != "" {
		return media.OpenFolder(n.MediaDir)
	}
	return media.OpenBucket(media.BucketOptions{
		Endpoint: n.S3Endpoint, Bucket: n.S3Bucket, Access: n.S3AccessKey, Secret: n.S3SecretKey.Reveal(),
		Region: n.S3Region, Insecure: n.S3Insecure,
	})
}

// redisClient talks to one Redis, or to a Cluster when several addresses are given.
func redisClient(address config.Address) (redis.UniversalClient, error) {
	list := address.List()
	first, err := redis.ParseURL(list[0])
	if err != nil {
		return nil, errors.New("read the Redis address: it is not redis://, rediss:// or unix://") // the error would quote it
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
