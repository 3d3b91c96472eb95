package bus

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"converse/internal/chat"
)

// link is one subscribing connection. It reads straight from the connection: the
// client library's channel drops messages when its reader is slow, whereas an
// unread connection makes Redis close it, which shows.
//
// One goroutine reads, without a deadline: one that passed within a message would
// have the next read begin in the middle of it. Another writes: it subscribes,
// and pings a connection that has gone silent. Whoever meets an error ends both,
// and everything is subscribed to again on a new connection. Nobody else touches
// the connection, so add and remove never wait for Redis.
type link struct {
	receiver Receiver
	client   redis.UniversalClient
	silence  time.Duration
	heard    atomic.Bool  // something came since the writer last looked
	begun    atomic.Int64 // connections so far

	mu      sync.Mutex // guards topics and changed
	topics  map[string]chat.Topic
	changed map[string]struct{} // channels that the connection has not been told about
	wake    chan struct{}       // has one word in it when changed is not empty
}

func newLink(client redis.UniversalClient, silence time.Duration, r Receiver) *link {
	return &link{
		receiver: r, client: client, silence: silence,
		topics: map[string]chat.Topic{}, changed: map[string]struct{}{}, wake: make(chan struct{}, 1),
	}
}

func (l *link) add(channel string, topic chat.Topic) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.topics[channel] = topic
	l.tell(channel)
}

func (l *link) remove(channel string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.topics, channel)
	l.tell(channel)
}

// tell has the writer subscribe to a channel, also once more, or unsubscribe from
// it; mu must be held.
func (l *link) tell(channel string) {
	l.changed[channel] = struct{}{}
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// The pause between two connections, so that a Redis that is away is not hammered.
const (
	firstPause = 100 * time.Millisecond
	mostPause  = 2 * time.Second
)

// run keeps the connection until ctx ends.
func (l *link) run(ctx context.Context) {
	wait := firstPause
	for l.wanted(ctx) {
		if l.live(ctx) {
			wait = firstPause
		}
		if cluster, ok := l.client.(*redis.ClusterClient); ok {
			cluster.ReloadState(ctx) // perhaps the slot has moved
		}
		pause(ctx, wait)
		wait = min(2*wait, mostPause)
	}
}

// wanted waits until there is a topic and puts all of them down to be subscribed
// to. It is false when ctx has ended.
func (l *link) wanted(ctx context.Context) bool {
	for ctx.Err() == nil {
		l.mu.Lock()
		clear(l.changed) // a new connection needs no unsubscribing
		for channel := range l.topics {
			l.tell(channel)
		}
		some := len(l.topics) > 0
		l.mu.Unlock()
		if some {
			return true
		}
		select {
		case <-ctx.Done():
		case <-l.wake:
		}
	}
	return false
}

// live is one connection's life. It is false when nothing was heard on it.
func (l *link) live(ctx context.Context) (heard bool) {
	l.begun.Add(1)
	ctx, end := context.WithCancel(ctx)
	defer end()
	pubsub := l.client.SSubscribe(ctx) // connects with the first channel
	// Closing is what wakes a reader.
	closed := make(chan struct{})
	context.AfterFunc(ctx, func() {
		defer close(closed)
		_ = pubsub.Close() // nothing is lost with it
	})
	defer func() { <-closed }()
	defer end()
	// The first channels say which server of a Cluster to connect to, so nothing may
	// be read before they are written.
	if l.write(ctx, pubsub) != nil {
		return false
	}
	var writing sync.WaitGroup
	writing.Go(func() {
		defer end()
		l.keep(ctx, pubsub)
	})
	heard = l.read(ctx, pubsub)
	end()
	writing.Wait()
	return heard
}

// read hands on what arrives until the connection breaks.
func (l *link) read(ctx context.Context, pubsub *redis.PubSub) (heard bool) {
	for ; ; heard = true {
		got, err := pubsub.Receive(ctx)
		if err != nil {
			return heard
		}
		l.heard.Store(true)
		l.handle(got)
	}
}

// keep writes what changes, and pings what is silent: a connection that does not
// answer has died without a word.
func (l *link) keep(ctx context.Context, pubsub *redis.PubSub) {
	ticker := time.NewTicker(l.silence)
	defer ticker.Stop()
	pinged := false
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-l.wake:
			err = l.write(ctx, pubsub)
		case <-ticker.C:
			switch heard := l.heard.Swap(false); {
			case heard:
				pinged = false
			case pinged:
				return
			default:
				pinged = true
				err = pubsub.Ping(ctx)
			}
		}
		if err != nil {
			return
		}
	}
}

// mostChannels bounds one command.
const mostChannels = 1000

// write subscribes to what has been added and unsubscribes from what has gone.
func (l *link) write(ctx context.Context, pubsub *redis.PubSub) error {
	l.mu.Lock()
	var added, gone []string
	for channel := range l.changed {
		if _, ok := l.topics[channel]; ok {
			added = append(added, channel)
		} else {
			gone = append(gone, channel)
		}
	}
	clear(l.changed)
	l.mu.Unlock()
	return errors.Join(inPieces(ctx, gone, pubsub.SUnsubscribe), inPieces(ctx, added, pubsub.SSubscribe))
}

func inPieces(ctx context.Context, channels []string, write func(context.Context, ...string) error) error {
	for len(channels) > 0 {
		n := min(len(channels), mostChannels)
		if err := write(ctx, channels[:n]...); err != nil {
			return err
		}
		channels = channels[n:]
	}
	return nil
}

func (l *link) handle(got any) {
	switch got := got.(type) {
	case *redis.Subscription:
		l.confirmed(got.Kind, got.Channel)
	case *redis.Message:
		topic, ok := l.topic(got.Channel)
		if !ok {
			return
		}
		if payload, isSignal := strings.CutPrefix(got.Payload, "s "); isSignal {
			l.receiver.Signal(topic, []byte(payload))
			return
		}
		if e, ok := parseEntry(topic, got.Payload); ok {
			l.receiver.Entry(e)
		}
	}
}

// confirmed takes Redis's word on a subscription.
func (l *link) confirmed(kind, channel string) {
	topic, ok := l.topic(channel)
	switch {
	case !ok:
	case kind == "ssubscribe":
		l.receiver.Subscribed(topic)
	case kind == "sunsubscribe":
		// Redis ends a subscription by itself when the slot moves to another server.
		// Asking again is answered with an error there, which ends the connection.
		l.mu.Lock()
		defer l.mu.Unlock()
		l.tell(channel)
	}
}

func (l *link) topic(channel string) (chat.Topic, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	topic, ok := l.topics[channel]
	return topic, ok
}

// parseEntry reads "e EPOCH OFFSET PAYLOAD", as publishScript writes it.
func parseEntry(topic chat.Topic, text string) (Entry, bool) {
	fields := strings.SplitN(text, " ", 4)
	if len(fields) != 4 || fields[0] != "e" {
		return Entry{}, false
	}
	offset, err := strconv.ParseUint(fields[2], 10, 64)
	if err != nil {
		return Entry{}, false
	}
	return Entry{Topic: topic, Position: Position{Epoch: fields[1], Offset: offset}, Payload: []byte(fields[3])}, true
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
