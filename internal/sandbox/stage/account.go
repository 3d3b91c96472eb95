package stage

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"converse/internal/chat"
)

// Account is one customer's account at a played provider.
type Account struct {
	// Provider is the side that plays it, such as "ctm".
	Provider string `json:"provider"`
	// AccountID is the provider's own id of the account: CTM's account number,
	// RingCentral's extension id, WhatsApp's business account id (WABA), Gupshup's app id.
	AccountID string `json:"accountId"`
	// Name is what the account is called there, where a call must say it: Gupshup's app
	// name. May be empty.
	Name string `json:"name,omitempty"`
	// WebhookURL is where the provider posts what happens. While it is empty
	// nothing is posted.
	WebhookURL string `json:"webhookUrl"`
	// SigningSecret signs the webhooks: CTM's signing secret, WhatsApp's app secret.
	// RingCentral's verification token goes along with them as it is.
	SigningSecret string `json:"signingSecret"`
	// VerifyToken is what a provider with a handshake shows to the hub.
	VerifyToken string      `json:"verifyToken,omitempty"`
	Credentials Credentials `json:"credentials"`
	Senders     []Sender    `json:"senders"`
	Templates   []Template  `json:"templates,omitempty"`
}

// Credentials are what the hub must show. A provider uses those it knows: RingCentral's
// client id and secret are the two keys, its JWT the token.
type Credentials struct {
	AccessToken string `json:"accessToken,omitempty"`
	AccessKey   string `json:"accessKey,omitempty"`
	SecretKey   string `json:"secretKey,omitempty"`
}

// Sender is a number of an account.
type Sender struct {
	// Address is the number in E.164.
	Address string `json:"address"`
	// Ref is the provider's own id of the number: CTM's TPN…, WhatsApp's phone number id.
	Ref string `json:"ref"`
	// Label is the name the lead sees.
	Label string `json:"label,omitempty"`
	// Channel is what the number carries, where the provider has more than one channel;
	// empty means the provider's first.
	Channel chat.Channel `json:"channel,omitempty"`
}

// Template is a message text the provider approved.
type Template struct {
	Name     string `json:"name"`
	Language string `json:"language"`
	Category string `json:"category,omitempty"`
	// Body holds {{1}} or {{name}} for each variable.
	Body   string `json:"body"`
	Footer string `json:"footer,omitempty"`
	// Buttons are the titles of quick replies.
	Buttons []string `json:"buttons,omitempty"`
	// Named: the variables have names instead of positions.
	Named bool `json:"named,omitempty"`
	// Ref is the provider's own id of the template, where it has one; empty: one is made up.
	Ref string `json:"ref,omitempty"`
	// Status is where its provider has it, such as PAUSED; empty means APPROVED.
	Status string `json:"status,omitempty"`
	// Variables are the names in the order of the text. Empty means that they are
	// read from Body.
	Variables []string `json:"variables,omitempty"`
}

// Problem is what is wrong with something that came from outside.
type Problem struct {
	// Field is its JSON name.
	Field string
	Text  string
}

func (p *Problem) Error() string { return p.Field + " " + p.Text }

func problem(field, format string, values ...any) error {
	return &Problem{Field: field, Text: fmt.Sprintf(format, values...)}
}

func (a Account) check() error {
	if a.AccountID == "" {
		return problem("accountId", "is missing")
	}
	if a.WebhookURL != "" {
		address, err := url.Parse(a.WebhookURL)
		if err != nil || address.Host == "" || (address.Scheme != "http" && address.Scheme != "https") {
			return problem("webhookUrl", "must be an http or https address")
		}
	}
	if len(a.Senders) == 0 {
		return problem("senders", "must name at least one number")
	}
	for i, s := range a.Senders {
		if number, ok := E164(s.Address); !ok || number != s.Address {
			return problem(fmt.Sprintf("senders[%d].address", i), "must be a number in E.164 such as +12025550100")
		}
		if s.Ref == "" {
			return problem(fmt.Sprintf("senders[%d].ref", i), "is missing")
		}
	}
	for i, t := range a.Templates {
		if t.Name == "" || t.Language == "" || t.Body == "" {
			return problem(fmt.Sprintf("templates[%d]", i), "must have name, language and body")
		}
	}
	return nil
}

// SenderByRef finds a sender by the provider's own id.
func (a *Account) SenderByRef(ref string) (Sender, bool) {
	return a.sender(func(s Sender) bool { return s.Ref == ref })
}

// SenderByAddress finds a sender by its number.
func (a *Account) SenderByAddress(address string) (Sender, bool) {
	return a.sender(func(s Sender) bool { return s.Address == address })
}

func (a *Account) sender(is func(Sender) bool) (Sender, bool) {
	i := slices.IndexFunc(a.Senders, is)
	if i < 0 {
		return Sender{}, false
	}
	return a.Senders[i], true
}

// Template finds a template by name and language.
func (a *Account) Template(name, language string) (Template, bool) {
	i := slices.IndexFunc(a.Templates, func(t Template) bool { return t.Name == name && t.Language == language })
	if i < 0 {
		return Template{}, false
	}
	return a.Templates[i], true
}

// Names lists the template's variables in the order of the text.
func (t Template) Names() []string {
	if len(t.Variables) > 0 {
		return t.Variables
	}
	var names []string
	rest := t.Body
	for {
		_, after, found := strings.Cut(rest, "{{")
		if !found {
			return names
		}
		name, after, found := strings.Cut(after, "}}")
		if !found {
			return names
		}
		if name = strings.TrimSpace(name); !slices.Contains(names, name) {
			names = append(names, name)
		}
		rest = after
	}
}

// Fill is the text with its variables replaced, as the lead reads it.
func (t Template) Fill(values map[string]string) string {
	pairs := make([]string, 0, 2*len(values))
	for name, value := range values {
		pairs = append(pairs, "{{"+name+"}}", value)
	}
	return strings.NewReplacer(pairs...).Replace(t.Body)
}
