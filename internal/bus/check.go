package bus

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Check describes the Redis that is in use, for an operator.
type Check struct {
	Version         string
	EvictionPolicy  string
	RoundTrip       time.Duration
	ShardedChannels bool
}

// Check asks Redis how it is.
func (b *Redis) Check(ctx context.Context) (Check, error) {
	begin := time.Now()
	info, err := b.client.Info(ctx, "server", "memory").Result()
	if err != nil {
		return Check{}, fmt.Errorf("ask redis for its version: %w", err)
	}
	c := Check{RoundTrip: time.Since(begin)}
	for line := range strings.Lines(info) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		switch name {
		case "redis_version":
			c.Version = value
		case "maxmemory_policy":
			c.EvictionPolicy = value
		}
	}
	major, _, _ := strings.Cut(c.Version, ".")
	number, _ := strconv.Atoi(major)
	c.ShardedChannels = number >= 7
	return c, nil
}
