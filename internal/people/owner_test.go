package people_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
)

// gives is one way in which a lead gets another owner: as the watcher sees it, it goes.
type gives struct {
	// owner has the lead before; empty: nobody.
	owner func(*scene) chat.UserID
	// before makes ready what do needs, before the watcher looks.
	before func(*testing.T, *scene)
	do     func(*testing.T, *scene)
	// merged: the lead is not removed, but said to be part of another.
	merged bool
}

// scene is a lead with a conversation, and a user who sees their own leads, those of a
// colleague, and those that nobody has.
type scene struct {
	*rig
	watcher, leaver chat.Principal
	lead            chat.Lead
	talk            chat.ConversationID
	undo            func() error
}

// watch narrows what the watcher sees to their group, which the leaver is in too.
func (s *scene) watch(t *testing.T) {
	t.Helper()
	pair := chat.Group{ID: chat.NewID[chat.GroupID](), Name: "Pair", Members: []chat.UserID{s.Sales.User, s.leaver.User}}
	require.NoError(t, s.store.SaveGroup(t.Context(), s.Admin, pair, true))
	template := chat.PermissionTemplate{ID: chat.NewID[chat.PermissionTemplateID](), Name: "Own group", View: chat.ScopeGroup}
	require.NoError(t, s.store.SavePermissionTemplate(t.Context(), s.Admin, template, true, true))
	require.NoError(t, s.store.SetAssignments(t.Context(), s.Admin, template.ID, []chat.Assignment{{User: s.Sales.User}}, true))
	s.watcher = s.Sales
	everyone, err := s.store.People(t.Context(), s.Org)
	require.NoError(t, err)
	for _, m := range everyone.Members {
		if m.ID == s.Sales.User {
			s.watcher.Access = &m.Access
		}
	}
}

func (s *scene) newLead(t *testing.T, owner chat.UserID, phone string) chat.Lead {
	t.Helper()
	lead := chat.Lead{ID: chat.NewID[chat.LeadID](), FirstName: "Asha", Owner: owner, Identifiers: []chat.Identifier{
		{ID: chat.NewID[chat.IdentifierID](), Kind: chat.IdentifierPhone, Value: phone},
	}}
	require.NoError(t, s.store.CreateLead(t.Context(), s.Org, lead))
	return lead
}

func (s *scene) writes(t *testing.T, phone string, to store.Connector) {
	t.Helper()
	_, err := s.store.Receive(t.Context(), s.Org, store.Arrival{Stored: true}, store.Received{
		ID: chat.NewID[chat.MessageID](), Sender: to.Senders[0].Sender, ProviderID: string(chat.NewID[chat.MessageID]()), Phone: phone,
		Kind: chat.KindText, Text: "hello", ProviderAt: time.Now(), ReceivedAt: time.Now(),
	})
	require.NoError(t, err)
}

func (s *scene) rule(t *testing.T) {
	t.Helper()
	_, err := s.store.SaveRoutingRules(t.Context(), s.Admin, chat.RoutingRules{Rules: []chat.RoutingRule{
		{Name: "To Ada", Active: true, Target: chat.RouteUser, User: s.Admin.User},
	}})
	require.NoError(t, err)
}

func watcherHas(s *scene) chat.UserID { return s.watcher.User }
func leaverHas(s *scene) chat.UserID  { return s.leaver.User }
func adminHas(s *scene) chat.UserID   { return s.Admin.User }
func nobodyHas(*scene) chat.UserID    { return "" }

const number, otherNumber = "+13035550101", "+13035550102"

func overwritingOwner(parent, child chat.LeadID) chat.Merge {
	return chat.Merge{Parent: parent, Child: child, Rules: map[chat.LeadField]chat.MergeRule{chat.FieldOwner: chat.MergeOverwrite}}
}

