package ctm

import (
	"regexp"

	"converse/channels"
	"converse/internal/chat"
)

var switchPattern = regexp.MustCompile(`^(true)?$`)

// Form is what one fills in of CallTrackingMetrics: Settings → Account Settings shows
// the number and makes the API key; Numbers shows the tracking numbers.
func (Adapter) Form() channels.Form {
	return channels.Form{
		Fields: []channels.Field{
			{
				Name: SettingAccountID, Required: true, Pattern: accountPattern, Label: "Account number",
				Help: "the account's number, under Settings → Account Settings and in the address of its pages",
			},
			{
				Name: SecretAccessKey, Secret: true, Required: true, Label: "Access key",
				Help: "the access key of an API key, which Settings → Account Settings → API Integration makes",
			},
			{
				Name: SecretKey, Secret: true, Required: true, Label: "Secret key",
				Help: "the secret key that belongs to the access key",
			},
			{
				Name: SecretSigning, Secret: true, Label: "Signing secret",
				Help: "the secret that webhooks are signed with; without one the address alone proves who calls",
			},
			{
				Name: SecretToken, Secret: true, Label: "Webhook word",
				Help: "a word of yours that webhooks bring along, as the parameter token or as the password of Basic authentication",
			},
			{
				Name: SettingCountryCode, Switch: true, Pattern: switchPattern, Label: "Refuse numbers without country code",
				Help: "on to text only numbers with their country code; off to read others as North American",
			},
			{
				Name: SettingOwnerNumber, Switch: true, Pattern: switchPattern, Label: "Send only from the owner's number",
				Help: "on to text a lead only from the number that belongs to its owner",
			},
			{
				Name: SettingFiles, Switch: true, Pattern: switchPattern, Label: "Try to send files",
				Help: "on to send pictures and contact cards in a way that CallTrackingMetrics does not document; try it with a number of your own first",
			},
		},
		Channels: []chat.Channel{chat.ChannelSMS},
		Ref: channels.Field{
			Name: "ref", Pattern: accountPattern, Label: "Tracking number ID",
			Help: "the number's id, such as TPNC3C4B23, in the address of its page under Numbers; without one the number itself stands in",
		},
	}
}
