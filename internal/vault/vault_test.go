package vault_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"converse/internal/chat"
	"converse/internal/vault"
)

var place = vault.Place{
	Org: "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", Connector: "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5c", Fields: "credentials",
}

const secret = `{"api_key":"canary-4c1f","api_secret":"canary-93bd"}`

func key(t require.TestingT, fill byte) vault.Key {
	k, err := vault.NewKey(bytes.Repeat([]byte{fill}, vault.KeySize))
	require.NoError(t, err)
	return k
}

func open(t require.TestingT, keys ...vault.Key) *vault.Vault {
	v, err := vault.New(keys...)
	require.NoError(t, err)
	return v
}

func TestWhatIsSealedOpens(t *testing.T) {
	t.Parallel()
	v := open(t, key(t, 1))
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOf(rapid.Byte()).Draw(t, "secret")
		sealed, err := v.Seal(place, want)
		require.NoError(t, err)
		got, err := v.Open(place, sealed)
		require.NoError(t, err)
		require.True(t, bytes.Equal(want, got))
	})
}

func TestSealedBytesHideTheSecretAndDiffer(t *testing.T) {
	t.Parallel()
	v := open(t, key(t, 1))
	one, err := v.Seal(place, []byte(secret))
	require.NoError(t, err)
	two, err := v.Seal(place, []byte(secret))
	require.NoError(t, err)
	require.NotEqual(t, one, two)
	require.NotContains(t, string(one), "canary")
}

func TestARowCopiedOverAnotherDoesNotOpen(t *testing.T) {
	t.Parallel()
	v := open(t, key(t, 1))
	swapped := place
	swapped.Org, swapped.Connector = chat.OrgID(place.Connector), chat.ConnectorID(place.Org)
	for name, at := range map[string]vault.Place{
		"other org":       {Org: "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5d", Connector: place.Connector, Fields: place.Fields},
		"other connector": {Org: place.Org, Connector: "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5d", Fields: place.Fields},
		"other fields":    {Org: place.Org, Connector: place.Connector, Fields: "endpoint"},
		"swapped ids":     swapped,
		"a thing's":       {Org: place.Org, Thing: string(place.Connector), Fields: place.Fields},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mine, err := v.Seal(place, []byte(secret))
			require.NoError(t, err)
			theirs, err := v.Seal(at, []byte("theirs"))
			require.NoError(t, err)
			_, err = v.Open(at, mine)
			require.ErrorIs(t, err, vault.ErrSealed)
			_, err = v.Open(place, theirs)
			require.ErrorIs(t, err, vault.ErrSealed)
		})
	}
}

func TestEveryChangeIsNoticed(t *testing.T) {
	t.Parallel()
	v := open(t, key(t, 1), key(t, 2))
	sealed, err := v.Seal(place, []byte(secret))
	require.NoError(t, err)
	for i := range sealed {
		for bit := range 8 {
			changed := bytes.Clone(sealed)
			changed[i] ^= 1 << bit
			_, err := v.Open(place, changed)
			require.ErrorIs(t, err, vault.ErrSealed, "byte %d bit %d", i, bit)
		}
	}
	for cut := range sealed {
		_, err := v.Open(place, sealed[:cut])
		require.ErrorIs(t, err, vault.ErrSealed, "cut to %d", cut)
	}
	_, err = v.Open(place, append(bytes.Clone(sealed), 0))
	require.ErrorIs(t, err, vault.ErrSealed)
	_, err = v.Open(place, nil)
	require.ErrorIs(t, err, vault.ErrSealed)
}

func TestKeysAreRotated(t *testing.T) {
	t.Parallel()
	old, fresh := key(t, 1), key(t, 2)
	before := open(t, old)
	sealed, err := before.Seal(place, []byte(secret))
	require.NoError(t, err)

	during := open(t, fresh, old)
	got, err := during.Open(place, sealed)
	require.NoError(t, err)
	require.Equal(t, secret, string(got))
	require.False(t, during.Current(sealed))
	again, err := during.Seal(place, got)
	require.NoError(t, err)
	require.True(t, during.Current(again))

	after := open(t, fresh)
	_, err = after.Open(place, again)
	require.NoError(t, err)
	_, err = after.Open(place, sealed)
	require.ErrorIs(t, err, vault.ErrSealed)
	_, err = before.Open(place, again)
	require.ErrorIs(t, err, vault.ErrSealed)
}

