package whatsappcloud

import (
	"unicode/utf8"

	"converse/internal/sandbox/stage"
)

// Lengths in characters and counts (Meta, "Interactive messages").
const (
	maxButtons     = 3
	maxButtonTitle = 20
	maxButtonID    = 256
	maxRows        = 10
	maxRowTitle    = 24
	maxRowID       = 200
	maxRowText     = 72
	maxLabel       = 60
	maxButtonBody  = 1024
	maxListBody    = 4096
)

func readInteractive(attempt *stage.Attempt, part *interactivePart) *graphError {
	attempt.Kind = KindInteractive
	switch {
	case part == nil || part.Action == nil:
		return errMissing("The parameter interactive['action'] is required.")
	case part.Body == nil || part.Body.Text == "":
		return errMissing("The parameter interactive['body']['text'] is required.")
	}
	attempt.Text = part.Body.Text
	if part.Header != nil {
		attempt.More.Header = part.Header.Text
	}
	if part.Footer != nil {
		attempt.More.Footer = part.Footer.Text
	}
	if utf8.RuneCountInString(attempt.More.Header) > maxLabel || utf8.RuneCountInString(attempt.More.Footer) > maxLabel {
		return errValue("Header and footer must be at most %d characters long.", maxLabel)
	}
	switch part.Type {
	case "button":
		return readButtons(attempt, part)
	case "list":
		return readList(attempt, part)
	case "cta_url":
		attempt.More.Buttons = []stage.Button{{
			Style: stage.URLButton, ID: part.Action.Parameters.URL, Title: part.Action.Parameters.DisplayText,
		}}
		return nil
	case "location_request_message", "flow", "product", "product_list", "catalog_message":
		return nil
	}
	return errParameter("Param interactive['type'] must be one of {BUTTON, LIST, CTA_URL, LOCATION_REQUEST_MESSAGE, "+
		"FLOW, PRODUCT, PRODUCT_LIST, CATALOG_MESSAGE} - got %q.", part.Type)
}

func readButtons(attempt *stage.Attempt, part *interactivePart) *graphError {
	buttons := part.Action.Buttons
	if len(buttons) == 0 || len(buttons) > maxButtons {
		return errValue("A message must have 1 to %d buttons, not %d.", maxButtons, len(buttons))
	}
	if utf8.RuneCountInString(attempt.Text) > maxButtonBody {
		return errValue("Param interactive['body']['text'] must be at most %d characters long.", maxButtonBody)
	}
	seen := map[string]bool{}
	for i, b := range buttons {
		title, id := b.Reply.Title, b.Reply.ID
		switch {
		case b.Type != "reply":
			return errValue("Param buttons[%d]['type'] must be one of {REPLY}.", i)
		case title == "" || utf8.RuneCountInString(title) > maxButtonTitle:
			return errValue("Button title must be 1 to %d characters long, not %q.", maxButtonTitle, title)
		case id == "" || utf8.RuneCountInString(id) > maxButtonID:
			return errValue("Button id must be 1 to %d characters long.", maxButtonID)
		case seen[id] || seen[title]:
			return errValue("Button ids and titles must differ.")
		}
		seen[id], seen[title] = true, true
		attempt.More.Buttons = append(attempt.More.Buttons, stage.Button{Style: stage.ButtonReply, ID: id, Title: title})
	}
	return nil
}

func readList(attempt *stage.Attempt, part *interactivePart) *graphError {
	if title := part.Action.Button; title == "" || utf8.RuneCountInString(title) > maxButtonTitle {
		return errValue("Param action['button'] must be 1 to %d characters long.", maxButtonTitle)
	}
	if utf8.RuneCountInString(attempt.Text) > maxListBody {
		return errValue("Param interactive['body']['text'] must be at most %d characters long.", maxListBody)
	}
	for _, section := range part.Action.Sections {
		for _, row := range section.Rows {
			switch {
			case row.Title == "" || utf8.RuneCountInString(row.Title) > maxRowTitle:
				return errValue("Row title must be 1 to %d characters long, not %q.", maxRowTitle, row.Title)
			case row.ID == "" || utf8.RuneCountInString(row.ID) > maxRowID:
				return errValue("Row id must be 1 to %d characters long.", maxRowID)
			case utf8.RuneCountInString(row.Description) > maxRowText:
				return errValue("Row description must be at most %d characters long.", maxRowText)
			}
			attempt.More.Buttons = append(attempt.More.Buttons, stage.Button{
				Style: stage.ListReply, ID: row.ID, Title: row.Title, Description: row.Description,
			})
		}
	}
	if count := len(attempt.More.Buttons); count == 0 || count > maxRows {
		return errValue("A list must have 1 to %d rows, not %d.", maxRows, count)
	}
	return nil
}
