package rpc_test

import (
	"maps"
	"slices"
	"time"

	"converse/internal/chat"
)

var (
	administrators = []chat.Role{chat.RoleAdministrator}
	// office may import and export.
	office = []chat.Role{chat.RoleAdministrator, chat.RoleSalesManager, chat.RoleMarketingUser}
	// talkers may start conversations and send.
	talkers = []chat.Role{chat.RoleAdministrator, chat.RoleSalesManager, chat.RoleSalesUser}
)

// managers are those who manage people: a sales manager those of their groups alone.
var managers = []chat.Role{chat.RoleAdministrator, chat.RoleSalesManager}

// only says what those answer who are none of the roles.
func only(roles []chat.Role, code string) map[chat.Role]string {
	out := map[chat.Role]string{}
	for _, role := range everyone {
		if !slices.Contains(roles, role) {
			out[role] = code
		}
	}
	return out
}

// as makes a request whose one field holds a thing of another name.
func as(field, thing string) func(things, string) map[string]any {
	return func(own things, _ string) map[string]any { return map[string]any{field: own[thing]} }
}

// with makes a request of the ids named and what else it says.
func with(more map[string]any, ids ...string) func(things, string) map[string]any {
	return func(own things, _ string) map[string]any {
		out := map[string]any{}
		maps.Copy(out, more)
		for _, id := range ids {
			out[id] = own[id]
		}
		return out
	}
}

// leadsWith makes a request of one lead of the stock and of what else it says.
func leadsWith(stocked string, more map[string]any, ids ...string) func(things, string) map[string]any {
	return func(own things, swapped string) map[string]any {
		out := with(more, ids...)(own, swapped)
		out["leadIds"] = []string{own[stocked]}
		return out
	}
}

// ofNobody makes a request about the lead that nobody owns, which every role may change.
func ofNobody(field, stocked string, more map[string]any) func(things, string) map[string]any {
	return func(own things, swapped string) map[string]any {
		out := with(more)(own, swapped)
		out[field] = own[stocked]
		return out
	}
}

// nobody is an id that nothing has.
const nobody = "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"

func newClientID() string { return string(chat.NewID[chat.MessageID]()) }

