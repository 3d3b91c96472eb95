package sandbox_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/sandbox"
)

// since is a past with WhatsApp whose lead wrote so long ago and was answered.
func since(ago time.Duration) sandbox.Past {
	at := time.Now().Add(-ago)
	return sandbox.Past{Sender: whatsappNumber, Lead: lead, Messages: []sandbox.PastMessage{
		{Text: "Is it still free?", At: at},
		{Reference: "our-1", Text: "Yes, it is.", At: at.Add(time.Second), Status: chat.StatusRead},
		{Reference: "our-2", Text: "Shall we meet?", At: at.Add(2 * time.Second), Status: chat.StatusDelivered},
		{Reference: "our-3", Text: "Hello?", At: at.Add(3 * time.Second), Status: chat.StatusFailed},
	}}
}

func TestAPhoneShowsWhatWasSaidBefore(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *sandbox.Config) { c.Past = []sandbox.Past{since(2 * time.Hour)} })
	var got []any
	for _, m := range b.bubbles("whatsapp_cloud") {
		got = append(got, []any{m["text"], m["mine"], m["status"], m["shown"], m["seen"]})
	}
	require.Equal(t, []any{
		[]any{"Is it still free?", true, "delivered", true, true},
		[]any{"Yes, it is.", false, "read", true, true},
		[]any{"Shall we meet?", false, "delivered", true, false},
		[]any{"Hello?", false, "failed", false, false},
	}, got)
	require.Equal(t, 1.0, b.phone()["unread"])
	require.Equal(t, "Shall we meet?", b.phone()["lastText"])
	require.Empty(t, b.journal(""))

	p := b.page()
	b.call(http.MethodPost, "/handset/api/handsets/"+lead+"/open", object{"viewer": p.viewer, "thread": "whatsapp_cloud:" + whatsappNumber})
	status := b.hub.next(t).status(t)
	require.Equal(t, "read", status["status"], "the first word to the hub, and the only one")
	require.Equal(t, "our-2", status["biz_opaque_callback_data"])
}

func TestTheWindowOfAPastIsAsOpenAsItWas(t *testing.T) {
	t.Parallel()
	for ago, want := range map[time.Duration]string{2 * time.Hour: "sent", 25 * time.Hour: "failed"} {
		b := setup(t, func(c *sandbox.Config) { c.Past = []sandbox.Past{since(ago)} })
		b.call(http.MethodPost, "/control/reset", nil) // it makes no difference
		require.Len(t, b.bubbles("whatsapp_cloud"), 4)
		b.send(hello(b))
		require.Equal(t, want, b.hub.next(t).status(t)["status"], ago)
	}
}

func TestAPastThatCannotBePlacedIsLeftOut(t *testing.T) {
	t.Parallel()
	for field, past := range map[string]sandbox.Past{
		"to":       {Sender: "+12025550177", Lead: lead},
		"lead":     {Sender: ctmNumber, Lead: "somebody"},
		"provider": {Provider: "pigeon", Sender: ctmNumber, Lead: lead},
	} {
		b := setup(t, func(c *sandbox.Config) { c.Past = []sandbox.Past{past, since(time.Hour)} })
		require.Len(t, b.bubbles("whatsapp_cloud"), 4, field)
	}
	_, err := sandbox.ReadConfig(strings.NewReader(`{"past": [{"sender": "+12025550177", "lead": "+12025550123", "messages": []}]}`))
	require.ErrorContains(t, err, "past[0]: to +12025550177 is not a number")
}
