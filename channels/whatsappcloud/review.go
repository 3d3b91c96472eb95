package whatsappcloud

import (
	"errors"
	"strings"

	"converse/channels"
	"converse/channels/answer"
	"converse/channels/jsonstrict"
)

// The fields of webhooks about templates.
const (
	fieldTemplateStatus     = "message_template_status_update"
	fieldTemplateQuality    = "message_template_quality_update"
	fieldTemplateComponents = "message_template_components_update"
	fieldTemplateCategory   = "template_category_update"
)

// templateNews is a change of a template (Meta, the webhook references of the four
// fields). Each field has some of the values.
type templateNews struct {
	ID       jsonstrict.Text `json:"message_template_id"`
	Name     string          `json:"message_template_name"`
	Language string          `json:"message_template_language"`

	Event    string          `json:"event"`
	Reason   jsonstrict.Text `json:"reason"`
	Category string          `json:"message_template_category"`
	Rejected struct {
		Reason         string `json:"reason"`
		Recommendation string `json:"recommendation"`
	} `json:"rejection_info"`
	Other struct {
		Description string `json:"description"`
	} `json:"other_info"`

	Quality string `json:"new_quality_score"`

	// Correct is the category that the template will have soon; New is then the present
	// one, and else the one it has just got.
	Correct string `json:"correct_category"`
	New     string `json:"new_category"`
}

func (p *parser) template(where, field string, v templateNews) {
	if v.ID == "" && v.Name == "" {
		p.malformed(where, errors.New("it does not say which template"))
		return
	}
	review := channels.TemplateReview{Ref: string(v.ID), Name: v.Name, Language: language(v.Language)}
	switch {
	// Meta's own example of the quality update names the field of the status update.
	case v.Quality != "":
		if review.Quality = quality(v.Quality); review.Quality == "" {
			p.ignore("A template has no quality yet.")
			return
		}
	case field == fieldTemplateComponents:
		p.notice(channels.Notice{
			Kind: field, Level: channels.NoticeInfo, Text: "The template " + p.named(v) + " was changed in WhatsApp Manager.",
			Next: "Fetch the templates again before you send it.",
		})
		return
	case field == fieldTemplateCategory && v.Correct != "":
		p.notice(channels.Notice{
			Kind: field, Level: channels.NoticeWarning,
			Text: "WhatsApp will move the template " + p.named(v) + " to the category " + orUnknown(category(v.Correct)) + " within a day.",
			Next: "Ask for a review in WhatsApp Manager if that is wrong.",
		})
		return
	case field == fieldTemplateCategory:
		if review.Category = category(v.New); review.Category == "" {
			p.ignore("A template's category that is not followed.")
			return
		}
	default:
		status, followed := states[v.Event]
		if !followed {
			p.ignore("A template's state that is not followed: %s.", orUnknown(category(v.Event)))
			return
		}
		review.Status, review.Category = status, category(v.Category)
		if v.Event == "FLAGGED" {
			review.Quality = "low"
		}
		if status != channels.TemplateApproved || v.Event == "FLAGGED" {
			review.Reason = answer.Words(v.why(), p.Secrets)
		}
	}
	p.events = append(p.events, channels.TemplateChanged{TemplateReview: review, At: p.at})
}

// named is a template's name and language, as Meta has them.
func (p *parser) named(v templateNews) string {
	if v.Language == "" {
		return answer.Words(v.Name, p.Secrets)
	}
	return answer.Words(v.Name+" ("+language(v.Language)+")", p.Secrets)
}

// why is the reason of a state: Meta's sentence where it wrote one, else its word. A
// template holds nothing of a lead, nor does what Meta says of it.
func (v templateNews) why() string {
	if said := joined(" ", v.Rejected.Reason, v.Rejected.Recommendation); said != "" {
		return said
	}
	if v.Other.Description != "" {
		return v.Other.Description
	}
	return reasonWord(string(v.Reason), v.Event)
}

// reasonWord puts Meta's word for a reason into a sentence; the event speaks where there
// is none.
func reasonWord(reason, event string) string {
	switch reason {
	case "", "NONE", "null":
		if event == "FLAGGED" {
			return "People reacted badly to it. It is disabled if that goes on."
		}
		return ""
	case "ABUSIVE_CONTENT", "SCAM", "PROMOTIONAL":
		return "Its content breaks WhatsApp's policies (" + category(reason) + ")."
	case "INCORRECT_CATEGORY", "TAG_CONTENT_MISMATCH":
		return "Its content does not fit its category."
	case "INVALID_FORMAT":
		return "Its format is not allowed: look at the variables and their examples."
	}
	return sentence(category(reason))
}

// states are where a template stands (Meta, "Template status"). One that is flagged, or
// was reinstated, can be sent. LOCKED only forbids editing and is not among them.
var states = map[string]channels.TemplateStatus{
	"APPROVED": channels.TemplateApproved, "REINSTATED": channels.TemplateApproved, "FLAGGED": channels.TemplateApproved,
	"PENDING": channels.TemplatePending, "IN_APPEAL": channels.TemplatePending,
	"REJECTED": channels.TemplateRejected, "LIMIT_EXCEEDED": channels.TemplateRejected,
	"PAUSED":   channels.TemplatePaused,
	"DISABLED": channels.TemplateDisabled, "ARCHIVED": channels.TemplateDisabled,
	"DELETED": channels.TemplateDeleted, "PENDING_DELETION": channels.TemplateDeleted,
}

// language writes a template's language as calls do: webhooks have en-US for en_US.
func language(code string) string { return strings.ReplaceAll(code, "-", "_") }

// category reads a word of Meta's such as MARKETING, or "" of anything that is none.
func category(word string) string { return plainWord(strings.ToLower(word)) }

// quality reads Meta's colours; "" is one that is not known yet.
func quality(colour string) string {
	switch colour {
	case "GREEN":
		return "high"
	case "YELLOW":
		return "medium"
	case "RED":
		return "low"
	}
	return ""
}

// sentence makes words a sentence.
func sentence(words string) string {
	if words == "" {
		return ""
	}
	return strings.ToUpper(words[:1]) + words[1:] + "."
}
