package gupshup

import (
	"strings"

	"converse/channels"
	"converse/channels/answer"
	"converse/channels/jsonstrict"
)

// accountEvent is the payload of an account-event (partner-docs.gupshup.io, "System
// events").
type accountEvent struct {
	Type    string `json:"type"`
	Payload struct {
		Status jsonstrict.Text `json:"status"`
		Event  jsonstrict.Text `json:"event"`
		// Tiers are how many people may be written to in a day.
		CurrentTier jsonstrict.Text `json:"currentTier"`
		NewTier     jsonstrict.Text `json:"newTier"`
	} `json:"payload"`
}

// statuses are what becomes of an account, in words.
var statuses = map[string]channels.Notice{
	"ACCOUNT_VIOLATION":  {Level: channels.NoticeWarning, Text: "WhatsApp says that the account broke a policy.", Next: "See what WhatsApp Manager asks for."},
	"ACCOUNT_RESTRICTED": {Level: channels.NoticeStop, Text: "WhatsApp restricted the account.", Next: "See what WhatsApp Manager asks for."},
	"ACCOUNT_DISABLE":    {Level: channels.NoticeStop, Text: "WhatsApp disabled the account.", Next: "Ask Gupshup for a review."},
	"ACCOUNT_VERIFIED":   {Level: channels.NoticeInfo, Text: "WhatsApp verified the account."},
}

// ofAccount are the events about the account as a whole.
var ofAccount = map[string]bool{"status-event": true, "review-event": true}

func (c callback) accountEvent(e envelope[accountEvent]) []channels.Event {
	said := e.Payload.Value
	notice := c.notice(said)
	if notice.Text == "" {
		return ignored("News of the account that is not shown: " + oneOf(plain(said.Type), "unknown") + ".")
	}
	notice.Kind, notice.At = said.Type, when(e.Timestamp)
	// What becomes of the account is about all it sends, and a stop of it pauses the connector.
	if to, ok := c.sender(e.Phone); ok && !ofAccount[said.Type] {
		notice.Sender = to.ID
	}
	return []channels.Event{notice}
}

func (c callback) notice(said accountEvent) channels.Notice {
	status := c.word(said.Payload.Status)
	switch said.Type {
	case "status-event":
		if known, ok := statuses[string(said.Payload.Status)]; ok {
			return known
		}
		return channels.Notice{Level: channels.NoticeInfo, Text: "The account's status at WhatsApp is now: " + status + "."}
	case "review-event":
		if strings.EqualFold(status, "rejected") {
			return channels.Notice{Level: channels.NoticeStop, Text: "WhatsApp refused the account in its review.", Next: "See what WhatsApp Manager asks for."}
		}
		return channels.Notice{Level: channels.NoticeInfo, Text: "WhatsApp's review of the account ended: " + status + "."}
	case "pndn-event":
		return channels.Notice{Level: channels.NoticeWarning, Text: "WhatsApp did not accept the number's display name: " + status + ".", Next: "Change the name in Gupshup's dashboard."}
	case "tier-event":
		return c.tier(said)
	case "capability-event":
		return channels.Notice{Level: channels.NoticeInfo, Text: "WhatsApp changed how many people the account may write to in a day."}
	}
	return channels.Notice{}
}

func (c callback) tier(said accountEvent) channels.Notice {
	now := strings.TrimPrefix(c.word(oneOf(said.Payload.NewTier, said.Payload.CurrentTier)), "tier ")
	notice := channels.Notice{Level: channels.NoticeInfo, Text: "The number may now write to this many people in a day: " + now + "."}
	switch strings.ToUpper(string(said.Payload.Event)) {
	case "FLAGGED":
		notice.Text = "WhatsApp flagged the number because of its low quality."
	case "UNFLAGGED":
		notice.Text = "WhatsApp no longer flags the number."
		return notice
	case "DOWNGRADE":
	default:
		return notice
	}
	notice.Level, notice.Next = channels.NoticeWarning, "Send fewer messages that people did not ask for."
	return notice
}

// word makes a value of Gupshup's readable.
func (c callback) word(value jsonstrict.Text) string {
	text := answer.Words(string(value), Adapter{}.Secrets(c.account))
	return oneOf(plain(text), text, "unknown")
}
