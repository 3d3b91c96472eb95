package whatsappcloud

import (
	"net/http"

	"converse/internal/sandbox/stage"
)

// account finds the business account in the path, if the request may see it.
func (s *Side) account(w http.ResponseWriter, r *http.Request) (*stage.Account, bool) {
	id := r.PathValue("account")
	account, found := s.stage.Account(Provider, id)
	switch {
	case !s.known(r):
		errToken().answer().Write(w)
	case !found || !allows(account, r):
		errObject(r.Method, id).answer().Write(w)
	default:
		return account, true
	}
	return nil, false
}

// numbers plays GET /{account}/phone_numbers.
func (s *Side) numbers(w http.ResponseWriter, r *http.Request) {
	account, ok := s.account(w, r)
	if !ok {
		return
	}
	data := []map[string]any{}
	for _, sender := range account.Senders {
		data = append(data, describeNumber(sender))
	}
	answer(http.StatusOK, map[string]any{"data": data, "paging": map[string]any{
		"cursors": map[string]string{"before": "QVFI", "after": "QVFJ"},
	}}).Write(w)
}

func describeNumber(sender stage.Sender) map[string]any {
	return map[string]any{
		"id": sender.Ref, "display_phone_number": display(sender.Address), "verified_name": sender.Label,
		"quality_rating": "GREEN", "name_status": "APPROVED", "code_verification_status": "VERIFIED",
		"status": "CONNECTED", "platform_type": "CLOUD_API",
	}
}

// apps plays GET /{account}/subscribed_apps: the hub's own, once it has a webhook.
func (s *Side) apps(w http.ResponseWriter, r *http.Request) {
	account, ok := s.account(w, r)
	if !ok {
		return
	}
	data := []map[string]any{}
	if account.WebhookURL != "" {
		data = append(data, map[string]any{"whatsapp_business_api_data": map[string]string{
			"id": appID, "name": "Converse", "link": "https://www.facebook.com/games/?app_id=" + appID,
		}})
	}
	answer(http.StatusOK, map[string]any{"data": data}).Write(w)
}
