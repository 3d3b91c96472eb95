package twilio

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

const (
	// maxBody is the largest webhook that is read. The longest WhatsApp text has 4,096
	// characters, of up to twelve bytes each in a form, and may stand there twice.
	maxBody = 256 << 10
	// mostFields is how many fields of a webhook are read; a message with ten files has
	// about sixty. One of more was made to cost us: a signature is checked field by field.
	mostFields = 300
)

// fields are those of a webhook, each of which is there once.
type fields url.Values

var fieldName = regexp.MustCompile(`^[A-Za-z0-9_]{1,64}$`)

// readForm reads the body of a webhook. Its errors hold no value of it.
func readForm(body []byte) (fields, error) {
	if len(body) > maxBody || bytes.Count(body, []byte("&")) >= mostFields {
		return nil, errors.New("the form is larger than any of Twilio's")
	}
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, errors.New("the body is not a form")
	}
	for name, all := range values {
		if len(all) == 1 {
			continue
		}
		if !fieldName.MatchString(name) {
			name = "with an odd name"
		}
		return nil, fmt.Errorf("the field %s is there %d times", name, len(all))
	}
	return fields(values), nil
}

// get is a field's value, storable; "" where there is none.
func (f fields) get(name string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(url.Values(f).Get(name), "\uFFFD"), "\x00", "")
}

// first is the first of several fields that says something.
func (f fields) first(names ...string) string {
	for _, name := range names {
		if value := f.get(name); value != "" {
			return value
		}
	}
	return ""
}
