package whatsappcloud

import (
	"strconv"
	"strings"
)

// request is the body of POST /{number}/messages. Every object is a pointer, so
// that a missing one can be told from an empty one.
type request struct {
	Product       string       `json:"messaging_product"`
	RecipientType string       `json:"recipient_type"`
	To            string       `json:"to"`
	Recipient     string       `json:"recipient"`
	Type          string       `json:"type"`
	Opaque        string       `json:"biz_opaque_callback_data"`
	Context       *contextPart `json:"context"`

	Text        *textPart        `json:"text"`
	Image       *mediaPart       `json:"image"`
	Video       *mediaPart       `json:"video"`
	Audio       *mediaPart       `json:"audio"`
	Document    *mediaPart       `json:"document"`
	Sticker     *mediaPart       `json:"sticker"`
	Location    *locationPart    `json:"location"`
	Contacts    []contactPart    `json:"contacts"`
	Reaction    *reactionPart    `json:"reaction"`
	Interactive *interactivePart `json:"interactive"`
	Template    *templatePart    `json:"template"`

	// Status, MessageID and Typing mark a message as read instead of sending one.
	Status    string      `json:"status"`
	MessageID string      `json:"message_id"`
	Typing    *typingPart `json:"typing_indicator"`
}

type (
	contextPart struct {
		MessageID string `json:"message_id"`
	}
	textPart struct {
		Body string `json:"body"`
	}
	mediaPart struct {
		ID       string `json:"id"`
		Link     string `json:"link"`
		Caption  string `json:"caption"`
		Filename string `json:"filename"`
		Voice    bool   `json:"voice"`
	}
	locationPart struct {
		Latitude  *degrees `json:"latitude"`
		Longitude *degrees `json:"longitude"`
		Name      string   `json:"name"`
		Address   string   `json:"address"`
	}
	contactPart struct {
		Name struct {
			Formatted string `json:"formatted_name"`
		} `json:"name"`
		Phones []struct {
			Phone string `json:"phone"`
		} `json:"phones"`
	}
	reactionPart struct {
		MessageID string `json:"message_id"`
		Emoji     string `json:"emoji"`
	}
	typingPart struct {
		Type string `json:"type"`
	}
	interactivePart struct {
		Type   string `json:"type"`
		Header *struct {
			Type string `json:"type"`
			Text string `json:"text"`
		} `json:"header"`
		Body   *labelPart `json:"body"`
		Footer *labelPart `json:"footer"`
		Action *struct {
			Buttons []struct {
				Type  string    `json:"type"`
				Reply replyPart `json:"reply"`
			} `json:"buttons"`
			Button   string `json:"button"`
			Sections []struct {
				Title string      `json:"title"`
				Rows  []replyPart `json:"rows"`
			} `json:"sections"`
			Parameters struct {
				DisplayText string `json:"display_text"`
				URL         string `json:"url"`
			} `json:"parameters"`
		} `json:"action"`
	}
	labelPart struct {
		Text string `json:"text"`
	}
	replyPart struct {
		ID          string `json:"id"`
		Title       string `json:"title"`
		Description string `json:"description"`
	}
	templatePart struct {
		Name     string `json:"name"`
		Language *struct {
			Code string `json:"code"`
		} `json:"language"`
		Components []componentPart `json:"components"`
	}
	componentPart struct {
		Type       string          `json:"type"`
		SubType    string          `json:"sub_type"`
		Index      any             `json:"index"` // documented as a string, taken as a number too
		Parameters []parameterPart `json:"parameters"`
	}
	parameterPart struct {
		Type    string `json:"type"`
		Name    string `json:"parameter_name"`
		Text    string `json:"text"`
		Payload string `json:"payload"`
		Code    string `json:"coupon_code"`

		Image    *mediaPart `json:"image"`
		Video    *mediaPart `json:"video"`
		Document *mediaPart `json:"document"`

		Location *locationPart `json:"location"`
	}
)

// degrees are documented as a text, and taken as a number too.
type degrees float64

// UnmarshalJSON reads a number, or a text that holds one.
func (d *degrees) UnmarshalJSON(data []byte) error {
	value, err := strconv.ParseFloat(strings.Trim(string(data), `"`), 64)
	*d = degrees(value)
	return err
}

// file is the parameter's file, nil for one without.
func (p parameterPart) file() *mediaPart {
	switch p.Type {
	case "image":
		return p.Image
	case "video":
		return p.Video
	case "document":
		return p.Document
	}
	return nil
}
