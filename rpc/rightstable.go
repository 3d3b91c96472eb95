package rpc

import (
	"maps"

	"converse/internal/chat"
)

// kinds are the rights that many calls have in common.
type kinds struct {
	// chatters are all who chat.
	chatters right
	// administrators alone.
	administrators right
	// managers of people: which people is the room's to say.
	managers right
}

// rights is the one table of who may call what. A call without an entry is refused,
// and Register fails, so that none is forgotten.
func rights() map[string]right {
	k := kinds{
		chatters:       right{widget: true},
		administrators: right{roles: []chat.Role{chat.RoleAdministrator}, refusal: "Only an administrator may do this."},
		managers: right{
			roles:   []chat.Role{chat.RoleAdministrator, chat.RoleSalesManager},
			refusal: "Only an administrator or a sales manager may do this.",
		},
	}
	table := map[string]right{}
	for _, part := range []map[string]right{
		authRights(), leadRights(k), transferRights(), chatRights(k), connectorRights(k), peopleRights(k), orgRights(k),
	} {
		maps.Copy(table, part)
	}
	return table
}

// authRights are for signing in, and for one's own account.
func authRights() map[string]right {
	return map[string]right{
		"AuthService/LogIn":                {open: true, pace: paceOfGuesses},
		"AuthService/VerifyCode":           {open: true, pace: paceOfGuesses},
		"AuthService/LogOut":               {widget: true, enrol: true},
		"AuthService/GetSession":           {widget: true, enrol: true},
		"AuthService/CreateTicket":         {widget: true},
		"AuthService/GetSecondFactor":      {enrol: true},
		"AuthService/BeginSecondFactor":    {enrol: true},
		"AuthService/ConfirmSecondFactor":  {enrol: true},
		"AuthService/DisableSecondFactor":  {},
		"AuthService/ReplaceRecoveryCodes": {},
		"AuthService/CreateWidgetToken":    {roles: []chat.Role{}, key: chat.KeyWidget, refusal: "This takes an API key with the scope widget."},
		"AuthService/LookUpLink":           {open: true, pace: paceOfStarts},
		"AuthService/AcceptInvitation":     {open: true, pace: paceOfLinks},
		"AuthService/GetPasswordRules":     {},
		"AuthService/ChangePassword":       {},
		"AuthService/UpdateProfile":        {},
		"AuthService/ListSessions":         {},
		"AuthService/RevokeSession":        {},
		"AuthService/RevokeAllOthers":      {},
		"AuthService/StartSingleSignOn":    {open: true, pace: paceOfStarts},
	}
}

// leadRights are for leads, their fields and lists.
func leadRights(k kinds) map[string]right {
	return map[string]right{
		"LeadService/SearchLeads":     {widget: true, key: chat.KeyLeadsRead},
		"LeadService/GetLead":         {widget: true, key: chat.KeyLeadsRead},
		"LeadService/CreateLead":      {widget: true, key: chat.KeyLeadsWrite},
		"LeadService/UpdateLead":      {widget: true, key: chat.KeyLeadsWrite},
		"LeadService/BulkUpdateLeads": {key: chat.KeyLeadsWrite},
		"LeadService/DeleteLeads":     {key: chat.KeyLeadsWrite},
		"LeadService/RestoreLeads":    {key: chat.KeyLeadsWrite},
		"LeadService/SetOptOut":       {widget: true, key: chat.KeyLeadsWrite},
		"LeadService/ListActivities":  {widget: true},
		"LeadService/ListFields":      {widget: true, key: chat.KeyLeadsRead},
		"LeadService/SaveField":       k.administrators,
		"LeadService/ArchiveField":    k.administrators,
		"LeadService/ListLists":       {widget: true, key: chat.KeyLeadsRead},
		"LeadService/ListListsOfLead": {widget: true, key: chat.KeyLeadsRead},
		"LeadService/ListLeads":       {key: chat.KeyLeadsRead},
		"LeadService/CreateList":      {key: chat.KeyLeadsWrite},
		"LeadService/UpdateList":      {key: chat.KeyLeadsWrite},
		"LeadService/DeleteList":      {},
		"LeadService/AddToList":       {key: chat.KeyLeadsWrite},
		"LeadService/RemoveFromList":  {key: chat.KeyLeadsWrite},
		"LeadService/RevealField":     {},
		"LeadService/ListWaiting":     k.chatters,
		"LeadService/TakeLead":        k.chatters,
		"LeadService/PreviewMerge":    {},
		"LeadService/MergeLeads":      {},
		"LeadService/UnmergeLeads":    {},
		"LeadService/ListDuplicates":  {},
		"LeadService/EraseLead":       k.administrators,
	}
}

// transferRights are for leads that come in and go out as files. A template may take
// importing and exporting away from one who has the role: that is the room's to ask.
func transferRights() map[string]right {
	office := []chat.Role{chat.RoleAdministrator, chat.RoleSalesManager, chat.RoleMarketingUser}
	importers := right{roles: office, refusal: "Your role may not import leads. Ask an administrator."}
	exporters := right{roles: office, refusal: "Your role may not export leads. Ask an administrator."}
	return map[string]right{
		"LeadService/CreateImport":   importers,
		"LeadService/PreviewImport":  importers,
		"LeadService/ValidateImport": importers,
		"LeadService/StartImport":    importers,
		"LeadService/CancelImport":   importers,
		"LeadService/UndoImport":     importers,
		"LeadService/GetImport":      importers,
		"LeadService/ListImports":    importers,
		"LeadService/StartExport":    exporters,
		"LeadService/GetExport":      exporters,
		"LeadService/CancelExport":   exporters,
		"LeadService/ListExports":    exporters,
	}
}

