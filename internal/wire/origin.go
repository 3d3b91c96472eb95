package wire

import (
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
)

// Origin is a site whose pages may include the widget.
func Origin(o chat.Origin) *conversev1.EmbedOrigin {
	return &conversev1.EmbedOrigin{Origin: o.Origin, AddedAt: Time(o.AddedAt), AddedByName: o.AddedByName, SeenAt: Time(o.SeenAt)}
}
