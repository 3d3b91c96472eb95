package rpc_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"converse/internal/auth"
	"converse/internal/safehttp"
	"converse/internal/sso"
	"converse/internal/testkit/world"
)

const clientID, clientSecret = "converse-client", "canary-client-secret"

// issuer is a small OpenID Connect provider over real HTTP.
type issuer struct {
	*httptest.Server
	t testing.TB

	mu    sync.Mutex // guards what follows
	key   jose.JSONWebKey
	codes map[string]url.Values
	// change changes the claims of the next ID tokens.
	change func(claims map[string]any)
	// sign replaces how they are signed.
	sign func(claims map[string]any) string
}

func newIssuer(t testing.TB) *issuer {
	t.Helper()
	i := &issuer{t: t, codes: map[string]url.Values{}}
	i.rotate("k1")
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		i.write(w, map[string]any{
			"issuer": i.URL, "authorization_endpoint": i.URL + "/authorize", "token_endpoint": i.URL + "/token", "jwks_uri": i.URL + "/keys",
			"id_token_signing_alg_values_supported": []string{"ES256", "none", "HS256"},
		})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		i.mu.Lock()
		defer i.mu.Unlock()
		i.write(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{i.key.Public()}})
	})
	mux.HandleFunc("POST /token", i.token)
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	return i
}

func (i *issuer) write(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	require.NoError(i.t, json.NewEncoder(w).Encode(v))
}

// rotate makes a new key, under another name.
func (i *issuer) rotate(name string) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(i.t, err)
	i.mu.Lock()
	defer i.mu.Unlock()
	i.key = jose.JSONWebKey{Key: key, KeyID: name, Algorithm: "ES256", Use: "sig"}
}

// authorize is what the user does at the provider: it returns what the browser brings
// back.
func (i *issuer) authorize(address string) url.Values {
	u, err := url.Parse(address)
	require.NoError(i.t, err)
	asked := u.Query()
	require.Equal(i.t, clientID, asked.Get("client_id"))
	require.Equal(i.t, "S256", asked.Get("code_challenge_method"))
	require.Equal(i.t, "https://chat.example.com/sso/callback", asked.Get("redirect_uri"))
	code := rand.Text()
	i.mu.Lock()
	defer i.mu.Unlock()
	i.codes[code] = asked
	return url.Values{"code": {code}, "state": {asked.Get("state")}}
}

func (i *issuer) token(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	id, secret, _ := r.BasicAuth()
	asked, ok := i.codes[r.FormValue("code")]
	delete(i.codes, r.FormValue("code"))
	proof := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	if !ok || id != clientID || secret != clientSecret || base64.RawURLEncoding.EncodeToString(proof[:]) != asked.Get("code_challenge") {
		w.WriteHeader(http.StatusBadRequest)
		i.write(w, map[string]any{"error": "invalid_grant", "error_description": clientSecret})
		return
	}
	claims := map[string]any{
		"iss": i.URL, "aud": clientID, "sub": "1", "exp": time.Now().Add(time.Minute).Unix(), "iat": time.Now().Unix(),
		"nonce": asked.Get("nonce"), "email": asked.Get("login_hint"), "email_verified": true, "name": "Mira Lindqvist",
	}
	if i.change != nil {
		i.change(claims)
	}
	sign := i.sign
	if sign == nil {
		sign = func(claims map[string]any) string { return i.signed(i.key, claims) }
	}
	i.write(w, map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": sign(claims)})
}

func (i *issuer) signed(key jose.JSONWebKey, claims map[string]any) string {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(key.Algorithm), Key: key}, nil)
	require.NoError(i.t, err)
	text, err := json.Marshal(claims)
	require.NoError(i.t, err)
	object, err := signer.Sign(text)
	require.NoError(i.t, err)
	out, err := object.CompactSerialize()
	require.NoError(i.t, err)
	return out
}

// singleSignOn is the room, which may reach addresses of this machine.
func singleSignOn(t testing.TB, w *world.World, signIns *auth.SignIns, log *lines) *sso.Service {
	t.Helper()
	allowed, err := safehttp.ParseAllowed([]string{"127.0.0.0/8"})
	require.NoError(t, err)
	return singleSignOnFrom(t, w, signIns, log, safehttp.Options{Allowed: allowed, Timeout: 10 * time.Second})
}

func singleSignOnFrom(t testing.TB, w *world.World, signIns *auth.SignIns, log *lines, o safehttp.Options) *sso.Service {
	t.Helper()
	provider := safehttp.NewProvider(o)
	t.Cleanup(provider.Close)
	return sso.New(w.Store, world.Vault(t), signIns, provider, sso.Options{
		PublicURL: "https://chat.example.com", Insecure: true, Log: slog.New(slog.NewJSONHandler(log, nil)),
	})
}
