package main

import (
	"context"
	"log/slog"

	"converse/internal/config"
	"converse/migrations"
)

// migrate brings the database's schema up to this program's.
func migrate(ctx context.Context, c *config.Migrate, log *slog.Logger) error {
	if err := checkDatabase(c.DatabaseURL); err != nil {
		return err
	}
	ran, err := migrations.Up(ctx, c.DatabaseURL.Reveal(), log)
	if err == nil && ran == 0 {
		log.Info("the schema is up to date", "version", migrations.Latest())
	}
	return err
}
