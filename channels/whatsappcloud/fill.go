package whatsappcloud

import (
	"strconv"

	"converse/channels"
	"converse/internal/chat"
)

// templateObject is a template with its variables filled (Meta, "Send message
// templates").
type templateObject struct {
	Name     string `json:"name"`
	Language struct {
		Code string `json:"code"`
	} `json:"language"`
	Components []filledPart `json:"components,omitempty"`
}

// filledPart fills the variables of the header, the body or one button.
type filledPart struct {
	Type    string `json:"type"`
	SubType string `json:"sub_type,omitempty"`
	// Index is the button's, from "0".
	Index      string      `json:"index,omitempty"`
	Parameters []parameter `json:"parameters"`
}

// parameter is one value; Type names the field that holds it.
type parameter struct {
	Type string `json:"type"`
	Name string `json:"parameter_name,omitempty"`
	Text string `json:"text,omitempty"`
	// Payload comes back when a quick reply is tapped.
	Payload  string      `json:"payload,omitempty"`
	Code     string      `json:"coupon_code,omitempty"`
	Image    *fileObject `json:"image,omitempty"`
	Video    *fileObject `json:"video,omitempty"`
	Document *fileObject `json:"document,omitempty"`
	Location *place      `json:"location,omitempty"`
}

// place is a point on the map; its degrees are texts (Meta, "Location templates").
type place struct {
	Latitude  string `json:"latitude"`
	Longitude string `json:"longitude"`
	Name      string `json:"name"`
	Address   string `json:"address"`
}

// composeTemplate fills a template. A part without a variable is left out.
func composeTemplate(template channels.OutgoingTemplate) (*templateObject, *channels.Error) {
	filled := &templateObject{Name: template.Name}
	filled.Language.Code = template.Language
	if template.Header != nil {
		value, refused := headerValue(*template.Header)
		if refused != nil {
			return nil, refused
		}
		filled.Components = append(filled.Components, filledPart{Type: "header", Parameters: []parameter{value}})
	}
	if len(template.Parameters) > 0 {
		body := filledPart{Type: "body"}
		for _, value := range template.Parameters {
			one := parameter{Type: "text", Text: value.Value}
			if template.Named {
				one.Name = value.Name
			}
			body.Parameters = append(body.Parameters, one)
		}
		filled.Components = append(filled.Components, body)
	}
	for _, button := range template.Buttons {
		value, refused := buttonValue(button)
		if refused != nil {
			return nil, refused
		}
		filled.Components = append(filled.Components, filledPart{
			Type: "button", SubType: button.Kind, Index: strconv.Itoa(button.Index), Parameters: []parameter{value},
		})
	}
	return filled, nil
}

func headerValue(fill channels.TemplateFill) (parameter, *channels.Error) {
	if at := fill.Place; at != nil {
		return parameter{Type: "location", Location: &place{
			Latitude: strconv.FormatFloat(at.Latitude, 'f', -1, 64), Longitude: strconv.FormatFloat(at.Longitude, 'f', -1, 64),
			Name: at.Name, Address: at.Address,
		}}, nil
	}
	if fill.File == nil {
		return parameter{Type: "text", Text: fill.Text}, nil
	}
	if _, refused := ruleOf(*fill.File); refused != nil {
		return parameter{}, refused
	}
	if fill.File.Reference == "" {
		return parameter{}, &channels.Error{Reason: rejected, Text: "The template's file was not uploaded to WhatsApp."}
	}
	object := &fileObject{ID: fill.File.Reference}
	switch fill.File.Kind { //nolint:exhaustive // a header has no other
	case chat.KindImage:
		return parameter{Type: "image", Image: object}, nil
	case chat.KindVideo:
		return parameter{Type: "video", Video: object}, nil
	case chat.KindDocument:
		object.Filename = fill.File.Name
		return parameter{Type: "document", Document: object}, nil
	}
	return parameter{}, &channels.Error{Reason: unsupported, Text: "A template's header is a picture, a film or a document."}
}

func buttonValue(fill channels.ButtonFill) (parameter, *channels.Error) {
	switch fill.Kind {
	case "quick_reply":
		return parameter{Type: "payload", Payload: fill.Value}, nil
	case "url":
		return parameter{Type: "text", Text: fill.Value}, nil
	case "copy_code":
		return parameter{Type: "coupon_code", Code: fill.Value}, nil
	}
	return parameter{}, &channels.Error{Reason: unsupported, Text: "A button of this kind takes no value."}
}
