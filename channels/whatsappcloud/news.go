package whatsappcloud

import (
	"strings"

	"converse/channels"
	"converse/channels/answer"
	"converse/channels/jsonstrict"
)

// accountNews is a change of the account or of one of its numbers (Meta, the webhook
// references of the fields in notices). Each field has some of the values.
type accountNews struct {
	Display jsonstrict.Text `json:"display_phone_number"`
	Event   jsonstrict.Text `json:"event"`

	// Of phone_number_quality_update and business_capability_update. Which of them is
	// there depends on the version.
	CurrentLimit jsonstrict.Text `json:"current_limit"`
	DailyTotal   jsonstrict.Text `json:"max_daily_conversations_per_business"`
	DailyNumber  jsonstrict.Text `json:"max_daily_conversation_per_phone"`

	// Of phone_number_name_update and account_review_update.
	Decision jsonstrict.Text `json:"decision"`
	Rejected jsonstrict.Text `json:"rejection_reason"`

	// Of account_update.
	Ban struct {
		State jsonstrict.Text `json:"waba_ban_state"`
	} `json:"ban_info"`
	Violation struct {
		Type jsonstrict.Text `json:"violation_type"`
	} `json:"violation_info"`
	Restrictions jsonstrict.List[restriction] `json:"restriction_info"`

	// Of account_alerts.
	EntityType jsonstrict.Text `json:"entity_type"`
	EntityID   jsonstrict.Text `json:"entity_id"`
	Alert      alert           `json:"alert_info"`
	// The alert stands beside the entity in older versions.
	alert
}

type alert struct {
	Severity jsonstrict.Text `json:"alert_severity"`
	Type     jsonstrict.Text `json:"alert_type"`
}

type restriction struct {
	Type jsonstrict.Text `json:"restriction_type"`
}

// notices says of each field about the account what an administrator should know. None
// repeats a sentence of Meta's.
var notices = map[string]func(accountNews) channels.Notice{
	"phone_number_quality_update": accountNews.quality,
	"phone_number_name_update":    accountNews.name,
	"business_capability_update":  accountNews.capability,
	"account_update":              accountNews.update,
	"account_review_update":       accountNews.review,
	"account_alerts":              accountNews.alerted,
	"security":                    accountNews.security,
}

func (p *parser) news(field string, v accountNews) {
	n := notices[field](v)
	n.Kind = field
	ref := ""
	if v.EntityType == "PHONE_NUMBER" {
		ref = string(v.EntityID)
	}
	if number := phone(v.Display); ref != "" || number != "" {
		sender, ok := p.Sender(ref, number)
		if !ok {
			p.ignore("It is about a number that is not one of the connector's.")
			return
		}
		n.Sender = sender.ID
	}
	p.notice(n)
}

func (p *parser) notice(n channels.Notice) {
	n.At = p.at
	p.events = append(p.events, n)
}

// trouble tells of a problem of the account that came among messages.
func (p *parser) trouble(e graphError) {
	n := channels.Notice{Kind: "errors", Level: channels.NoticeWarning}
	text, next, ok := Adapter{}.Explain(e.code())
	if n.Text, n.Next = text, next; !ok {
		n.Text = "WhatsApp reports a problem of the account, code " + orUnknown(plainWord(answer.Words(string(e.Code), p.Secrets))) + "."
	}
	p.notice(n)
}

// info, warning and stop make notices.
func info(text string) channels.Notice {
	return channels.Notice{Level: channels.NoticeInfo, Text: text}
}

func warning(text, next string) channels.Notice {
	return channels.Notice{Level: channels.NoticeWarning, Text: text, Next: next}
}

func stop(text, next string) channels.Notice {
	return channels.Notice{Level: channels.NoticeStop, Text: text, Next: next}
}

const (
	seeManager = "See what WhatsApp Manager asks for."
	sendLess   = "Send fewer messages that people did not ask for."
)

// word makes a value of Meta's readable.
func word(value jsonstrict.Text) string { return orUnknown(category(string(value))) }

// tier is how many people may be written to in a day, in words.
func tier(values ...jsonstrict.Text) string {
	for _, value := range values {
		switch limit := strings.TrimPrefix(string(value), "TIER_"); limit {
		case "", "NOT_SET":
		case "UNLIMITED", "-1":
			return "any number of people"
		default:
			if plain := category(limit); plain != "" {
				return strings.ToUpper(plain) + " people"
			}
		}
	}
	return ""
}

// quality is about a number's quality and how much it may send.
func (v accountNews) quality() channels.Notice {
	most := tier(v.DailyTotal, v.CurrentLimit)
	if most != "" {
		most = " It may now start conversations with " + most + " in a day."
	}
	switch v.Event {
	case "FLAGGED":
		return warning("WhatsApp flagged the number because people block or report its messages."+most, sendLess)
	case "UNFLAGGED":
		return info("WhatsApp no longer flags the number." + most)
	case "DOWNGRADE":
		return warning("WhatsApp lowered how many people the number may write to."+most, sendLess)
	case "UPGRADE":
		return info("WhatsApp raised how many people the number may write to." + most)
	case "THROUGHPUT_UPGRADE":
		return info("WhatsApp raised how fast the number may send.")
	case "ONBOARDING":
		return info("The number is being registered at WhatsApp." + most)
	}
	return info("WhatsApp changed the number's quality or limit: " + word(v.Event) + "." + most)
}

// name is about a number's display name.
func (v accountNews) name() channels.Notice {
	switch v.Decision {
	case "APPROVED":
		return info("WhatsApp approved the number's display name.")
	case "REJECTED":
		return warning("WhatsApp refused the number's display name: "+word(v.Rejected)+".", "Choose another display name in WhatsApp Manager.")
	}
	return info("WhatsApp has not decided on the number's display name yet: " + word(v.Decision) + ".")
}

// capability is about what the whole business may do.
func (v accountNews) capability() channels.Notice {
	if most := tier(v.DailyTotal, v.DailyNumber); most != "" {
		return info("The business may now start conversations with " + most + " in a day.")
	}
	return info("WhatsApp changed how many numbers the business may have.")
}

// security is about a number's PIN.
func (v accountNews) security() channels.Notice {
	const next = "If nobody of yours did that, change the PIN and look at who has access in WhatsApp Manager."
	switch v.Event {
	case "PIN_CHANGED":
		return warning("Somebody changed the number's PIN in WhatsApp Manager.", next)
	case "PIN_RESET_REQUEST":
		return warning("Somebody asked to turn off the number's two-step verification.", next)
	case "PIN_REQUEST_SUCCESS", "PIN_RESET_SUCCESS":
		return warning("The number's two-step verification was turned off.", "Set a new PIN in WhatsApp Manager.")
	}
	return warning("Something changed in the number's security at WhatsApp: "+word(v.Event)+".", next)
}