// ways are all ways in which a lead gets another owner.
func ways() map[string]gives {
	edit := func(t *testing.T, s *scene) {
		_, err := s.store.UpdateLead(t.Context(), s.Admin, store.LeadChange{ID: s.lead.ID, Owner: &s.Admin.User})
		require.NoError(t, err)
	}
	transfer := func(t *testing.T, s *scene) {
		_, err := s.store.Transfer(t.Context(), s.Admin, store.NewTransfer{
			ID: chat.NewID[chat.TransferID](), Lead: s.lead.ID, To: s.Admin.User, Comment: "mine", At: time.Now(),
		})
		require.NoError(t, err)
	}
	return map[string]gives{
		"lead editor":              {owner: watcherHas, do: edit},
		"lead editor, from nobody": {owner: nobodyHas, do: edit},
		"bulk edit": {owner: watcherHas, do: func(t *testing.T, s *scene) {
			_, err := s.store.UpdateLeads(t.Context(), s.Admin, []chat.LeadID{s.lead.ID}, store.LeadChange{Owner: &s.Admin.User})
			require.NoError(t, err)
		}},
		"transfer":              {owner: watcherHas, do: transfer},
		"transfer, from nobody": {owner: nobodyHas, do: transfer},
		"transfer to a group": {owner: watcherHas, do: func(t *testing.T, s *scene) {
			group := chat.Group{ID: chat.NewID[chat.GroupID](), Name: "Desk", Members: []chat.UserID{s.Admin.User}}
			require.NoError(t, s.store.SaveGroup(t.Context(), s.Admin, group, true))
			_, err := s.store.Transfer(t.Context(), s.Admin, store.NewTransfer{
				ID: chat.NewID[chat.TransferID](), Lead: s.lead.ID, Group: group.ID, At: time.Now(),
			})
			require.NoError(t, err)
		}},
		"transfer undone": {
			owner: adminHas,
			before: func(t *testing.T, s *scene) {
				n := store.NewTransfer{ID: chat.NewID[chat.TransferID](), Lead: s.lead.ID, To: s.watcher.User, At: time.Now()}
				_, err := s.store.Transfer(t.Context(), s.Admin, n)
				require.NoError(t, err)
				s.undo = func() error {
					_, err := s.store.UndoTransfer(context.Background(), s.Admin, n.ID, time.Time{}, time.Now())
					return err
				}
			},
			do: func(t *testing.T, s *scene) { require.NoError(t, s.undo()) },
		},
		"merge that overwrites the owner": {owner: watcherHas, do: func(t *testing.T, s *scene) {
			other := s.newLead(t, s.Admin.User, otherNumber)
			_, _, err := s.store.MergeLeads(t.Context(), s.Admin, overwritingOwner(s.lead.ID, other.ID))
			require.NoError(t, err)
		}},
		"merge into somebody else's": {owner: watcherHas, merged: true, do: func(t *testing.T, s *scene) {
			other := s.newLead(t, s.Admin.User, otherNumber)
			_, _, err := s.store.MergeLeads(t.Context(), s.Admin, chat.Merge{Parent: other.ID, Child: s.lead.ID})
			require.NoError(t, err)
		}},
		"merge undone": {
			owner: adminHas,
			before: func(t *testing.T, s *scene) {
				other := s.newLead(t, s.watcher.User, otherNumber)
				id, _, err := s.store.MergeLeads(t.Context(), s.Admin, overwritingOwner(s.lead.ID, other.ID))
				require.NoError(t, err)
				s.undo = func() error {
					_, _, err := s.store.UnmergeLeads(context.Background(), s.Admin, id)
					return err
				}
			},
			do: func(t *testing.T, s *scene) { require.NoError(t, s.undo()) },
		},
		"import that overwrites": {owner: watcherHas, do: func(t *testing.T, s *scene) {
			i, err := s.store.CreateImport(t.Context(), s.Admin, "leads.csv")
			require.NoError(t, err)
			_, err = s.store.ChangeImport(t.Context(), s.Admin, i.ID, func(i *chat.Import) (chat.AuditEntry, error) {
				i.State = chat.ImportImporting
				return chat.AuditEntry{}, nil
			})
			require.NoError(t, err)
			page := store.ImportPage{Import: i.ID, Identifiers: s.lead.Identifiers}
			_, err = s.store.ImportPage(t.Context(), s.Admin, page, func(found []chat.Lead, _ []chat.LeadID) store.ImportedPage {
				found[0].Owner = s.Admin.User
				return store.ImportedPage{Changed: found, Rows: []store.ImportedRow{{Outcome: chat.RowUpdated, Lead: found[0].ID}}}
			})
			require.NoError(t, err)
		}},
		"taken": {owner: nobodyHas, do: func(t *testing.T, s *scene) {
			require.NoError(t, s.store.TakeLead(t.Context(), s.Admin, s.lead.ID))
		}},
		"routing of a known lead": {owner: nobodyHas, before: func(t *testing.T, s *scene) { s.rule(t) }, do: func(t *testing.T, s *scene) {
			s.writes(t, number, s.WhatsApp)
		}},
		"user deactivated": {owner: leaverHas, do: func(t *testing.T, s *scene) {
			require.NoError(t, s.people.Deactivate(t.Context(), s.Admin, s.leaver.User, chat.LeavingLeads{User: s.Admin.User}))
			n, err := s.store.PassLeads(t.Context(), s.Org, s.leaver.User, []chat.UserID{s.Admin.User}, 0)
			require.NoError(t, err)
			require.Equal(t, 1, n)
		}},
	}
}

