package rpc

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
)

// right says who may make a call. What they may make it about is the room's to say.
type right struct {
	// open: it needs no sign-in; nothing else but the pace counts then.
	open bool
	// pace is how often an address may make an open call.
	pace pace
	// roles may; nil means every role.
	roles []chat.Role
	// widget: a widget's token is enough. Without it the user must have signed in
	// themselves.
	widget bool
	// enrol: a sign-in of somebody who must set up a second factor first is enough.
	enrol bool
	// key is the scope an API key needs; empty means that no key may.
	key chat.KeyScope
	// refusal is what a user of another role is told; empty means a general word.
	refusal string
}

// rights is the one table of who may call what. A call without an entry is refused,
// and Register fails, so that none is forgotten.
func rights() map[string]right {
	chatters := right{widget: true}
	administrators := right{roles: []chat.Role{chat.RoleAdministrator}, refusal: "Only an administrator may do this."}
	// managers of people: which people is the room's to say.
	managers := right{
		roles:   []chat.Role{chat.RoleAdministrator, chat.RoleSalesManager},
		refusal: "Only an administrator or a sales manager may do this.",
	}
	table := map[string]right{
		"AuthService/LogIn":        {open: true, pace: paceOfGuesses},
		"AuthService/VerifyCode":   {open: true, pace: paceOfGuesses},
		"AuthService/LogOut":       {widget: true, enrol: true},
		"AuthService/GetSession":   {widget: true, enrol: true},
		"AuthService/CreateTicket": {widget: true},

		"AuthService/GetSecondFactor":      {enrol: true},
		"AuthService/BeginSecondFactor":    {enrol: true},
		"AuthService/ConfirmSecondFactor":  {enrol: true},
		"AuthService/DisableSecondFactor":  {},
		"AuthService/ReplaceRecoveryCodes": {},

		"AuthService/CreateWidgetToken": {roles: []chat.Role{}, key: chat.KeyWidget, refusal: "This takes an API key with the scope widget."},

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
		"LeadService/SaveField":       administrators,
		"LeadService/ArchiveField":    administrators,
		"LeadService/ListLists":       {widget: true, key: chat.KeyLeadsRead},
		"LeadService/ListListsOfLead": {widget: true, key: chat.KeyLeadsRead},
		"LeadService/ListLeads":       {key: chat.KeyLeadsRead},
		"LeadService/CreateList":      {key: chat.KeyLeadsWrite},
		"LeadService/UpdateList":      {key: chat.KeyLeadsWrite},
		"LeadService/DeleteList":      {},
		"LeadService/AddToList":       {key: chat.KeyLeadsWrite},
		"LeadService/RemoveFromList":  {key: chat.KeyLeadsWrite},
		"LeadService/RevealField":     {},

		"LeadService/ListWaiting": chatters,
		"LeadService/TakeLead":    chatters,

		"LeadService/PreviewMerge":   {},
		"LeadService/MergeLeads":     {},
		"LeadService/UnmergeLeads":   {},
		"LeadService/ListDuplicates": {},

		"ConversationService/StartConversation":  chatters,
		"ConversationService/ListConversations":  chatters,
		"ConversationService/GetConversation":    chatters,
		"ConversationService/ListMessages":       chatters,
		"ConversationService/SendMessage":        chatters,
		"ConversationService/SendAgain":          chatters,
		"ConversationService/MarkRead":           chatters,
		"ConversationService/GetTimeline":        chatters,
		"TemplateService/ListTemplates":          chatters,
		"MediaService/GetDownload":               chatters,
		"MediaService/CreateUpload":              chatters,
		"MediaService/CompleteUpload":            chatters,
		"MediaService/CancelUpload":              chatters,
		"MediaService/RetryFetch":                chatters,
		"ConversationService/GetCapabilities":    chatters,
		"ConversationService/CountConversations": chatters,

		"ConversationService/ListColleagues":       chatters,
		"ConversationService/AddNote":              chatters,
		"ConversationService/EditNote":             chatters,
		"ConversationService/DeleteNote":           chatters,
		"ConversationService/MarkUnread":           chatters,
		"ConversationService/SnoozeConversation":   chatters,
		"ConversationService/UnsnoozeConversation": chatters,
		"ConversationService/TransferLead":         chatters,
		"ConversationService/UndoTransfer":         chatters,

		"ConnectorService/ListConnectors":  administrators,
		"ConnectorService/ListProviders":   administrators,
		"ConnectorService/CreateConnector": administrators,
		"ConnectorService/UpdateConnector": administrators,
		"ConnectorService/DeleteConnector": administrators,
		"ConnectorService/TestConnector":   administrators,
		"ConnectorService/PauseConnector":  administrators,
		"ConnectorService/RenewWebhook":    administrators,
		"ConnectorService/ListNotices":     administrators,
		"ConnectorService/SettleNotice":    administrators,
		"TemplateService/CreateTemplate":   administrators,
		"TemplateService/UpdateTemplate":   administrators,
		"TemplateService/SubmitTemplate":   administrators,
		"TemplateService/DeleteTemplate":   administrators,
		"TemplateService/SyncTemplates":    administrators,
		"ConnectorService/ResumeConnector": administrators,
		"ConnectorService/ListCallbacks":   administrators,
		"ConnectorService/GetCallback":     administrators,
		"ConnectorService/ReplayCallback":  administrators,
		"ConnectorService/ListExchanges":   administrators,

		"AdminService/ListAudit":   administrators,
		"AdminService/VerifyAudit": administrators,

		"AdminService/ListOrigins":  administrators,
		"AdminService/AddOrigin":    administrators,
		"AdminService/RemoveOrigin": administrators,

		"LeadService/EraseLead":     administrators,
		"AdminService/ListErasures": administrators,
		"AdminService/GetRetention": administrators,
		"AdminService/SetRetention": administrators,
		"AdminService/CreateApiKey": administrators,
		"AdminService/ListApiKeys":  administrators,
		"AdminService/RevokeApiKey": administrators,

		"AdminService/ListSecondFactors":  administrators,
		"AdminService/ResetSecondFactor":  administrators,
		"AdminService/UnlockSecondFactor": administrators,
		"AdminService/GetSecurityPolicy":  administrators,
		"AdminService/SetSecurityPolicy":  administrators,
		"AuthService/LookUpLink":          {open: true, pace: paceOfStarts},
		"AuthService/AcceptInvitation":    {open: true, pace: paceOfLinks},
		"AuthService/GetPasswordRules":    {},
		"AuthService/ChangePassword":      {},
		"AuthService/UpdateProfile":       {},
		"AuthService/ListSessions":        {},
		"AuthService/RevokeSession":       {},
		"AuthService/RevokeAllOthers":     {},

		"AdminService/ListUsers":            managers,
		"AdminService/GetUser":              managers,
		"AdminService/InviteUser":           managers,
		"AdminService/ResendInvitation":     managers,
		"AdminService/RevokeInvitation":     managers,
		"AdminService/UpdateUser":           managers,
		"AdminService/DeactivateUser":       managers,
		"AdminService/ReactivateUser":       managers,
		"AdminService/RequestPasswordReset": managers,
		"AdminService/SignOutUser":          administrators,
		"AdminService/GetAccountPolicy":     administrators,
		"AdminService/SetAccountPolicy":     administrators,

		"AdminService/ListGroups":                managers,
		"AdminService/SaveGroup":                 administrators,
		"AdminService/DeleteGroup":               administrators,
		"AdminService/ListPermissionTemplates":   administrators,
		"AdminService/SavePermissionTemplate":    administrators,
		"AdminService/DeletePermissionTemplate":  administrators,
		"AdminService/SetAssignments":            administrators,
		"AdminService/PreviewPermissionTemplate": administrators,
		"AdminService/EffectiveAccess":           administrators,

		"AdminService/ListRoutingRules":  administrators,
		"AdminService/SaveRoutingRules":  administrators,
		"AdminService/PreviewRouting":    administrators,
		"AdminService/SetUserProperties": administrators,
		"AdminService/GetMergeSettings":  administrators,
		"AdminService/SetMergeSettings":  administrators,
	}
	maps.Copy(table, transferRights())
	maps.Copy(table, singleSignOnRights(administrators))
	return table
}

