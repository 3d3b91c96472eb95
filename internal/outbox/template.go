package outbox

import (
	"strings"

	"converse/channels"
	"converse/internal/chat"
	"converse/internal/compose"
	"converse/internal/store"
)

// errGone says that a number's account was taken away.
var errGone = &chat.Error{Code: chat.CodeBlocked, Message: "Not sent: the account of this number was deleted. Send it from another number."}

// fillAround fills what a template has besides its body: header and buttons.
func (o *Outbox) fillAround(n prepared, tpl chat.Template, d Draft) (prepared, error) {
	text := strings.TrimSpace(d.HeaderText)
	takesText, takesFile, takesPlace := false, false, false
	if h := tpl.Header; h != nil {
		takesText = h.Kind == chat.KindText && len(compose.Variables(h.Text)) > 0
		takesFile = h.Kind == chat.KindImage || h.Kind == chat.KindVideo || h.Kind == chat.KindDocument
		takesPlace = h.Kind == chat.KindLocation
	}
	switch {
	case !takesPlace && d.Location != nil:
		return n, chat.Invalidf("headerLocation", "must be empty: the template's header is no place")
	case !takesText && text != "":
		return n, chat.Invalidf("headerText", "must be empty: the template's header takes no text")
	case !takesFile && len(d.Media) > 0:
		return n, chat.Invalidf("mediaIds", "must be empty: the template's header takes no file")
	case takesFile && len(d.Media) != 1:
		return n, chat.Invalidf("mediaIds", "must be one %s: it stands over the template's text", tpl.Header.Kind)
	}
	if takesText {
		value, err := compose.Single("headerText", text)
		if err != nil {
			return n, err
		}
		n.Parameters = append(n.Parameters, store.Parameter{Name: compose.Variables(tpl.Header.Text)[0], Value: value, Place: store.PlaceHeader})
	}
	if takesFile {
		n.headerFile, n.Uploads = tpl.Header.Kind, d.Media
		n.Parameters = append(n.Parameters, store.Parameter{Place: store.PlaceFile})
	}
	if takesPlace {
		at, err := checkPlace(d.Location)
		if err != nil {
			return n, err
		}
		n.Parameters = append(n.Parameters, store.Parameter{Place: store.PlaceMap, At: (*store.PlaceRow)(&at)})
		n.Text = at.Text() + "\n" + n.Text
	}
	return fillButtons(n, tpl, d.Buttons)
}

func fillButtons(n prepared, tpl chat.Template, values map[int]string) (prepared, error) {
	for i, a := range tpl.Actions {
		if !a.Varies() {
			continue
		}
		value, err := compose.Single("buttonValues", values[i])
		if err != nil {
			return n, err
		}
		n.Parameters = append(n.Parameters, store.Parameter{Value: value, Place: store.PlaceButton, Index: i, Kind: a.Kind})
	}
	for i := range values {
		if i < 0 || i >= len(tpl.Actions) || !tpl.Actions[i].Varies() {
			return n, chat.Invalidf("buttonValues", "names a button that takes no value")
		}
	}
	return n, nil
}

// place puts a message's values where the template has them.
func place(out *channels.OutgoingTemplate, values []store.Parameter) {
	for _, p := range values {
		switch p.Place {
		case store.PlaceHeader:
			out.Header = &channels.TemplateFill{Text: p.Value}
		case store.PlaceMap:
			out.Header = &channels.TemplateFill{Place: (*chat.Place)(p.At)}
		case store.PlaceFile: // the file itself is put there
		case store.PlaceButton:
			out.Buttons = append(out.Buttons, channels.ButtonFill{Index: p.Index, Kind: p.Kind, Value: p.Value})
		default:
			out.Parameters = append(out.Parameters, channels.Parameter{Name: p.Name, Value: p.Value})
		}
	}
}
