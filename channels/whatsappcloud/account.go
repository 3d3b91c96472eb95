package whatsappcloud

import "converse/channels"

// update is about the WhatsApp Business Account itself.
func (v accountNews) update() channels.Notice {
	switch v.Event {
	case "DISABLED_UPDATE":
		return v.banned()
	case "ACCOUNT_DELETED":
		return stop("The WhatsApp Business Account was deleted.", "Connect another account.")
	case "ACCOUNT_VIOLATION":
		return warning("WhatsApp says that the account broke a policy: "+word(v.Violation.Type)+".", seeManager)
	case "ACCOUNT_RESTRICTION":
		return v.restricted()
	case "PARTNER_REMOVED", "PARTNER_APP_UNINSTALLED":
		return warning("An app or partner lost its access to the WhatsApp Business Account.", "Test the connection; if it fails, make a new access token.")
	case "VERIFIED_ACCOUNT":
		return info("WhatsApp verified the account.")
	case "VOLUME_BASED_PRICING_TIER_UPDATE", "AUTH_INTL_PRICE_ELIGIBILITY_UPDATE":
		return info("The account's prices at WhatsApp changed.")
	}
	return info("Something changed in the account at WhatsApp: " + word(v.Event) + ".")
}

func (v accountNews) banned() channels.Notice {
	switch v.Ban.State {
	case "DISABLE":
		return stop("WhatsApp disabled the account.", "Ask for a review in WhatsApp Manager.")
	case "SCHEDULE_FOR_DISABLE":
		return warning("WhatsApp is going to disable the account.", "Ask for a review in WhatsApp Manager.")
	case "REINSTATE":
		return info("WhatsApp reinstated the account.")
	}
	return warning("WhatsApp is looking at whether to disable the account: "+word(v.Ban.State)+".", seeManager)
}

// restricted is by the worst of the restrictions: one on answering leads stops all.
func (v accountNews) restricted() channels.Notice {
	starts := false
	for r := range readable(v.Restrictions) {
		switch r.Type {
		case "RESTRICTED_CUSTOMER_INITIATED_MESSAGING":
			return stop("WhatsApp does not let the account send anything for a while.", seeManager)
		case "RESTRICTED_BIZ_INITIATED_MESSAGING":
			starts = true
		}
	}
	if starts {
		return warning("WhatsApp does not let the account start conversations for a while; answers still go out.", seeManager)
	}
	return warning("WhatsApp restricted what the account may do for a while.", seeManager)
}

// review is the outcome of WhatsApp's review of the account.
func (v accountNews) review() channels.Notice {
	switch v.Decision {
	case "APPROVED":
		return info("WhatsApp approved the account.")
	case "REJECTED":
		return stop("WhatsApp refused the account in its review.", seeManager)
	}
	return info("WhatsApp's review of the account goes on: " + word(v.Decision) + ".")
}

// alerted is an alert; its own sentence may name the business and is not repeated.
func (v accountNews) alerted() channels.Notice {
	said := v.Alert
	if said.Type == "" {
		said = v.alert
	}
	n := channels.Notice{Level: channels.NoticeWarning, Text: "WhatsApp raised an alert about the account: " + word(said.Type) + ".", Next: seeManager}
	switch said.Type {
	case "INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED", "INCREASED_CAPABILITIES_ELIGIBILITY_FAILED":
		n.Text = "WhatsApp does not raise for now how many people the business may write to in a day."
	case "INCREASED_CAPABILITIES_ELIGIBILITY_NEED_MORE_INFO":
		n.Text, n.Next = "WhatsApp wants the business verified before it may write to more people in a day.", "Verify the business in Meta's Security Centre."
	case "OBA_APPROVED":
		n.Text = "The number is an official business account now."
	case "OBA_REJECTED":
		n.Text, n.Next = "The number does not become an official business account.", "Check the display name in WhatsApp Manager."
	case "PROFILE_PICTURE_LOST":
		n.Text, n.Next = "The number's profile picture is gone.", "Upload it again in WhatsApp Manager."
	}
	if said.Severity == "INFORMATIONAL" || said.Type == "OBA_APPROVED" {
		n.Level, n.Next = channels.NoticeInfo, ""
	}
	return n
}
