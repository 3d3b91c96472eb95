package ringcentral

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"converse/channels"
	"converse/channels/jsonstrict"
)

// mostNumbers is how many numbers of a user are read.
const mostNumbers = 1000

// number is one that the user has (OpenAPI file, "Extension phone numbers").
type number struct {
	ID       jsonstrict.Text         `json:"id"`
	Phone    jsonstrict.Text         `json:"phoneNumber"`
	Label    string                  `json:"label"`
	Features jsonstrict.List[string] `json:"features"`
}

func (n number) has(feature string) bool {
	for f, err := range n.Features.All() {
		if err == nil && f == feature {
			return true
		}
	}
	return false
}

// Check asks for the user's name and numbers. Only a user's own numbers can be sent
// from, even by an administrator.
func (a Adapter) Check(ctx context.Context, doer channels.Doer, account channels.Account) (channels.Checked, error) {
	var user struct {
		Name string `json:"name"`
	}
	if _, err := a.ask(ctx, doer, account, http.MethodGet, extension, nil, &user); err != nil {
		return channels.Checked{}, err
	}
	var list struct {
		Records jsonstrict.List[number] `json:"records"`
	}
	if _, err := a.ask(ctx, doer, account, http.MethodGet, extension+"/phone-number?perPage=1000", nil, &list); err != nil {
		return channels.Checked{}, err
	}
	checked := channels.Checked{Name: user.Name}
	seen := 0
	for n, err := range list.Records.All() {
		if seen++; seen > mostNumbers {
			break
		}
		phone := full(n.Phone, "+1")
		if err != nil || !channels.IsPhone(phone) || !n.has("SmsSender") {
			continue
		}
		found := channels.FoundSender{Address: phone, Ref: string(n.ID), Label: n.Label}
		if !n.has("MmsSender") {
			found.Note = "It sends texts, but no files."
		}
		checked.Senders = append(checked.Senders, found)
	}
	checked.Warnings = warnings(account, checked.Senders)
	return checked, nil
}

func warnings(account channels.Account, found []channels.FoundSender) []string {
	var all []string
	if len(found) == 0 {
		all = append(all, "The RingCentral user has no number that can send texts. Assign one in the admin portal, and its campaign in the US.")
	}
	for _, sender := range account.Senders {
		if !slices.ContainsFunc(found, func(f channels.FoundSender) bool { return f.Address == sender.Address }) {
			all = append(all, "The RingCentral user cannot text from "+sender.Address+". Take it away here, or assign it to that user there.")
		}
	}
	open := strings.HasPrefix(account.WebhookURL, "http://")
	if sandbox := strings.HasPrefix(account.API(publicBaseURL), "http://"); open && !sandbox {
		all = append(all, "RingCentral calls webhooks over HTTPS alone. Set the public address of Converse to one with https.")
	}
	return all
}
