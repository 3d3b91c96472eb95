package outbox_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/account"
	"converse/internal/chat"
	"converse/internal/outbox"
	"converse/internal/store"
)

func TestALeadIsWrittenToOnlyFromItsOwnersNumberWhereThatIsWanted(t *testing.T) {
	t.Parallel()
	b := setup(t)
	// give makes the number one of a user, and has the connector insist on that.
	give := func(user chat.UserID) error {
		c, err := b.Store.Connector(t.Context(), b.Org, b.accounts.CTM.ID)
		require.NoError(t, err)
		c.Settings["owner_number_only"] = "true"
		c.Senders = append([]store.ConnectorSender(nil), c.Senders...)
		c.Senders[0].User = user
		_, err = b.accounts.Change(t.Context(), b.Admin, account.New{Connector: c}, nil)
		return err
	}
	send := func() error {
		_, err := b.outbox.Accept(t.Context(), b.Sales, outbox.Draft{
			Conversation: b.sms.ID, ClientID: string(chat.NewID[chat.MessageID]()), Text: "Hello",
		})
		return err
	}
	require.NoError(t, send(), "every number writes to every lead unless somebody says otherwise")

	require.NoError(t, give(""))
	var refused *chat.Error
	require.ErrorAs(t, send(), &refused)
	require.Equal(t, chat.CodeBlocked, refused.Code)
	require.Contains(t, refused.Message, "Ask an administrator to give the owner one")

	require.NoError(t, give(b.Admin.User))
	require.ErrorAs(t, send(), &refused, "the number of somebody else")

	require.NoError(t, give(b.sms.Owner))
	require.NoError(t, send())

	require.ErrorAs(t, give(chat.NewID[chat.UserID]()), &refused)
	require.Equal(t, "numbers[0].userId", refused.Field)
}

// TestALeadThatPassedOnIsNotWrittenToFromTheOldOwnersNumber: the message was accepted
// while the number was the owner's.
func TestALeadThatPassedOnIsNotWrittenToFromTheOldOwnersNumber(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c, err := b.Store.Connector(t.Context(), b.Org, b.accounts.CTM.ID)
	require.NoError(t, err)
	c.Settings["owner_number_only"] = "true"
	c.Senders = append([]store.ConnectorSender(nil), c.Senders...)
	c.Senders[0].User = b.sms.Owner
	_, err = b.accounts.Change(t.Context(), b.Admin, account.New{Connector: c}, nil)
	require.NoError(t, err)
	m := b.send(t, b.sms, "see you tomorrow")
	_, err = b.Store.UpdateLead(t.Context(), b.Admin, store.LeadChange{ID: b.sms.Lead, Owner: &b.Admin.User})
	require.NoError(t, err)
	b.outbox.Start(t.Context())
	failed := b.becomes(t, m.ID, chat.StatusFailed)
	require.Equal(t, "owner_number", failed.Failure.Code)
	require.Zero(t, b.provider.count())
}
