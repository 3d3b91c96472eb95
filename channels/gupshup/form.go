package gupshup

import (
	"regexp"

	"converse/channels"
	"converse/internal/chat"
)

var (
	versionPattern = regexp.MustCompile(`^[23]$`)
	switchPattern  = regexp.MustCompile(`^(true)?$`)
	// headerPattern is what stands in a header, in JSON and in a form as it is.
	headerPattern = regexp.MustCompile(`^[0-9A-Za-z._~+/=-]{16,200}$`)
)

// Form is what one fills in of a Gupshup app. The dashboard at gupshup.io shows the
// name and the key; the partner portal the app's id and token.
func (Adapter) Form() channels.Form {
	return channels.Form{
		Fields: []channels.Field{
			{
				Name: SettingAppName, Required: true, Pattern: namePattern, Label: "App name",
				Help: "the app's name, as the dashboard shows it under WhatsApp",
			},
			{
				Name: SecretAPIKey, Secret: true, Required: true, Label: "API key",
				Help: "the API key, which the dashboard shows under your profile and in the app's settings",
			},
			{
				Name: SettingAppID, Pattern: idPattern, Label: "App ID",
				Help: "the app's id in the partner portal, for templates and for ordering callbacks; none without a partner account",
			},
			{
				Name: SecretAppToken, Secret: true, Label: "App token",
				Help: "the app's access token from the partner portal; it goes with the app's id",
			},
			{
				Name: SettingVersion, Pattern: versionPattern, Label: "Callback version",
				Help: "2 or 3, the form in which callbacks are ordered; none means 2, which also tells of templates and the account",
			},
			{
				Name: SettingDashboard, Switch: true, Pattern: switchPattern, Label: "Callback entered in the dashboard",
				Help: "on when the callback address was entered in the dashboard; callbacks then bring no secret, and only the address protects them",
			},
			{
				Name: SecretWebhook, Secret: true, Ours: true, Pattern: headerPattern, Label: "Callback secret",
				Help: "a word of ours that Gupshup sends along with every callback in the header " + secretHeader,
			},
		},
		Channels: []chat.Channel{chat.ChannelWhatsApp},
		Ref: channels.Field{
			Name: "ref", Pattern: idPattern, Label: "Phone number ID",
			Help: "Meta's id of the number; none when the app has one number",
		},
	}
}
