package testkit

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"
)

// slots is how many hash slots a Redis Cluster has.
const slots = 16384

// RedisCluster starts a Redis Cluster of one test's own, without persistence or
// replicas: each server holds an equal share of the slots. Cluster mode has no unix
// sockets; the servers listen on loopback ports. Two servers and more take a second
// or two to agree.
func RedisCluster(t testing.TB, servers int) []*RedisServer {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	list := make([]*RedisServer, servers)
	clients := make([]*redis.Client, servers)
	for i := range list {
		list[i] = redisClusterServer(t)
		clients[i] = redis.NewClient(&redis.Options{Addr: list[i].Addr, MaxRetries: -1})
		defer clients[i].Close()
		// Different epochs spare the servers an election between them.
		clusterDo(ctx, t, clients[i], "SET-CONFIG-EPOCH", i+1)
		clusterDo(ctx, t, clients[i], "ADDSLOTSRANGE", i*slots/servers, (i+1)*slots/servers-1)
	}
	for _, other := range list[1:] {
		host, port, _ := net.SplitHostPort(other.Addr)
		clusterDo(ctx, t, clients[0], "MEET", host, port, other.clusterPort())
	}
	for i, client := range clients {
		if err := list[i].process.poll(limit, func() error { return clusterReady(ctx, client, servers) }); err != nil {
			t.Fatalf("the Redis servers do not become a cluster: %v\n%s", err, list[i].output)
		}
	}
	return list
}

func clusterDo(ctx context.Context, t testing.TB, client *redis.Client, args ...any) {
	t.Helper()
	if err := client.Do(ctx, append([]any{"CLUSTER"}, args...)...).Err(); err != nil {
		t.Fatalf("CLUSTER %v: %v", args, err)
	}
}

func clusterReady(ctx context.Context, client *redis.Client, servers int) error {
	info, err := client.ClusterInfo(ctx).Result()
	if err != nil {
		return err
	}
	if !strings.Contains(info, "cluster_state:ok") || !strings.Contains(info, "cluster_size:"+strconv.Itoa(servers)+"\r\n") {
		return fmt.Errorf("its state is %q", info)
	}
	return nil
}

// redisClusterServer starts one server in cluster mode.
func redisClusterServer(t testing.TB) *RedisServer {
	t.Helper()
	dir := Folder(t)
	port, bus := freePort(t), freePort(t)
	r := &RedisServer{
		t: t, binary: redisBinary(t), dir: dir, Network: "tcp", Addr: net.JoinHostPort("127.0.0.1", port),
		listen: []string{
			"--bind", "127.0.0.1", "--port", port, "--cluster-enabled", "yes", "--cluster-port", bus,
			"--cluster-config-file", filepath.Join(dir, "nodes.conf"), "--cluster-node-timeout", "5000",
		},
	}
	r.Start()
	t.Cleanup(r.Kill)
	return r
}

// clusterPort is where a server in cluster mode talks to its peers.
func (r *RedisServer) clusterPort() string {
	for i, arg := range r.listen {
		if arg == "--cluster-port" {
			return r.listen[i+1]
		}
	}
	return ""
}

// freePort is a port that nobody listens on just now.
func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatalf("find a free port: %v", err)
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}
