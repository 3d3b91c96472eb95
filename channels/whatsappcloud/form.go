package whatsappcloud

import (
	"converse/channels"
	"converse/internal/chat"
)

// Form is what one fills in of a WhatsApp Business Account: WhatsApp → API setup of the
// app at developers.facebook.com shows the ids; App settings → Basic the app secret.
func (Adapter) Form() channels.Form {
	return channels.Form{
		Fields: []channels.Field{
			{Name: SettingWABA, Required: true, Pattern: idPattern, Help: "the id of the WhatsApp Business Account"},
			{Name: SettingAPIVersion, Pattern: versionPattern, Help: "the version of the Graph API, such as " + defaultVersion + "; none means that one"},
			{Name: SecretAccessToken, Secret: true, Required: true, Help: "a system user's token with whatsapp_business_messaging"},
			{Name: SecretApp, Secret: true, Required: true, Help: "the app secret, with which Meta signs webhooks"},
			{Name: SecretVerifyToken, Secret: true, Ours: true, Help: "a word of ours that Meta repeats when the webhook is registered"},
		},
		Channels: []chat.Channel{chat.ChannelWhatsApp},
		Ref:      channels.Field{Name: "ref", Required: true, Pattern: idPattern, Help: "the phone number id"},
	}
}
