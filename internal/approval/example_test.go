package approval_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/account"
	"converse/internal/chat"
	"converse/internal/sandbox"
	"converse/internal/store"
	"converse/media"
)

// TestATemplateWithAPictureIsHandedIn goes all the way at both providers.
func TestATemplateWithAPictureIsHandedIn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for name, connector := range map[string]store.Connector{"whatsapp": b.at.WhatsApp, "gupshup": b.at.Gupshup} {
		file := b.attach(t, b.Admin, connector, "house.png", "image/png", house(t))
		made := b.write(t, draft(connector, "new_home", file))
		require.Equal(t, &chat.TemplateHeader{Kind: chat.KindImage, File: &chat.Media{
			ID: file, State: chat.MediaReady, Kind: chat.KindImage, ContentType: "image/png", Name: "house.png", Size: int64(len(house(t))),
			Width: 40, Height: 30, Version: 1,
		}}, made.Header, name)
		handed, err := b.approval.Submit(t.Context(), b.Admin, made.ID)
		require.NoError(t, err, name)
		require.Equal(t, "pending", handed.Status, name)
		require.Eventually(t, func() bool {
			require.Equal(t, "done", b.sync(t, connector).State)
			return b.template(t, made.ID).Status == chat.TemplateApproved
		}, eventually, tick, name)
		read := b.template(t, made.ID)
		require.NotEmpty(t, read.Header.Example, "where the provider has it")
		require.Equal(t, made.Header.File, read.Header.File, "what was attached stays to be seen")

		url, _, err := b.files.Link(t.Context(), b.Admin, file, false)
		require.NoError(t, err)
		require.NotEmpty(t, url)
		_, _, err = b.files.Link(t.Context(), b.Sales, file, false)
		require.Equal(t, chat.CodeNotFound, chat.CodeOf(err), "it is for those who keep templates")
	}
}

// TestAnAccountWithoutTheAppsIDSaysSo takes the setting away, before the file comes and
// after.
func TestAnAccountWithoutTheAppsIDSaysSo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	file := b.attach(t, b.Admin, b.at.WhatsApp, "house.png", "image/png", house(t))
	made := b.write(t, draft(b.at.WhatsApp, "new_home", file))
	without, err := b.Store.Connector(t.Context(), b.Org, b.at.WhatsApp.ID)
	require.NoError(t, err)
	delete(without.Settings, "app_id")
	_, err = b.at.Change(t.Context(), b.Admin, account.New{Connector: without}, nil)
	require.NoError(t, err)

	_, err = b.approval.Submit(t.Context(), b.Admin, made.ID)
	require.Equal(t, chat.CodeBlocked, chat.CodeOf(err))
	require.ErrorContains(t, err, "App ID")
	require.Equal(t, chat.TemplateDraft, b.template(t, made.ID).Status, "nobody has judged it")
	_, _, _, err = b.files.CreateExample(t.Context(), b.Admin, b.at.WhatsApp.ID, "house.png", "image/png", 10)
	require.Equal(t, chat.CodeBlocked, chat.CodeOf(err))
	require.ErrorContains(t, err, "App ID")
}

// TestWhatReviewersDoNotLookAtIsNotTaken: it can be sent, and cannot be an example.
func TestWhatReviewersDoNotLookAtIsNotTaken(t *testing.T) {
	t.Parallel()
	b := setup(t)
	create := func(p chat.Principal, name, contentType string, size int64) error {
		_, _, _, err := b.files.CreateExample(t.Context(), p, b.at.WhatsApp.ID, name, contentType, size)
		return err
	}
	require.Equal(t, "contentType", field(t, create(b.Admin, "plan.doc", "application/msword", 10)))
	require.Equal(t, "contentType", field(t, create(b.Admin, "tour.mp3", "audio/mpeg", 10)))
	require.Equal(t, "size", field(t, create(b.Admin, "house.png", "image/png", 5<<20+1)))
	require.Equal(t, chat.CodeForbidden, chat.CodeOf(create(b.Sales, "house.png", "image/png", 10)))
	_, _, _, err := b.files.CreateExample(t.Context(), b.Admin, chat.NewID[chat.ConnectorID](), "house.png", "image/png", 10)
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err))
}

// TestAnExampleIsOfOneTemplate tries files that are somebody else's, of another kind, of
// another account and of another template.
func TestAnExampleIsOfOneTemplate(t *testing.T) {
	t.Parallel()
	b := setup(t)
	other := b.Admin
	other.User = chat.NewID[chat.UserID]()
	require.NoError(t, b.Store.CreateUser(t.Context(), b.Org, chat.User{
		ID: other.User, Name: "Other", Email: "other@example.com", Role: chat.RoleAdministrator,
	}, "none"))
	mine := b.attach(t, b.Admin, b.at.WhatsApp, "house.png", "image/png", house(t))
	theirs := b.attach(t, other, b.at.WhatsApp, "house.png", "image/png", house(t))
	film := draft(b.at.WhatsApp, "film", mine)
	film.Header.Kind = chat.KindVideo
	taken := b.write(t, draft(b.at.WhatsApp, "taken", b.attach(t, b.Admin, b.at.WhatsApp, "house.png", "image/png", house(t))))
	for name, d := range map[string]chat.MediaID{"another user's": theirs, "of another template": taken.Header.File.ID, "none": chat.NewID[chat.MediaID]()} {
		_, err := b.approval.Write(t.Context(), b.Admin, "", draft(b.at.WhatsApp, "new_home", d))
		require.Equal(t, "header.file", field(t, err), name)
	}
	_, err := b.approval.Write(t.Context(), b.Admin, "", draft(b.at.Gupshup, "new_home", mine))
	require.Equal(t, "header.file", field(t, err), "of another account")
	_, err = b.approval.Write(t.Context(), b.Admin, "", film)
	require.Equal(t, "header.file", field(t, err), "of another kind")

	// A colleague changes the words, and the file stays.
	changed := draft(b.at.WhatsApp, "taken", taken.Header.File.ID)
	changed.Footer = "Harbour Homes"
	again, err := b.approval.Write(t.Context(), other, taken.ID, changed)
	require.NoError(t, err)
	require.Equal(t, taken.Header.File, again.Header.File)
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(b.files.Cancel(t.Context(), b.Admin, taken.Header.File.ID)), "it is no upload any more that could be taken back")
}

