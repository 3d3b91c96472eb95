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
			{
				Name: SettingWABA, Required: true, Pattern: idPattern, Label: "WhatsApp Business Account ID",
				Help: "the account's id, on the page API setup under WhatsApp of the app at developers.facebook.com",
			},
			{
				Name: SettingAppID, Pattern: appPattern, Label: "App ID",
				Help: "the app's id, at the top of its pages at developers.facebook.com; " +
					"needed only to make templates with a picture, video or document over them",
			},
			{
				Name: SecretAccessToken, Secret: true, Required: true, Label: "Access token",
				Help: "a token of a system user, made under Business settings → System users, " +
					"with whatsapp_business_messaging and whatsapp_business_management",
			},
			{
				Name: SecretApp, Secret: true, Required: true, Label: "App secret",
				Help: "the secret with which Meta signs webhooks, on the page App settings → Basic",
			},
			{
				Name: SecretVerifyToken, Secret: true, Ours: true, Label: "Verify token",
				Help: "a word of ours that goes beside the webhook address on the page Configuration under WhatsApp",
			},
			{
				Name: SettingAPIVersion, Pattern: versionPattern, Label: "Graph API version",
				Help: "the version to call, such as " + defaultVersion + "; none means that one",
			},
		},
		Channels: []chat.Channel{chat.ChannelWhatsApp},
		Ref: channels.Field{
			Name: "ref", Required: true, Pattern: idPattern, Label: "Phone number ID",
			Help: "the number's id, beside the number on the page API setup; Test connection shows it too",
		},
	}
}
