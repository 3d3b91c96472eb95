package ctm

import (
	"converse/channels"
	"converse/internal/chat"
)

// Form is what one fills in of CallTrackingMetrics: Settings → Account Settings shows
// the number and makes the API key; Numbers shows the tracking numbers.
func (Adapter) Form() channels.Form {
	return channels.Form{
		Fields: []channels.Field{
			{Name: SettingAccountID, Required: true, Pattern: accountPattern, Help: "the account's number, as in the address of its pages"},
			{Name: SecretAccessKey, Secret: true, Required: true, Help: "the access key of an API key of the account"},
			{Name: SecretKey, Secret: true, Required: true, Help: "the secret key that belongs to the access key"},
			{Name: SecretSigning, Secret: true, Help: "the secret that webhooks are signed with; without one the address alone proves who calls"},
			{Name: SecretToken, Secret: true, Help: "a word of yours that webhooks bring along, as the parameter token or as the password of Basic authentication"},
		},
		Channels: []chat.Channel{chat.ChannelSMS},
		Ref:      channels.Field{Name: "ref", Pattern: accountPattern, Help: "the tracking number's id, such as TPNC3C4B23; without one its number stands in"},
	}
}
