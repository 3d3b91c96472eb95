package whatsappcloud

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"converse/channels"
	"converse/channels/answer"
	"converse/channels/jsonstrict"
)

// numberAnswer is a number of the account (Meta, "Business phone numbers").
type numberAnswer struct {
	ID       jsonstrict.Text `json:"id"`
	Display  jsonstrict.Text `json:"display_phone_number"`
	Name     string          `json:"verified_name"`
	Quality  string          `json:"quality_rating"`
	NameIs   string          `json:"name_status"`
	Verified string          `json:"code_verification_status"`
	Status   string          `json:"status"`
}

const numberFields = "id,display_phone_number,verified_name,quality_rating,name_status,code_verification_status,status"

type accountAnswer struct {
	orError
	Name string `json:"name"`
}

type numbersAnswer struct {
	orError
	Numbers jsonstrict.List[numberAnswer] `json:"data"`
}

type appsAnswer struct {
	orError
	Apps jsonstrict.List[struct{}] `json:"data"`
}

// Check asks for the WhatsApp Business Account, its numbers, and whether an app gets its
// webhooks.
func (a Adapter) Check(ctx context.Context, doer channels.Doer, account channels.Account) (channels.Checked, error) {
	var found channels.Checked
	const what = "show the account"
	waba := account.Settings[SettingWABA]
	address, err := endpoint(account, waba, "?fields=id,name")
	if err != nil {
		return found, err
	}
	itself, err := ask[accountAnswer](ctx, doer, account, http.MethodGet, address, what)
	if err != nil {
		return found, err
	}
	found.Name = answer.Words(itself.Name, a.Secrets(account))
	if address, err = endpoint(account, waba, "/phone_numbers?limit=100&fields="+numberFields); err != nil {
		return found, err
	}
	numbers, err := ask[numbersAnswer](ctx, doer, account, http.MethodGet, address, what)
	if err != nil {
		return found, err
	}
	for number := range readable(numbers.Numbers) {
		if address := digitsOf(string(number.Display)); channels.IsPhone(address) && number.ID != "" {
			found.Senders = append(found.Senders, channels.FoundSender{
				Address: address, Ref: string(number.ID), Label: answer.Words(number.Name, a.Secrets(account)), Note: number.note(),
			})
		}
	}
	found.Warnings = missing(account, found.Senders)
	if address, err = endpoint(account, waba, "/subscribed_apps"); err != nil {
		return found, err
	}
	if apps, err := ask[appsAnswer](ctx, doer, account, http.MethodGet, address, what); err == nil && apps.Apps.Len() == 0 {
		found.Warnings = append(found.Warnings, "No app gets the account's webhooks, so no message arrives: subscribe the app to the account.")
	}
	return found, nil
}

// note is the worst of what is wrong with a number.
func (n numberAnswer) note() string {
	switch {
	case n.Status == "BANNED" || n.Status == "RESTRICTED" || n.Status == "FLAGGED":
		return "WhatsApp has " + strings.ToLower(n.Status) + " this number: see WhatsApp Manager."
	case n.Verified == "NOT_VERIFIED" || n.Verified == "EXPIRED":
		return "This number is not verified: verify it in WhatsApp Manager."
	case n.Status == "PENDING" || n.Status == "DISCONNECTED" || n.Status == "UNVERIFIED":
		return "This number is not connected: register it."
	case n.NameIs == "DECLINED" || n.NameIs == "EXPIRED":
		return "WhatsApp did not approve this number's display name: change it in WhatsApp Manager."
	case n.NameIs == "PENDING_REVIEW":
		return "WhatsApp has not approved this number's display name yet."
	case n.Quality == "RED":
		return "This number's quality is low: send fewer messages that people did not ask for."
	case n.Quality == "YELLOW":
		return "This number's quality is medium."
	}
	return ""
}

// digitsOf reads a number as Meta shows it, such as "+1 202-555-0100".
func digitsOf(display string) string {
	kept := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, display)
	return "+" + kept
}

// missing warns of numbers of the connector that the account does not have, or has under
// another id.
func missing(account channels.Account, found []channels.FoundSender) []string {
	var warnings []string
	if len(found) == 0 {
		warnings = append(warnings, "The WhatsApp Business Account has no number.")
	}
	for _, sender := range account.Senders {
		at := slices.IndexFunc(found, func(f channels.FoundSender) bool { return f.Address == sender.Address })
		switch {
		case at < 0:
			warnings = append(warnings, "The number "+sender.Address+" is not one of the WhatsApp Business Account's.")
		case found[at].Ref != sender.Ref:
			warnings = append(warnings, "The number "+sender.Address+" has another phone number id: "+found[at].Ref+".")
		}
	}
	return warnings
}
