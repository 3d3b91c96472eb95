package files_test

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/files"
	"converse/media"
)

// unread fails the test when somebody reads it.
type unread struct{ testing.TB }

func (u unread) Read([]byte) (int, error) {
	u.Error("it was read")
	return 0, io.EOF
}

func TestAnUploadBecomesReady(t *testing.T) {
	t.Parallel()
	b := setup(t)
	file := picture(t, 30, 20)
	id, word := b.create(t, "../../House of 12025550123.PNG", "image/png", len(file))
	_, err := b.files.Complete(t.Context(), b.Sales, id, "")
	require.Equal(t, chat.CodeBlocked, chat.CodeOf(err), "nothing has come yet")
	require.NoError(t, b.receive(t, word, file))
	_, err = b.files.Complete(t.Context(), b.Admin, id, "")
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err), "it is somebody else's")
	got, err := b.files.Complete(t.Context(), b.Sales, id, "")
	require.NoError(t, err)
	require.Equal(t, chat.Media{
		ID: id, State: chat.MediaReady, Kind: chat.KindImage, ContentType: "image/png", Name: "House of 12025550123.PNG", Size: int64(len(file)), Width: 30, Height: 20,
		Version: 1,
	}, got)
	again, err := b.files.Complete(t.Context(), b.Sales, id, "")
	require.NoError(t, err)
	require.Equal(t, got, again)
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(b.receive(t, word, file)), "the word has been used")
	require.Len(t, b.kept(t), 1)
}

// TestA11WhatIsTooLargeIsRefusedUnread announces 100 MB, and sends more than was announced.
func TestA11WhatIsTooLargeIsRefusedUnread(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, _, _, err := b.files.Create(t.Context(), b.Sales, b.talk.ID, "a.mp4", "video/mp4", 100<<20)
	require.Equal(t, "size", invalid(t, err))
	_, word := b.create(t, "a.mp4", "video/mp4", 1000)
	require.ErrorIs(t, b.files.Receive(t.Context(), word, 100<<20, unread{t}), media.ErrTooLarge)
	require.ErrorIs(t, b.files.Receive(t.Context(), word, -1, unread{t}), files.ErrNoLength)
	require.Equal(t, "size", invalid(t, b.files.Receive(t.Context(), word, 999, unread{t})))
	// More comes than the request said.
	mp4 := "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00"
	require.Equal(t, "size", invalid(t, b.files.Receive(t.Context(), word, 1000, strings.NewReader(mp4+strings.Repeat("x", 5000)))))
	require.Empty(t, b.kept(t))
	require.Zero(t, b.rows(t), "it is of no use any more")
}

// TestA11BytesDecide sends what was not announced.
func TestA11BytesDecide(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for name, body := range map[string]string{
		"a program":       "\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00",
		"a page":          "<!DOCTYPE html><html><script>alert(1)</script></html>",
		"a drawing":       "<svg onload=alert(1)>",
		"another picture": "\xff\xd8\xff\xe0\x00\x10JFIF\x00",
		"a test virus":    `X5O!P%@AP[4\PZX54(P^)7CC)7}$` + `EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`,
		"an archive":      "PK\x03\x04\x14\x00\x00\x00\x08\x00",
	} {
		_, word := b.create(t, "a.png", "image/png", len(body))
		require.Equal(t, "contentType", invalid(t, b.receive(t, word, []byte(body))), name)
	}
	require.Empty(t, b.kept(t))
	require.Zero(t, b.rows(t))
}

func TestA11APictureBombIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	file := picture(t, 6000, 5000)
	require.Less(t, len(file), 100_000, "thirty million pixels in little")
	id, word := b.create(t, "a.png", "image/png", len(file))
	require.NoError(t, b.receive(t, word, file))
	_, err := b.files.Complete(t.Context(), b.Sales, id, "")
	require.Equal(t, "mediaId", invalid(t, err))
	require.Empty(t, b.kept(t))

	broken := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR and no more")
	id, word = b.create(t, "a.png", "image/png", len(broken))
	require.NoError(t, b.receive(t, word, broken))
	_, err = b.files.Complete(t.Context(), b.Sales, id, "")
	require.Equal(t, "mediaId", invalid(t, err))
	require.Empty(t, b.kept(t))
}

func TestADigestIsCompared(t *testing.T) {
	t.Parallel()
	b := setup(t)
	file := picture(t, 3, 2)
	id, word := b.create(t, "a.png", "image/png", len(file))
	require.NoError(t, b.receive(t, word, file))
	_, err := b.files.Complete(t.Context(), b.Sales, id, strings.Repeat("0", 64))
	require.Equal(t, "sha256", invalid(t, err))
	require.Empty(t, b.kept(t))
}

func TestAnUploadIsTakenBack(t *testing.T) {
	t.Parallel()
	b := setup(t)
	file := picture(t, 3, 2)
	id, word := b.create(t, "a.png", "image/png", len(file))
	require.NoError(t, b.receive(t, word, file))
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(b.files.Cancel(t.Context(), b.Admin, id)))
	require.NoError(t, b.files.CancelWord(t.Context(), word))
	require.Empty(t, b.kept(t))
	require.Zero(t, b.rows(t))

	id, _ = b.create(t, "a.png", "image/png", len(file))
	require.NoError(t, b.files.Cancel(t.Context(), b.Sales, id))
	require.Zero(t, b.rows(t))
}

// gate is a body that says when it is read and then waits.
type gate struct {
	io.Reader
	read, open chan struct{}
}

func newGate(body []byte) *gate {
	return &gate{Reader: bytes.NewReader(body), read: make(chan struct{}, 100), open: make(chan struct{})}
}

