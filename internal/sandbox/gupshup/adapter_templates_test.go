package gupshup_test

import (
	"bytes"
	"context"
	"io"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/internal/chat"
)

// offer is a template with all that one can have.
func offer(name string) channels.Template {
	return channels.Template{
		TemplateReview: channels.TemplateReview{Name: name, Language: "en_US", Category: "marketing"},
		Header:         &channels.TemplateHeader{Kind: chat.KindText, Text: "Dear {{1}}", Example: "Asha"},
		Body:           "The house in {{1}} costs {{2}}. See {{1}}!", Footer: "Harbour Homes",
		Variables: []channels.TemplateVariable{{Name: "1", Example: "Elm Street"}, {Name: "2", Example: "less, now"}},
		Buttons: []channels.TemplateButton{
			{Kind: "url", Text: "Look", Value: "https://example.com/{{1}}", Example: "https://example.com/42"},
			{Kind: "phone_number", Text: "Call", Value: "+910000000001"},
			{Kind: "quick_reply", Text: "Not for me"},
		},
	}
}

func (d *desk) templates(t *testing.T) map[string]channels.Template {
	t.Helper()
	page, err := d.ListTemplates(t.Context(), d, d.account, "")
	require.NoError(t, err)
	require.Empty(t, page.Cursor)
	out := map[string]channels.Template{}
	for _, one := range page.Templates {
		require.NotContains(t, out, one.Name)
		out[one.Name] = one
	}
	return out
}

func TestTheAdapterHandsTemplatesInAndFollowsTheirReview(t *testing.T) {
	t.Parallel()
	d := setup(t)
	d.keep(t, "")
	for name, end := range map[string]channels.TemplateReview{
		"new_offer":   {Status: channels.TemplateApproved},
		"refuse_this": {Status: channels.TemplateRejected, Reason: "INVALID_FORMAT"},
	} {
		want := offer(name)
		made, err := d.SubmitTemplate(t.Context(), d, d.account, want)
		require.NoError(t, err)
		require.NotEmpty(t, made.Ref)
		want.Ref, want.Status = made.Ref, channels.TemplatePending
		require.Equal(t, want.TemplateReview, made)

		_, events := d.next(t)
		require.Len(t, events, 1)
		told, ok := events[0].(channels.TemplateChanged)
		require.True(t, ok, "%#v", events[0])
		require.Equal(t, []any{made.Ref, name, end.Status, end.Reason}, []any{told.Ref, told.Name, told.Status, told.Reason})

		want.Status, want.Reason = end.Status, end.Reason
		require.Equal(t, want, d.templates(t)[name], "as it was handed in")

		_, err = d.SubmitTemplate(t.Context(), d, d.account, offer(name))
		require.Equal(t, channels.ReasonRejected, reasonOf(t, err))
		require.ErrorContains(t, err, "Already exists")
	}
	require.Equal(t, channels.Template{
		TemplateReview: channels.TemplateReview{
			Ref: d.templates(t)["there_already"].Ref, Name: "there_already", Language: "en", Category: "utility", Status: channels.TemplateApproved,
		},
		Body: "Your {{1}} is ready.", Footer: "Thank you", Variables: []channels.TemplateVariable{{Name: "1"}},
		Buttons: []channels.TemplateButton{{Kind: "quick_reply", Text: "Great"}},
	}, d.templates(t)["there_already"])
}

func TestTheAdapterHandsInATemplateWithAPicture(t *testing.T) {
	t.Parallel()
	d := setup(t)
	picture := append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 100)...)
	want := offer("with_picture")
	want.Header = &channels.TemplateHeader{Kind: chat.KindImage, File: &channels.OutgoingMedia{
		Kind: chat.KindImage, ContentType: "image/png", Name: "house.png", Size: int64(len(picture)),
		Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(picture)), nil },
	}}
	_, err := d.SubmitTemplate(t.Context(), d, d.account, want)
	require.NoError(t, err)
	listed := d.templates(t)["with_picture"].Header
	require.Equal(t, chat.KindImage, listed.Kind)
	require.Regexp(t, `^4::`, listed.Example, "the handle, with which it can be handed in again")

	again := offer("with_the_same")
	again.Header = &channels.TemplateHeader{Kind: chat.KindImage, Example: listed.Example}
	_, err = d.SubmitTemplate(t.Context(), d, d.account, again)
	require.NoError(t, err)
	again.Name, again.Header = "with_a_guess", &channels.TemplateHeader{Kind: chat.KindImage, Example: "4::guess"}
	_, err = d.SubmitTemplate(t.Context(), d, d.account, again)
	require.Equal(t, channels.ReasonRejected, reasonOf(t, err))
}

