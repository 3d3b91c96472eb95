package rpc_test

import (
	"crypto/sha256"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/outbox"
	"converse/internal/store"
	"converse/internal/testkit/world"
	"converse/media"
)

func hashOf(token string) [sha256.Size]byte { return sha256.Sum256([]byte(token)) }

// things are ids of one org, by the name of the request field that takes them.
type things map[string]string

// stock makes one of everything that a request can name, in a world.
func stock(t testing.TB, w *world.World, o *outbox.Outbox) things {
	t.Helper()
	talk := w.Conversation(t, w.WhatsApp)
	file := chat.NewID[chat.MediaID]()
	_, err := w.Store.Receive(t.Context(), w.Org, store.Arrival{Stored: true}, store.Received{
		ID: chat.NewID[chat.MessageID](), Sender: w.WhatsApp.Senders[0].Sender, ProviderID: "in-" + string(w.Org),
		Phone: "+12025550123", Kind: chat.KindImage, Text: "my house", ProviderAt: time.Now(), ReceivedAt: time.Now(),
		Media: []store.NewMedia{{Media: chat.Media{ID: file, State: chat.MediaLoading, ContentType: "image/jpeg"}, Reference: "1"}},
	})
	require.NoError(t, err)
	_, err = w.Store.SettleMedia(t.Context(), w.Org, store.StoredMedia{
		Media: chat.Media{ID: file, State: chat.MediaReady, Kind: chat.KindImage, ContentType: "image/jpeg"}, ObjectKey: string(media.NewKey(w.Org)),
	})
	require.NoError(t, err)
	callback := store.Callback{ID: chat.NewID[chat.CallbackID](), Connector: w.WhatsApp.ID, ReceivedAt: time.Now(), Body: []byte("nonsense")}
	require.NoError(t, w.Store.EndNow(t.Context(), w.Org, callback, store.CallbackEnd{Result: store.ResultParked, Why: "cannot be read"}))
	key := chat.APIKey{ID: chat.NewID[chat.APIKeyID](), Name: "CRM", Hint: "abcd", Scopes: []chat.KeyScope{chat.KeyWidget}}
	require.NoError(t, w.Store.CreateAPIKey(t.Context(), w.Admin, key, hashOf(string(key.ID))))
	session := colleague(t, w, chat.RoleSalesUser)
	session.SignIn = chat.NewID[chat.SignInID]()
	require.NoError(t, w.Store.CreateSignIn(t.Context(), session, hashOf("session of "+string(session.User)), time.Now().Add(time.Hour)))
	in, err := w.Store.CreateImport(t.Context(), w.Admin, "leads.csv")
	require.NoError(t, err)
	out, err := w.Store.CreateExport(t.Context(), w.Admin, chat.ExportSelection{})
	require.NoError(t, err)
	parent, child, merge := merges(t, w)
	return withLeads(t, w, things{
		"parentId": string(parent), "childId": string(child), "mergeId": string(merge),
		"importId": string(in.ID), "exportId": string(out.ID),
		"apiKeyId": string(key.ID), "userEmail": string(w.Sales.User) + "@example.com",
		"groupIds": string(aGroup(t, w)), "groupId": string(aGroup(t, w)), "spareGroupId": string(aGroup(t, w)),
		"permissionTemplateId": string(aTemplate(t, w)), "spareTemplateId": string(aTemplate(t, w)),
		"memberIds": string(w.Sales.User), "toUserId": string(w.Sales.User), "toGroupId": string(aGroup(t, w)),
		"userId":   string(colleague(t, w, chat.RoleSalesUser).User),
		"leaverId": string(colleague(t, w, chat.RoleSalesUser).User), "sessionId": string(session.SignIn),
		"invitedId": string(invited(t, w)), "uninvitedId": string(invited(t, w)),
		"leadId": string(w.Lead.ID), "identifierId": string(w.Lead.Identifiers[0].ID), "senderId": string(w.WhatsApp.Senders[0].ID),
		"conversationId": string(talk.ID), "templateId": string(w.Template.ID), "messageId": string(failed(t, w, o, talk.ID)),
		"mediaId": string(file), "mediaIds": string(file), "connectorId": string(w.WhatsApp.ID), "callbackId": string(callback.ID),
		"cursor": string(callback.ID), "actorId": string(w.Admin.User), "mentionIds": string(w.Admin.User), "leadOwner": string(w.Sales.User),
		"transferId": string(given(t, w)), "noticeId": string(noticed(t, w)),
		"spareConnectorId": string(spareConnector(t, w)), "newConnectorId": string(spareConnector(t, w)), "movedConnectorId": string(spareConnector(t, w)), "pausedConnectorId": string(spareConnector(t, w)),
		"draftTemplateId": string(draftOf(t, w)), "changedTemplateId": string(draftOf(t, w)), "droppedTemplateId": string(draftOf(t, w)),
	})
}

