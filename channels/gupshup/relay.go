package gupshup

import (
	"net/url"
	"strings"

	"converse/channels"
	"converse/channels/whatsappcloud"
)

// relay is how callbacks of version 3 differ from Meta's own (partner-docs.gupshup.io,
// "Events", "BSUID"): gs_id names the message as the send answer did, and a change may
// leave out which number it is about.
func relay(account channels.Account) whatsappcloud.Relay {
	return whatsappcloud.Relay{
		Account: account,
		Alone:   alone(account),
		Sender: func(id, number string) (channels.AccountSender, bool) {
			return senderOf(account, id, number)
		},
		Name: func(ids whatsappcloud.RelayIDs) (id, alias string) {
			if ids.GupshupID == "" || ids.GupshupID == ids.ID {
				id = string(ids.ID)
				alias = string(ids.MetaID)
			} else {
				id, alias = string(ids.GupshupID), oneOf(string(ids.ID), string(ids.MetaID))
			}
			if id == "" || alias == id {
				return oneOf(id, alias), ""
			}
			return id, alias
		},
		Taken:   taken,
		File:    fileOf,
		Lookup:  reasonOf,
		Secrets: Adapter{}.Secrets(account),
	}
}

// fileOf is the file's address at Gupshup. One at Meta's opens with Meta's token alone,
// so the file's id is taken in its place.
func fileOf(id, link string) string {
	address, err := url.Parse(link)
	if err != nil || address.Host == "" || id != "" && strings.HasSuffix(address.Hostname(), ".fbsbx.com") {
		return id
	}
	return link
}
