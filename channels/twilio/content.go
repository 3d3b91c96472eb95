package twilio

import (
	"fmt"
	"mime"
	"strconv"
	"strings"

	"converse/channels"
	"converse/internal/chat"
)

// mostFiles is how many files of one message are read. An MMS has ten at most (Twilio,
// "NumMedia"); a webhook of more was made to cost us.
const mostFiles = 20

// fill says what a message carries, and returns what of it could not be read.
func fill(message *channels.Received, form fields) []channels.Event {
	files, bad := announced(form)
	message.Text = form.get("Body")
	switch kind := form.get("MessageType"); {
	case len(files) > 0:
		message.Kind, message.Media = fileKind(files[0].ContentType, kind), files
	case len(bad) > 0:
		message.Kind = chat.KindUnsupported
		if message.Text == "" {
			message.Text = "The lead sent a file that could not be read."
		}
	case form.get("Latitude") != "" && form.get("Longitude") != "":
		message.Kind, message.Text = chat.KindLocation, place(form)
	case form.first("ButtonText", "ButtonPayload", "ListId") != "":
		message.Kind, message.Text = chat.KindButton, form.first("ButtonText", "ListTitle", "Body", "ButtonPayload", "ListId")
	case message.Text == "" && kind != "" && kind != "text":
		message.Kind, message.Text = chat.KindUnsupported, "The lead sent a message of a type that Twilio does not pass on."
	case message.Text == "":
		message.Kind, message.Text = chat.KindUnsupported, "The lead sent an empty message."
	case kind == "reaction":
		message.Kind = chat.KindReaction
	default:
		message.Kind = chat.KindText
	}
	return bad
}

// announced lists the files of a message: NumMedia, MediaUrl0, MediaContentType0 and so on.
func announced(form fields) ([]channels.InboundMedia, []channels.Event) {
	text := form.get("NumMedia")
	if text == "" {
		return nil, nil
	}
	count, err := strconv.Atoi(text)
	if err != nil || count < 0 {
		return nil, malformed("the number of files cannot be read")
	}
	var files []channels.InboundMedia
	var bad []channels.Event
	for i := range min(count, mostFiles) {
		number := strconv.Itoa(i)
		address := form.get("MediaUrl" + number)
		contentType, _, err := mime.ParseMediaType(form.get("MediaContentType" + number))
		if err != nil {
			contentType = "" // the file itself is looked at when it has been fetched
		}
		switch {
		case address == "":
			bad = append(bad, malformed(fmt.Sprintf("file %d of the message has no address", i+1))...)
		case contentType == "application/smil": // says how the other files are laid out
		default:
			files = append(files, channels.InboundMedia{Reference: address, ContentType: contentType})
		}
	}
	if count > mostFiles {
		bad = append(bad, malformed(fmt.Sprintf("the message has more than %d files", mostFiles))...)
	}
	return files, bad
}

// fileKind is the kind of a message by its first file.
func fileKind(contentType, messageType string) chat.MessageKind {
	major, _, _ := strings.Cut(contentType, "/")
	switch {
	case messageType == "sticker":
		return chat.KindSticker
	case major == "image":
		return chat.KindImage
	case major == "video":
		return chat.KindVideo
	case major == "audio":
		return chat.KindAudio
	}
	return chat.KindDocument
}

// place puts a location into words.
func place(form fields) string {
	var named []string
	for _, name := range []string{"Label", "Address"} {
		if value := form.get(name); value != "" {
			named = append(named, value)
		}
	}
	point := form.get("Latitude") + ", " + form.get("Longitude")
	if len(named) == 0 {
		return "Location: " + point
	}
	return "Location: " + strings.Join(named, ", ") + " (" + point + ")"
}
