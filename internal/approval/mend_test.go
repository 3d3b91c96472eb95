package approval_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/approval"
	"converse/internal/chat"
	"converse/internal/store"
)

// rejected hands in a template of a text that reviewers turn down, and waits for their word.
func (b *bench) rejected(t testing.TB, of store.Connector, name string) (approval.Draft, chat.TemplateID) {
	t.Helper()
	bad := draft(of, name, "")
	bad.Header, bad.Body = nil, "We refuse {{1}} to wait."
	made := b.write(t, bad)
	_, err := b.approval.Submit(t.Context(), b.Admin, made.ID)
	require.NoError(t, err)
	b.becomes(t, of, made.ID, chat.TemplateRejected)
	return bad, made.ID
}

// becomes waits until a template that is with its provider stands so.
func (b *bench) becomes(t testing.TB, of store.Connector, id chat.TemplateID, status string) {
	t.Helper()
	require.Eventually(t, func() bool {
		b.sync(t, of)
		return b.template(t, id).Status == status
	}, eventually, tick)
}

func (b *bench) change(t testing.TB, id chat.TemplateID, d approval.Draft) {
	t.Helper()
	changed, err := b.approval.Write(t.Context(), b.Admin, id, d)
	require.NoError(t, err)
	require.Equal(t, chat.TemplateDraft, changed.Status)
}

// TestARejectedTemplateIsMendedUnderItsName: the provider has it under this name, and
// reviews it again.
func TestARejectedTemplateIsMendedUnderItsName(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for name, connector := range map[string]store.Connector{"whatsapp": b.at.WhatsApp, "gupshup": b.at.Gupshup} {
		mended, id := b.rejected(t, connector, "your_home")
		ref := b.ref(t, id)
		mended.Body = "We ask {{1}} to wait."
		b.change(t, id, mended)
		b.sync(t, connector)
		require.Equal(t, []string{chat.TemplateDraft, mended.Body}, []string{b.template(t, id).Status, b.template(t, id).Body},
			"a reading of the provider's list leaves what was mended: %s", name)

		handed, err := b.approval.Submit(t.Context(), b.Admin, id)
		require.NoError(t, err, name)
		require.Equal(t, "pending", handed.Status, "%s: %s", name, handed.Reason)
		require.Equal(t, ref, b.ref(t, id), "%s has one of this name", name)
		b.becomes(t, connector, id, chat.TemplateApproved)
		require.Equal(t, mended.Body, b.template(t, id).Body, name)
		require.Equal(t, map[string]string{"your_home": chat.TemplateApproved}, b.states(t, connector), name)
	}
}

// TestARejectedTemplateUnderAnotherNameIsANewOne: what was rejected stays with the provider.
func TestARejectedTemplateUnderAnotherNameIsANewOne(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for what, change := range map[string]func(*approval.Draft){
		"name":     func(d *approval.Draft) { d.Name = "my_home" },
		"language": func(d *approval.Draft) { d.Language = "de" },
	} {
		d, id := b.rejected(t, b.at.WhatsApp, "your_home_by_"+what)
		ref := b.ref(t, id)
		change(&d)
		d.Body = "We ask {{1}} to wait."
		b.change(t, id, d)
		_, err := b.approval.Submit(t.Context(), b.Admin, id)
		require.NoError(t, err)
		require.NotEqual(t, ref, b.ref(t, id), what)
		b.becomes(t, b.at.WhatsApp, id, chat.TemplateApproved)
	}
	require.Equal(t, "rejected", b.states(t, b.at.WhatsApp)["your_home_by_name"])
}

// TestARefusalAtOnceLosesNothing: a template that is not taken is mended and handed in
// under the same id.
func TestARefusalAtOnceLosesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d, id := b.rejected(t, b.at.WhatsApp, "your_home")
	ref := b.ref(t, id)
	d.Body = "A {{1}}, {{2}}, {{3}}."
	d.Examples = map[string]string{"1": "a", "2": "b", "3": "c"}
	b.change(t, id, d)
	refused, err := b.approval.Submit(t.Context(), b.Admin, id)
	require.NoError(t, err)
	require.Equal(t, "rejected", refused.Status)
	require.Contains(t, refused.Reason, "too many variables")
	d.Body, d.Examples = "We ask {{1}} to wait.", map[string]string{"1": "Asha"}
	b.change(t, id, d)
	_, err = b.approval.Submit(t.Context(), b.Admin, id)
	require.NoError(t, err)
	require.Equal(t, ref, b.ref(t, id))
	b.becomes(t, b.at.WhatsApp, id, chat.TemplateApproved)
}

// TestADraftOfWhatIsGoneIsANewOne deletes it at the provider.
func TestADraftOfWhatIsGoneIsANewOne(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.write(t, approval.Draft{
		Channel: chat.ChannelWhatsApp, Connector: b.at.WhatsApp.ID, Name: "your_home", Language: "en_US", Category: "utility", Body: "See you soon.",
	})
	require.NoError(t, b.Store.HandIn(t.Context(), b.Admin, made.ID, store.Review{Ref: "100000000000001", Status: chat.TemplateRejected}, longAgo()))
	b.change(t, made.ID, approval.Draft{
		Channel: chat.ChannelWhatsApp, Connector: b.at.WhatsApp.ID, Name: "your_home", Language: "en_US", Category: "utility", Body: "See you there.",
	})
	require.Zero(t, b.sync(t, b.at.WhatsApp).Gone)
	_, err := b.approval.Submit(t.Context(), b.Admin, made.ID)
	require.NoError(t, err)
	b.becomes(t, b.at.WhatsApp, made.ID, chat.TemplateApproved)
}

// ref is the provider's id of a template.
func (b *bench) ref(t testing.TB, id chat.TemplateID) string {
	t.Helper()
	stored, err := b.Store.Template(t.Context(), b.Org, id)
	require.NoError(t, err)
	return stored.Ref
}
