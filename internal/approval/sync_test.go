package approval_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/account"
	"converse/internal/chat"
	"converse/internal/sandbox"
)

// many are templates that take three pages of Meta's list.
func many(n int) []sandbox.Template {
	var out []sandbox.Template
	for i := range n {
		out = append(out, sandbox.Template{Name: fmt.Sprintf("news_%03d", i), Language: "en_US", Category: "marketing", Body: fmt.Sprintf("News number %d.", i)})
	}
	return out
}

// TestTemplatesAreReadPageByPage reads 250 of them, then what became of them over there.
func TestTemplatesAreReadPageByPage(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *sandbox.Config) { c.Accounts[0].Templates = many(250) })
	asked := &counted{Doer: b.at.Doer}
	b.over(asked)
	read := b.sync(t, b.at.WhatsApp)
	require.Equal(t, []any{"done", 250, 0, ""}, []any{read.State, read.Found, read.Gone, read.Problem})
	require.Equal(t, 3, asked.calls, "a hundred to a page")
	states := b.states(t, b.at.WhatsApp)
	require.Len(t, states, 250, "each once, none left out between two pages")
	for name, state := range states {
		require.Equal(t, chat.TemplateApproved, state, name)
	}

	// One is paused, one disabled, one refused, and one on the last page is gone.
	account := b.at.Accounts[0]
	account.Templates = many(249)
	for i, status := range map[int]string{3: "PAUSED", 120: "DISABLED", 240: "REJECTED"} {
		account.Templates[i].Status = status
	}
	require.NoError(t, b.at.Sandbox.AddAccount(account))
	read = b.sync(t, b.at.WhatsApp)
	require.Equal(t, []any{"done", 249, 1}, []any{read.State, read.Found, read.Gone})
	states = b.states(t, b.at.WhatsApp)
	require.NotContains(t, states, "news_249")
	require.Equal(t, []string{"paused", "disabled", "rejected", "approved"}, []string{states["news_003"], states["news_120"], states["news_240"], states["news_241"]})

	// And back again.
	account.Templates = many(250)
	require.NoError(t, b.at.Sandbox.AddAccount(account))
	require.Zero(t, b.sync(t, b.at.WhatsApp).Gone)
	states = b.states(t, b.at.WhatsApp)
	require.Equal(t, []string{"approved", "approved"}, []string{states["news_003"], states["news_249"]})
}

// TestAReadingThatBreaksOffTakesNothingAway fails on the second page: what the later pages
// would have shown is still there.
func TestAReadingThatBreaksOffTakesNothingAway(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *sandbox.Config) { c.Accounts[0].Templates = many(250) })
	require.Equal(t, 250, b.sync(t, b.at.WhatsApp).Found)
	b.over(&counted{Doer: b.at.Doer, fail: 2})
	read := b.sync(t, b.at.WhatsApp)
	require.Equal(t, "failed", read.State)
	require.NotEmpty(t, read.Problem)
	require.Len(t, b.states(t, b.at.WhatsApp), 250)
}

// TestAReviewIsFollowed hands two templates in and reads how each ended, among many others.
func TestAReviewIsFollowed(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *sandbox.Config) { c.Accounts[0].Templates = many(150) })
	b.sync(t, b.at.WhatsApp)
	good, bad := draft(b.at.WhatsApp, "your_home", ""), draft(b.at.WhatsApp, "refuse_this", "")
	good.Header, bad.Header = nil, nil
	made := []chat.Template{b.write(t, good), b.write(t, bad)}
	for i := range made {
		handed, err := b.approval.Submit(t.Context(), b.Admin, made[i].ID)
		require.NoError(t, err)
		require.Equal(t, "pending", handed.Status)
	}
	require.Eventually(t, func() bool {
		b.sync(t, b.at.WhatsApp)
		return b.template(t, made[0].ID).Status == chat.TemplateApproved && b.template(t, made[1].ID).Status == chat.TemplateRejected
	}, eventually, tick)
	require.NotEmpty(t, b.template(t, made[1].ID).Reason, "the provider's words")
	states := b.states(t, b.at.WhatsApp)
	require.Len(t, states, 152, "what was handed in is the same template when it is read")
}

// TestAnAccountThatMayNotListSaysWhy: what it lacks is said in its own words.
func TestAnAccountThatMayNotListSaysWhy(t *testing.T) {
	t.Parallel()
	b := setup(t)
	without, err := b.Store.Connector(t.Context(), b.Org, b.at.Gupshup.ID)
	require.NoError(t, err)
	delete(without.Settings, "app_id")
	_, err = b.at.Change(t.Context(), b.Admin, account.New{Connector: without}, nil)
	require.NoError(t, err)
	read := b.sync(t, b.at.Gupshup)
	require.Equal(t, "failed", read.State)
	require.Contains(t, read.Problem, "App ID and App token")
}