func (g *gate) Read(p []byte) (int, error) {
	g.read <- struct{}{}
	<-g.open
	return g.Reader.Read(p)
}

func TestUploadsAtOnceAreBounded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	file := picture(t, 3, 2)
	first, second := newGate(file), file
	_, one := b.create(t, "a.png", "image/png", len(file))
	_, two := b.create(t, "b.png", "image/png", len(file))
	done := make(chan error, 1)
	go func() { done <- b.files.Receive(context.Background(), one, int64(len(file)), first) }()
	<-first.read
	require.ErrorIs(t, b.receive(t, two, second), files.ErrBusy)
	close(first.open)
	require.NoError(t, <-done)
	require.NoError(t, b.receive(t, two, second), "its word was not used by that")
}

// TestACancelledUploadLeavesNothing takes an upload back while its bytes come.
func TestACancelledUploadLeavesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	file := picture(t, 3, 2)
	body := newGate(file)
	id, word := b.create(t, "a.png", "image/png", len(file))
	done := make(chan error, 1)
	go func() { done <- b.files.Receive(context.Background(), word, int64(len(file)), body) }()
	<-body.read
	require.NoError(t, b.files.Cancel(t.Context(), b.Sales, id))
	close(body.open)
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(<-done))
	require.Empty(t, b.kept(t))
	require.Zero(t, b.rows(t))
}

func TestWordsEnd(t *testing.T) {
	t.Parallel()
	b := setup(t)
	file := picture(t, 3, 2)
	id, word := b.create(t, "a.png", "image/png", len(file))
	b.pass(2 * time.Hour)
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(b.receive(t, word, file)))
	for _, purpose := range []media.Purpose{media.ToSave, media.ToPreview, media.ToProvider} {
		other, err := b.signer.Sign(media.Grant{Org: b.Org, Media: id, Expires: b.clock().Add(time.Hour), Purpose: purpose})
		require.NoError(t, err)
		require.Equal(t, chat.CodeNotFound, chat.CodeOf(b.receive(t, other, file)), "a word to read is none to write")
		require.Equal(t, chat.CodeNotFound, chat.CodeOf(b.files.CancelWord(t.Context(), other)))
	}
}

func TestWhatNobodySendsIsSwept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	file := picture(t, 3, 2)
	old, word := b.create(t, "old.png", "image/png", len(file))
	require.NoError(t, b.receive(t, word, file))
	waiting, _ := b.create(t, "waiting.png", "image/png", len(file))
	fresh, word := b.create(t, "fresh.png", "image/png", len(file))
	require.NoError(t, b.receive(t, word, file))
	require.NoError(t, b.files.Sweep(t.Context()))
	require.Equal(t, 3, b.rows(t))

	pool, err := pgxpool.New(t.Context(), b.URL)
	require.NoError(t, err)
	defer pool.Close()
	_, err = pool.Exec(t.Context(), "update uploads set created_at = now() - interval '25 hours' where id = $1", old)
	require.NoError(t, err)
	_, err = pool.Exec(t.Context(), "update uploads set created_at = now() - interval '2 hours' where id in ($1, $2)", waiting, fresh)
	require.NoError(t, err)
	require.NoError(t, b.files.Sweep(t.Context()))
	require.Equal(t, 1, b.rows(t), "what came a moment ago stays")
	require.Len(t, b.kept(t), 1)
	_, err = b.files.Complete(t.Context(), b.Sales, fresh, "")
	require.NoError(t, err)
}

func TestAConversationThatOneDoesNotSeeTakesNoFile(t *testing.T) {
	t.Parallel()
	b := setup(t)
	other := chat.User{ID: chat.NewID[chat.UserID](), Name: "Other", Email: "other@example.com", Role: chat.RoleSalesUser}
	require.NoError(t, b.Store.CreateUser(t.Context(), b.Org, other, "none"))
	access := chat.BaseAccess(other.Role).Restrict(chat.PermissionTemplate{View: chat.ScopeOwn})
	p := chat.Principal{Org: b.Org, User: other.ID, Role: other.Role, Access: &access}
	_, _, _, err := b.files.Create(t.Context(), p, b.talk.ID, "a.png", "image/png", 10)
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err))
	p = b.Sales
	p.Role = chat.RoleMarketingUser
	_, _, _, err = b.files.Create(t.Context(), p, b.talk.ID, "a.png", "image/png", 10)
	require.Equal(t, chat.CodeForbidden, chat.CodeOf(err))
	sms := b.Conversation(t, b.accounts.CTM)
	_, _, _, err = b.files.Create(t.Context(), b.Sales, sms.ID, "a.svg", "image/svg+xml", 10)
	require.Equal(t, "contentType", invalid(t, err))
}

func TestAProviderIsGivenALinkForADay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, _ := b.sent(t, picture(t, 3, 2))
	url, err := b.files.ProviderLink(b.Org, id)
	require.NoError(t, err)
	word, ours := strings.CutPrefix(url, "https://hub.example.com/m/")
	require.True(t, ours)
	grant, err := b.signer.Open(word, b.clock().Add(23*time.Hour))
	require.NoError(t, err)
	require.Equal(t, media.ToProvider, grant.Purpose)
	_, err = b.signer.Open(word, b.clock().Add(25*time.Hour))
	require.ErrorIs(t, err, media.ErrExpired)
	file, err := b.files.File(t.Context(), grant)
	require.NoError(t, err)
	require.Equal(t, "image/png", file.ContentType)
}

func TestAFileThatCameCannotBeFetchedAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, _ := b.sent(t, picture(t, 3, 2))
	_, err := b.files.Retry(t.Context(), b.Sales, id)
	require.Equal(t, chat.CodeBlocked, chat.CodeOf(err))
}
