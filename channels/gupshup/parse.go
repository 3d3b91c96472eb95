package gupshup

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"converse/channels"
	"converse/channels/jsonstrict"
	"converse/channels/whatsappcloud"
	"converse/internal/chat"
)

// envelope is a callback of version 2 (docs.gupshup.io, "What is an inbound message").
type envelope[T any] struct {
	// Phone is our number. Few callbacks have it.
	Phone     jsonstrict.Text       `json:"phone"`
	Timestamp jsonstrict.Text       `json:"timestamp"`
	Payload   jsonstrict.Element[T] `json:"payload"`
}

// Parse reads a callback of version 2 or 3. The empty 200 that it asks for is what
// Gupshup wants to hear within ten seconds.
func (Adapter) Parse(account channels.Account, webhook *channels.Webhook) ([]channels.Event, channels.Reply, error) {
	var head struct {
		Object string `json:"object"`
		Type   string `json:"type"`
	}
	if err := jsonstrict.Unmarshal(webhook.Body, &head); err != nil {
		return nil, channels.Reply{}, fmt.Errorf("read the callback: %w", err)
	}
	if head.Object != "" {
		events, err := relay(account).Parse(webhook)
		return events, channels.Reply{}, err
	}
	if head.Type == "" {
		return nil, channels.Reply{}, errors.New("read the callback: it does not say what it is about")
	}
	events, err := callback{account: account, body: webhook.Body}.read(head.Type)
	if err != nil {
		return nil, channels.Reply{}, fmt.Errorf("read the callback: %w", err)
	}
	return events, channels.Reply{}, nil
}

// callback is one of version 2, which tells of one thing.
type callback struct {
	account channels.Account
	body    []byte
}

func (c callback) read(kind string) ([]channels.Event, error) {
	switch kind {
	case "message":
		return read(c, callback.message)
	case "message-event":
		return read(c, callback.receipt)
	case "user-event":
		return read(c, callback.userEvent)
	case "preference-event":
		return read(c, callback.preference)
	case "template-event":
		return read(c, callback.template)
	case "account-event":
		return read(c, callback.accountEvent)
	case "billing-event":
		return ignored("What a message cost is not followed."), nil
	}
	if word := plain(kind); word != "" {
		return ignored("News of a kind that is not shown: " + word + "."), nil
	}
	return ignored("News of an unknown kind."), nil
}

// read decodes the callback's payload and hands it on with its envelope. A payload that
// does not fit its type is malformed.
func read[T any](c callback, do func(callback, envelope[T]) []channels.Event) ([]channels.Event, error) {
	var e envelope[T]
	if err := jsonstrict.Unmarshal(c.body, &e); err != nil {
		return nil, err
	}
	if e.Payload.Err != nil {
		return malformed(e.Payload.Err.Error()), nil //nolint:nilerr // it is told as an event
	}
	return do(c, e), nil
}

func ignored(why string) []channels.Event   { return []channels.Event{channels.Ignored{Why: why}} }
func malformed(why string) []channels.Event { return []channels.Event{channels.Malformed{Why: why}} }

// plain makes a name of Gupshup's readable, or "" of anything that is no name.
func plain(name string) string {
	return whatsappcloud.PlainWord(strings.ReplaceAll(strings.ToLower(name), "-", "_"))
}

// sender is the number of ours that a callback is about. The phone beside it is not
// documented, so one that is not ours does not count.
func (c callback) sender(phone jsonstrict.Text) (channels.AccountSender, bool) {
	if found, ok := senderOf(c.account, "", whatsappcloud.Phone(phone)); ok {
		return found, true
	}
	return senderOf(c.account, "", "")
}

// party brings together the ids that a person has. One who hides the number has a
// business-scoped id, in a field of its own or in the number's place.
func party(name string, userID jsonstrict.Text, numbers ...jsonstrict.Text) channels.Party {
	who := channels.Party{WhatsApp: string(userID), Name: name}
	for _, number := range numbers {
		phone := whatsappcloud.Phone(number)
		if who.Phone == "" {
			who.Phone = phone
		}
		if phone == "" && who.WhatsApp == "" && userIDPattern.MatchString(string(number)) {
			who.WhatsApp = string(number)
		}
	}
	return who
}

func known(who channels.Party) bool { return who.Phone != "" || who.WhatsApp != "" }

// when reads a time. The envelope counts milliseconds and what is inside it seconds;
// whatever cannot be seconds of this age is milliseconds.
func when(text jsonstrict.Text) time.Time {
	const mostSeconds = 100_000_000_000
	number, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil || number < mostSeconds {
		return text.Time()
	}
	seconds := jsonstrict.Text(strconv.FormatInt(number/1000, 10)).Time()
	if seconds.IsZero() {
		return seconds
	}
	return seconds.Add(time.Duration(number%1000) * time.Millisecond)
}

// first is the first time that is there.
func first(times ...time.Time) time.Time {
	for _, at := range times {
		if !at.IsZero() {
			return at
		}
	}
	return time.Time{}
}

const channel = chat.ChannelWhatsApp
