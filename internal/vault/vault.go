package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"converse/internal/chat"
)

// ErrSealed says that the bytes were not sealed for this place, not by any of our keys, or
// were changed. Which of these it is cannot be told.
var ErrSealed = errors.New("sealed credentials do not open: they belong to another place, were changed, or their key is missing")

// Place is where credentials belong. They open nowhere else.
type Place struct {
	Org       chat.OrgID
	Connector chat.ConnectorID
	// Thing is what they belong to where that is no connector, such as a user.
	Thing string
	// Fields names what is sealed, such as "credentials".
	Fields string
}

// data is what the seal covers besides the secret itself.
func (p Place) data(keyID byte) ([]byte, error) {
	owner := string(p.Connector)
	switch {
	case p.Thing != "" && p.Connector != "":
		owner = "" // two owners are none
	case p.Thing != "":
		owner = "thing:" + p.Thing // no connector's id begins so
	}
	parts := []string{string(p.Org), owner, p.Fields}
	for _, part := range parts {
		// An empty part or a stray separator would let two places share one text.
		if part == "" || strings.Contains(part, "|") {
			return nil, fmt.Errorf("credentials need a proper place, not org %q, connector %q, thing %q, fields %q", p.Org, p.Connector, p.Thing, p.Fields)
		}
	}
	return append([]byte{keyID}, strings.Join(parts, "|")...), nil
}

// Vault seals and opens. It is safe for use by many goroutines.
type Vault struct {
	keys []sealer
}

type sealer struct {
	id   byte
	aead cipher.AEAD
}

// New takes the master keys, the one to seal with first.
func New(keys ...Key) (*Vault, error) {
	if len(keys) == 0 {
		return nil, errors.New("a vault needs a master key")
	}
	v := &Vault{}
	for _, key := range keys {
		block, err := aes.NewCipher(key.Derive("vault"))
		if err != nil {
			return nil, fmt.Errorf("prepare vault: %w", err)
		}
		aead, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			return nil, fmt.Errorf("prepare vault: %w", err)
		}
		v.keys = append(v.keys, sealer{id: key.id(), aead: aead})
	}
	return v, nil
}

// Seal seals a secret for a place. Sealing the same twice gives different bytes.
func (v *Vault) Seal(at Place, secret []byte) ([]byte, error) {
	key := v.keys[0]
	data, err := at.data(key.id)
	if err != nil {
		return nil, err
	}
	return key.aead.Seal([]byte{key.id}, nil, secret, data), nil //nolint:gosec // this cipher makes its own nonce, and takes none
}

// Open opens what was sealed for the place, by any of the keys.
func (v *Vault) Open(at Place, sealed []byte) ([]byte, error) {
	if len(sealed) == 0 {
		return nil, ErrSealed
	}
	data, err := at.data(sealed[0])
	if err != nil {
		return nil, err
	}
	for _, key := range v.keys {
		if key.id != sealed[0] {
			continue
		}
		if secret, err := key.aead.Open(nil, nil, sealed[1:], data); err == nil {
			return secret, nil
		}
	}
	return nil, ErrSealed
}

// Current reports whether the bytes were sealed by the first key, so that a job
// can seal again what was not.
func (v *Vault) Current(sealed []byte) bool {
	return len(sealed) > 0 && sealed[0] == v.keys[0].id
}

// Format implements fmt.Formatter; a vault says nothing about itself.
func (v *Vault) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// LogValue implements slog.LogValuer.
func (v *Vault) LogValue() slog.Value { return slog.StringValue(hidden) }
