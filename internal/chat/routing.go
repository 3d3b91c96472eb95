package chat

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// RoutingTarget is who gets a lead by a rule.
type RoutingTarget string

// The targets.
const (
	// RouteGroup: the members of a group, in turn.
	RouteGroup RoutingTarget = "group"
	// RouteMatch: the users whose property equals a field of the lead, in turn.
	RouteMatch RoutingTarget = "match"
	// RouteOnline: whoever is online, in turn.
	RouteOnline RoutingTarget = "online"
	// RouteUser: one user.
	RouteUser RoutingTarget = "user"
	// RouteNobody: the lead stays unassigned and is offered to all.
	RouteNobody RoutingTarget = "nobody"
)

// RoutingRule says who gets leads of a kind. Rules are asked in order; the first that
// is for the lead and has somebody to give it to decides. Behind them all stands the
// default: the active administrators, in turn.
type RoutingRule struct {
	ID   RoutingRuleID
	Name string
	// Active: a rule that is switched off is passed over.
	Active bool
	When   RoutingConditions
	Target RoutingTarget
	// Group is the target's, or narrows a match and who is online; empty: everybody.
	Group GroupID
	// GroupLost: the group is gone, and the rule means nobody until it names another.
	GroupLost bool
	User      UserID
	// Property of the user must equal Field of the lead.
	Property string
	Field    LeadField
	// Waits: when nobody can be got the lead waits for the first who can, instead of
	// going on to the next rule.
	Waits bool
}

// RoutingRules are an org's rules in order.
type RoutingRules struct {
	// Version rises with every save; whoever saves names the one they saw. 0: never saved.
	Version int
	Rules   []RoutingRule
}

// RoutingConditions say which leads a rule is for. All that are set must hold.
type RoutingConditions struct {
	// Channel is what the lead wrote over; empty: any.
	Channel Channel `json:"channel,omitempty"`
	// Senders are the numbers they wrote to; empty: any.
	Senders []SenderID    `json:"senders,omitempty"`
	Hours   *RoutingHours `json:"hours,omitempty"`
	// Fields of the lead, each with the values it may have.
	Fields []FieldValues `json:"fields,omitempty"`
	// Words or phrases of which the first message has one; empty: any message.
	Words []string `json:"words,omitempty"`
}

// RoutingHours are times of the week in a time zone.
type RoutingHours struct {
	// Days of the week, 0 is Sunday; empty: all.
	Days []time.Weekday `json:"days,omitempty"`
	// From and Upto are minutes after midnight, From included. Upto may be below From:
	// then they reach over midnight into the next day.
	From int `json:"from"`
	Upto int `json:"upto"`
	// Zone is an IANA name such as "Asia/Kolkata".
	Zone string `json:"zone"`
}

// FieldValues is a field of a lead and the values it may have. Case and space around
// them do not count.
type FieldValues struct {
	Field  LeadField `json:"field"`
	Values []string  `json:"values"`
}

// RoutingCase is a lead as rules look at it.
type RoutingCase struct {
	Channel Channel
	Sender  SenderID
	// Text is the first message.
	Text string
	At   time.Time
	// Fields are the lead's values by field; missing ones are empty.
	Fields map[LeadField]string
}

// RoutingOutcome is what became of a rule when a lead was routed.
type RoutingOutcome string

// The outcomes: the first condition that did not hold, or what the rule did.
const (
	RouteOff     RoutingOutcome = "off"
	RouteChannel RoutingOutcome = "channel"
	RouteSender  RoutingOutcome = "sender"
	RouteHours   RoutingOutcome = "hours"
	RouteField   RoutingOutcome = "field"
	RouteWords   RoutingOutcome = "words"
	// RouteEmpty: the rule is for the lead, and has nobody to give it to.
	RouteEmpty RoutingOutcome = "empty"
	// RouteTaken: the rule gives the lead to somebody.
	RouteTaken RoutingOutcome = "taken"
	// RouteWaits: the lead waits unassigned.
	RouteWaits RoutingOutcome = "waits"
	// RouteMatches: the rule is for the lead. Who gets it is another question.
	RouteMatches RoutingOutcome = ""
)

