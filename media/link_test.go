package media_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/media"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func newSigner(t *testing.T, fill byte) *media.Signer {
	t.Helper()
	s, err := media.NewSigner([]byte(strings.Repeat(string(fill), 32)))
	require.NoError(t, err)
	return s
}

func grant() media.Grant {
	return media.Grant{Org: org, Media: "0197a1b2-0000-7000-8000-00000000000a", Expires: time.Unix(noon.Add(5*time.Minute).Unix(), 0)}
}

func TestALinkOpensWhatWasSigned(t *testing.T) {
	t.Parallel()
	s := newSigner(t, 'k')
	word, err := s.Sign(grant())
	require.NoError(t, err)
	require.Regexp(t, `^[A-Za-z0-9_-]{76}$`, word)
	got, err := s.Open(word, noon)
	require.NoError(t, err)
	require.Equal(t, grant(), got)
}

func TestALinkEnds(t *testing.T) {
	t.Parallel()
	s := newSigner(t, 'k')
	word, err := s.Sign(grant())
	require.NoError(t, err)
	_, err = s.Open(word, grant().Expires.Add(-time.Second))
	require.NoError(t, err)
	_, err = s.Open(word, grant().Expires)
	require.ErrorIs(t, err, media.ErrExpired)
}

func TestNoOtherWordOpensAnything(t *testing.T) {
	t.Parallel()
	s := newSigner(t, 'k')
	word, err := s.Sign(grant())
	require.NoError(t, err)
	raw, err := base64.RawURLEncoding.DecodeString(word)
	require.NoError(t, err)
	for i := range raw {
		for bit := range 8 {
			changed := append([]byte(nil), raw...)
			changed[i] ^= 1 << bit
			_, err := s.Open(base64.RawURLEncoding.EncodeToString(changed), noon)
			require.ErrorIs(t, err, media.ErrForged, "byte %d bit %d", i, bit)
		}
	}
	for _, other := range []string{"", "x", word[:len(word)-1], word + "A", word + "=", " " + word, word + "\n", strings.ToLower(word)} {
		_, err := s.Open(other, noon)
		require.ErrorIs(t, err, media.ErrForged, other)
	}
	_, err = newSigner(t, 'q').Open(word, noon)
	require.ErrorIs(t, err, media.ErrForged, "another key")
}

func TestOnlyProperKeysAndIdsAreSignedWith(t *testing.T) {
	t.Parallel()
	_, err := media.NewSigner(make([]byte, 31))
	require.ErrorContains(t, err, "has 31 bytes, need 32")
	_, err = newSigner(t, 'k').Sign(media.Grant{Org: org, Media: chat.MediaID("not an id"), Expires: noon})
	require.ErrorContains(t, err, "sign download link")
}
