package main_test

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/testkit"
)

// result is what the doctor says of one thing.
type result struct {
	Name   string `json:"name"`
	Status string `json:"status"`
	What   string `json:"what"`
	Do     string `json:"what_to_do"`
}

// examined asks the doctor in JSON, and returns results by name.
func examined(t testing.TB, env map[string]string, code int, args ...string) map[string]result {
	t.Helper()
	f := run(t, env, append([]string{"doctor", "--json", "--timeout=5s"}, args...)...)
	require.Equal(t, code, f.code, f.stdout+f.stderr)
	require.Empty(t, f.stderr)
	saysNoSecret(t, f.stdout)
	var report struct {
		Status string
		Checks []result
	}
	require.NoError(t, json.Unmarshal([]byte(f.stdout), &report), f.stdout)
	require.Equal(t, map[bool]string{true: "fail"}[code == 1], map[bool]string{true: report.Status}[report.Status == "fail"])
	out := map[string]result{}
	for _, r := range report.Checks {
		require.Equal(t, r.Status != "ok", r.Do != "", "%s: what to do is said where something is to be done", r.Name)
		out[r.Name] = r
	}
	return out
}

// statuses are how the checks came out, by name.
func statuses(results map[string]result) map[string]string {
	out := map[string]string{}
	for name, r := range results {
		out[name] = r.Status
	}
	return out
}

func TestTheDoctorFindsAHealthyInstallation(t *testing.T) {
	t.Parallel()
	env := installationOn(t, testkit.Cluster(t).URL) // it keeps its promises, as one should
	node := start(t, env, "serve")
	env["CONVERSE_PUBLIC_URL"] = node.ready.URL
	require.Equal(t, map[string]string{
		"database": "ok", "schema": "ok", "clock": "ok", "redis": "ok", "files": "ok", "disk": "ok", "master key": "ok",
		"callback address": "warn", // it answers, without TLS
	}, statuses(examined(t, env, 0)))
	table := run(t, env, "doctor")
	require.Zero(t, table.code)
	require.Contains(t, table.stdout, "Nothing failed")
	saysNoSecret(t, table.stdout)
}

func TestTheDoctorSaysWhatADatabaseLacks(t *testing.T) {
	t.Parallel()
	env := installation(t)
	schema := examined(t, env, 1)["schema"]
	require.Equal(t, "fail", schema.Status)
	require.Contains(t, schema.Do, "converse migrate")
	require.Zero(t, run(t, env, "migrate").code)
	found := examined(t, env, 1)
	require.Equal(t, "ok", found["schema"].Status)
	require.Contains(t, found["database"].What, "synchronous_commit", "the shared test server has it off")
}

func TestTheDoctorFindsABucketThatIsThere(t *testing.T) {
	t.Parallel()
	s3 := testkit.S3(t)
	env := bucket(t, s3.Endpoint, s3.Bucket, s3.Access, s3.Secret)
	require.Equal(t, "ok", examined(t, env, 1)["files"].Status)
	env["CONVERSE_S3_BUCKET"] = "another"
	missing := examined(t, env, 1)["files"]
	require.Equal(t, "fail", missing.Status)
	require.Contains(t, missing.What, "another")
	env["CONVERSE_S3_BUCKET"], env["CONVERSE_S3_SECRET_KEY"] = s3.Bucket, canary
	require.Equal(t, "fail", examined(t, env, 1)["files"].Status)
}

// bucket are the settings of serve with an S3 server instead of a folder.
func bucket(t testing.TB, endpoint, name, access, secret string) map[string]string {
	t.Helper()
	env := needs(t)
	delete(env, "CONVERSE_MEDIA_DIR")
	env["CONVERSE_S3_ENDPOINT"], env["CONVERSE_S3_BUCKET"], env["CONVERSE_S3_INSECURE"] = endpoint, name, "true"
	env["CONVERSE_S3_ACCESS_KEY"], env["CONVERSE_S3_SECRET_KEY"] = access, secret
	return env
}

func TestTheDoctorNamesEverythingThatIsAway(t *testing.T) {
	t.Parallel()
	env := bucket(t, "127.0.0.1:1", "media", "access", canary)
	found := examined(t, env, 1)
	require.Equal(t, map[string]string{
		"database": "fail", "schema": "fail", "clock": "fail", "redis": "fail", "files": "fail", "disk": "ok", "master key": "ok",
		"callback address": "warn",
	}, statuses(found))
	require.Contains(t, found["database"].Do, "PostgreSQL")
	require.Contains(t, found["redis"].Do, "Redis")
	require.Contains(t, found["files"].Do, "credentials")
	require.Contains(t, found["callback address"].Do, "load balancer")
}

func TestTheDoctorReportsSettingsThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	env := needs(t)
	env["CONVERSE_REDIS_URL"] = "redis://:" + canary + "@127.0.0.1:1/first"
	env["CONVERSE_DATABASE_URL"] = "postgres://x:" + canary + "@127.0.0.1:1/x?sslmode=perhaps"
	found := examined(t, env, 1)
	require.Contains(t, found["redis"].What, "CONVERSE_REDIS_URL")
	require.Contains(t, found["database"].What, "CONVERSE_DATABASE_URL")
	require.Equal(t, "fail", found["redis"].Status)

	nothing := run(t, nil, "doctor")
	require.Equal(t, 1, nothing.code)
	for _, variable := range []string{"PUBLIC_URL", "DATABASE_URL", "REDIS_URL", "S3_ENDPOINT", "MASTER_KEY"} {
		require.Contains(t, nothing.stdout, "CONVERSE_"+variable)
	}
}

func TestTheDoctorLooksAtADataFolder(t *testing.T) {
	t.Parallel()
	data := filepath.Join(testkit.Folder(t), "data")
	require.Equal(t, map[string]string{"data": "ok", "files": "ok", "disk": "ok"}, statuses(examined(t, nil, 0, "--data", data)))
	require.Equal(t, "fail", examined(t, nil, 1, "--data", "/proc/nothing")["data"].Status, "even root cannot write there")
}