// chatRights are for conversations and what is sent in them.
func chatRights(k kinds) map[string]right {
	return map[string]right{
		"ConversationService/StartConversation":    k.chatters,
		"ConversationService/ListConversations":    k.chatters,
		"ConversationService/GetConversation":      k.chatters,
		"ConversationService/ListMessages":         k.chatters,
		"ConversationService/SendMessage":          k.chatters,
		"ConversationService/SendAgain":            k.chatters,
		"ConversationService/MarkRead":             k.chatters,
		"ConversationService/GetTimeline":          k.chatters,
		"ConversationService/GetCapabilities":      k.chatters,
		"ConversationService/CountConversations":   k.chatters,
		"ConversationService/ListColleagues":       k.chatters,
		"ConversationService/AddNote":              k.chatters,
		"ConversationService/EditNote":             k.chatters,
		"ConversationService/DeleteNote":           k.chatters,
		"ConversationService/MarkUnread":           k.chatters,
		"ConversationService/SnoozeConversation":   k.chatters,
		"ConversationService/UnsnoozeConversation": k.chatters,
		"ConversationService/TransferLead":         k.chatters,
		"ConversationService/UndoTransfer":         k.chatters,
		"MediaService/GetDownload":                 k.chatters,
		"MediaService/CreateUpload":                k.chatters,
		"MediaService/CompleteUpload":              k.chatters,
		"MediaService/CancelUpload":                k.chatters,
		"MediaService/RetryFetch":                  k.chatters,
		"TemplateService/ListTemplates":            k.chatters,
	}
}

// connectorRights are for accounts with providers and the templates there.
func connectorRights(k kinds) map[string]right {
	return map[string]right{
		"ConnectorService/ListConnectors":  k.administrators,
		"ConnectorService/ListProviders":   k.administrators,
		"ConnectorService/CreateConnector": k.administrators,
		"ConnectorService/UpdateConnector": k.administrators,
		"ConnectorService/DeleteConnector": k.administrators,
		"ConnectorService/TestConnector":   k.administrators,
		"ConnectorService/PauseConnector":  k.administrators,
		"ConnectorService/RenewWebhook":    k.administrators,
		"ConnectorService/ListNotices":     k.administrators,
		"ConnectorService/SettleNotice":    k.administrators,
		"ConnectorService/ResumeConnector": k.administrators,
		"ConnectorService/ListCallbacks":   k.administrators,
		"ConnectorService/GetCallback":     k.administrators,
		"ConnectorService/ReplayCallback":  k.administrators,
		"ConnectorService/ListExchanges":   k.administrators,
		"TemplateService/CreateTemplate":   k.administrators,
		"TemplateService/UpdateTemplate":   k.administrators,
		"TemplateService/SubmitTemplate":   k.administrators,
		"TemplateService/DeleteTemplate":   k.administrators,
		"TemplateService/SyncTemplates":    k.administrators,
	}
}

// peopleRights are for users, groups and what they may see.
func peopleRights(k kinds) map[string]right {
	return map[string]right{
		"AdminService/ListSecondFactors":         k.administrators,
		"AdminService/ResetSecondFactor":         k.administrators,
		"AdminService/UnlockSecondFactor":        k.administrators,
		"AdminService/ListUsers":                 k.managers,
		"AdminService/GetUser":                   k.managers,
		"AdminService/InviteUser":                k.managers,
		"AdminService/ResendInvitation":          k.managers,
		"AdminService/RevokeInvitation":          k.managers,
		"AdminService/UpdateUser":                k.managers,
		"AdminService/DeactivateUser":            k.managers,
		"AdminService/ReactivateUser":            k.managers,
		"AdminService/RequestPasswordReset":      k.managers,
		"AdminService/SignOutUser":               k.administrators,
		"AdminService/ListGroups":                k.managers,
		"AdminService/SaveGroup":                 k.administrators,
		"AdminService/DeleteGroup":               k.administrators,
		"AdminService/ListPermissionTemplates":   k.administrators,
		"AdminService/SavePermissionTemplate":    k.administrators,
		"AdminService/DeletePermissionTemplate":  k.administrators,
		"AdminService/SetAssignments":            k.administrators,
		"AdminService/PreviewPermissionTemplate": k.administrators,
		"AdminService/EffectiveAccess":           k.administrators,
		"AdminService/SetUserProperties":         k.administrators,
	}
}

// orgRights are for the settings of an org, and what is told of it.
func orgRights(k kinds) map[string]right {
	return map[string]right{
		"AdminService/ListAudit":         k.administrators,
		"AdminService/VerifyAudit":       k.administrators,
		"AdminService/ListOrigins":       k.administrators,
		"AdminService/AddOrigin":         k.administrators,
		"AdminService/RemoveOrigin":      k.administrators,
		"AdminService/ListErasures":      k.administrators,
		"AdminService/GetRetention":      k.administrators,
		"AdminService/SetRetention":      k.administrators,
		"AdminService/CreateApiKey":      k.administrators,
		"AdminService/ListApiKeys":       k.administrators,
		"AdminService/RevokeApiKey":      k.administrators,
		"AdminService/GetSecurityPolicy": k.administrators,
		"AdminService/SetSecurityPolicy": k.administrators,
		"AdminService/GetAccountPolicy":  k.administrators,
		"AdminService/SetAccountPolicy":  k.administrators,
		"AdminService/ListRoutingRules":  k.administrators,
		"AdminService/SaveRoutingRules":  k.administrators,
		"AdminService/PreviewRouting":    k.administrators,
		"AdminService/GetMergeSettings":  k.administrators,
		"AdminService/SetMergeSettings":  k.administrators,
		"AdminService/GetSingleSignOn":   k.administrators,
		"AdminService/SetSingleSignOn":   k.administrators,
		"AdminService/TestSingleSignOn":  k.administrators,
	}
}
