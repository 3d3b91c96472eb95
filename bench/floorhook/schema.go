package floorhook

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// schema is the least that a webhook leaves behind: no orgs, no people, no indexes
// but those that keep a message from being there twice.
const schema = `
create table raw (id uuid primary key, body bytea not null);
create table conversations (id int primary key, last_seq int not null default 0);
create table messages (
  id uuid primary key, conversation_id int not null references conversations, seq int not null, text text not null,
  provider_id text not null unique, unique (conversation_id, seq)
);
create table events (id bigint generated always as identity primary key, payload bytea not null);
insert into conversations (id) select generate_series(0, 9999);
`

// Conversations is how many there are, numbered from 0.
const Conversations = 10_000

// Make makes the tables in an empty database.
func Make(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, schema); err != nil {
		return fmt.Errorf("make the floor's tables: %w", err)
	}
	return nil
}

// errLost says that the conversation is not there.
var errLost = errors.New("there is no such conversation")

// Store makes one webhook durable, in one transaction and one round trip: the raw
// body, the conversation's row lock and counter, the message, the event.
func Store(ctx context.Context, pool *pgxpool.Pool, conversation int, body []byte) error {
	id := uuid.Must(uuid.NewV7())
	b := &pgx.Batch{}
	b.Queue("begin")
	var seq int
	b.Queue("update conversations set last_seq = last_seq + 1 where id = $1 returning last_seq", conversation).
		QueryRow(func(row pgx.Row) error { return row.Scan(&seq) })
	b.Queue("insert into raw (id, body) values ($1, $2)", id, body)
	b.Queue(`insert into messages (id, conversation_id, seq, text, provider_id)
		select $1, id, last_seq, $3, $1::uuid::text from conversations where id = $2`, id, conversation, string(body))
	b.Queue("insert into events (payload) values ($1)", body)
	b.Queue("commit")
	if err := pool.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("store a webhook: %w", err)
	}
	if seq == 0 {
		return errLost
	}
	return nil
}
