package ringcentral

import (
	"fmt"

	"converse/channels"
	"converse/channels/jsonstrict"
	"converse/internal/chat"
)

// consent is a record of who may be written to (guide, "Messaging consent management").
// From is our number and To the lead's.
type consent struct {
	From      jsonstrict.Text `json:"from"`
	To        jsonstrict.Text `json:"to"`
	OptStatus string          `json:"optStatus"`
	Modified  jsonstrict.Text `json:"lastModifiedTime"`
}

// everyNumber stands for all numbers of the account.
const everyNumber = "*"

func (p *parser) consents(list jsonstrict.List[consent]) {
	if err := list.Err(); err != nil {
		p.malformed("the list of consents", err.Error())
		return
	}
	number := 0
	for c, err := range list.All() {
		number++
		where := fmt.Sprintf("consent %d", number)
		switch {
		case number > mostElements:
			p.malformed(where, fmt.Sprintf("there are more than %d; from here on they are not read", mostElements))
			return
		case err != nil:
			p.malformed(where, err.Error())
		default:
			p.consent(where, c)
		}
	}
	if number == 0 {
		p.ignore("The event holds no consent.")
	}
}

func (p *parser) consent(where string, c consent) {
	var own channels.AccountSender
	if c.From != everyNumber {
		sender, found := p.ours(c.From)
		if !found {
			p.ignore("The consent is about a number that is not one of the connector's.")
			return
		}
		own = sender
	}
	lead := full(c.To, own.Address)
	switch {
	case c.To == everyNumber:
		p.ignore("The consent is about nobody in particular.")
	case !channels.IsPhone(lead):
		p.malformed(where, "the lead's number is missing or cannot be read")
	case c.OptStatus != "OptOut" && c.OptStatus != "OptIn":
		p.malformed(where, "it says neither yes nor no")
	default:
		p.add(channels.Consent{
			Sender: own.ID, Channel: chat.ChannelSMS, From: channels.Party{Phone: lead},
			OptedOut: c.OptStatus == "OptOut", At: when(c.Modified),
		})
	}
}