// Match returns the first condition of the rule that the lead does not meet, or
// RouteMatches.
func (r RoutingRule) Match(c RoutingCase) RoutingOutcome {
	w := r.When
	switch {
	case !r.Active:
		return RouteOff
	case w.Channel != "" && w.Channel != c.Channel:
		return RouteChannel
	case len(w.Senders) > 0 && !slices.Contains(w.Senders, c.Sender):
		return RouteSender
	case w.Hours != nil && !w.Hours.Contain(c.At):
		return RouteHours
	case slices.ContainsFunc(w.Fields, func(f FieldValues) bool { return !f.Hold(c.Fields[f.Field]) }):
		return RouteField
	case len(w.Words) > 0 && !slices.ContainsFunc(w.Words, func(phrase string) bool { return says(c.Text, phrase) }):
		return RouteWords
	}
	return RouteMatches
}

// Hold reports whether the value is one of those named.
func (f FieldValues) Hold(value string) bool {
	return slices.ContainsFunc(f.Values, func(v string) bool { return sameValue(v, value) })
}

func sameValue(a, b string) bool {
	return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
}

// says reports whether a text has a phrase in it, as whole words.
func says(text, phrase string) bool {
	all, some := words(text), words(phrase)
	for i := range len(all) - len(some) + 1 {
		if len(some) > 0 && slices.Equal(all[i:i+len(some)], some) {
			return true
		}
	}
	return false
}

// Contain reports whether a moment is within the hours. A zone that is not known has
// none: a rule must not act at the wrong time.
func (h RoutingHours) Contain(at time.Time) bool {
	zone, err := time.LoadLocation(h.Zone)
	if err != nil {
		return false
	}
	at = at.In(zone)
	day, minute := at.Weekday(), at.Hour()*60+at.Minute()
	if h.From == h.Upto {
		return h.on(day)
	}
	if h.From < h.Upto {
		return h.on(day) && minute >= h.From && minute < h.Upto
	}
	yesterday := (day + 6) % 7
	return h.on(day) && minute >= h.From || h.on(yesterday) && minute < h.Upto
}

func (h RoutingHours) on(day time.Weekday) bool {
	return len(h.Days) == 0 || slices.Contains(h.Days, day)
}

// mergeField is a lead's field as mail merge and automations write it:
// "@{Lead:mx_City,}".
var mergeField = regexp.MustCompile(`^@\{Lead:(\w+),[^}]*\}$`)

// mergeNames are the standard fields under their names in that spelling.
func mergeNames() map[string]LeadField {
	return map[string]LeadField{
		"firstname": FieldFirstName, "lastname": FieldLastName, "phone": FieldPhone, "mobile": FieldPhone, "emailaddress": FieldEmail,
		"source": FieldSource, "prospectstage": FieldStage, "stage": FieldStage,
	}
}

// ReadLeadField takes a field by its own name or in the spelling of mail merge:
// "@{Lead:mx_City,}" is CustomField("mx_city").
func ReadLeadField(text string) LeadField {
	found := mergeField.FindStringSubmatch(strings.TrimSpace(text))
	if found == nil {
		return LeadField(text)
	}
	name := strings.ToLower(found[1])
	if field, ok := mergeNames()[name]; ok {
		return field
	}
	return CustomField(name)
}

// Routed is what became of a lead.
type Routed struct {
	// Owner is empty when the lead stays unassigned.
	Owner     UserID
	OwnerName string
	// Rule that decided; empty: the default.
	Rule RoutingRuleID
	// Steps are the rules that were asked, in order.
	Steps []RoutingStep
}

// RoutingStep is what became of one rule.
type RoutingStep struct {
	Rule    RoutingRuleID
	Outcome RoutingOutcome
}

// Colleague is a user as rules look at them.
type Colleague struct {
	User
	Online bool
	// Properties by name.
	Properties map[string]string
}

// PresenceMark is how a user is reachable through one node. A mark that is not
// renewed in time is forgotten, so a node that dies takes its users offline.
type PresenceMark struct {
	Org  OrgID
	User UserID
	Node string
	// State offline removes the mark.
	State PresenceState
	Until time.Time
}
