package chat

import (
	"strconv"
	"strings"
)

// Place is a point on a map, with words for it.
type Place struct {
	// Latitude is in degrees from -90 to 90, north of the equator above 0; Longitude from
	// -180 to 180, east of Greenwich above 0.
	Latitude, Longitude float64
	// Name and Address are as the lead reads them.
	Name, Address string
}

// Text is the place in one line, in the form that a place of a lead has as a message:
// "Location: name, address (latitude, longitude)".
func (p Place) Text() string {
	point := degrees(p.Latitude) + ", " + degrees(p.Longitude)
	var words []string
	for _, word := range []string{p.Name, p.Address} {
		if word != "" {
			words = append(words, word)
		}
	}
	if len(words) == 0 {
		return "Location: " + point
	}
	return "Location: " + strings.Join(words, ", ") + " (" + point + ")"
}

// degrees writes a number without an exponent, as short as it is exact.
func degrees(value float64) string { return strconv.FormatFloat(value, 'f', -1, 64) }