// rules is the one place that says who may make which call.
var rules = map[string]rule{
	"AuthService/LogIn": {
		open: true, request: with(map[string]any{"email": "nobody@example.com", "password": "wrong"}), answers: "unauthenticated",
	},
	"AuthService/VerifyCode": {
		open: true, request: with(map[string]any{"challenge": "unknown", "code": "123456"}), answers: "unauthenticated",
	},
	"AuthService/LogOut":       {request: with(nil)},
	"AuthService/GetSession":   {request: with(nil)},
	"AuthService/CreateTicket": {request: with(nil)},
	"AuthService/CreateWidgetToken": {
		key: chat.KeyWidget,
		request: func(own things, swapped string) map[string]any {
			if swapped == "userId" {
				return map[string]any{}
			}
			return map[string]any{"userEmail": own["userEmail"]}
		},
	},

	"LeadService/SearchLeads": {request: with(map[string]any{"query": "asha"})},
	"LeadService/RevealField": {
		request: with(map[string]any{"field": "last_name", "reason": "the matrix asks"}, "leadId"), answers: "invalid_argument",
	},
	"LeadService/GetLead":     {request: with(nil, "leadId")},
	"LeadService/ListWaiting": {request: with(nil)},
	// Without a lead it takes the one that waits longest, if any.
	"LeadService/TakeLead": {may: talkers, request: func(own things, swapped string) map[string]any {
		if swapped == "" {
			return map[string]any{}
		}
		return map[string]any{"leadId": own["leadId"]}
	}},
	"LeadService/CreateLead": {request: with(map[string]any{"firstName": "New"}, "ownerId")},
	// Nothing is changed, so that the version stays the one that every role names.
	"LeadService/UpdateLead":      {request: ofNobody("leadId", "nobodysId", map[string]any{"version": 1})},
	"LeadService/BulkUpdateLeads": {request: leadsWith("nobodysId", map[string]any{"stage": ""})},
	"LeadService/DeleteLeads":     {request: leadsWith("doomedIds", nil)},
	"LeadService/RestoreLeads":    {request: leadsWith("leadIds", nil)},
	"LeadService/SetOptOut":       {request: ofNobody("identifierId", "nobodysIdentifierId", nil)},
	"LeadService/ListActivities":  {request: with(nil, "leadId")},
	"LeadService/ListFields":      {request: with(nil)},
	"LeadService/SaveField":       {may: administrators, request: with(map[string]any{"label": "City"}, "fieldId")},
	"LeadService/ArchiveField":    {may: administrators, request: with(nil, "fieldId")},
	"LeadService/ListLists":       {request: with(nil)},
	"LeadService/ListListsOfLead": {request: with(nil, "leadId")},
	"LeadService/ListLeads":       {request: with(nil, "listId")},
	"LeadService/CreateList": {request: func(things, string) map[string]any {
		return map[string]any{"name": newClientID(), "kind": "static"}
	}},
	"LeadService/UpdateList": {request: with(nil, "listId")},
	"LeadService/DeleteList": {
		request: func(things, string) map[string]any { return map[string]any{"listId": newClientID()} }, answers: "not_found",
	},
	"LeadService/AddToList":      {request: leadsWith("leadIds", nil, "listId")},
	"LeadService/RemoveFromList": {request: leadsWith("leadIds", nil, "listId")},

	"LeadService/CreateImport": {may: office, request: with(map[string]any{"fileName": "leads.csv"})},
	// An import is its user's: to the others there is none.
	"LeadService/PreviewImport":  {may: office, request: with(nil, "importId"), answers: "not_found"},
	"LeadService/ValidateImport": {may: office, request: with(map[string]any{"settings": map[string]any{}}, "importId"), answers: "not_found"},
	"LeadService/StartImport":    {may: office, request: with(nil, "importId"), answers: "not_found"},
	"LeadService/CancelImport":   {may: office, request: with(map[string]any{"importId": nobody}), answers: "not_found"},
	"LeadService/UndoImport":     {may: office, request: with(map[string]any{"importId": nobody}), answers: "not_found"},
	"LeadService/GetImport":      {may: office, request: with(map[string]any{"importId": nobody}), answers: "not_found"},
	"LeadService/ListImports":    {may: office, request: with(nil)},
	"LeadService/StartExport":    {may: office, request: with(map[string]any{"fields": []string{"phone"}})},
	"LeadService/GetExport":      {may: office, request: with(nil, "exportId"), answers: "not_found"},
	"LeadService/CancelExport":   {may: office, request: with(nil, "exportId"), answers: "not_found"},
	"LeadService/ListExports":    {may: office, request: with(nil)},

	"ConversationService/StartConversation": {
		may: talkers, request: with(map[string]any{"channel": "whatsapp"}, "leadId", "identifierId", "senderId"),
		// An identifier is one of the lead's, or it is wrong.
		foreign: map[string]string{"identifierId": "invalid_argument"},
	},
	"ConversationService/ListConversations":  {request: with(nil)},
	"ConversationService/CountConversations": {request: with(nil)},
	"ConversationService/GetConversation":    {request: with(nil, "conversationId")},
	"ConversationService/ListMessages":       {request: with(nil, "conversationId")},
	"ConversationService/SendMessage": {
		may: talkers,
		request: func(own things, swapped string) map[string]any {
			out := map[string]any{"conversationId": own["conversationId"], "clientId": newClientID()}
			switch swapped {
			case "templateId":
				out["variables"] = map[string]string{"1": "Asha", "2": "Monday"}
			case "mediaIds":
			default:
				out["text"] = "hello"
			}
			return out
		},
	},
	"ConversationService/SendAgain": {
		may: talkers, request: func(own things, _ string) map[string]any {
			return map[string]any{"messageId": own["messageId"], "clientId": newClientID()}
		},
	},
	"ConversationService/MarkRead":    {request: with(map[string]any{"seq": 1}, "conversationId")},
	"ConversationService/GetTimeline": {request: with(nil, "messageId")},

	"ConversationService/GetCapabilities": {request: with(nil, "conversationId")},

	"ConversationService/ListColleagues": {request: with(nil, "conversationId")},
	"ConversationService/AddNote": {
		may: talkers,
		request: func(own things, _ string) map[string]any {
			return map[string]any{
				"conversationId": own["conversationId"], "clientId": newClientID(), "text": "call her", "mentionIds": []string{own["mentionIds"]},
			}
		},
	},
	// A note is its author's alone, whoever asks; see TestANoteIsItsAuthorsToChange.
	"ConversationService/EditNote": {
		may: talkers, request: with(map[string]any{"text": "call him"}, "messageId"), answers: "failed_precondition",
		foreign: map[string]string{"mentionIds": "failed_precondition"},
	},
	"ConversationService/DeleteNote": {may: talkers, request: with(nil, "messageId"), answers: "failed_precondition"},
	"ConversationService/MarkUnread": {request: with(nil, "conversationId")},
	"ConversationService/SnoozeConversation": {
		// The lead is somebody else's.
		may: administrators, request: with(map[string]any{"until": time.Now().Add(48 * time.Hour)}, "conversationId"),
	},
	"ConversationService/UnsnoozeConversation": {may: administrators, request: with(nil, "conversationId")},
	"ConversationService/TransferLead": {
		may: talkers, request: func(own things, _ string) map[string]any {
			return map[string]any{"leadId": own["leadId"], "userId": own["leadOwner"], "conversationId": own["conversationId"]}
		},
		// They have it already.
		answers: "aborted",
	},
	"ConversationService/UndoTransfer": {may: talkers, request: with(nil, "transferId"), answers: "not_found"},

	"TemplateService/ListTemplates": {
		request: with(map[string]any{"channel": "whatsapp"}), foreign: map[string]string{"connectorId": ""},
	},
	"TemplateService/CreateTemplate": {may: administrators, request: func(own things, _ string) map[string]any {
		return map[string]any{"template": draftOn(own["connectorId"])}
	}},
	"TemplateService/UpdateTemplate": {may: administrators, request: func(own things, _ string) map[string]any {
		return map[string]any{"templateId": own["changedTemplateId"], "template": draftOn(own["connectorId"])}
	}},
	"TemplateService/SubmitTemplate": {may: administrators, request: as("templateId", "draftTemplateId")},
	"TemplateService/DeleteTemplate": {may: administrators, request: as("templateId", "droppedTemplateId")},
	"TemplateService/SyncTemplates":  {may: administrators, request: with(nil, "connectorId")},

	"ConnectorService/ListConnectors":  {may: administrators, request: with(nil)},
	"ConnectorService/ResumeConnector": {may: administrators, request: with(nil, "connectorId")},
	"ConnectorService/PauseConnector":  {may: administrators, request: as("connectorId", "pausedConnectorId")},
	"ConnectorService/ListProviders":   {may: administrators, request: with(nil)},
	"ConnectorService/CreateConnector": {may: administrators, request: func(things, string) map[string]any {
		return map[string]any{"connector": whatsAppAccount()}
	}},
	"ConnectorService/UpdateConnector": {may: administrators, request: func(own things, _ string) map[string]any {
		return map[string]any{"connectorId": own["newConnectorId"], "version": 1, "connector": whatsAppAccount()}
	}},
	"ConnectorService/TestConnector":   {may: administrators, request: with(map[string]any{"connector": whatsAppAccount()}, "connectorId")},
	"ConnectorService/DeleteConnector": {may: administrators, request: as("connectorId", "spareConnectorId")},
	"ConnectorService/RenewWebhook":    {may: administrators, request: as("connectorId", "movedConnectorId")},
	"ConnectorService/ListNotices":     {may: administrators, request: with(nil), foreign: map[string]string{"connectorId": ""}},
	"ConnectorService/SettleNotice":    {may: administrators, request: with(nil, "noticeId")},
	"ConnectorService/ListCallbacks":   {may: administrators, request: with(nil), foreign: map[string]string{"connectorId": ""}},
	"ConnectorService/GetCallback":     {may: administrators, request: with(nil, "callbackId")},
	"ConnectorService/ReplayCallback":  {may: administrators, request: with(nil, "callbackId")},
	"ConnectorService/ListExchanges":   {may: administrators, request: with(nil, "messageId")},

	"MediaService/GetDownload": {request: with(nil, "mediaId")},
	"MediaService/CreateUpload": {
		may: talkers, answers: "invalid_argument",
		request: func(own things, swapped string) map[string]any {
			out := map[string]any{"fileName": "a.exe", "contentType": "application/x-msdownload", "size": 1}
			if swapped != "connectorId" { // it stands in place of a conversation
				out["conversationId"] = own["conversationId"]
			}
			return out
		},
	},
	// An upload is its user's: to the others there is none.
	"MediaService/CompleteUpload": {request: with(nil, "mediaId"), answers: "not_found"},
	"MediaService/CancelUpload":   {request: with(nil, "mediaId"), answers: "not_found"},
	// It is here already.
	"MediaService/RetryFetch": {request: with(nil, "mediaId"), answers: "failed_precondition"},

	// Without the word nothing is erased: the others need the lead.
	"LeadService/EraseLead":     {may: administrators, request: with(map[string]any{"confirm": "no"}, "leadId"), answers: "invalid_argument"},
	"AdminService/ListErasures": {may: administrators, request: with(nil)},
	"AdminService/GetRetention": {may: administrators, request: with(nil)},
	"AdminService/SetRetention": {may: administrators, request: with(map[string]any{"kind": "callbacks", "days": 30})},

	"AdminService/ListOrigins": {may: administrators, request: with(nil)},
	"AdminService/AddOrigin":   {may: administrators, request: with(map[string]any{"origin": "https://crm.example.com"})},
	"AdminService/RemoveOrigin": {
		may: administrators, request: with(map[string]any{"origin": "https://unknown.example.com"}), answers: "not_found",
	},
	"AuthService/GetSecondFactor":      {request: with(nil)},
	"AuthService/BeginSecondFactor":    {request: with(nil)},
	"AuthService/ConfirmSecondFactor":  {request: with(map[string]any{"code": "123456x"}), answers: "invalid_argument"},
	"AuthService/DisableSecondFactor":  {request: with(map[string]any{"code": "123456"}), answers: "failed_precondition"},
	"AuthService/ReplaceRecoveryCodes": {request: with(map[string]any{"code": "123456"}), answers: "failed_precondition"},

	"AdminService/ListSecondFactors":  {may: administrators, request: with(nil)},
	"AdminService/ResetSecondFactor":  {may: administrators, request: with(nil, "userId")},
	"AdminService/UnlockSecondFactor": {may: administrators, request: with(nil, "userId")},
	"AdminService/GetSecurityPolicy":  {may: administrators, request: with(nil)},
	"AdminService/SetSecurityPolicy": {
		may: administrators, request: with(map[string]any{"policy": map[string]any{"secondFactorRoles": []string{"administrator"}}}),
	},

	"AuthService/StartSingleSignOn": {open: true, request: with(map[string]any{"email": "mira@unknown.example"}), answers: "not_found"},
	"AdminService/GetSingleSignOn":  {may: administrators, request: with(nil)},
	"AdminService/SetSingleSignOn": {
		may: administrators, request: with(map[string]any{"singleSignOn": map[string]any{"issuer": "nowhere"}}), answers: "invalid_argument",
	},
	"AdminService/TestSingleSignOn": {may: administrators, request: with(map[string]any{"issuer": "nowhere"}), answers: "invalid_argument"},

	"AdminService/CreateApiKey": {may: administrators, request: with(map[string]any{"name": "CRM", "scopes": []string{"widget"}})},
	"AdminService/ListApiKeys":  {may: administrators, request: with(nil)},
	"AdminService/RevokeApiKey": {may: administrators, request: with(nil, "apiKeyId")},

	"AuthService/LookUpLink":       {open: true, request: with(map[string]any{"token": "unknown"}), answers: "not_found"},
	"AuthService/AcceptInvitation": {open: true, request: with(map[string]any{"token": "unknown", "password": "gravel tin cup"}), answers: "not_found"},
	"AuthService/GetPasswordRules": {request: with(nil)},
	"AuthService/ChangePassword": {
		// Fixtures have no password.
		request: with(map[string]any{"oldPassword": "wrong", "newPassword": "gravel tin cup"}), answers: "invalid_argument",
	},
	"AuthService/UpdateProfile": {request: with(map[string]any{"name": "Somebody Else"})},
	"AuthService/ListSessions": {
		request: with(nil, "userId"), byRole: only(administrators, "not_found"),
	},
	"AuthService/RevokeSession": {
		// Another's; the first who may ends it.
		request: with(nil, "sessionId"), byRole: only(administrators, "not_found"),
	},
	"AuthService/RevokeAllOthers": {alone: true, request: with(nil)},

	"AdminService/ListUsers": {may: managers, request: with(nil)},
	"AdminService/GetUser":   {may: managers, request: with(nil, "userId"), byRole: only(administrators, "not_found")},
	"AdminService/InviteUser": {
		may: managers, byRole: only(administrators, "permission_denied"),
		request: func(own things, _ string) map[string]any {
			return map[string]any{"email": newClientID() + "@example.com", "name": "New", "role": "marketing_user", "groupIds": []string{own["groupIds"]}}
		},
	},
	"AdminService/ResendInvitation": {may: managers, request: as("userId", "invitedId"), byRole: only(administrators, "not_found")},
	"AdminService/RevokeInvitation": {may: managers, request: as("userId", "uninvitedId"), byRole: only(administrators, "not_found")},
	"AdminService/UpdateUser": {
		may: managers, byRole: only(administrators, "not_found"),
		request: func(own things, _ string) map[string]any {
			return map[string]any{"userId": own["userId"], "name": "Renamed", "role": "sales_user", "groupIds": []string{own["groupIds"]}}
		},
	},
	"AdminService/DeactivateUser": {
		may: managers, byRole: only(administrators, "not_found"), request: func(own things, swapped string) map[string]any {
			out := map[string]any{"userId": own["leaverId"]}
			switch swapped {
			case "toUserId":
				out["leads"] = "give"
			case "toGroupId":
				out["leads"] = "share"
			}
			return out
		},
	},
	"AdminService/ReactivateUser":       {may: managers, request: with(nil, "userId"), byRole: only(administrators, "not_found")},
	"AdminService/RequestPasswordReset": {may: managers, request: with(nil, "userId"), byRole: only(administrators, "not_found")},
	"AdminService/ListGroups":           {may: managers, request: with(nil)},
	"AdminService/SaveGroup": {
		may: administrators, request: func(own things, _ string) map[string]any {
			return map[string]any{"groupId": own["groupId"], "name": "Renamed", "memberIds": []string{own["memberIds"]}}
		},
	},
	"AdminService/DeleteGroup":             {may: administrators, request: as("groupId", "spareGroupId")},
	"AdminService/ListPermissionTemplates": {may: administrators, request: with(nil)},
	"AdminService/SavePermissionTemplate": {
		may: administrators, request: func(things, string) map[string]any {
			return map[string]any{"template": map[string]any{"name": newClientID(), "view": "own"}}
		},
	},
	"AdminService/DeletePermissionTemplate":  {may: administrators, request: as("permissionTemplateId", "spareTemplateId")},
	"AdminService/SetAssignments":            {may: administrators, request: with(nil, "permissionTemplateId")},
	"AdminService/PreviewPermissionTemplate": {may: administrators, request: with(map[string]any{"template": map[string]any{"name": "Draft"}})},
	"AdminService/EffectiveAccess":           {may: administrators, request: with(nil, "userId")},
	"AdminService/SignOutUser":               {may: administrators, request: with(nil, "userId")},
	"AdminService/GetAccountPolicy":          {may: administrators, request: with(nil)},
	"AdminService/SetAccountPolicy": {
		may: administrators, request: with(map[string]any{"policy": map[string]any{"passwordMin": 12, "absoluteMinutes": 20160, "idleMinutes": 4320}}),
	},

	"AdminService/ListAudit": {may: administrators, request: with(nil), foreign: map[string]string{"actorId": ""}},

	"LeadService/PreviewMerge": {request: with(nil, "parentId", "childId")},
	// They would not be two for long: with themselves they are not merged.
	"LeadService/MergeLeads": {
		request: func(own things, swapped string) map[string]any {
			if swapped == "childId" {
				return with(nil, "parentId", "childId")(own, swapped)
			}
			return map[string]any{"parentId": own["parentId"], "childId": own["parentId"]}
		},
		answers: "invalid_argument",
	},
	"LeadService/UnmergeLeads":      {request: with(nil, "mergeId"), answers: "failed_precondition"},
	"LeadService/ListDuplicates":    {request: with(nil, "leadId")},
	"AdminService/GetMergeSettings": {may: administrators, request: with(nil)},
	"AdminService/SetMergeSettings": {may: administrators, request: with(nil)},

	"AdminService/ListRoutingRules": {may: administrators, request: with(nil)},
	// Whatever is saved first, a list that was seen before is stale.
	"AdminService/SaveRoutingRules":  {may: administrators, request: with(map[string]any{"version": 1000}), answers: "aborted"},
	"AdminService/PreviewRouting":    {may: administrators, request: with(map[string]any{"text": "hello"}, "senderId")},
	"AdminService/SetUserProperties": {may: administrators, request: with(map[string]any{"properties": map[string]string{"city": "Pune"}}, "userId")},
	"AdminService/VerifyAudit":       {may: administrators, request: with(nil)},
}
