package bus

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"converse/internal/chat"
)

// An org's marks are one hash: field "user node", value "state until". Redis 7.0
// cannot expire single fields, so readers skip what is past its time and remove it.
// Only Redis's clock is read: those of nodes may differ by more than a mark lives.
const redisNow = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`

// markScript sets a mark for a number of milliseconds, or removes it for 0. The hash
// lives as long as its longest mark.
var markScript = redis.NewScript(redisNow + `
local life = tonumber(ARGV[3])
if life <= 0 then
  return redis.call('HDEL', KEYS[1], ARGV[1])
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. string.format('%.0f', now + life))
if redis.call('PTTL', KEYS[1]) < life then
  redis.call('PEXPIRE', KEYS[1], life)
end
return 1
`)

// presentScript lists fields and states of the marks that stand.
var presentScript = redis.NewScript(redisNow + `
local marks, out = redis.call('HGETALL', KEYS[1]), {}
for i = 1, #marks, 2 do
  local state, till = string.match(marks[i + 1], '^(%S+) (%d+)$')
  if state and tonumber(till) > now then
    out[#out + 1] = marks[i]
    out[#out + 1] = state
  else
    redis.call('HDEL', KEYS[1], marks[i])
  end
end
return out
`)

// SetPresence says how users are reachable through a node, until the times given.
func (b *Redis) SetPresence(ctx context.Context, marks []PresenceMark) error {
	calls := make([]scriptCall, len(marks))
	for i, m := range marks {
		var life time.Duration
		if m.State != chat.PresenceOffline {
			life = time.Until(m.Until)
		}
		calls[i] = scriptCall{
			keys: []string{b.presenceKey(m.Org)},
			args: []any{string(m.User) + " " + m.Node, string(m.State), life.Milliseconds()},
		}
	}
	if err := b.runAll(ctx, markScript, calls); err != nil {
		return fmt.Errorf("set presence in redis: %w", err)
	}
	return nil
}

// Presence lists the users of an org who are not offline.
func (b *Redis) Presence(ctx context.Context, org chat.OrgID) ([]chat.Presence, error) {
	rows, err := presentScript.Run(ctx, b.client, []string{b.presenceKey(org)}).StringSlice()
	if err != nil {
		return nil, fmt.Errorf("read presence from redis: %w", err)
	}
	var marks []PresenceMark
	for i := 0; i+1 < len(rows); i += 2 {
		user, node, _ := strings.Cut(rows[i], " ")
		marks = append(marks, PresenceMark{Org: org, User: chat.UserID(user), Node: node, State: chat.PresenceState(rows[i+1])})
	}
	return joinMarks(marks), nil
}

func (b *Redis) presenceKey(org chat.OrgID) string {
	return b.key("presence", chat.OrgTopic(org))
}
