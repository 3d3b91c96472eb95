package testkit_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"converse/internal/testkit"
	"converse/migrations"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func within(t *testing.T, limit time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	t.Cleanup(cancel)
	return ctx
}

func TestEveryTestGetsAMigratedDatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	one, two := testkit.Postgres(t), testkit.Postgres(t)
	require.NotEqual(t, one.URL, two.URL)
	ctx := within(t, time.Minute)
	_, err := one.Pool().Exec(ctx, "create table mine (x int)")
	require.NoError(t, err)
	var there bool
	require.NoError(t, two.Pool().QueryRow(ctx, "select to_regclass('mine') is not null").Scan(&there))
	require.False(t, there)

	state, err := migrations.Read(ctx, two.URL)
	require.NoError(t, err)
	require.NoError(t, state.Err())
}

func TestDatabaseIsDroppedAfterTheTest(t *testing.T) {
	t.Parallel()
	var url string
	t.Run("user", func(t *testing.T) { url = testkit.Postgres(t).URL })
	_, err := pgx.Connect(within(t, time.Minute), url)
	require.ErrorContains(t, err, "does not exist")
}

func TestClusterRecoversFromACrash(t *testing.T) {
	t.Parallel()
	cluster := testkit.Cluster(t)
	ctx := within(t, 2*time.Minute)
	conn, err := pgx.Connect(ctx, cluster.URL)
	require.NoError(t, err)
	_, err = conn.Exec(ctx, "create table notes (text text); insert into notes values ('kept')")
	require.NoError(t, err)
	cluster.Crash()
	require.Error(t, conn.Ping(ctx))

	cluster.Start()
	conn, err = pgx.Connect(ctx, cluster.URL)
	require.NoError(t, err)
	defer conn.Close(ctx)
	var text string
	require.NoError(t, conn.QueryRow(ctx, "select text from notes").Scan(&text))
	require.Equal(t, "kept", text)
}

func redisClient(t *testing.T, server *testkit.RedisServer) *redis.Client {
	t.Helper()
	client := redis.NewClient(&redis.Options{Network: server.Network, Addr: server.Addr, MaxRetries: -1, DialerRetries: 1})
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	return client
}

func TestRedisForgetsEverythingOverARestart(t *testing.T) {
	t.Parallel()
	server := testkit.Redis(t)
	client, ctx := redisClient(t, server), within(t, time.Minute)
	require.NoError(t, client.Set(ctx, "key", "value", 0).Err())
	server.Kill()
	require.Error(t, client.Ping(ctx).Err())
	server.Start()
	require.ErrorIs(t, client.Get(ctx, "key").Err(), redis.Nil)
	server.Restart()
	require.NoError(t, client.Ping(ctx).Err())
}

func TestRedisHangsWhenFrozen(t *testing.T) {
	t.Parallel()
	server := testkit.Redis(t)
	client, ctx := redisClient(t, server), within(t, time.Minute)
	require.NoError(t, client.Ping(ctx).Err())
	server.Freeze()
	conn, err := net.Dial(server.Network, server.Addr) // the kernel still takes connections
	require.NoError(t, err)
	defer conn.Close()
	_, err = conn.Write([]byte("PING\r\n"))
	require.NoError(t, err)
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(50*time.Millisecond)))
	_, err = conn.Read(make([]byte, 1))
	require.Error(t, err)
	server.Thaw()
	require.NoError(t, client.Ping(ctx).Err())
}

func TestS3KeepsObjectsAndChecksKeys(t *testing.T) {
	t.Parallel()
	bucket, ctx := testkit.S3(t), within(t, time.Minute)
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	open := func(secret string) *minio.Client {
		client, err := minio.New(bucket.Endpoint, &minio.Options{
			Creds: credentials.NewStaticV4(bucket.Access, secret, ""), Region: bucket.Region, Transport: transport,
		})
		require.NoError(t, err)
		return client
	}
	body := []byte("hello")
	_, err := open(bucket.Secret).PutObject(ctx, bucket.Bucket, "key", bytes.NewReader(body), int64(len(body)), minio.PutObjectOptions{})
	require.NoError(t, err)
	object, err := open(bucket.Secret).GetObject(ctx, bucket.Bucket, "key", minio.GetObjectOptions{})
	require.NoError(t, err)
	defer object.Close()
	got, err := io.ReadAll(object)
	require.NoError(t, err)
	require.Equal(t, body, got)

	_, err = open("wrong").PutObject(ctx, bucket.Bucket, "key", bytes.NewReader(body), int64(len(body)), minio.PutObjectOptions{})
	require.Equal(t, http.StatusForbidden, minio.ToErrorResponse(err).StatusCode)
}
