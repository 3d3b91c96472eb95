package chat_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
)

func TestARuleNamesTheFirstConditionThatFails(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC) // a Wednesday
	whole := chat.RoutingRule{Active: true, When: chat.RoutingConditions{
		Channel: chat.ChannelSMS, Senders: []chat.SenderID{"s1", "s2"},
		Hours:  &chat.RoutingHours{Days: []time.Weekday{time.Wednesday}, From: 9 * 60, Upto: 18 * 60, Zone: "UTC"},
		Fields: []chat.FieldValues{{Field: chat.FieldSource, Values: []string{"web", "Fair"}}}, Words: []string{"site visit", "प्लॉट"},
	}}
	fits := chat.RoutingCase{
		Channel: chat.ChannelSMS, Sender: "s2", At: noon, Text: "A SITE  visit, please", Fields: map[chat.LeadField]string{chat.FieldSource: " fair "},
	}
	for name, x := range map[string]struct {
		change func(*chat.RoutingRule, *chat.RoutingCase)
		want   chat.RoutingOutcome
	}{
		"all holds": {func(*chat.RoutingRule, *chat.RoutingCase) {}, chat.RouteMatches},
		"another script": {func(_ *chat.RoutingRule, c *chat.RoutingCase) {
			c.Text = "मुझे प्लॉट चाहिए"
		}, chat.RouteMatches},
		"switched off":      {func(r *chat.RoutingRule, _ *chat.RoutingCase) { r.Active = false }, chat.RouteOff},
		"another channel":   {func(_ *chat.RoutingRule, c *chat.RoutingCase) { c.Channel = chat.ChannelWhatsApp }, chat.RouteChannel},
		"another number":    {func(_ *chat.RoutingRule, c *chat.RoutingCase) { c.Sender = "s3" }, chat.RouteSender},
		"at night":          {func(_ *chat.RoutingRule, c *chat.RoutingCase) { c.At = noon.Add(6 * time.Hour) }, chat.RouteHours},
		"the next day":      {func(_ *chat.RoutingRule, c *chat.RoutingCase) { c.At = noon.Add(24 * time.Hour) }, chat.RouteHours},
		"another source":    {func(_ *chat.RoutingRule, c *chat.RoutingCase) { c.Fields = nil }, chat.RouteField},
		"a part of a word":  {func(_ *chat.RoutingRule, c *chat.RoutingCase) { c.Text = "on-site visitors" }, chat.RouteWords},
		"nothing in common": {func(_ *chat.RoutingRule, c *chat.RoutingCase) { c.Text = "" }, chat.RouteWords},
	} {
		r, c := whole, fits
		x.change(&r, &c)
		require.Equal(t, x.want, r.Match(c), name)
	}
	require.Equal(t, chat.RouteMatches, chat.RoutingRule{Active: true}.Match(chat.RoutingCase{}), "no condition: everybody")
}

func TestHoursReachOverMidnightAndKnowTheirZone(t *testing.T) {
	t.Parallel()
	night := chat.RoutingHours{Days: []time.Weekday{time.Friday}, From: 22 * 60, Upto: 6 * 60, Zone: "Asia/Kolkata"}
	zone, err := time.LoadLocation("Asia/Kolkata")
	require.NoError(t, err)
	for at, want := range map[time.Time]bool{
		time.Date(2026, 3, 6, 21, 59, 0, 0, zone): false,
		time.Date(2026, 3, 6, 22, 0, 0, 0, zone):  true, // Friday
		time.Date(2026, 3, 7, 5, 59, 0, 0, zone):  true,
		time.Date(2026, 3, 7, 6, 0, 0, 0, zone):   false,
		time.Date(2026, 3, 7, 22, 0, 0, 0, zone):  false,
		time.Date(2026, 3, 6, 3, 0, 0, 0, zone):   false, // Thursday's night
	} {
		require.Equal(t, want, night.Contain(at.UTC()), at)
	}
	require.True(t, chat.RoutingHours{Zone: "UTC"}.Contain(time.Now()), "from midnight to midnight")
	require.False(t, chat.RoutingHours{Zone: "Nowhere/AtAll"}.Contain(time.Now()))
}

func TestAFieldIsReadInTheSpellingOfMailMerge(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]chat.LeadField{
		"@{Lead:mx_City,}": chat.CustomField("mx_city"), "@{Lead:Source,}": chat.FieldSource, " @{Lead:FirstName,none} ": chat.FieldFirstName,
		"source": chat.FieldSource, "custom.city": chat.CustomField("city"), "@{Lead:mx_City": "@{Lead:mx_City",
	} {
		require.Equal(t, want, chat.ReadLeadField(text), text)
	}
}
