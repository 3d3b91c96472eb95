/**
 * Calls Connect's unary JSON form. The types come from the protocol and cost
 * nothing at run time.
 */
import type * as admin from "../gen/converse/v1/admin_pb.js";
import type * as forget from "../gen/converse/v1/forget_pb.js";
import type * as embed from "../gen/converse/v1/embed_pb.js";
import type * as auth from "../gen/converse/v1/auth_pb.js";
import type * as connector from "../gen/converse/v1/connector_pb.js";
import type * as conversation from "../gen/converse/v1/conversation_pb.js";
import type * as lead from "../gen/converse/v1/lead_pb.js";
import type * as people from "../gen/converse/v1/people_pb.js";
import type * as permission from "../gen/converse/v1/permission_pb.js";
import type * as reveal from "../gen/converse/v1/reveal_pb.js";
import type * as routing from "../gen/converse/v1/routing_pb.js";
import type * as merging from "../gen/converse/v1/merge_pb.js";
import type * as media from "../gen/converse/v1/media_pb.js";
import type * as transfer from "../gen/converse/v1/transfer_pb.js";
import type * as signin from "../gen/converse/v1/signin_pb.js";
import type * as template from "../gen/converse/v1/template_pb.js";
import type { Env } from "./env.js";
import { ApiError, readError } from "./error.js";
import type { Tokens } from "./token.js";