// singleSignOnRights are for signing in by an org's provider.
func singleSignOnRights(administrators right) map[string]right {
	return map[string]right{
		"AuthService/StartSingleSignOn": {open: true, pace: paceOfStarts},
		"AdminService/GetSingleSignOn":  administrators,
		"AdminService/SetSingleSignOn":  administrators,
		"AdminService/TestSingleSignOn": administrators,
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

// packageName is where our services are.
const packageName = "converse.v1"

// checkRights fails when a call of the protocol has no right, or a right no call, or an
// open one no pace.
func checkRights(table map[string]right) error {
	var missing []string
	known := map[string]bool{}
	for _, file := range []protoreflect.FileDescriptor{
		conversev1.File_converse_v1_admin_proto, conversev1.File_converse_v1_auth_proto, conversev1.File_converse_v1_connector_proto,
		conversev1.File_converse_v1_conversation_proto, conversev1.File_converse_v1_lead_proto, conversev1.File_converse_v1_media_proto,
		conversev1.File_converse_v1_template_proto,
	} {
		for i := range file.Services().Len() {
			service := file.Services().Get(i)
			for j := range service.Methods().Len() {
				name := string(service.Name()) + "/" + string(service.Methods().Get(j).Name())
				known[name] = true
				if _, ok := table[name]; !ok {
					missing = append(missing, name)
				}
			}
		}
	}
	for name, r := range table {
		if !known[name] {
			missing = append(missing, name+" (no such call)")
		}
		if r.open && r.pace == (pace{}) {
			missing = append(missing, name+" (and how often)")
		}
	}
	if len(missing) > 0 {
		slices.Sort(missing)
		return fmt.Errorf("say in rights who may call %s", strings.Join(missing, ", "))
	}
	return nil
}
