package outbox

import (
	"math"
	"strings"
	"unicode/utf8"

	"converse/internal/chat"
	"converse/internal/compose"
)

// longestPlaceWord bounds the name and the address of a place, in characters. No provider
// publishes a bound; a phone shows a line or two of each.
const longestPlaceWord = 256

// checkPlace is the place over a template's text, without spaces around its words, or an
// error that names the field. Its name and address are needed, as the examples of Meta's
// "Location templates" have both.
func checkPlace(p *chat.Place) (chat.Place, error) {
	if p == nil {
		return chat.Place{}, chat.Invalidf("headerLocation", "is required: a place stands over the template's text")
	}
	out := *p
	for _, part := range []struct {
		field string
		value float64
		most  float64
	}{
		{"headerLocation.latitude", p.Latitude, 90},
		{"headerLocation.longitude", p.Longitude, 180},
	} {
		if math.IsNaN(part.value) || math.Abs(part.value) > part.most {
			return out, chat.Invalidf(part.field, "must be from -%g to %g degrees", part.most, part.most)
		}
	}
	for _, part := range []struct {
		field string
		text  *string
	}{
		{"headerLocation.name", &out.Name},
		{"headerLocation.address", &out.Address},
	} {
		if utf8.RuneCountInString(strings.TrimSpace(*part.text)) > longestPlaceWord {
			return out, chat.Invalidf(part.field, "must have at most %d characters", longestPlaceWord)
		}
		var err error
		if *part.text, err = compose.Single(part.field, *part.text); err != nil {
			return out, err
		}
	}
	return out, nil
}
