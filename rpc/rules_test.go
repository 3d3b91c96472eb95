package rpc_test

import (
	"maps"

	"converse/internal/chat"
)

var (
	administrators = []chat.Role{chat.RoleAdministrator}
	// talkers may start conversations and send.
	talkers = []chat.Role{chat.RoleAdministrator, chat.RoleSalesManager, chat.RoleSalesUser}
)

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
	"LeadService/GetLead":     {request: with(nil, "leadId")},

	"ConversationService/StartConversation": {
		may: talkers, request: with(map[string]any{"channel": "whatsapp"}, "leadId", "identifierId", "senderId"),
		// An identifier is one of the lead's, or it is wrong.
		foreign: map[string]string{"identifierId": "invalid_argument"},
	},
	"ConversationService/ListConversations": {request: with(nil)},
	"ConversationService/GetConversation":   {request: with(nil, "conversationId")},
	"ConversationService/ListMessages":      {request: with(nil, "conversationId")},
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
		// No file can be sent yet, whosever it is.
		foreign: map[string]string{"mediaIds": "invalid_argument"},
	},
	"ConversationService/SendAgain": {
		may: talkers, request: func(own things, _ string) map[string]any {
			return map[string]any{"messageId": own["messageId"], "clientId": newClientID()}
		},
	},
	"ConversationService/MarkRead":    {request: with(map[string]any{"seq": 1}, "conversationId")},
	"ConversationService/GetTimeline": {request: with(nil, "messageId")},

	"TemplateService/ListTemplates": {request: with(map[string]any{"channel": "whatsapp"})},

	"ConnectorService/ListConnectors":  {may: administrators, request: with(nil)},
	"ConnectorService/ResumeConnector": {may: administrators, request: with(nil, "connectorId")},
	"ConnectorService/ListCallbacks":   {may: administrators, request: with(nil)},
	"ConnectorService/GetCallback":     {may: administrators, request: with(nil, "callbackId")},
	"ConnectorService/ReplayCallback":  {may: administrators, request: with(nil, "callbackId")},

	"MediaService/GetDownload": {request: with(nil, "mediaId")},

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

	"AdminService/CreateApiKey": {may: administrators, request: with(map[string]any{"name": "CRM", "scopes": []string{"widget"}})},
	"AdminService/ListApiKeys":  {may: administrators, request: with(nil)},
	"AdminService/RevokeApiKey": {may: administrators, request: with(nil, "apiKeyId")},

	"AdminService/ListAudit": {may: administrators, request: with(nil), foreign: map[string]string{"actorId": ""}},
}
