package demo

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"

	"converse/internal/account"
	"converse/internal/chat"
	"converse/internal/store"
)

// The demo's numbers.
const (
	smsNumber      = "+12025550100"
	whatsAppNumber = "+12025550101"
	secondWhatsApp = "+12025550102"
	gupshupNumber  = "+12025550109"
	twilioNumber   = "+12025550107"
	twilioWhatsApp = "+12025550108"
	// textingNumber has an id that comes after the front desk's, which stays the default.
	textingNumber = "+12025550147"
)

// RingCentralUser is the user at RingCentral whose number the demo texts from.
const RingCentralUser = "6298930001"

func lower(s string) string { return strings.ToLower(s) }

// connectors makes one connector a provider, or leads those that are there to
// where the providers are played this time.
func (m *Maker) connectors(ctx context.Context, o Options) error {
	existing, err := m.Accounts.List(ctx, orgID())
	if err != nil {
		return err
	}
	there := map[chat.ConnectorID]bool{}
	for _, open := range existing {
		there[open.Account.Connector] = true
		if open.Account.BaseURL == o.ProviderURL {
			continue
		}
		if err := m.Store.MoveConnector(ctx, orgID(), open.Account.Connector, o.ProviderURL); err != nil {
			return err
		}
	}
	for _, c := range demoConnectors(o) {
		if there[c.ID] {
			continue
		}
		if err := m.Accounts.Create(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

func demoConnectors(o Options) []account.New {
	sms := idOf[chat.ConnectorID]("connector", "ctm")
	texting := idOf[chat.ConnectorID]("connector", "ringcentral")
	whatsApp := idOf[chat.ConnectorID]("connector", "whatsapp_cloud")
	gupshup := idOf[chat.ConnectorID]("connector", "gupshup")
	twilio := idOf[chat.ConnectorID]("connector", "twilio")
	return []account.New{
		{
			Connector: store.Connector{
				Org: orgID(), ID: sms, Provider: "ctm", Name: "CallTrackingMetrics", BaseURL: o.ProviderURL,
				Settings: map[string]string{"account_id": "500001"},
				Senders:  []store.ConnectorSender{sender(sms, "ctm", chat.ChannelSMS, smsNumber, "TPNC3C4B23EXAMPLE", "Front desk")},
			},
			Secrets:  map[string]string{"access_key": secret(), "secret_key": secret(), "signing_secret": secret()},
			Endpoint: secret(),
		},
		{
			Connector: store.Connector{
				Org: orgID(), ID: texting, Provider: "ringcentral", Name: "RingCentral", BaseURL: o.ProviderURL,
				Settings: map[string]string{"client_id": "harbour-homes"},
				Senders:  []store.ConnectorSender{sender(texting, "ringcentral", chat.ChannelSMS, textingNumber, "407310004", "Texting")},
			},
			Secrets: map[string]string{
				"client_secret": secret(), "jwt": secret() + "." + secret() + "." + secret(), "verification_token": secret(),
			},
			Endpoint: secret(),
		},
		{
			Connector: store.Connector{
				Org: orgID(), ID: whatsApp, Provider: "whatsapp_cloud", Name: "WhatsApp", BaseURL: o.ProviderURL,
				Settings: map[string]string{"api_version": "v25.0", "waba_id": "102290129340398", "app_id": "1410000000000001"},
				Senders: []store.ConnectorSender{
					sender(whatsApp, "whatsapp_cloud", chat.ChannelWhatsApp, whatsAppNumber, "106540352242922", "Sales"),
					sender(whatsApp, "whatsapp_cloud", chat.ChannelWhatsApp, secondWhatsApp, "106540352242923", "After sales"),
				},
			},
			Secrets:  map[string]string{"access_token": secret(), "app_secret": secret(), "verify_token": secret()},
			Endpoint: secret(),
		},
		{
			Connector: store.Connector{
				Org: orgID(), ID: twilio, Provider: "twilio", Name: "Twilio", BaseURL: o.ProviderURL,
				Settings: map[string]string{"account_sid": "AC0123456789abcdef0123456789abcdef"},
				Senders: []store.ConnectorSender{
					sender(twilio, "twilio", chat.ChannelSMS, twilioNumber, "", "Rentals"),
					sender(twilio, "twilio", chat.ChannelWhatsApp, twilioWhatsApp, "", "Rentals on WhatsApp"),
				},
			},
			Secrets:  map[string]string{"auth_token": secret()},
			Endpoint: secret(),
		},
		{
			Connector: store.Connector{
				Org: orgID(), ID: gupshup, Provider: "gupshup", Name: "WhatsApp by Gupshup", BaseURL: o.ProviderURL,
				Settings: map[string]string{"app_name": "HarbourHomes", "app_id": "4005ef9e-581e-41f4-9b04-e0797e0463d2"},
				Senders:  []store.ConnectorSender{sender(gupshup, "gupshup", chat.ChannelWhatsApp, gupshupNumber, "269033402967482", "India office")},
			},
			Secrets:  map[string]string{"api_key": secret(), "app_token": secret(), "webhook_secret": secret()},
			Endpoint: secret(),
		},
	}
}

// secret is a fresh credential: the demo's are random like real ones.
func secret() string { return lower(rand.Text() + rand.Text()) }

func sender(connector chat.ConnectorID, provider string, channel chat.Channel, address, ref, label string) store.ConnectorSender {
	return store.ConnectorSender{Ref: ref, Sender: chat.Sender{
		ID: idOf[chat.SenderID]("sender", channel, address), Connector: connector, Provider: provider, Channel: channel, Address: address, Label: label,
	}}
}

func (m *Maker) templates(ctx context.Context, _ Options) error {
	for _, t := range Templates() {
		existing, err := m.Store.Template(ctx, orgID(), t.ID)
		if err == nil && existing.ID == t.ID {
			continue
		}
		if chat.CodeOf(err) != chat.CodeNotFound {
			return err
		}
		if err := m.Store.CreateTemplate(ctx, orgID(), t); err != nil {
			return err
		}
	}
	return nil
}

// Templates lists the demo's templates; those of WhatsApp are known to the played
// provider too.
func Templates() []store.StoredTemplate {
	return []store.StoredTemplate{
		template(chat.ChannelWhatsApp, "viewing_invitation", "en_US", "marketing",
			"Hello {{1}}, thank you for asking about {{2}}. Would you like to see it this week? Reply here and we will find a time.",
			"Harbour Homes", []string{"Yes, please", "Not now"}, vars("1", "Asha", "2", "12 Quay Street")),
		template(chat.ChannelWhatsApp, "viewing_reminder", "en_US", "utility",
			"Hello {{1}}, a reminder of your viewing of {{2}} on {{3}}. Reply here if you need another time.",
			"", nil, vars("1", "Asha", "2", "12 Quay Street", "3", "Monday at 10:00")),
		template(chat.ChannelWhatsApp, "document_request", "en_US", "utility",
			"Hello {{1}}, to prepare your offer we need {{2}}. You can send it here.",
			"", nil, vars("1", "Asha", "2", "a copy of your ID")),
		template(chat.ChannelWhatsApp, "cita_confirmada", "es", "utility",
			"Hola {{1}}, su visita queda confirmada para el {{2}}.",
			"Harbour Homes", nil, vars("1", "Lucía", "2", "lunes a las 10:00")),
		template(chat.ChannelSMS, "on_my_way", "en_US", "service",
			"Hi {{first_name}}, this is {{agent}} from Harbour Homes. I am on my way and will be there in {{minutes}} minutes.",
			"", nil, vars("first_name", "Asha", "agent", "Mira", "minutes", "15")),
		template(chat.ChannelSMS, "call_back", "en_US", "service",
			"Hi {{first_name}}, sorry we missed your call. When may we call you back?",
			"", nil, vars("first_name", "Asha")),
	}
}

func template(channel chat.Channel, name, language, category, body, footer string, buttons []string, variables []chat.TemplateVariable) store.StoredTemplate {
	return store.StoredTemplate{Named: channel == chat.ChannelSMS, Template: chat.Template{
		ID: idOf[chat.TemplateID]("template", channel, name, language), Channel: channel, Name: name, Language: language, Category: category,
		Body: body, Footer: footer, Buttons: buttons, Variables: variables,
	}}
}

// vars makes variables of names and examples in turn.
func vars(pairs ...string) []chat.TemplateVariable {
	var out []chat.TemplateVariable
	for pair := range slices.Chunk(pairs, 2) {
		out = append(out, chat.TemplateVariable{Name: pair[0], Example: pair[1]})
	}
	return out
}