// A template that was handed in is sent by the id that its listing gives.
func TestTheAdapterSendsATemplateThatItHandedIn(t *testing.T) {
	t.Parallel()
	d := setup(t)
	d.keep(t, "")
	short := channels.Template{
		TemplateReview: channels.TemplateReview{Name: "short", Language: "en_US", Category: "utility"},
		Body:           "Your {{1}} is ready.", Variables: []channels.TemplateVariable{{Name: "1", Example: "car"}},
	}
	_, err := d.SubmitTemplate(t.Context(), d, d.account, short)
	require.NoError(t, err)
	d.next(t) // it is approved
	receipt, err := d.Send(t.Context(), d, d.account, channels.Outgoing{
		From: d.account.Senders[0], To: chat.Identifier{Kind: chat.IdentifierPhone, Value: lead},
		Template: &channels.OutgoingTemplate{Name: "short", Ref: d.templates(t)["short"].Ref, Parameters: []channels.Parameter{{Name: "1", Value: "house"}}},
	})
	require.NoError(t, err)
	for _, want := range []chat.Status{"", chat.StatusSent, chat.StatusDelivered} { // first, it tells of another id
		_, events := d.next(t)
		report, ok := events[0].(channels.Report)
		require.True(t, ok, "%#v", events[0])
		require.Equal(t, []any{receipt.ProviderID, want}, []any{report.ProviderID, report.Status})
	}
}

func TestTheAdapterWithoutTheRightHasNoTemplates(t *testing.T) {
	t.Parallel()
	d := setup(t)
	d.account.Secrets["app_token"] = "guess"
	_, err := d.ListTemplates(t.Context(), d, d.account, "")
	require.Equal(t, channels.ReasonBadCredentials, reasonOf(t, err))
	_, err = d.SubmitTemplate(t.Context(), d, d.account, offer("offer"))
	require.Equal(t, channels.ReasonBadCredentials, reasonOf(t, err))
}

func TestTheAdapterTriesAnAccount(t *testing.T) {
	t.Parallel()
	const unknownApp = "Gupshup does not know the app by this name, or the number is not the app's."
	good := channels.FoundSender{Address: number}
	for name, c := range map[string]struct {
		change func(*channels.Account)
		found  []channels.FoundSender
		fails  channels.Reason
	}{
		"all is well":       {func(*channels.Account) {}, []channels.FoundSender{good}, ""},
		"no number entered": {func(a *channels.Account) { a.Senders = nil }, []channels.FoundSender{good}, ""},
		"no partner":        {func(a *channels.Account) { delete(a.Secrets, "app_token") }, []channels.FoundSender{good}, ""},
		"another name": {
			func(a *channels.Account) { a.Settings["app_name"] = "Demo" },
			[]channels.FoundSender{{Address: number, Note: unknownApp}},
			"",
		},
		"another number": {
			func(a *channels.Account) { a.Senders[0].Address = "+910000000002" },
			[]channels.FoundSender{good, {Address: "+910000000002", Note: unknownApp}},
			"",
		},
		"a wrong key":   {func(a *channels.Account) { a.Secrets["api_key"] = "guess" }, nil, channels.ReasonBadCredentials},
		"a wrong token": {func(a *channels.Account) { a.Secrets["app_token"] = "guess" }, nil, channels.ReasonBadCredentials},
		"another app":   {func(a *channels.Account) { a.Settings["app_id"] = "another" }, nil, channels.ReasonBadCredentials},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := setup(t)
			d.keep(t, "")
			account := d.account
			account.Settings, account.Secrets, account.Senders = maps.Clone(account.Settings), maps.Clone(account.Secrets), slices.Clone(account.Senders)
			c.change(&account)
			checked, err := d.Check(t.Context(), d, account)
			if c.fails != "" {
				require.Equal(t, c.fails, reasonOf(t, err))
				return
			}
			require.NoError(t, err)
			require.Equal(t, account.Settings["app_name"], checked.Name)
			require.Equal(t, c.found, checked.Senders)
			require.Equal(t, name == "no partner", len(checked.Warnings) > 0)
			d.hears(t, "Nothing was sent: this is the first there is")
		})
	}
}
