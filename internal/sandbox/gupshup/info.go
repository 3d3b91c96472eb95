package gupshup

import (
	"net/http"

	"converse/internal/sandbox/stage"
)

// info plays GET …/waba/info: the state of the app's number.
func (s *Side) info(w http.ResponseWriter, _ *http.Request, account *stage.Account) {
	answer(http.StatusOK, map[string]any{"status": "success", "wabaInfo": map[string]any{
		"accountStatus": "ACTIVE", "dockerStatus": "CONNECTED", "messagingLimit": "TIER_1K", "phone": digits(account.Senders[0].Address),
		"phoneQuality": "GREEN", "wabaId": "293928007134319", "canSendMessage": "AVAILABLE", "errors": []any{},
	}}).Write(w)
}