/** Every call: what it takes and what it answers. */
export interface Methods {
  "AdminService/ListAudit": [admin.ListAuditRequestJson, admin.ListAuditResponseJson];
  "AdminService/VerifyAudit": [admin.VerifyAuditRequestJson, admin.VerifyAuditResponseJson];
  "AdminService/ListErasures": [forget.ListErasuresRequestJson, forget.ListErasuresResponseJson];
  "AdminService/GetRetention": [forget.GetRetentionRequestJson, forget.GetRetentionResponseJson];
  "AdminService/SetRetention": [forget.SetRetentionRequestJson, forget.SetRetentionResponseJson];
  "LeadService/EraseLead": [forget.EraseLeadRequestJson, forget.EraseLeadResponseJson];
  "AdminService/ListOrigins": [embed.ListOriginsRequestJson, embed.ListOriginsResponseJson];
  "AdminService/AddOrigin": [embed.AddOriginRequestJson, embed.AddOriginResponseJson];
  "AdminService/RemoveOrigin": [embed.RemoveOriginRequestJson, embed.RemoveOriginResponseJson];
  "AdminService/ListUsers": [people.ListUsersRequestJson, people.ListUsersResponseJson];
  "AdminService/GetUser": [people.GetUserRequestJson, people.GetUserResponseJson];
  "AdminService/InviteUser": [people.InviteUserRequestJson, people.InviteUserResponseJson];
  "AdminService/ResendInvitation": [people.ResendInvitationRequestJson, people.ResendInvitationResponseJson];
  "AdminService/RevokeInvitation": [people.RevokeInvitationRequestJson, people.RevokeInvitationResponseJson];
  "AdminService/UpdateUser": [people.UpdateUserRequestJson, people.UpdateUserResponseJson];
  "AdminService/DeactivateUser": [people.DeactivateUserRequestJson, people.DeactivateUserResponseJson];
  "AdminService/ReactivateUser": [people.ReactivateUserRequestJson, people.ReactivateUserResponseJson];
  "AdminService/RequestPasswordReset": [people.RequestPasswordResetRequestJson, people.RequestPasswordResetResponseJson];
  "AdminService/SignOutUser": [people.SignOutUserRequestJson, people.SignOutUserResponseJson];
  "AdminService/GetAccountPolicy": [people.GetAccountPolicyRequestJson, people.GetAccountPolicyResponseJson];
  "AdminService/SetAccountPolicy": [people.SetAccountPolicyRequestJson, people.SetAccountPolicyResponseJson];
  "AdminService/ListGroups": [permission.ListGroupsRequestJson, permission.ListGroupsResponseJson];
  "AdminService/SaveGroup": [permission.SaveGroupRequestJson, permission.SaveGroupResponseJson];
  "AdminService/DeleteGroup": [permission.DeleteGroupRequestJson, permission.DeleteGroupResponseJson];
  "AdminService/ListPermissionTemplates": [permission.ListPermissionTemplatesRequestJson, permission.ListPermissionTemplatesResponseJson];
  "AdminService/SavePermissionTemplate": [permission.SavePermissionTemplateRequestJson, permission.SavePermissionTemplateResponseJson];
  "AdminService/DeletePermissionTemplate": [permission.DeletePermissionTemplateRequestJson, permission.DeletePermissionTemplateResponseJson];
  "AdminService/SetAssignments": [permission.SetAssignmentsRequestJson, permission.SetAssignmentsResponseJson];
  "AdminService/PreviewPermissionTemplate": [permission.PreviewPermissionTemplateRequestJson, permission.PreviewPermissionTemplateResponseJson];
  "AdminService/EffectiveAccess": [permission.EffectiveAccessRequestJson, permission.EffectiveAccessResponseJson];
  "AuthService/LookUpLink": [people.LookUpLinkRequestJson, people.LookUpLinkResponseJson];
  "AuthService/GetPasswordRules": [people.GetPasswordRulesRequestJson, people.GetPasswordRulesResponseJson];
  "AuthService/ChangePassword": [people.ChangePasswordRequestJson, people.ChangePasswordResponseJson];
  "AuthService/UpdateProfile": [people.UpdateProfileRequestJson, people.UpdateProfileResponseJson];
  "AuthService/ListSessions": [people.ListSessionsRequestJson, people.ListSessionsResponseJson];
  "AuthService/RevokeSession": [people.RevokeSessionRequestJson, people.RevokeSessionResponseJson];
  "AuthService/RevokeAllOthers": [people.RevokeAllOthersRequestJson, people.RevokeAllOthersResponseJson];
  "AuthService/AcceptInvitation": [auth.AcceptInvitationRequestJson, auth.AcceptInvitationResponseJson];
  "AdminService/ListRoutingRules": [routing.ListRoutingRulesRequestJson, routing.ListRoutingRulesResponseJson];
  "AdminService/SaveRoutingRules": [routing.SaveRoutingRulesRequestJson, routing.SaveRoutingRulesResponseJson];
  "AdminService/PreviewRouting": [routing.PreviewRoutingRequestJson, routing.PreviewRoutingResponseJson];
  "AdminService/SetUserProperties": [routing.SetUserPropertiesRequestJson, routing.SetUserPropertiesResponseJson];
  "AuthService/LogIn": [auth.LogInRequestJson, auth.LogInResponseJson];
  "AuthService/LogOut": [auth.LogOutRequestJson, auth.LogOutResponseJson];
  "AuthService/GetSession": [auth.GetSessionRequestJson, auth.GetSessionResponseJson];
  "AuthService/VerifyCode": [signin.VerifyCodeRequestJson, signin.VerifyCodeResponseJson];
  "AuthService/StartSingleSignOn": [signin.StartSingleSignOnRequestJson, signin.StartSingleSignOnResponseJson];
  "AuthService/GetSecondFactor": [signin.GetSecondFactorRequestJson, signin.GetSecondFactorResponseJson];
  "AuthService/BeginSecondFactor": [signin.BeginSecondFactorRequestJson, signin.BeginSecondFactorResponseJson];
  "AuthService/ConfirmSecondFactor": [signin.ConfirmSecondFactorRequestJson, signin.ConfirmSecondFactorResponseJson];
  "AuthService/DisableSecondFactor": [signin.DisableSecondFactorRequestJson, signin.DisableSecondFactorResponseJson];
  "AuthService/ReplaceRecoveryCodes": [signin.ReplaceRecoveryCodesRequestJson, signin.ReplaceRecoveryCodesResponseJson];
  "AdminService/CreateApiKey": [signin.CreateApiKeyRequestJson, signin.CreateApiKeyResponseJson];
  "AdminService/ListApiKeys": [signin.ListApiKeysRequestJson, signin.ListApiKeysResponseJson];
  "AdminService/RevokeApiKey": [signin.RevokeApiKeyRequestJson, signin.RevokeApiKeyResponseJson];
  "AdminService/ListSecondFactors": [signin.ListSecondFactorsRequestJson, signin.ListSecondFactorsResponseJson];
  "AdminService/ResetSecondFactor": [signin.ResetSecondFactorRequestJson, signin.ResetSecondFactorResponseJson];
  "AdminService/UnlockSecondFactor": [signin.UnlockSecondFactorRequestJson, signin.UnlockSecondFactorResponseJson];
  "AdminService/GetSecurityPolicy": [signin.GetSecurityPolicyRequestJson, signin.GetSecurityPolicyResponseJson];
  "AdminService/SetSecurityPolicy": [signin.SetSecurityPolicyRequestJson, signin.SetSecurityPolicyResponseJson];
  "AdminService/GetSingleSignOn": [signin.GetSingleSignOnRequestJson, signin.GetSingleSignOnResponseJson];
  "AdminService/SetSingleSignOn": [signin.SetSingleSignOnRequestJson, signin.SetSingleSignOnResponseJson];
  "AdminService/TestSingleSignOn": [signin.TestSingleSignOnRequestJson, signin.TestSingleSignOnResponseJson];
  "AuthService/CreateTicket": [auth.CreateTicketRequestJson, auth.CreateTicketResponseJson];
  "ConnectorService/ListConnectors": [connector.ListConnectorsRequestJson, connector.ListConnectorsResponseJson];
  "ConnectorService/ListProviders": [connector.ListProvidersRequestJson, connector.ListProvidersResponseJson];
  "ConnectorService/CreateConnector": [connector.CreateConnectorRequestJson, connector.CreateConnectorResponseJson];
  "ConnectorService/UpdateConnector": [connector.UpdateConnectorRequestJson, connector.UpdateConnectorResponseJson];
  "ConnectorService/DeleteConnector": [connector.DeleteConnectorRequestJson, connector.DeleteConnectorResponseJson];
  "ConnectorService/TestConnector": [connector.TestConnectorRequestJson, connector.TestConnectorResponseJson];
  "ConnectorService/PauseConnector": [connector.PauseConnectorRequestJson, connector.PauseConnectorResponseJson];
  "ConnectorService/RenewWebhook": [connector.RenewWebhookRequestJson, connector.RenewWebhookResponseJson];
  "ConnectorService/ListNotices": [connector.ListNoticesRequestJson, connector.ListNoticesResponseJson];
  "ConnectorService/SettleNotice": [connector.SettleNoticeRequestJson, connector.SettleNoticeResponseJson];
  "ConnectorService/ListExchanges": [connector.ListExchangesRequestJson, connector.ListExchangesResponseJson];
  "ConnectorService/ResumeConnector": [connector.ResumeConnectorRequestJson, connector.ResumeConnectorResponseJson];
  "ConnectorService/ListCallbacks": [connector.ListCallbacksRequestJson, connector.ListCallbacksResponseJson];
  "ConnectorService/GetCallback": [connector.GetCallbackRequestJson, connector.GetCallbackResponseJson];
  "ConnectorService/ReplayCallback": [connector.ReplayCallbackRequestJson, connector.ReplayCallbackResponseJson];
  "ConversationService/StartConversation": [
    conversation.StartConversationRequestJson,
    conversation.StartConversationResponseJson,
  ];
  "ConversationService/ListConversations": [
    conversation.ListConversationsRequestJson,
    conversation.ListConversationsResponseJson,
  ];
  "ConversationService/GetConversation": [conversation.GetConversationRequestJson, conversation.GetConversationResponseJson];
  "ConversationService/ListMessages": [conversation.ListMessagesRequestJson, conversation.ListMessagesResponseJson];
  "ConversationService/SendMessage": [conversation.SendMessageRequestJson, conversation.SendMessageResponseJson];
  "ConversationService/SendAgain": [conversation.SendAgainRequestJson, conversation.SendAgainResponseJson];
  "ConversationService/MarkRead": [conversation.MarkReadRequestJson, conversation.MarkReadResponseJson];
  "ConversationService/ListColleagues": [conversation.ListColleaguesRequestJson, conversation.ListColleaguesResponseJson];
  "ConversationService/CountConversations": [conversation.CountConversationsRequestJson, conversation.CountConversationsResponseJson];
  "ConversationService/AddNote": [conversation.AddNoteRequestJson, conversation.AddNoteResponseJson];
  "ConversationService/EditNote": [conversation.EditNoteRequestJson, conversation.EditNoteResponseJson];
  "ConversationService/DeleteNote": [conversation.DeleteNoteRequestJson, conversation.DeleteNoteResponseJson];
  "ConversationService/MarkUnread": [conversation.MarkUnreadRequestJson, conversation.MarkUnreadResponseJson];
  "ConversationService/SnoozeConversation": [conversation.SnoozeConversationRequestJson, conversation.SnoozeConversationResponseJson];
  "ConversationService/UnsnoozeConversation": [
    conversation.UnsnoozeConversationRequestJson,
    conversation.UnsnoozeConversationResponseJson,
  ];
  "ConversationService/TransferLead": [conversation.TransferLeadRequestJson, conversation.TransferLeadResponseJson];
  "ConversationService/UndoTransfer": [conversation.UndoTransferRequestJson, conversation.UndoTransferResponseJson];
  "ConversationService/GetTimeline": [conversation.GetTimelineRequestJson, conversation.GetTimelineResponseJson];
  "LeadService/SearchLeads": [lead.SearchLeadsRequestJson, lead.SearchLeadsResponseJson];
  "LeadService/ListDuplicates": [merging.ListDuplicatesRequestJson, merging.ListDuplicatesResponseJson];
  "LeadService/PreviewMerge": [merging.PreviewMergeRequestJson, merging.PreviewMergeResponseJson];
  "LeadService/MergeLeads": [merging.MergeLeadsRequestJson, merging.MergeLeadsResponseJson];
  "AdminService/GetMergeSettings": [merging.GetMergeSettingsRequestJson, merging.GetMergeSettingsResponseJson];
  "AdminService/SetMergeSettings": [merging.SetMergeSettingsRequestJson, merging.SetMergeSettingsResponseJson];
  "LeadService/UnmergeLeads": [merging.UnmergeLeadsRequestJson, merging.UnmergeLeadsResponseJson];
  "LeadService/GetLead": [lead.GetLeadRequestJson, lead.GetLeadResponseJson];
  "LeadService/CreateImport": [transfer.CreateImportRequestJson, transfer.CreateImportResponseJson];
  "LeadService/PreviewImport": [transfer.PreviewImportRequestJson, transfer.PreviewImportResponseJson];
  "LeadService/ValidateImport": [transfer.ValidateImportRequestJson, transfer.ValidateImportResponseJson];
  "LeadService/StartImport": [transfer.StartImportRequestJson, transfer.StartImportResponseJson];
  "LeadService/CancelImport": [transfer.CancelImportRequestJson, transfer.CancelImportResponseJson];
  "LeadService/UndoImport": [transfer.UndoImportRequestJson, transfer.UndoImportResponseJson];
  "LeadService/GetImport": [transfer.GetImportRequestJson, transfer.GetImportResponseJson];
  "LeadService/ListImports": [transfer.ListImportsRequestJson, transfer.ListImportsResponseJson];
  "LeadService/StartExport": [lead.StartExportRequestJson, transfer.StartExportResponseJson];
  "LeadService/GetExport": [transfer.GetExportRequestJson, transfer.GetExportResponseJson];
  "LeadService/CancelExport": [transfer.CancelExportRequestJson, transfer.CancelExportResponseJson];
  "LeadService/ListExports": [transfer.ListExportsRequestJson, transfer.ListExportsResponseJson];
  "LeadService/RevealField": [reveal.RevealFieldRequestJson, reveal.RevealFieldResponseJson];
  "LeadService/CreateLead": [lead.CreateLeadRequestJson, lead.CreateLeadResponseJson];
  "LeadService/UpdateLead": [lead.UpdateLeadRequestJson, lead.UpdateLeadResponseJson];
  "LeadService/BulkUpdateLeads": [lead.BulkUpdateLeadsRequestJson, lead.BulkUpdateLeadsResponseJson];
  "LeadService/DeleteLeads": [lead.DeleteLeadsRequestJson, lead.DeleteLeadsResponseJson];
  "LeadService/RestoreLeads": [lead.RestoreLeadsRequestJson, lead.RestoreLeadsResponseJson];
  "LeadService/SetOptOut": [lead.SetOptOutRequestJson, lead.SetOptOutResponseJson];
  "LeadService/ListActivities": [lead.ListActivitiesRequestJson, lead.ListActivitiesResponseJson];
  "LeadService/ListFields": [lead.ListFieldsRequestJson, lead.ListFieldsResponseJson];
  "LeadService/SaveField": [lead.SaveFieldRequestJson, lead.SaveFieldResponseJson];
  "LeadService/ArchiveField": [lead.ArchiveFieldRequestJson, lead.ArchiveFieldResponseJson];
  "LeadService/ListLists": [lead.ListListsRequestJson, lead.ListListsResponseJson];
  "LeadService/ListListsOfLead": [lead.ListListsOfLeadRequestJson, lead.ListListsOfLeadResponseJson];
  "LeadService/ListLeads": [lead.ListLeadsRequestJson, lead.ListLeadsResponseJson];
  "LeadService/CreateList": [lead.CreateListRequestJson, lead.CreateListResponseJson];
  "LeadService/UpdateList": [lead.UpdateListRequestJson, lead.UpdateListResponseJson];
  "LeadService/DeleteList": [lead.DeleteListRequestJson, lead.DeleteListResponseJson];
  "LeadService/AddToList": [lead.AddToListRequestJson, lead.AddToListResponseJson];
  "LeadService/RemoveFromList": [lead.RemoveFromListRequestJson, lead.RemoveFromListResponseJson];
  "LeadService/ListWaiting": [routing.ListWaitingRequestJson, routing.ListWaitingResponseJson];
  "LeadService/TakeLead": [routing.TakeLeadRequestJson, routing.TakeLeadResponseJson];
  "ConversationService/GetCapabilities": [conversation.GetCapabilitiesRequestJson, conversation.GetCapabilitiesResponseJson];
  "MediaService/CreateUpload": [media.CreateUploadRequestJson, media.CreateUploadResponseJson];
  "MediaService/CompleteUpload": [media.CompleteUploadRequestJson, media.CompleteUploadResponseJson];
  "MediaService/CancelUpload": [media.CancelUploadRequestJson, media.CancelUploadResponseJson];
  "MediaService/RetryFetch": [media.RetryFetchRequestJson, media.RetryFetchResponseJson];
  "MediaService/GetDownload": [media.GetDownloadRequestJson, media.GetDownloadResponseJson];
  "TemplateService/CreateTemplate": [template.CreateTemplateRequestJson, template.CreateTemplateResponseJson];
  "TemplateService/UpdateTemplate": [template.UpdateTemplateRequestJson, template.UpdateTemplateResponseJson];
  "TemplateService/SubmitTemplate": [template.SubmitTemplateRequestJson, template.SubmitTemplateResponseJson];
  "TemplateService/DeleteTemplate": [template.DeleteTemplateRequestJson, template.DeleteTemplateResponseJson];
  "TemplateService/SyncTemplates": [template.SyncTemplatesRequestJson, template.SyncTemplatesResponseJson];
  "TemplateService/ListTemplates": [template.ListTemplatesRequestJson, template.ListTemplatesResponseJson];
}

