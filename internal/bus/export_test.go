package bus

// Connections is how many connections the subscriptions have begun.
func Connections(b *Redis) int {
	n := 0
	for _, l := range b.links {
		n += int(l.begun.Load())
	}
	return n
}

// Shard is the shard a topic belongs to.
var Shard = shardOf

// Topics is how many topics a memory bus holds.
func Topics(m *Memory) int {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return len(m.topics)
}