// TestAnExampleLivesAsLongAsItsTemplate counts the files that are left after a sweep.
func TestAnExampleLivesAsLongAsItsTemplate(t *testing.T) {
	t.Parallel()
	b := setup(t)
	stored := func(id chat.MediaID) bool {
		u, err := b.Store.Upload(t.Context(), b.Org, id)
		if err != nil {
			return false
		}
		object, err := b.objects.Get(t.Context(), media.Key(u.ObjectKey))
		require.NoError(t, err)
		return object.Close() == nil
	}
	left := b.attach(t, b.Admin, b.at.WhatsApp, "left.png", "image/png", house(t))
	first := b.attach(t, b.Admin, b.at.WhatsApp, "first.png", "image/png", house(t))
	made := b.write(t, draft(b.at.WhatsApp, "new_home", first))
	b.days(t, 30)
	require.NoError(t, b.files.Sweep(t.Context()))
	require.False(t, stored(left), "nobody made a template of it")
	require.True(t, stored(first))

	second := b.attach(t, b.Admin, b.at.WhatsApp, "second.png", "image/png", house(t))
	_, err := b.approval.Write(t.Context(), b.Admin, made.ID, draft(b.at.WhatsApp, "new_home", second))
	require.NoError(t, err)
	b.days(t, 30)
	require.NoError(t, b.files.Sweep(t.Context()))
	require.False(t, stored(first), "another took its place")
	require.True(t, stored(second))

	require.NoError(t, b.approval.Drop(t.Context(), b.Admin, made.ID))
	require.NoError(t, b.files.Sweep(t.Context()))
	require.False(t, stored(second), "its template is gone")
}

// TestAnExampleGoesWithATemplateThatItsProviderHasNoMore removes it over there.
func TestAnExampleGoesWithATemplateThatItsProviderHasNoMore(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *sandbox.Config) {
		c.Accounts[0].Templates = []sandbox.Template{{Name: "stays", Language: "en_US", Body: "Hello there."}}
	})
	file := b.attach(t, b.Admin, b.at.WhatsApp, "house.png", "image/png", house(t))
	made := b.write(t, draft(b.at.WhatsApp, "stays_too", file))
	require.NoError(t, b.Store.HandIn(t.Context(), b.Admin, made.ID, store.Review{Ref: "1", Status: chat.TemplateApproved}, longAgo()))
	require.Equal(t, 1, b.sync(t, b.at.WhatsApp).Gone)
	b.days(t, 1)
	require.NoError(t, b.files.Sweep(t.Context()))
	_, err := b.Store.Upload(t.Context(), b.Org, file)
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err))
}

// TestAFileThatIsLostIsAskedForAgain: the row is there and the bytes are not.
func TestAFileThatIsLostIsAskedForAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	file := b.attach(t, b.Admin, b.at.WhatsApp, "house.png", "image/png", house(t))
	made := b.write(t, draft(b.at.WhatsApp, "new_home", file))
	u, err := b.Store.Upload(t.Context(), b.Org, file)
	require.NoError(t, err)
	require.NoError(t, b.objects.Delete(context.WithoutCancel(t.Context()), media.Key(u.ObjectKey)))
	_, err = b.approval.Submit(t.Context(), b.Admin, made.ID)
	require.Equal(t, "header.file", field(t, err), fmt.Sprint(err))
	require.Equal(t, chat.TemplateDraft, b.template(t, made.ID).Status)
}

// TestAnUploadThatBreaksOffGoesOn cuts the line half-way to Meta, once.
func TestAnUploadThatBreaksOffGoesOn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	large := append(house(t), make([]byte, 1<<20)...)
	made := b.write(t, draft(b.at.WhatsApp, "new_home", b.attach(t, b.Admin, b.at.WhatsApp, "house.png", "image/png", large)))
	line := &cut{Doer: b.at.Doer, after: 600 << 10}
	b.over(line)
	handed, err := b.approval.Submit(t.Context(), b.Admin, made.ID)
	require.NoError(t, err)
	require.Equal(t, "pending", handed.Status, handed.Reason)
	require.Len(t, line.offsets, 2, "it was sent in two parts")
	require.Equal(t, "0", line.offsets[0])
	require.NotEqual(t, "0", line.offsets[1], "and not from its beginning again")
}
