package jsonstrict

import (
	"encoding/json"
	"reflect"
	"strconv"
	"time"
)

// Text is a string, or a number with its digits as they were sent. Providers
// send the same id as a number in one place and as a string in another, and ids
// larger than 2^53 lose digits in any floating-point type. null is "".
type Text string

// latest is the last second of the year 9999, beyond which no time can be stored.
const latest = 253402300799

// Time reads seconds since 1970. A time that is missing or that no calendar holds is
// zero: what it belongs to is still worth showing.
func (t Text) Time() time.Time {
	seconds, err := strconv.ParseInt(string(t), 10, 64)
	if err != nil || seconds <= 0 || seconds > latest {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

// UnmarshalJSON takes a string, a number or null.
func (t *Text) UnmarshalJSON(data []byte) error {
	switch first := data[0]; {
	case first == 'n':
		*t = ""
		return nil
	case first == '"':
		var s string
		if err := json.Unmarshal(data, &s); err != nil {
			return err
		}
		*t = Text(s)
		return nil
	case first == '-' || '0' <= first && first <= '9':
		*t = Text(data)
		return nil
	}
	return &json.UnmarshalTypeError{Value: "value", Type: reflect.TypeFor[Text]()}
}
