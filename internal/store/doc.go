// Package store is the only code that speaks SQL.
//
// It owns every table, one method per use and one transaction per method. Each
// transaction is fenced to one org twice: every query names the org, and the
// connection runs as a role that sees only that org's rows. Work that does not
// know its org yet goes through the door functions of the migrations.
//
// A transaction that changes what a user may see writes its events in the same
// commit and hands them to the publisher afterwards; a crash in between leaves
// the rows for the sweeper. A returned error means that nothing was changed, save
// for ErrCommitUnknown. The package must not know of HTTP, Redis or any provider.
package store

//go:generate go tool -modfile=../../tools/sqlc/go.mod sqlc generate -f ../../sqlc.yaml
