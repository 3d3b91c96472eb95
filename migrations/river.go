package migrations

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// riverVersion is the place of the job queue's tables among our migrations. When a
// newer River brings newer tables, a further migration runs them.
const (
	riverVersion = 5
	riverTarget  = 8
)

// programs are the migrations that are not SQL files of ours.
func programs() []*goose.Migration {
	return []*goose.Migration{
		goose.NewGoMigration(riverVersion, &goose.GoFunc{RunDB: riverUp}, nil),
	}
}

// riverUp makes the job queue's tables, which hold ids and no org's data, and lets
// the application role work with them.
func riverUp(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connect for the job queue's tables: %w", err)
	}
	defer conn.Close()
	return conn.Raw(func(driver any) error {
		under, ok := driver.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("make the job queue's tables: connection is a %T", driver)
		}
		return riverIn(ctx, under.Conn())
	})
}

// riverIn runs River's own migrations, each in a transaction of its own: one adds
// a value to a type that a later one uses.
func riverIn(ctx context.Context, conn *pgx.Conn) error {
	migrator, err := rivermigrate.New(riverpgxv5.New(nil), nil)
	if err != nil {
		return fmt.Errorf("prepare the job queue's tables: %w", err)
	}
	for done := 0; done < riverTarget; {
		err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
			existing, err := migrator.ExistingVersionsTx(ctx, tx)
			if done = len(existing); err != nil || done >= riverTarget {
				return err
			}
			//lint:ignore SA1019 one migration a transaction, which is what is asked for
			_, err = migrator.MigrateTx(ctx, tx, rivermigrate.DirectionUp, &rivermigrate.MigrateOpts{TargetVersion: done + 1}) //nolint:staticcheck // as above
			return err
		})
		if err != nil {
			return fmt.Errorf("make the job queue's tables: %w", err)
		}
	}
	_, err = conn.Exec(ctx, `do $$
		declare t text;
		begin
			for t in select tablename from pg_tables where schemaname = current_schema() and tablename like 'river\_%' loop
				execute format('grant select, insert, update, delete, truncate on %I to converse_app', t);
			end loop;
			for t in select sequencename from pg_sequences where schemaname = current_schema() and sequencename like 'river\_%' loop
				execute format('grant usage on sequence %I to converse_app', t);
			end loop;
		end $$`)
	if err != nil {
		return fmt.Errorf("grant the job queue's tables: %w", err)
	}
	return nil
}
