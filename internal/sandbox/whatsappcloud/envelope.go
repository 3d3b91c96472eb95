package whatsappcloud

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"converse/internal/sandbox/stage"
)

// envelope is the outside of every webhook.
type envelope struct {
	Object string  `json:"object"`
	Entry  []entry `json:"entry"`
}

type entry struct {
	ID      string   `json:"id"`
	Changes []change `json:"changes"`
}

type change struct {
	Value value  `json:"value"`
	Field string `json:"field"`
}

type value struct {
	Product  string    `json:"messaging_product"`
	Metadata metadata  `json:"metadata"`
	Contacts []contact `json:"contacts,omitempty"`
	Messages []any     `json:"messages,omitempty"`
	Statuses []status  `json:"statuses,omitempty"`
}

type metadata struct {
	Display string `json:"display_phone_number"`
	ID      string `json:"phone_number_id"`
}

type contact struct {
	Profile profile `json:"profile"`
	WaID    string  `json:"wa_id,omitempty"`
	UserID  string  `json:"user_id,omitempty"`
}

type profile struct {
	Name     string `json:"name"`
	Username string `json:"username,omitempty"`
}

// wrap puts a value into its envelope and writes it.
func wrap(account *stage.Account, sender stage.Sender, v value) []byte {
	v.Product = "whatsapp"
	v.Metadata = metadataOf(sender)
	return encode(envelope{
		Object: "whatsapp_business_account",
		Entry:  []entry{{ID: account.AccountID, Changes: []change{{Value: v, Field: "messages"}}}},
	})
}

func metadataOf(sender stage.Sender) metadata {
	return metadata{Display: waNumber(sender), ID: sender.Ref}
}

// encode writes JSON as Meta does: only ASCII, every other character escaped, and
// slashes escaped too. Whoever checks the signature over re-encoded JSON fails.
func encode(value any) []byte {
	var plain bytes.Buffer
	encoder := json.NewEncoder(&plain)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err) // only plain values are written
	}
	text := bytes.TrimSuffix(plain.Bytes(), []byte("\n"))
	out := make([]byte, 0, len(text)+len(text)/8)
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf {
			if c == '/' {
				out = append(out, '\\')
			}
			out = append(out, c)
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		if r > 0xFFFF {
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		} else {
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		i += size
	}
	return out
}

func unix(seconds int64) string { return strconv.FormatInt(seconds, 10) }