export type Call = <M extends keyof Methods>(method: M, request: Methods[M][0]) => Promise<Methods[M][1]>;

export interface ApiOptions {
  /** A host page's tokens, on pages of another origin; without them the cookie speaks. */
  tokens?: Tokens;
  /** The session has ended or never was. */
  onUnauthenticated?: () => void;
  /** The page may not call at all, or no answer came, which may mean the same. */
  onShut?: (error: ApiError) => void;
}

// An answer later than this is worth less than a clean retry: every call may be
// repeated.
const timeoutMs = 15_000;
// The example file goes to the provider with the template.
const handInMs = 110_000;

export function createApi(env: Pick<Env, "post" | "baseURL">, options: ApiOptions = {}): Call {
  const { tokens } = options;
  const attempt = async <M extends keyof Methods>(method: M, request: Methods[M][0], again: boolean): Promise<Methods[M][1]> => {
    const headers: Record<string, string> = {
      "Content-Type": "application/json",
      "Connect-Protocol-Version": "1",
    };
    const token = await tokens?.get();
    if (token) headers.Authorization = `Bearer ${token}`;
    const url = `${env.baseURL}/converse.v1.${method}`;
    const response = await env.post(url, headers, JSON.stringify(request), method === "TemplateService/SubmitTemplate" ? handInMs : timeoutMs).catch((thrown: unknown) => {
      const none = new ApiError("network", thrown instanceof Error ? thrown.message : String(thrown));
      options.onShut?.(none);
      throw none;
    });
    // A body that breaks off or is no JSON is no answer of ours, whatever the status.
    const body = await response.json().catch(() => undefined);
    if (response.status === 200 && body !== undefined) return body as Methods[M][1];
    if (response.status === 200) throw new ApiError("network", "the answer broke off");
    const error = readError(response.status, body);
    if (error.code === "unauthenticated" && token && !again) {
      tokens?.refuse(token); // it may only have been old
      return attempt(method, request, true);
    }
    if (error.code === "unauthenticated") options.onUnauthenticated?.();
    if (error.reason === "origin_not_allowed") options.onShut?.(error);
    throw error;
  };
  return (method, request) => attempt(method, request, false);
}
