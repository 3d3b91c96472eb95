package channels_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/internal/chat"
)

func TestCapabilitiesOfOneChannelOfSeveral(t *testing.T) {
	t.Parallel()
	picture := channels.MediaRule{Kind: chat.KindImage}
	sms := channels.MediaRule{Kind: chat.KindImage, Channel: chat.ChannelSMS}
	whatsApp := channels.MediaRule{Kind: chat.KindVideo, Channel: chat.ChannelWhatsApp, PerMessage: 1}
	can := channels.Capabilities{Text: 1600, Window: true, FilesPerMessage: 10, Media: []channels.MediaRule{sms, whatsApp}}

	on := can.On(chat.ChannelSMS)
	sms.PerMessage = 10
	require.Equal(t, channels.Capabilities{Text: 1600, FilesPerMessage: 10, Media: []channels.MediaRule{sms}}, on)
	on = can.On(chat.ChannelWhatsApp)
	require.Equal(t, channels.Capabilities{Text: 1600, Window: true, FilesPerMessage: 1, Media: []channels.MediaRule{whatsApp}}, on)
	require.Len(t, can.Media, 2, "the account's own list stays as it is")

	can = channels.Capabilities{FilesPerMessage: 1, Media: []channels.MediaRule{picture}}
	require.Len(t, can.On(chat.ChannelSMS).Media, 1)
	require.Zero(t, channels.Capabilities{FilesPerMessage: 1}.On(chat.ChannelSMS).FilesPerMessage, "no rule, no file")
}
