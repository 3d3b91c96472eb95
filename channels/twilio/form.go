package twilio

import (
	"converse/channels"
	"converse/internal/chat"
)

// Form is what one fills in of a Twilio account: the first page of the console shows the
// account SID and the auth token.
func (Adapter) Form() channels.Form {
	return channels.Form{
		Fields: []channels.Field{
			{
				Name: SettingAccount, Required: true, Pattern: accountPattern, Label: "Account SID",
				Help: "AC and 32 characters, under Account Info on the first page of the Twilio console",
			},
			{
				Name: SecretToken, Secret: true, Required: true, Label: "Auth token",
				Help: "under Account Info on the first page of the Twilio console; Twilio signs webhooks with it",
			},
			{
				Name: SecretPrevious, Secret: true, Label: "Previous auth token",
				Help: "the token before, while a new one is brought in, so that no webhook is turned away; empty it afterwards",
			},
			{
				Name: SettingService, Pattern: servicePattern, Label: "Messaging Service SID",
				Help: "MG and 32 characters, under Messaging → Services; the SMS numbers send through it; none means that each number sends by itself",
			},
			{
				Name: SettingKey, Pattern: keyPattern, Label: "API key SID",
				Help: "SK and 32 characters, under Account → API keys & tokens; calls are made with it in place of the auth token",
			},
			{
				Name: SecretKey, Secret: true, Label: "API key secret",
				Help: "the secret of the API key, which Twilio shows once, when the key is made",
			},
		},
		Channels: []chat.Channel{chat.ChannelSMS, chat.ChannelWhatsApp},
		Ref: channels.Field{
			Name: "ref", Pattern: servicePattern, Label: "Messaging Service SID",
			Help: "the Messaging Service that this number sends through, where it is another than the account's; may be empty",
		},
	}
}
