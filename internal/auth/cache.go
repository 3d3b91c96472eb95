package auth

import (
	"crypto/sha256"
	"sync"
	"time"

	"converse/internal/chat"
)

// cacheLife is how long an answer about a token is believed. A sign-in that ends
// on another node still works here for as long.
const cacheLife = 5 * time.Second

// cache remembers tokens in two generations, so that forgetting is one assignment.
type cache struct {
	mu       sync.Mutex // guards the rest
	now, old map[[sha256.Size]byte]believed
	turned   time.Time
}

// believed is an answer, and until when.
type believed struct {
	chat.Principal
	until time.Time
}

// turn begins a new generation when the current one is a life old; mu must be held.
func (c *cache) turn(now time.Time) {
	if c.now == nil || now.Sub(c.turned) >= cacheLife {
		c.old, c.now, c.turned = c.now, map[[sha256.Size]byte]believed{}, now
	}
}

func (c *cache) get(key [sha256.Size]byte, now time.Time) (chat.Principal, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.turn(now)
	b, ok := c.now[key]
	if !ok {
		b, ok = c.old[key]
	}
	return b.Principal, ok && now.Before(b.until)
}

func (c *cache) put(key [sha256.Size]byte, p chat.Principal, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.turn(now)
	c.now[key] = believed{Principal: p, until: now.Add(cacheLife)}
}

func (c *cache) forget(which func(chat.Principal) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, generation := range []map[[sha256.Size]byte]believed{c.now, c.old} {
		for key, b := range generation {
			if which(b.Principal) {
				delete(generation, key)
			}
		}
	}
}
