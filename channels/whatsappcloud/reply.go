package whatsappcloud

import (
	"strings"

	"converse/channels/jsonstrict"
	"converse/internal/chat"
)

// reaction is an emoji on one of the messages; without one it is taken back.
type reaction struct {
	MessageID jsonstrict.Text `json:"message_id"`
	Emoji     string          `json:"emoji"`
}

func (r reaction) content() content {
	text := r.Emoji
	if text == "" {
		text = "Removed a reaction."
	}
	return content{kind: chat.KindReaction, text: text, replyTo: string(r.MessageID)}
}

// button is a tap on a quick reply of a template.
type button struct {
	Text string `json:"text"`
}

// interactive is a tap on a button or a list of ours, or a filled-in form.
type interactive struct {
	Type        string `json:"type"`
	ButtonReply struct {
		Title string `json:"title"`
	} `json:"button_reply"`
	ListReply struct {
		Title string `json:"title"`
	} `json:"list_reply"`
	FormReply struct {
		Body         string `json:"body"`
		ResponseJSON string `json:"response_json"`
	} `json:"nfm_reply"`
}

func (i interactive) content() content {
	switch i.Type {
	case "button_reply":
		return orEmpty(chat.KindButton, i.ButtonReply.Title)
	case "list_reply":
		return orEmpty(chat.KindButton, i.ListReply.Title)
	case "nfm_reply":
		return content{kind: chat.KindText, text: formText(i.FormReply.Body, i.FormReply.ResponseJSON)}
	}
	return placeholder("The lead answered in a way that cannot be shown here.")
}

// formText lists the answers of a WhatsApp Flow in the order of the form. The
// answers come as JSON in a string (Meta, "Flows, Receiving flow response").
func formText(body, response string) string {
	const title = "The lead filled in a form."
	if answers := formAnswers(response); len(answers) > 0 {
		return title + "\n" + strings.Join(answers, "\n")
	}
	return joined("\n", title, body)
}

func formAnswers(response string) []string {
	fields, err := jsonstrict.Fields([]byte(response))
	if err != nil {
		return nil
	}
	var lines []string
	for _, field := range fields {
		// flow_token is our own key of the form, not an answer.
		if field.Name != "flow_token" {
			lines = append(lines, field.Name+": "+field.Value)
		}
	}
	return lines
}

// order is a filled shopping cart (Meta, "order messages webhook reference").
type order struct {
	Note  string                    `json:"text"`
	Items jsonstrict.List[cartItem] `json:"product_items"`
}

type cartItem struct {
	Product  jsonstrict.Text `json:"product_retailer_id"`
	Quantity jsonstrict.Text `json:"quantity"`
	Price    jsonstrict.Text `json:"item_price"`
	Currency string          `json:"currency"`
}

func (i cartItem) text() string {
	text := joined(" × ", string(i.Quantity), string(i.Product))
	if i.Price != "" {
		text += " at " + joined(" ", string(i.Price), i.Currency)
	}
	return text
}

func (o order) text() string {
	items := shown(o.Items, cartItem.text)
	return joined("\n", "The lead sent an order: "+strings.Join(items, ", "), o.Note)
}
