package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"converse/internal/config"
)

func main() {
	os.Exit(run(os.Args[1:], os.LookupEnv, os.Stdout, os.Stderr))
}

// run is main without its exits. Code 2 is a setting that cannot be used, 1 anything
// else that failed; either way standard error says why in one line.
func run(args []string, env func(string) (string, bool), stdout, stderr io.Writer) int {
	command, err := config.Parse(args, env, stdout)
	if err != nil {
		return config.Exit(err, stderr)
	}
	// The first signal stops in order; a second one is the operating system's.
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	defer stop()
	switch c := command.(type) {
	case *config.Dev:
		err = dev(ctx, c, newLog(stderr, c.LogLevel), stdout)
	case *config.Serve:
		err = serve(ctx, c, newLog(stderr, c.LogLevel), stdout)
	case *config.Migrate:
		err = migrate(ctx, c, newLog(stderr, c.LogLevel))
	case *config.Setup:
		err = setup(ctx, c, stdout)
	case *config.Connect:
		err = connect(ctx, c, os.Stdin, stdout)
	case *config.ResetSecondFactor:
		err = resetSecondFactor(ctx, c, stdout)
	case *config.Doctor:
		err = examine(ctx, c, stdout)
	case *config.Sandbox:
		err = playProviders(ctx, c, newLog(stderr, c.LogLevel), stdout)
	case *config.Version:
		_, err = fmt.Fprintln(stdout, version())
	}
	var setting *config.Error
	switch {
	case err == nil:
		return 0
	case errors.As(err, &setting):
		return config.Exit(setting, stderr)
	case !errors.Is(err, errUnwell):
		fmt.Fprintln(stderr, "converse:", strings.Join(strings.Fields(err.Error()), " "))
	}
	return 1
}

// newLog writes JSON lines. Standard output is kept for what programs read.
func newLog(to io.Writer, level string) *slog.Logger {
	var least slog.Level
	if err := least.UnmarshalText([]byte(level)); err != nil {
		least = slog.LevelInfo // config has checked the word
	}
	return slog.New(slog.NewJSONHandler(to, &slog.HandlerOptions{Level: least}))
}
