// Package peer is the peer as a small server: the centrifuge library, set up the
// way its authors' examples and stress test do it.
//
// It owns the node, the broker in memory or in Redis with history, and the
// connect handler, which authenticates by token and subscribes the session to its
// channels itself: one frame each way. Recovery, and with it positioning, is on in
// every channel, since ours resumes every topic; its history keeps as much as our
// bus. Buffers for writing are pooled, which is its leanest setting.
//
// It must not be told anything about the load.
package peer

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/centrifugal/centrifuge"

	"converse/bench/serve"
)

// How much history a channel keeps: what our bus keeps of a topic.
const (
	historySize = 1000
	historyLife = time.Hour
)

// Main runs the server with the arguments of its command line.
func Main(args []string) error {
	flags := flag.NewFlagSet("peer", flag.ContinueOnError)
	redisSocket := flags.String("redis", "", "socket of a Redis to use as the broker; none means memory")
	node := flags.String("node", "bench", "name of the node")
	if err := flags.Parse(args); err != nil {
		return err
	}
	s, err := serve.New()
	if err != nil {
		return err
	}
	n, err := newNode(*node, *redisSocket)
	if err != nil {
		return err
	}
	n.OnConnecting(connecting)
	n.OnConnect(func(client *centrifuge.Client) {
		client.OnDisconnect(func(centrifuge.DisconnectEvent) {})
	})
	if err := n.Run(); err != nil {
		return fmt.Errorf("run the node: %w", err)
	}
	s.Mux.Handle("/connection/websocket", centrifuge.NewWebsocketHandler(n, centrifuge.WebsocketConfig{UseWriteBufferPool: true}))
	s.Publish(func(_ *http.Request, topic string, body []byte) error {
		_, err := n.Publish(topic, body, centrifuge.WithHistory(historySize, historyLife))
		return err
	})
	return s.Run(n.Hub().NumClients)
}

func newNode(name, redisSocket string) (*centrifuge.Node, error) {
	n, err := centrifuge.New(centrifuge.Config{Name: name})
	if err != nil {
		return nil, fmt.Errorf("make the node: %w", err)
	}
	if redisSocket == "" {
		return n, nil // the default broker is in memory
	}
	shard, err := centrifuge.NewRedisShard(n, centrifuge.RedisShardConfig{Address: "unix://" + redisSocket})
	if err != nil {
		return nil, fmt.Errorf("connect to redis: %w", err)
	}
	broker, err := centrifuge.NewRedisBroker(n, centrifuge.RedisBrokerConfig{Shards: []*centrifuge.RedisShard{shard}})
	if err != nil {
		return nil, fmt.Errorf("make the broker: %w", err)
	}
	n.SetBroker(broker)
	return n, nil
}

// connecting reads who it is and what it follows from the token: "user|channel|…".
func connecting(_ context.Context, e centrifuge.ConnectEvent) (centrifuge.ConnectReply, error) {
	words := strings.Split(e.Token, "|")
	if len(words) < 2 {
		return centrifuge.ConnectReply{}, errors.New("the token names no channel")
	}
	reply := centrifuge.ConnectReply{
		Credentials: &centrifuge.Credentials{UserID: words[0]}, Subscriptions: make(map[string]centrifuge.SubscribeOptions, len(words)-1),
	}
	for _, channel := range words[1:] {
		reply.Subscriptions[channel] = centrifuge.SubscribeOptions{EnableRecovery: true, EnablePositioning: true}
	}
	return reply, nil
}
