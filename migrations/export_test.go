package migrations

import (
	"context"
	"io/fs"
	"log/slog"
)

// The functions that take the files, for tests that bring files of their own.

// UpFrom is Up with other files.
func UpFrom(ctx context.Context, fsys fs.FS, dsn string, logger *slog.Logger) (int, error) {
	return up(ctx, list{files: fsys}, dsn, logger)
}

// ReadFrom is Read with other files.
func ReadFrom(ctx context.Context, fsys fs.FS, dsn string) (State, error) {
	return read(ctx, list{files: fsys}, dsn)
}
