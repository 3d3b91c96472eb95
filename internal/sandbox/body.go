package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"converse/internal/sandbox/fault"
	"converse/internal/sandbox/stage"
)

const (
	// maxJSON bounds a JSON body.
	maxJSON = 1 << 20
	// maxMedia bounds a file.
	maxMedia = 20 << 20
)

// read decodes a JSON body; false means that the request has been answered.
// Unknown fields are refused, so that a misspelt one is noticed.
func read(w http.ResponseWriter, r *http.Request, into any) bool {
	switch kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind {
	// The last is what curl -d says of any body. A web site could send it too, but guard
	// has refused those.
	case "", "application/json", "application/x-www-form-urlencoded":
	default:
		writeError(w, http.StatusUnsupportedMediaType, "", "the body must be application/json")
		return false
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxJSON))
	if err != nil {
		writeError(w, http.StatusRequestEntityTooLarge, "", fmt.Sprintf("the body must be at most %d bytes", maxJSON))
		return false
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	err = decoder.Decode(into)
	if err == nil && decoder.More() {
		err = errors.New("there is more than one JSON value")
	}
	if err != nil {
		field, text := describe(err)
		writeError(w, http.StatusBadRequest, field, text)
		return false
	}
	return true
}

// describe says which field of a body is wrong, and how.
func describe(err error) (field, text string) {
	if mismatch, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		field = mismatch.Field[strings.LastIndex(mismatch.Field, ".")+1:]
		return field, fmt.Sprintf("%s cannot be a %s", orBody(field), mismatch.Value)
	}
	if quoted, unknown := strings.CutPrefix(err.Error(), "json: unknown field "); unknown {
		field = strings.Trim(quoted, `"`)
		return field, field + " is not a field here; GET /control lists what there is"
	}
	return "", "the body cannot be read: " + strings.TrimPrefix(err.Error(), "json: ")
}

func orBody(field string) string {
	if field == "" {
		return "the body"
	}
	return field
}

func write(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(value) //nolint:errchkjson // the caller has gone when it fails
}

// writeError answers {"error", "field"}.
func writeError(w http.ResponseWriter, status int, field, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	//nolint:errchkjson // the caller has gone when it fails
	_ = json.NewEncoder(w).Encode(struct {
		Error string `json:"error"`
		Field string `json:"field,omitempty"`
	}{text, field})
}

// refuse answers a request whose content is wrong.
func refuse(w http.ResponseWriter, err error) {
	if p, ok := errors.AsType[*stage.Problem](err); ok {
		writeError(w, http.StatusBadRequest, p.Field, p.Error())
		return
	}
	if p, ok := errors.AsType[*fault.Problem](err); ok {
		writeError(w, http.StatusBadRequest, p.Field, p.Error())
		return
	}
	writeError(w, http.StatusBadRequest, "", err.Error())
}

// moment is a time in JSON, as seconds since 1970 or in RFC 3339.
type moment struct{ time.Time }

// UnmarshalJSON reads either form.
func (m *moment) UnmarshalJSON(text []byte) error {
	plain := string(bytes.Trim(text, `"`))
	if plain == "null" || plain == "" {
		return nil
	}
	if seconds, err := strconv.ParseInt(plain, 10, 64); err == nil {
		m.Time = time.Unix(seconds, 0)
		return nil
	}
	at, err := time.Parse(time.RFC3339Nano, plain)
	if err != nil {
		return fmt.Errorf("a time must be seconds since 1970 or like 2026-01-31T12:00:00Z, not %q", plain)
	}
	m.Time = at
	return nil
}
