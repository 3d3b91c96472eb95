package account

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"unicode/utf8"

	"converse/channels"
	"converse/internal/chat"
	"converse/internal/store"
)

// mostSenders is how many numbers one connector may have.
const mostSenders = 100

// check says what is wrong with a connector before it is stored, by the field's name.
func (b *Book) check(ctx context.Context, n New) error {
	adapter, ok := b.adapters[channels.Kind(n.Provider)]
	if !ok {
		return chat.Invalidf("provider", "there is no provider %q", n.Provider)
	}
	if length := utf8.RuneCountInString(n.Name); length < 1 || length > 100 {
		return chat.Invalidf("name", "is required: what users see, up to 100 characters")
	}
	if err := checkBaseURL(n.BaseURL); err != nil {
		return err
	}
	former, ok := adapter.(channels.Former)
	if !ok {
		return nil
	}
	form := channels.FormOf(former)
	if err := checkFields(form, n); err != nil {
		return err
	}
	if err := checkSenders(form, n.Senders); err != nil {
		return err
	}
	return b.checkTaken(ctx, n)
}

// checkTaken refuses a number that another connector of the org sends from: what leads
// write to it would belong to both.
func (b *Book) checkTaken(ctx context.Context, n New) error {
	others, err := b.store.Connectors(ctx, n.Org)
	if err != nil {
		return err
	}
	for _, other := range others {
		for i, s := range n.Senders {
			taken := func(o store.ConnectorSender) bool { return o.Channel == s.Channel && o.Address == s.Address }
			if other.ID != n.ID && other.Provider == n.Provider && slices.ContainsFunc(other.Senders, taken) {
				return chat.Invalidf(senderAt(i)+"address", "is a number of the connector %q already", other.Name)
			}
		}
	}
	return nil
}

func senderAt(i int) string { return "senders[" + strconv.Itoa(i) + "]." }

func checkBaseURL(text string) error {
	if text == "" {
		return nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return chat.Invalidf("base_url", "must be http:// or https:// and a host; none means the provider's public address")
	}
	return nil
}

func checkFields(form channels.Form, n New) error {
	known := map[string]bool{}
	for _, f := range form.Fields {
		path, value := "settings."+f.Name, n.Settings[f.Name]
		if f.Secret {
			path, value = "secrets."+f.Name, n.Secrets[f.Name]
		}
		known[path] = true
		if err := checkField(path, f, value); err != nil {
			return err
		}
	}
	for _, given := range []struct {
		prefix string
		values map[string]string
	}{{"settings.", n.Settings}, {"secrets.", n.Secrets}} {
		for _, name := range slices.Sorted(maps.Keys(given.values)) {
			if !known[given.prefix+name] {
				return chat.Invalidf(given.prefix+name, "is not known to %s", n.Provider)
			}
		}
	}
	return nil
}

// checkField never repeats the value: it may be a secret that stands in a wrong place.
func checkField(path string, f channels.Field, value string) error {
	const longest = 4096
	switch {
	case value == "" && f.Required:
		return chat.Invalidf(path, "is required: %s", f.Help)
	case value == "":
		return nil
	case len(value) > longest:
		return chat.Invalidf(path, "must have at most %d bytes", longest)
	case f.Pattern != nil && !f.Pattern.MatchString(value):
		return chat.Invalidf(path, "does not look right: %s", f.Help)
	}
	return nil
}

func checkSenders(form channels.Form, senders []store.ConnectorSender) error {
	if len(senders) < 1 || len(senders) > mostSenders {
		return chat.Invalidf("senders", "must list 1 to %d numbers", mostSenders)
	}
	type number struct {
		channel chat.Channel
		address string
	}
	seen := map[number]bool{}
	for i, s := range senders {
		at := senderAt(i)
		switch {
		case !slices.Contains(form.Channels, s.Channel):
			return chat.Invalidf(at+"channel", "must be one of %v", form.Channels)
		case !channels.IsPhone(s.Address):
			return chat.Invalidf(at+"address", "must be the whole number with + and country code, such as +12025550100")
		case seen[number{s.Channel, s.Address}]:
			return chat.Invalidf(at+"address", "is listed twice")
		case utf8.RuneCountInString(s.Label) > 100:
			return chat.Invalidf(at+"label", "must have at most 100 characters")
		}
		if err := checkField(at+form.Ref.Name, form.Ref, s.Ref); err != nil {
			return err
		}
		seen[number{s.Channel, s.Address}] = true
	}
	return nil
}
