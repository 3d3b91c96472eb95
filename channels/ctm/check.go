package ctm

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"converse/channels"
	"converse/channels/answer"
	"converse/channels/jsonstrict"
)

// trackingNumber is a number of the account (the official Ruby client, "Number").
type trackingNumber struct {
	ID     jsonstrict.Text `json:"id"`
	Name   jsonstrict.Text `json:"name"`
	Number jsonstrict.Text `json:"number"`
	// TextsOn says whether the number carries texts, where it is said at all.
	TextsOn *bool `json:"sms_enabled"`
}

type numberList struct {
	Numbers jsonstrict.List[trackingNumber] `json:"numbers"`
	Pages   jsonstrict.Text                 `json:"total_pages"`
}

// Numbers are short, and come 150 at a time (the most there is), 20 times at most.
const (
	numbersPerPage = 150
	mostPages      = 20
)

// Check asks for the account's tracking numbers, and whether people have opted out of its
// texts: CallTrackingMetrics refuses texts to those by itself.
func (a Adapter) Check(ctx context.Context, doer channels.Doer, account channels.Account) (channels.Checked, error) {
	var found channels.Checked
	for page, pages := 1, 1; page <= min(pages, mostPages); page++ {
		var list numberList
		if err := a.ask(ctx, doer, account, fmt.Sprintf("/numbers.json?page=%d&per_page=%d", page, numbersPerPage), &list); err != nil {
			return channels.Checked{}, err
		}
		pages, _ = strconv.Atoi(string(list.Pages)) // no number of pages is one page
		for number, err := range list.Numbers.All() {
			address := full(string(number.Number), "+1")
			if err != nil || address == "" || len(found.Senders) >= mostPages*numbersPerPage {
				continue
			}
			sender := channels.FoundSender{
				Address: address, Ref: string(number.ID), Label: answer.Words(string(number.Name), a.Secrets(account)),
			}
			if number.TextsOn != nil && !*number.TextsOn {
				sender.Note = "This number carries no texts: turn them on under Texts → Text Numbers."
			}
			found.Senders = append(found.Senders, sender)
		}
	}
	found.Warnings = warnings(account, found.Senders)
	var out struct {
		Total jsonstrict.Text `json:"total_entries"`
	}
	// The list is one more convenience: an account without it can text all the same.
	if a.ask(ctx, doer, account, "/opt_out_texts?per_page=1", &out) == nil {
		if total, err := strconv.Atoi(string(out.Total)); err == nil && total > 0 {
			found.Warnings = append(found.Warnings, fmt.Sprintf(
				"%d numbers are on the account's opt-out list: CallTrackingMetrics does not text them, whatever is known here.", total))
		}
	}
	return found, nil
}

func warnings(account channels.Account, found []channels.FoundSender) []string {
	var all []string
	if len(found) == 0 {
		all = append(all, "The account has no tracking number.")
	}
	for _, sender := range account.Senders {
		at := slices.IndexFunc(found, func(f channels.FoundSender) bool { return f.Address == sender.Address })
		switch {
		case at < 0:
			all = append(all, "The number "+sender.Address+" is not one of the account's tracking numbers.")
		case sender.Ref != "" && sender.Ref != found[at].Ref:
			all = append(all, "The number "+sender.Address+" has another id: "+found[at].Ref+".")
		}
	}
	if account.Secrets[SecretSigning] == "" && account.Secrets[SecretToken] == "" {
		all = append(all, "Webhooks are neither signed nor do they bring a word along: only their secret address proves that they are genuine.")
	}
	return all
}
