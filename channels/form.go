package channels

import (
	"regexp"
	"slices"

	"converse/internal/chat"
)

// Former is an adapter that says what an account of its provider consists of, so that
// whoever connects one is told of a mistake before the first message, by the field's
// name.
type Former interface {
	Form() Form
}

// Form lists what an administrator fills in to connect an account.
type Form struct {
	// Fields are the account's settings and secrets, in the order to ask for them.
	Fields []Field
	// Channels are those that a sender of the account may be of.
	Channels []chat.Channel
	// Ref is a sender's own id at the provider. Its Name is "ref".
	Ref Field
}

// Field is one value of an account.
type Field struct {
	// Name is the key in Account.Settings, or in Account.Secrets.
	Name string
	// Secret: the value is sealed, and never shown again.
	Secret bool
	// Required: there is no account without it.
	Required bool
	// Ours: we choose the value and tell the provider; one is made up when none is given.
	Ours bool
	// Pattern is what a value looks like; nil means any text.
	Pattern *regexp.Regexp
	// Switch: the value is "true" or empty, and shown as a switch.
	Switch bool
	// Label is the field's name for people, such as "Access key".
	Label string
	// Help says what the value is and where the provider shows it, in a clause that
	// goes on after the field's name and a colon.
	Help string
}

// RateSetting is a setting that an account of any provider can have: how many calls a
// minute it takes, where that is not what the adapter's Capabilities say.
const RateSetting = "rate_per_minute"

// FormOf is an adapter's form with what every account can have.
func FormOf(former Former) Form {
	form := former.Form()
	form.Fields = append(slices.Clone(form.Fields), Field{
		Name: RateSetting, Label: "Messages a minute", Pattern: ratePattern,
		Help: "how many messages a minute the account may send; none means what the provider allows",
	})
	return form
}

var ratePattern = regexp.MustCompile(`^[1-9][0-9]{0,5}$`)
