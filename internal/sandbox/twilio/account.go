package twilio

import (
	"net/http"

	"converse/internal/chat"
	"converse/internal/sandbox/stage"
)

// account plays GET /Accounts/{account}.json.
func (s *Side) account(account *stage.Account, w http.ResponseWriter, _ *http.Request) {
	answer(http.StatusOK, map[string]any{
		"sid": account.AccountID, "friendly_name": "Sandbox account", "status": "active", "type": "Full",
	}).Write(w)
}

// numbers plays GET /Accounts/{account}/IncomingPhoneNumbers.json.
func (s *Side) numbers(account *stage.Account, w http.ResponseWriter, r *http.Request) {
	list := []any{}
	for _, sender := range account.Senders {
		if sender.Channel == chat.ChannelWhatsApp {
			continue
		}
		list = append(list, map[string]any{
			"sid": "PN" + stamp(sender.Address), "phone_number": sender.Address, "friendly_name": sender.Label,
			"capabilities": map[string]bool{"sms": true, "mms": true, "voice": true, "fax": false},
			"sms_url":      account.WebhookURL, "sms_method": "POST",
		})
	}
	answer(http.StatusOK, map[string]any{"incoming_phone_numbers": list, "next_page_uri": nil, "uri": r.URL.RequestURI()}).Write(w)
}

// senders plays GET /v2/Channels/Senders.
func (s *Side) senders(account *stage.Account, w http.ResponseWriter, r *http.Request) {
	if r.FormValue("Channel") != "whatsapp" {
		failure(http.StatusBadRequest, 20001, "Channel is required").Write(w)
		return
	}
	list := []any{}
	for _, sender := range account.Senders {
		if sender.Channel != chat.ChannelWhatsApp {
			continue
		}
		list = append(list, map[string]any{
			"sid": "XE" + stamp(sender.Address), "sender_id": whatsApp + sender.Address, "status": "ONLINE",
			"webhook": map[string]string{"callback_url": account.WebhookURL, "callback_method": "POST"},
			"profile": map[string]string{"name": sender.Label},
		})
	}
	answer(http.StatusOK, map[string]any{"senders": list, "meta": map[string]any{"key": "senders", "next_page_url": nil}}).Write(w)
}
