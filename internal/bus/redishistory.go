package bus

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"converse/internal/chat"
)

// History returns up to most entries after a position, and where the stream is now.
func (b *Redis) History(ctx context.Context, topic chat.Topic, since Position, most int) (History, error) {
	var meta *redis.SliceCmd
	var rows *redis.XMessageSliceCmd
	_, err := b.client.TxPipelined(ctx, func(p redis.Pipeliner) error {
		meta = p.HMGet(ctx, b.key("meta", topic), "epoch", "offset")
		if since.Epoch != "" {
			from := strconv.FormatUint(since.Offset+1, 10) + "-0"
			rows = p.XRangeN(ctx, b.key("stream", topic), from, "+", int64(max(most, 1)))
		}
		return nil
	})
	if err != nil {
		return History{}, fmt.Errorf("read history from redis: %w", err)
	}
	h := History{Now: positionOf(meta.Val())}
	if h.Now.Epoch == "" {
		h.Now, err = b.begin(ctx, topic)
		return h, err
	}
	if since.Epoch != h.Now.Epoch || since.Offset > h.Now.Offset {
		return h, nil
	}
	if h.Entries, err = entriesOf(topic, h.Now.Epoch, rows.Val()); err != nil {
		return History{}, err
	}
	// Contiguous from the asked position, or something was trimmed.
	for i, e := range h.Entries {
		if e.Offset != since.Offset+uint64(i)+1 {
			return History{Now: h.Now}, nil
		}
	}
	h.Complete = len(h.Entries) > 0 || since.Offset == h.Now.Offset
	h.Entries = h.Entries[:min(most, len(h.Entries))]
	return h, nil
}

// begin gives a topic that has no stream yet its epoch, so that a session can hold a
// position from before the first event.
func (b *Redis) begin(ctx context.Context, topic chat.Topic) (Position, error) {
	keys := []string{b.key("meta", topic), b.key("stream", topic)}
	meta, err := beginScript.Run(ctx, b.client, keys, newEpoch(), b.limits.Idle.Milliseconds()).Slice()
	if err != nil {
		return Position{}, fmt.Errorf("begin a stream in redis: %w", err)
	}
	return positionOf(meta), nil
}

// Positions returns where streams are now, the zero Position for one that has not
// begun, and keeps the streams from being forgotten while somebody asks.
func (b *Redis) Positions(ctx context.Context, topics []chat.Topic) ([]Position, error) {
	cmds := make([]*redis.SliceCmd, len(topics))
	_, err := b.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, topic := range topics {
			cmds[i] = p.HMGet(ctx, b.key("meta", topic), "epoch", "offset")
			p.PExpire(ctx, b.key("meta", topic), b.limits.Idle)
			p.PExpire(ctx, b.key("stream", topic), b.limits.Idle)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read positions from redis: %w", err)
	}
	out := make([]Position, len(topics))
	for i, cmd := range cmds {
		out[i] = positionOf(cmd.Val())
	}
	return out, nil
}

// positionOf reads a meta hash; a missing one is the zero Position.
func positionOf(meta []any) Position {
	if len(meta) != 2 {
		return Position{}
	}
	epoch, _ := meta[0].(string)
	number, _ := meta[1].(string)
	offset, _ := strconv.ParseUint(number, 10, 64)
	return Position{Epoch: epoch, Offset: offset}
}

func entriesOf(topic chat.Topic, epoch string, rows []redis.XMessage) ([]Entry, error) {
	out := make([]Entry, 0, len(rows))
	for _, row := range rows {
		number, _, _ := strings.Cut(row.ID, "-")
		offset, err := strconv.ParseUint(number, 10, 64)
		payload, ok := row.Values["p"].(string)
		if err != nil || !ok {
			return nil, errors.New("read history from redis: an entry is not ours")
		}
		out = append(out, Entry{Topic: topic, Position: Position{Epoch: epoch, Offset: offset}, Payload: []byte(payload)})
	}
	return out, nil
}
