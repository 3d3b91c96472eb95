package chat

import (
	"slices"
	"strings"
	"unicode"
)

// Stop is something that a lead asked to be spared at one identifier.
type Stop string

// What can be stopped. A Stop of a channel forbids every message over it.
const (
	StopSMS      Stop = "sms"
	StopWhatsApp Stop = "whatsapp"
	// StopMarketing forbids marketing templates over WhatsApp.
	StopMarketing Stop = "whatsapp_marketing"
)

// StopOf is the stop of a whole channel.
func StopOf(channel Channel) Stop {
	if channel == ChannelWhatsApp {
		return StopWhatsApp
	}
	return StopSMS
}

// Wish is what a lead's message says about being written to.
type Wish int

// The wishes.
const (
	// WishNone: nothing that a machine can tell.
	WishNone Wish = iota
	// WishStop: the message is one of the stop words and nothing else.
	WishStop
	// WishStart: the message takes a stop back.
	WishStart
	// WishUnclear: it may ask to stop, among other words. A person is to look.
	WishUnclear
)

// stopWords and startWords are those that carriers and Twilio act on ("Twilio support for
// opt-out keywords (SMS STOP filtering)"). Everything is compared in lower case.
var (
	stopWords  = []string{"stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "opt out", "opt-out"}
	startWords = []string{"start", "yes", "unstop"}
	// signs are words that, inside a longer text, often ask to stop.
	signs = []string{"stop", "stopp", "unsubscribe", "unsub", "optout", "opt-out"}
	// phrases do the same.
	phrases = []string{"opt out", "remove me", "leave me alone", "take me off", "do not text", "don't text", "do not message", "don't message", "do not contact", "don't contact"}
)

// WishOf reads a lead's text. Case, punctuation around it and repeated spaces do not
// count.
func WishOf(text string) Wish {
	if len(text) > longestWish {
		text = text[:longestWish]
	}
	said := strings.Join(strings.FieldsFunc(strings.ToLower(strings.ReplaceAll(text, "’", "'")), unicode.IsSpace), " ")
	alone := strings.TrimFunc(said, isAround)
	switch {
	case slices.Contains(stopWords, alone):
		return WishStop
	case slices.Contains(startWords, alone):
		return WishStart
	}
	for _, phrase := range phrases {
		if strings.Contains(said, phrase) {
			return WishUnclear
		}
	}
	for word := range strings.FieldsSeq(said) {
		if slices.Contains(signs, strings.TrimFunc(word, isAround)) {
			return WishUnclear
		}
	}
	return WishNone
}

// longestWish bounds how much of a text is looked at, in bytes.
const longestWish = 4096

// isAround reports a character that may stand around a word without being part of it.
func isAround(r rune) bool {
	return unicode.IsPunct(r) || unicode.IsSymbol(r) || unicode.IsSpace(r) || r == '\uFE0F' || r == '\u200D' || r == '\u200B'
}
