package sandbox_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// change is the one change of a webhook of Meta's.
func (h hook) change(t *testing.T) object {
	t.Helper()
	return h.Body["entry"].([]any)[0].(object)["changes"].([]any)[0].(object)
}

func TestAProviderTellsOfNumbersAndAccounts(t *testing.T) {
	t.Parallel()
	b := setup(t, withGupshup)
	notice := func(number, what string) hook {
		got := b.call(http.MethodPost, "/control/notice", object{"to": number, "what": what})
		require.EqualValues(t, http.StatusOK, got["delivered"])
		return b.hub.next(t)
	}
	flagged := notice(whatsappNumber, "flagged").change(t)
	require.Equal(t, "phone_number_quality_update", flagged["field"])
	require.Equal(t, "FLAGGED", flagged["value"].(object)["event"])
	require.Equal(t, whatsappNumber[1:], flagged["value"].(object)["display_phone_number"])
	require.Equal(t, "account_update", notice(whatsappNumber, "disabled").change(t)["field"])

	lowered := notice(gupshupNumber, "limit_lowered").Body
	require.Equal(t, "account-event", lowered["type"])
	require.Equal(t, "TIER_250", lowered["payload"].(object)["payload"].(object)["newTier"])

	for field, body := range map[string]object{
		"what":     {"to": whatsappNumber, "what": "cheerful"},
		"provider": {"to": ctmNumber, "what": "flagged"},
		"to":       {"to": "+12025550177", "what": "flagged"},
	} {
		refused := b.ask(http.MethodPost, "/control/notice", body)
		require.Equal(t, http.StatusBadRequest, refused.Status)
		require.Equal(t, field, refused.json(t)["field"])
	}
}

func TestAProviderTellsWhatLeadsSayOnBeingWrittenTo(t *testing.T) {
	t.Parallel()
	b := setup(t, withGupshup)
	consent := func(number string, optedOut bool) hook {
		b.call(http.MethodPost, "/control/consent", object{"to": number, "from": lead, "optedOut": optedOut})
		return b.hub.next(t)
	}
	for optedOut, word := range map[bool]string{true: "stop", false: "resume"} {
		change := consent(whatsappNumber, optedOut).change(t)
		require.Equal(t, "user_preferences", change["field"])
		said := change["value"].(object)["user_preferences"].([]any)[0].(object)
		require.Equal(t, []any{lead[1:], "marketing_messages", word}, []any{said["wa_id"], said["category"], said["value"]})
	}
	left := consent(gupshupNumber, true).Body
	require.Equal(t, "user-event", left["type"])
	require.Equal(t, object{"phone": lead[1:], "type": "opted-out"}, left["payload"])

	require.Equal(t, "optedOut", b.ask(http.MethodPost, "/control/consent", object{"to": whatsappNumber, "from": lead}).json(t)["field"])
	require.Equal(t, "provider", b.ask(http.MethodPost, "/control/consent", object{"to": ctmNumber, "from": lead, "optedOut": true}).json(t)["field"])
	require.Equal(t, "from", b.ask(http.MethodPost, "/control/consent", object{"to": whatsappNumber, "from": "nobody", "optedOut": true}).json(t)["field"])
}

func TestRingCentralHoldsToAConsentThatCameByItself(t *testing.T) {
	t.Parallel()
	b := setupRingCentral(t)
	b.call(http.MethodPost, "/control/consent", object{"to": ringcentralNumber, "from": lead, "optedOut": true})
	record := b.hub.next(t).Body["body"].(object)["records"].([]any)[0].(object)
	require.Equal(t, []any{ringcentralNumber, lead, "OptOut"}, []any{record["from"], record["to"], record["optStatus"]})
	require.Equal(t, http.StatusOK, b.text(nil).Status)
	b.settled(2)
	records, _ := b.synced("")
	require.Equal(t, "SendingFailed", records[0]["messageStatus"])
}

func TestALeadGetsAnotherNumber(t *testing.T) {
	t.Parallel()
	const newNumber = "+12025550188"
	b := setup(t)
	got := b.call(http.MethodPost, "/control/move", object{"to": whatsappNumber, "from": lead, "newNumber": newNumber})
	message := b.hub.next(t).message(t)
	require.Equal(t, []any{got["id"], lead[1:], "system"}, []any{message["id"], message["from"], message["type"]})
	require.Equal(t, "user_changed_number", message["system"].(object)["type"])
	require.Equal(t, newNumber[1:], message["system"].(object)["wa_id"])
	phone := b.call(http.MethodGet, "/handset/api/handsets/"+newNumber, nil)
	require.Equal(t, "Test Customer", phone["name"], "the new phone is there to answer from")
	require.Equal(t, "newNumber", b.ask(http.MethodPost, "/control/move", object{"to": whatsappNumber, "from": lead, "newNumber": lead}).json(t)["field"])
}

func TestWhatsAppPassesOnWhatTheBusinessWroteInItsApp(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.call(http.MethodPost, "/control/elsewhere", object{"from": whatsappNumber, "to": lead, "text": "From my phone"})["id"]
	change := b.hub.next(t).change(t)
	require.Equal(t, "smb_message_echoes", change["field"], "before any receipt of it")
	echo := change["value"].(object)["message_echoes"].([]any)[0].(object)
	require.Equal(t, []any{id, lead[1:], "From my phone"}, []any{echo["id"], echo["to"], echo["text"].(object)["body"]})
	for _, state := range []string{"sent", "delivered"} {
		require.Equal(t, state, b.hub.next(t).status(t)["status"])
	}
}
