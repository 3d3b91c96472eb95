package fault

import (
	"maps"
	"slices"
	"strings"
)

// Kind is a way for a provider to misbehave.
type Kind string

// Faults of the webhooks a provider posts.
const (
	// Delay holds a webhook back.
	Delay Kind = "delay"
	// Duplicate posts a webhook twice, at the same time.
	Duplicate Kind = "duplicate"
	// Reorder holds a webhook back for a random time, so that later ones overtake it.
	Reorder Kind = "reorder"
	// DropReceipts posts no receipt at all.
	DropReceipts Kind = "drop_receipts"
	// RetryWebhooks makes a provider that tries a webhook only once try it again
	// when it was not taken.
	RetryWebhooks Kind = "retry_webhooks"
)

// Faults of the answers to send calls. At most one of them happens to a call.
const (
	// EarlyReceipt posts the first receipt and waits for the hub to take it before
	// it answers the send call. The message is taken.
	EarlyReceipt Kind = "early_receipt"
	// Hang takes the message and never answers.
	Hang Kind = "hang"
	// Slow takes the message and answers a byte at a time.
	Slow Kind = "slow"
	// Cut takes the message and closes in the middle of the answer.
	Cut Kind = "cut"
	// Reset takes the message and closes the connection without an answer.
	Reset Kind = "reset"
	// ServerErrorAccepted takes the message and answers 5xx.
	ServerErrorAccepted Kind = "server_error_accepted"
	// NoID takes the message and answers without its id.
	NoID Kind = "no_id"
	// WithID answers with an id where the provider usually gives none.
	WithID Kind = "with_id"
	// NotRegistered takes the message and reports later that the number cannot be reached.
	NotRegistered Kind = "not_registered"
	// Throttle answers 429, with Retry-After when a delay is set. Not taken.
	Throttle Kind = "throttle"
	// ServerError answers 5xx. Not taken.
	ServerError Kind = "server_error"
	// BadCredentials answers that the keys are wrong. Not taken.
	BadCredentials Kind = "bad_credentials"
	// Redirect answers 3xx. Not taken.
	Redirect Kind = "redirect"
	// HTML answers 200 with an HTML page. Not taken.
	HTML Kind = "html"
	// WindowError refuses a message outside the service window at once instead of
	// reporting its failure later. Not taken.
	WindowError Kind = "window_error"
)

// Faults of the files that leads send, met when the hub fetches one.
const (
	// FileError answers 5xx in place of a file.
	FileError Kind = "file_error"
	// FileGone answers that there is no such file.
	FileGone Kind = "file_gone"
	// FileStale answers that the address of a file has run out. Where the provider gives
	// addresses, it goes on giving them.
	FileStale Kind = "file_stale"
)

// abouts says what each kind does, for people.
var abouts = map[Kind]string{ //nolint:gosec // words, not keys
	Delay:               "A webhook is held back; delayMs, 2 s by default.",
	Duplicate:           "A webhook is posted twice, at the same time.",
	Reorder:             "A webhook is held back for a random time up to delayMs, so that later ones overtake it.",
	DropReceipts:        "No receipt is posted.",
	RetryWebhooks:       "A provider that tries a webhook only once tries it again when it was not taken.",
	EarlyReceipt:        "The first receipt is posted before the send call is answered; delayMs after the hub took it.",
	Hang:                "The message is taken and the call never answered.",
	Slow:                "The message is taken and the call answered a byte at a time, for delayMs, 10 s by default.",
	Cut:                 "The message is taken and the connection closed in the middle of the answer.",
	Reset:               "The message is taken and the connection closed without an answer.",
	ServerErrorAccepted: "The message is taken and the answer is a server error; status, 500 by default.",
	NoID:                "The message is taken and the answer lacks its id.",
	WithID:              "The answer has an id where the provider usually gives none.",
	NotRegistered:       "The message is taken and later reported as undeliverable.",
	Throttle:            "429, not taken; Retry-After is delayMs.",
	ServerError:         "A server error, not taken; status, 500 by default.",
	BadCredentials:      "401, not taken.",
	Redirect:            "A redirect, not taken; status, 307 by default.",
	HTML:                "200 with an HTML page, not taken.",
	FileError:           "A server error in place of a lead's file; status, 500 by default.",
	FileGone:            "A lead's file is not there any more.",
	FileStale:           "The address of a lead's file has run out.",
	WindowError:         "A message outside the service window is refused at once instead of reported as failed later.",
}

// aliases are what people call some of the kinds.
var aliases = map[string]Kind{
	"429": Throttle, "throttled": Throttle, "5xx": ServerError, "500": ServerError, "503": ServerError,
	"accept_then_hang": Hang, "drop": DropReceipts, "401": BadCredentials,
}

// UnmarshalText reads a kind as people write it: with dashes or spaces, in any case,
// or by what it is also called. Whether there is such a kind is for Set.Put to say.
func (k *Kind) UnmarshalText(text []byte) error {
	name := strings.NewReplacer("-", "_", " ", "_").Replace(strings.ToLower(strings.TrimSpace(string(text))))
	if known, ok := aliases[name]; ok {
		*k = known
	} else {
		*k = Kind(name)
	}
	return nil
}

// About says what happens, in a sentence.
func (k Kind) About() string { return abouts[k] }

// answers are the faults of answers, in the order in which they are tried.
func answers() []Kind {
	return []Kind{
		BadCredentials, Throttle, ServerError, Redirect, HTML,
		Hang, Reset, Cut, ServerErrorAccepted, Slow, EarlyReceipt, NoID, WithID, NotRegistered,
	}
}

// files are the faults of a lead's file, in the order in which they are tried. Only when
// the bytes are asked for can their address have run out.
func files(bytes bool) []Kind {
	if bytes {
		return []Kind{FileGone, FileStale, FileError}
	}
	return []Kind{FileGone, FileError}
}

// Kinds lists every kind there is, in order of name.
func Kinds() []Kind {
	return slices.Sorted(maps.Keys(abouts))
}

// takes reports whether a message is taken although its answer goes wrong.
func (k Kind) takes() bool {
	switch k {
	case Hang, Reset, Cut, ServerErrorAccepted, Slow, EarlyReceipt, NoID, WithID, NotRegistered:
		return true
	default:
		return false
	}
}
