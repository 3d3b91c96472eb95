package gupshup

import (
	"strings"

	"converse/channels"
	"converse/channels/answer"
	"converse/channels/jsonstrict"
)

// templateEvent is the payload of a template-event (partner-docs.gupshup.io, "System
// events").
type templateEvent struct {
	Type        string          `json:"type"`
	ID          jsonstrict.Text `json:"id"`
	Name        string          `json:"elementName"`
	Language    string          `json:"languageCode"`
	Status      string          `json:"status"`
	Reason      string          `json:"rejectedReason"`
	Description string          `json:"description"`
	Category    struct {
		Correct string `json:"correct"`
		New     string `json:"new"`
	} `json:"category"`
}

// states are where a template stands. One that is not known cannot be sent.
var states = map[string]channels.TemplateStatus{
	"approved": channels.TemplateApproved, "rejected": channels.TemplateRejected, "failed": channels.TemplateRejected,
	"paused": channels.TemplatePaused, "disabled": channels.TemplateDisabled, "deleted": channels.TemplateDeleted,
}

func stateOf(status string) channels.TemplateStatus {
	if state, ok := states[strings.ToLower(status)]; ok {
		return state
	}
	return channels.TemplatePending
}

func (c callback) template(e envelope[templateEvent]) []channels.Event {
	said := e.Payload.Value
	if said.ID == "" && said.Name == "" {
		return malformed("it does not say which template")
	}
	review := channels.TemplateReview{Ref: string(said.ID), Name: said.Name, Language: said.Language}
	switch said.Type {
	case "status-update":
		review.Status = stateOf(said.Status)
		if review.Status != channels.TemplateApproved {
			review.Reason = answer.Words(oneOf(said.Reason, said.Description), Adapter{}.Secrets(c.account))
		}
	case "category-update":
		if said.Category.New == "" {
			return []channels.Event{channels.Notice{
				Kind: "category-update", Level: channels.NoticeWarning, At: when(e.Timestamp),
				Text: "WhatsApp finds a template in the wrong category, and will move it to " + oneOf(plain(said.Category.Correct), "another one") + ".",
				Next: "Ask for a review in WhatsApp Manager if that is wrong.",
			}}
		}
		review.Category = strings.ToLower(plain(said.Category.New))
	case "quality-update":
		review.Quality = qualityOf(said.Status)
		if review.Quality == "" {
			return ignored("A template has no quality yet.")
		}
	default:
		return ignored("News of a template that is not followed: " + oneOf(plain(said.Type), "unknown") + ".")
	}
	return []channels.Event{channels.TemplateChanged{TemplateReview: review, At: when(e.Timestamp)}}
}

// qualityOf reads "High Quality" and the like, and Meta's colours.
func qualityOf(text string) string {
	word, _, _ := strings.Cut(strings.ToLower(text), " ")
	switch word {
	case "high", "green":
		return "high"
	case "medium", "yellow":
		return "medium"
	case "low", "red":
		return "low"
	}
	return ""
}
