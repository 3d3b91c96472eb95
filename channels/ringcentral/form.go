package ringcentral

import (
	"regexp"

	"converse/channels"
	"converse/internal/chat"
)

var (
	clientPattern = regexp.MustCompile(`^[0-9A-Za-z._~-]{1,128}$`)
	secretPattern = regexp.MustCompile(`^[0-9A-Za-z._~+/=-]{1,256}$`)
	jwtPattern    = regexp.MustCompile(`^[0-9A-Za-z_-]+\.[0-9A-Za-z_-]+\.[0-9A-Za-z_-]+$`)
	wordPattern   = regexp.MustCompile(`^[\x21-\x7e]{8,128}$`)
	refPattern    = regexp.MustCompile(`^[0-9A-Za-z]{1,64}$`)
)

// Form is what one fills in of RingCentral: the app's page at developers.ringcentral.com
// shows the client's id and secret, Credentials there makes the JWT.
func (Adapter) Form() channels.Form {
	return channels.Form{
		Fields: []channels.Field{
			{
				Name: SettingClientID, Required: true, Pattern: clientPattern, Label: "Client ID",
				Help: "the app's client ID; developers.ringcentral.com, Apps, the app, Credentials",
			},
			{
				Name: SecretClient, Secret: true, Required: true, Pattern: secretPattern, Label: "Client secret",
				Help: "the app's client secret, beside the client ID",
			},
			{
				Name: SecretJWT, Secret: true, Required: true, Pattern: jwtPattern, Label: "JWT credential",
				Help: "the JWT of the user who owns the numbers; developers.ringcentral.com, the user's menu, Credentials, Create JWT",
			},
			{
				Name: SecretVerification, Secret: true, Ours: true, Pattern: wordPattern, Label: "Verification token",
				Help: "a word of ours that RingCentral repeats in every webhook; it is told by itself",
			},
		},
		Channels: []chat.Channel{chat.ChannelSMS},
		Ref: channels.Field{
			Name: "ref", Pattern: refPattern, Label: "Number ID",
			Help: "the number's id at RingCentral; it is not needed",
		},
	}
}