// merges makes two leads of nobody that can be merged, and a merge that another one keeps
// from being undone.
func merges(t testing.TB, w *world.World) (parent, child chat.LeadID, merge chat.MergeID) {
	t.Helper()
	ids := make([]chat.LeadID, 5)
	for i := range ids {
		ids[i] = chat.NewID[chat.LeadID]()
		require.NoError(t, w.Store.CreateLead(t.Context(), w.Org, chat.Lead{ID: ids[i], FirstName: "Twin"}))
	}
	merge, _, err := w.Store.MergeLeads(t.Context(), w.Admin, chat.Merge{Parent: ids[2], Child: ids[3]})
	require.NoError(t, err)
	_, _, err = w.Store.MergeLeads(t.Context(), w.Admin, chat.Merge{Parent: ids[2], Child: ids[4]})
	require.NoError(t, err)
	return ids[0], ids[1], merge
}

// given is a transfer of the lead to the one who had it before.
func given(t testing.TB, w *world.World) chat.TransferID {
	t.Helper()
	var id chat.TransferID
	for _, to := range []chat.UserID{w.Admin.User, w.Sales.User} {
		id = chat.NewID[chat.TransferID]()
		_, err := w.Store.Transfer(t.Context(), w.Admin, store.NewTransfer{ID: id, Lead: w.Lead.ID, To: to, At: time.Now()})
		require.NoError(t, err)
	}
	return id
}

// failed is a message of ours that the provider said did not arrive.
func failed(t testing.TB, w *world.World, o *outbox.Outbox, talk chat.ConversationID) chat.MessageID {
	t.Helper()
	m, err := o.Accept(t.Context(), w.Sales, outbox.Draft{Conversation: talk, ClientID: "c-" + string(w.Org), Text: "See you on Monday"})
	require.NoError(t, err)
	_, err = w.Store.Report(t.Context(), w.Org, store.Arrival{Stored: true}, store.Report{
		Connector: w.WhatsApp.ID, ProviderID: "wamid." + string(m.ID), Reference: m.ID, Status: chat.StatusFailed,
		Failure: &chat.Failure{Code: "131026", Text: "The phone cannot be reached."}, ProviderAt: time.Now(), ReceivedAt: time.Now(),
	})
	require.NoError(t, err)
	return m.ID
}

// aGroup makes a group.
func aGroup(t testing.TB, w *world.World) chat.GroupID {
	t.Helper()
	g := chat.Group{ID: chat.NewID[chat.GroupID](), Members: []chat.UserID{w.Sales.User}}
	g.Name = string(g.ID)
	require.NoError(t, w.Store.SaveGroup(t.Context(), w.Admin, g, true))
	return g.ID
}

// aTemplate makes a permission template that restricts nobody.
func aTemplate(t testing.TB, w *world.World) chat.PermissionTemplateID {
	t.Helper()
	p := chat.PermissionTemplate{ID: chat.NewID[chat.PermissionTemplateID](), View: chat.ScopeOwn}
	p.Name = string(p.ID)
	require.NoError(t, w.Store.SavePermissionTemplate(t.Context(), w.Admin, p, true, false))
	return p.ID
}

// invited adds a user who has not joined yet.
func invited(t testing.TB, w *world.World) chat.UserID {
	t.Helper()
	u := chat.User{ID: chat.NewID[chat.UserID](), Name: "Invited", Role: chat.RoleSalesUser}
	u.Email = string(u.ID) + "@example.com"
	_, err := w.Store.Invite(t.Context(), w.Admin, u, nil, hashOf(string(u.ID)))
	require.NoError(t, err)
	return u.ID
}

// colleaguesPassword is every colleague's, and cheapHash its hash, which costs nothing:
// parameters are the hash's own.
const (
	colleaguesPassword = "correct horse"
	cheapHash          = "$argon2id$v=19$m=8,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$M7jw0GQI4Kfcxf+xPldfNRYttP89scc9XVAYAcaZ0U0"
)

// colleague adds a user of a role.
func colleague(t testing.TB, w *world.World, role chat.Role) chat.Principal {
	t.Helper()
	u := chat.User{ID: chat.NewID[chat.UserID](), Name: string(role), Role: role}
	u.Email = string(u.ID) + "@example.com"
	require.NoError(t, w.Store.CreateUser(t.Context(), w.Org, u, cheapHash))
	return chat.Principal{Org: w.Org, User: u.ID, Name: u.Name, Role: role}
}
