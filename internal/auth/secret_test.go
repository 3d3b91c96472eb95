package auth_test

import (
	"encoding/base32"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/auth"
	"converse/internal/chat"
)

// TestI12NoSecretOfSigningInIsStored dumps every table and looks for what second factors,
// API keys and widgets are made of.
func TestI12NoSecretOfSigningInIsStored(t *testing.T) {
	t.Parallel()
	p := enrolled(t)
	challenge := p.challenge(t)
	_, err := p.VerifyCode(t.Context(), p.challenge(t), auth.Code{Recovery: p.recovery[0], From: "here"})
	require.NoError(t, err)
	key, _ := p.newKey(t, chat.KeyWidget)
	asKey, err := p.Authenticate(t.Context(), key)
	require.NoError(t, err)
	widget, err := p.CreateWidgetToken(t.Context(), asKey, "", email)
	require.NoError(t, err)

	dump := p.dump(t)
	for _, kept := range []string{key, widget.Token, challenge} {
		require.Contains(t, dump, hex.EncodeToString(auth.HashOf(kept)), "the dump is not blind")
	}
	secrets := append([]string{p.secret, challenge, key, widget.Token, strings.TrimPrefix(widget.Token, "cvw_")}, p.recovery...)
	raw, err := base32.StdEncoding.DecodeString(p.secret)
	require.NoError(t, err)
	for _, secret := range append(secrets, string(raw)) {
		notIn(t, dump, secret)
		notIn(t, dump, strings.ReplaceAll(secret, "-", ""))
	}
}
