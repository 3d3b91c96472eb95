package bus

import (
	"context"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"

	"converse/internal/chat"
)

// beginning finds the stream's epoch, or begins a new one. A Redis that was
// restored from an older state, or took over from another, would give offsets out
// a second time: it shows by the id of its replication history, which changes
// with every restart and every change of master. The id is part of the epoch too:
// a call that the client library repeats on another server brings the same word.
const beginning = `
local server = string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)') or ''
local meta = redis.call('HMGET', KEYS[1], 'epoch', 'server')
local epoch = meta[1]
if not epoch or meta[2] ~= server then
  epoch = ARGV[1] .. string.sub(server, 1, 6)
  redis.call('DEL', KEYS[1], KEYS[2])
  redis.call('HSET', KEYS[1], 'epoch', epoch, 'server', server)
end
`

// beginScript gives a topic that has no stream yet its epoch.
var beginScript = redis.NewScript(beginning + `
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return redis.call('HMGET', KEYS[1], 'epoch', 'offset')
`)

// publishScript appends to the stream and tells subscribers in one step, so that
// both have one order.
var publishScript = redis.NewScript(beginning + `
local offset = redis.call('HINCRBY', KEYS[1], 'offset', 1)
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], offset .. '-0', 'p', ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[2])
redis.call('SPUBLISH', KEYS[3], 'e ' .. epoch .. ' ' .. offset .. ' ' .. ARGV[4])
return offset
`)

// Publish appends events to their topics and delivers them to every node. Events of
// one call and topic keep their order. When it fails, some may have been published.
func (b *Redis) Publish(ctx context.Context, messages []Message) error {
	epoch := newEpoch()
	calls := make([]scriptCall, len(messages))
	for i, m := range messages {
		calls[i] = scriptCall{
			keys: []string{b.key("meta", m.Topic), b.key("stream", m.Topic), b.key("live", m.Topic)},
			args: []any{epoch, b.limits.Idle.Milliseconds(), b.limits.Entries, m.Payload},
		}
	}
	if err := b.runAll(ctx, publishScript, calls); err != nil {
		return fmt.Errorf("publish to redis: %w", err)
	}
	return nil
}

// Signal delivers an event that is not kept.
func (b *Redis) Signal(ctx context.Context, topic chat.Topic, payload []byte) error {
	err := b.client.SPublish(ctx, b.key("live", topic), "s "+string(payload)).Err()
	if err != nil {
		return fmt.Errorf("signal through redis: %w", err)
	}
	return nil
}

// scriptCall is what one run of a script works on.
type scriptCall struct {
	keys []string
	args []any
}

// runAll runs a script many times in one round trip. Where a server does not have
// the script, which is so after every restart, the runs it refused are sent again
// with the text; those that another server has done are not.
func (b *Redis) runAll(ctx context.Context, script *redis.Script, calls []scriptCall) error {
	if len(calls) == 0 {
		return nil
	}
	cmds := make([]*redis.Cmd, len(calls))
	_, err := b.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, c := range calls {
			cmds[i] = p.EvalSha(ctx, script.Hash(), c.keys, c.args...)
		}
		return nil
	})
	if err == nil {
		return nil
	}
	var refused []scriptCall
	var failed error
	for i, cmd := range cmds {
		switch err := cmd.Err(); {
		case redis.HasErrorPrefix(err, "NOSCRIPT"):
			refused = append(refused, calls[i])
		case err != nil && failed == nil:
			failed = err
		}
	}
	if len(refused) == 0 {
		return err
	}
	_, err = b.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for _, c := range refused {
			script.Eval(ctx, p, c.keys, c.args...)
		}
		return nil
	})
	return errors.Join(failed, err)
}