// The id is one byte, so that some two keys of a few hundred share it.
func TestTwoKeysOfOneIdAreBothTried(t *testing.T) {
	t.Parallel()
	byID := map[byte]vault.Key{}
	for n := range 600 {
		text := fmt.Sprintf("%032d", n)
		k, err := vault.NewKey([]byte(text))
		require.NoError(t, err)
		sealed, err := open(t, k).Seal(place, []byte(secret))
		require.NoError(t, err)
		twin, there := byID[sealed[0]]
		byID[sealed[0]] = k
		if !there {
			continue
		}
		got, err := open(t, twin, k).Open(place, sealed)
		require.NoError(t, err)
		require.Equal(t, secret, string(got))
		return
	}
	t.Fatal("no two keys share an id")
}

func TestAPlaceMustBeProper(t *testing.T) {
	t.Parallel()
	v := open(t, key(t, 1))
	for _, at := range []vault.Place{
		{},
		{Org: place.Org, Connector: place.Connector},
		{Org: place.Org, Fields: "x"},
		{Connector: place.Connector, Fields: "x"},
		{Org: place.Org, Connector: place.Connector, Fields: "a|b"},
		{Org: "a|b", Connector: "c", Fields: "d"},
		{Org: place.Org, Connector: place.Connector, Thing: "user", Fields: "x"},
	} {
		_, err := v.Seal(at, []byte(secret))
		require.ErrorContains(t, err, "proper place")
		_, err = v.Open(at, []byte{1, 2, 3})
		require.Error(t, err)
	}
}

func TestKeysAreReadStrictly(t *testing.T) {
	t.Parallel()
	raw := bytes.Repeat([]byte{0xfb, 0xef, 0xff, 0x3e}, 8)
	want, err := vault.NewKey(raw)
	require.NoError(t, err)
	for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		got, err := vault.ParseKey(" " + encoding.EncodeToString(raw) + "\n")
		require.NoError(t, err)
		require.Equal(t, want.Derive("x"), got.Derive("x"))
	}
	for _, text := range []string{"", "short", base64.StdEncoding.EncodeToString(raw[:31]), "canary!" + strings.Repeat("A", 36), strings.Repeat("A", 43)} {
		_, err := vault.ParseKey(text)
		require.Error(t, err, text)
		require.NotContains(t, err.Error(), "canary")
	}
	_, err = vault.New()
	require.Error(t, err)
}

func TestDerivedKeysDiffer(t *testing.T) {
	t.Parallel()
	k := key(t, 1)
	require.Len(t, k.Derive("media links"), 32)
	require.NotEqual(t, k.Derive("media links"), k.Derive("vault"))
	require.NotEqual(t, k.Derive("media links"), key(t, 2).Derive("media links"))
	require.Equal(t, k.Derive("media links"), k.Derive("media links"))
}

func TestAKeyIsNeverPrinted(t *testing.T) {
	t.Parallel()
	raw := []byte("canary-key-of-thirty-two-bytes!!")
	k, err := vault.NewKey(raw)
	require.NoError(t, err)
	v := open(t, k)
	holder := struct {
		Key   vault.Key
		Vault *vault.Vault
	}{k, v}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%o", "%b", "%c", "%U"} {
		require.Equal(t, "•••", fmt.Sprintf(verb, k), verb)
		require.Equal(t, "•••", fmt.Sprintf(verb, &k), verb)
		require.Equal(t, "•••", fmt.Sprintf(verb, v), verb)
		require.Equal(t, 2, strings.Count(fmt.Sprintf(verb, holder), "•••"), verb)
	}
	var out strings.Builder
	text, err := json.Marshal(holder.Key)
	require.NoError(t, err)
	out.Write(text)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("started", "key", k, "pointer", &k, "vault", v)
	slog.New(slog.NewTextHandler(&out, nil)).Info("started", "key", k, "pointer", &k, "vault", v)
	printed := strings.ToLower(out.String())
	for _, form := range []string{"canary", hex.EncodeToString(raw)[:12], base64.StdEncoding.EncodeToString(raw)[:12]} {
		require.NotContains(t, printed, strings.ToLower(form))
	}
	require.Contains(t, printed, "•••")
}
