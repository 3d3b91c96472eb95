package gupshup

import (
	"context"
	"net/http"
	"net/url"

	"converse/channels"
	"converse/channels/answer"
	"converse/channels/jsonstrict"
	"converse/channels/whatsappcloud"
)

// wabaInfo is the state of the app's number (partner-docs.gupshup.io, "Get WABA info").
type wabaInfo struct {
	Info struct {
		Phone   jsonstrict.Text `json:"phone"`
		Account string          `json:"accountStatus"`
		Docker  string          `json:"dockerStatus"`
		Quality string          `json:"phoneQuality"`
		CanSend string          `json:"canSendMessage"`
	} `json:"wabaInfo"`
}

// Check asks the partner API for the app's number, where the account has access, and
// tries the key, the app's name and each number. The self-serve API has no call that
// only asks, so these are tried with a message to nobody: Gupshup refuses it by the
// first thing that is wrong, and the recipient is the last.
func (a Adapter) Check(ctx context.Context, doer channels.Doer, account channels.Account) (channels.Checked, error) {
	checked := channels.Checked{Name: account.Settings[SettingAppName], Warnings: warnings(account)}
	if hasPartner(account) {
		found, err := a.partnerNumber(ctx, doer, account)
		if err != nil {
			return channels.Checked{}, err
		}
		checked.Senders = append(checked.Senders, found...)
	}
	numbers := account.Senders
	if len(numbers) == 0 {
		for _, found := range checked.Senders {
			numbers = append(numbers, channels.AccountSender{Address: found.Address})
		}
	}
	if len(numbers) == 0 {
		numbers = []channels.AccountSender{{}}
	}
	for _, number := range numbers {
		note, err := a.try(ctx, doer, account, number.Address)
		if err != nil {
			return channels.Checked{}, err
		}
		checked.Senders = noted(checked.Senders, number, note)
	}
	return checked, nil
}

// warnings are what of the settings will not work.
func warnings(account channels.Account) []string {
	switch {
	case account.Settings[SettingDashboard] == "true":
		return []string{"Callbacks are protected by their address alone. Tell it to nobody but Gupshup."}
	case !hasPartner(account):
		return []string{"Callbacks are taken only with our secret, which Gupshup's dashboard cannot send along. " +
			"Enter the app's id and token, or say that the address was entered in the dashboard."}
	}
	return nil
}

// partnerNumber is the app's number as the partner API knows it.
func (a Adapter) partnerNumber(ctx context.Context, doer channels.Doer, account channels.Account) ([]channels.FoundSender, error) {
	request, err := newPartner(ctx, account, http.MethodGet, "/waba/info", nil)
	if err != nil {
		return nil, err
	}
	// The page of this call names another header than all the others do.
	request.Header.Set("Token", account.Secrets[SecretAppToken])
	info, err := partnerCall[wabaInfo](doer, account, request)
	if err != nil {
		return nil, err
	}
	found := channels.FoundSender{Address: whatsappcloud.Phone(info.Info.Phone)}
	if found.Address == "" {
		return nil, nil
	}
	switch {
	case info.Info.Account == "BANNED":
		found.Note = "WhatsApp has banned the account."
	case info.Info.CanSend == "BLOCKED":
		found.Note = "WhatsApp does not let the number send."
	case info.Info.Docker != "" && info.Info.Docker != "CONNECTED":
		found.Note = "The number's state at Gupshup is " + oneOf(plain(info.Info.Docker), "unknown") + "."
	case info.Info.CanSend == "LIMITED":
		found.Note = "WhatsApp limits what the number can send."
	case info.Info.Quality == "RED":
		found.Note = "WhatsApp rates the number's quality as low."
	}
	return []channels.FoundSender{found}, nil
}

// try sends a message to nobody and returns what is wrong with the number. An error
// means that the key is wrong, or that Gupshup could not be asked.
func (a Adapter) try(ctx context.Context, doer channels.Doer, account channels.Account, number string) (note string, err error) {
	request, err := newSend(ctx, account, "msg", url.Values{
		"channel": {"whatsapp"}, "source": {digits(number)}, "destination": {""}, "src.name": {account.Settings[SettingAppName]},
		"message": {encode(outgoing{Type: "text", Text: "."})},
	})
	if err != nil {
		return "", err
	}
	got, err := answer.Of(doer, request)
	if err != nil {
		return "", err
	}
	var said sendAnswer
	readable := got.Whole && jsonstrict.Unmarshal(got.Body, &said) == nil
	refused := refusal(got, said.Status, string(said.Message.Value), readable, a.Secrets(account))
	switch {
	case refused.Code == "Invalid App Details":
		return "Gupshup does not know the app by this name, or the number is not the app's.", nil
	case refused.Reason == badCredentials, refused.Reason == throttled:
		return "", refused
	case got.Status >= 500 || !readable:
		refused.Reason = unavailable
		return "", refused
	}
	return "", nil
}

// noted adds what was learned of a number to those found.
func noted(found []channels.FoundSender, number channels.AccountSender, note string) []channels.FoundSender {
	for i := range found {
		if found[i].Address == number.Address {
			found[i].Note = oneOf(found[i].Note, note)
			found[i].Ref = oneOf(found[i].Ref, number.Ref)
			return found
		}
	}
	if number.Address == "" {
		return found
	}
	return append(found, channels.FoundSender{Address: number.Address, Ref: number.Ref, Note: note})
}