// TestI7OwnerChangeRemovesFromWhoMayNoLongerSee goes through every way in which a lead
// gets another owner: a session that saw it until then is told that it is gone, and so is
// its conversation.
func TestI7OwnerChangeRemovesFromWhoMayNoLongerSee(t *testing.T) {
	t.Parallel()
	for name, way := range ways() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &scene{rig: newRig(t, false)}
			leaver := chat.User{ID: chat.NewID[chat.UserID](), Name: "Lea Ver", Role: chat.RoleSalesUser, Email: "lea@example.com"}
			require.NoError(t, s.store.CreateUser(t.Context(), s.Org, leaver, "none"))
			s.leaver = chat.Principal{Org: s.Org, User: leaver.ID, Role: leaver.Role}
			s.watch(t)
			s.lead = s.newLead(t, way.owner(s), number)
			talk, err := s.store.StartConversation(t.Context(), s.Admin, s.lead.ID, s.lead.Identifiers[0].ID, s.SMS.Senders[0].ID)
			require.NoError(t, err)
			s.talk = talk.ID
			if way.before != nil {
				way.before(t, s)
			}
			_, err = s.store.Conversation(t.Context(), s.watcher, s.talk)
			require.NoError(t, err, "they see it until then")
			_, conn := s.socket(t, s.watcher)

			way.do(t, s)
			_, err = s.store.Conversation(t.Context(), s.watcher, s.talk)
			require.Equal(t, chat.CodeNotFound, chat.CodeOf(err), "the way is one out of sight")
			wanted := map[string]bool{"conversationId " + string(s.talk): true}
			if way.merged {
				wanted["mergedIntoId of "+string(s.lead.ID)] = true
			} else {
				wanted["leadId "+string(s.lead.ID)] = true
			}
			waitGone(t, conn, wanted)
		})
	}
}

// waitGone reads from a socket until it has said of all that is wanted that it is gone.
func waitGone(t *testing.T, conn *websocket.Conn, wanted map[string]bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), soon)
	defer cancel()
	for len(wanted) > 0 {
		var frame any
		if err := wsjson.Read(ctx, conn, &frame); err != nil {
			t.Fatalf("never told: %v (%v)", wanted, err)
		}
		for _, id := range gone(frame) {
			delete(wanted, id)
		}
	}
}

// gone is what a frame says is gone, wherever it says so.
func gone(frame any) []string {
	var out []string
	switch f := frame.(type) {
	case []any:
		for _, v := range f {
			out = append(out, gone(v)...)
		}
	case map[string]any:
		if removed, ok := f["removed"].(map[string]any); ok {
			for key, id := range removed {
				out = append(out, fmt.Sprint(key, " ", id))
			}
		}
		if f["mergedIntoId"] != nil {
			out = append(out, fmt.Sprint("mergedIntoId of ", f["id"]))
		}
		for _, v := range f {
			out = append(out, gone(v)...)
		}
	}
	return out
}
