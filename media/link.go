package media

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"converse/internal/chat"
)

// What a link can be instead of good.
var (
	// ErrForged: nobody with the key made this link.
	ErrForged = errors.New("the link is not one of ours")
	// ErrExpired: the link was good.
	ErrExpired = errors.New("the link has expired")
)

// Purpose is what a word lets its holder do. A word for one purpose is none for another.
type Purpose byte

// The purposes.
const (
	// ToSave: a user opens or saves the file.
	ToSave Purpose = iota
	// ToPreview: a user sees its small picture.
	ToPreview
	// ToProvider: a provider fetches the file to hand it on.
	ToProvider
	// ToUpload: a user sends the file's bytes, or takes the upload back.
	ToUpload
)

// Grant is the right to one file until a time.
type Grant struct {
	Org     chat.OrgID
	Media   chat.MediaID
	Expires time.Time
	Purpose Purpose
	// Nameless: the file is saved under its id, for somebody from whom a name may not
	// be shown.
	Nameless bool
}

// Signer makes and checks the words in links to files. A word cannot be taken back: its
// life should be short.
type Signer struct {
	key []byte
}

// A word is a version, the expiry in seconds, two ids and the first half of an
// HMAC-SHA256, which is as much as anybody could guess at.
const (
	macSize  = 16
	wordSize = 1 + 8 + 16 + 16 + macSize
)

// versions are the first bytes of words. A nameless word's file is saved under its id.
var versions = map[byte]Grant{
	1: {Purpose: ToSave},
	2: {Purpose: ToSave, Nameless: true},
	3: {Purpose: ToPreview},
	4: {Purpose: ToProvider},
	5: {Purpose: ToUpload},
}

func versionOf(g Grant) (byte, error) {
	for version, v := range versions {
		if v.Purpose == g.Purpose && v.Nameless == g.Nameless {
			return version, nil
		}
	}
	return 0, errors.New("there are no such words")
}

// minKey is the shortest key, in bytes.
const minKey = 32

// NewSigner takes a key of at least 32 random bytes.
func NewSigner(key []byte) (*Signer, error) {
	if len(key) < minKey {
		return nil, fmt.Errorf("key for download links has %d bytes, need %d", len(key), minKey)
	}
	return &Signer{key: append([]byte(nil), key...)}, nil
}

// Sign makes the word for a grant, safe in a URL's path.
func (s *Signer) Sign(g Grant) (string, error) {
	org, errOrg := uuid.Parse(string(g.Org))
	media, errMedia := uuid.Parse(string(g.Media))
	version, errVersion := versionOf(g)
	if err := errors.Join(errOrg, errMedia, errVersion); err != nil {
		return "", fmt.Errorf("sign download link: %w", err)
	}
	word := make([]byte, 0, wordSize)
	word = append(word, version)
	word = binary.BigEndian.AppendUint64(word, uint64(g.Expires.Unix()))
	word = append(word, org[:]...)
	word = append(word, media[:]...)
	return base64.RawURLEncoding.EncodeToString(append(word, s.mac(word)...)), nil
}

// Open reads a word. Its errors are ErrForged and ErrExpired.
func (s *Signer) Open(text string, now time.Time) (Grant, error) {
	if len(text) != base64.RawURLEncoding.EncodedLen(wordSize) {
		return Grant{}, ErrForged // the decoder would skip line breaks
	}
	// Strict refuses spare bits, so that a grant has one word only.
	word, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(word) != wordSize {
		return Grant{}, ErrForged
	}
	g, known := versions[word[0]]
	if !known {
		return Grant{}, ErrForged
	}
	signed, mac := word[:wordSize-macSize], word[wordSize-macSize:]
	if !hmac.Equal(mac, s.mac(signed)) {
		return Grant{}, ErrForged
	}
	g.Org = chat.OrgID(uuid.UUID(signed[9:25]).String())
	g.Media = chat.MediaID(uuid.UUID(signed[25:41]).String())
	g.Expires = time.Unix(int64(binary.BigEndian.Uint64(signed[1:9])), 0)
	if !now.Before(g.Expires) {
		return Grant{}, ErrExpired
	}
	return g, nil
}

func (s *Signer) mac(signed []byte) []byte {
	h := hmac.New(sha256.New, s.key)
	h.Write([]byte("converse media link\x00"))
	h.Write(signed)
	return h.Sum(nil)[:macSize]
}
