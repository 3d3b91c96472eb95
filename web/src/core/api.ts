/**
 * Calls Connect's unary JSON form. The types come from the protocol and cost
 * nothing at run time.
 */
import type * as auth from "../gen/converse/v1/auth_pb.js";
import type * as connector from "../gen/converse/v1/connector_pb.js";
import type * as conversation from "../gen/converse/v1/conversation_pb.js";
import type * as lead from "../gen/converse/v1/lead_pb.js";
import type * as media from "../gen/converse/v1/media_pb.js";
import type * as template from "../gen/converse/v1/template_pb.js";
import type { Env } from "./env.js";
import { ApiError, readError } from "./error.js";

/** Every call: what it takes and what it answers. */
export interface Methods {
  "AuthService/LogIn": [auth.LogInRequestJson, auth.LogInResponseJson];
  "AuthService/LogOut": [auth.LogOutRequestJson, auth.LogOutResponseJson];
  "AuthService/GetSession": [auth.GetSessionRequestJson, auth.GetSessionResponseJson];
  "AuthService/CreateTicket": [auth.CreateTicketRequestJson, auth.CreateTicketResponseJson];
  "ConnectorService/ListConnectors": [connector.ListConnectorsRequestJson, connector.ListConnectorsResponseJson];
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
  "ConversationService/GetTimeline": [conversation.GetTimelineRequestJson, conversation.GetTimelineResponseJson];
  "LeadService/SearchLeads": [lead.SearchLeadsRequestJson, lead.SearchLeadsResponseJson];
  "LeadService/GetLead": [lead.GetLeadRequestJson, lead.GetLeadResponseJson];
  "MediaService/GetDownload": [media.GetDownloadRequestJson, media.GetDownloadResponseJson];
  "TemplateService/ListTemplates": [template.ListTemplatesRequestJson, template.ListTemplatesResponseJson];
}

export type Call = <M extends keyof Methods>(method: M, request: Methods[M][0]) => Promise<Methods[M][1]>;

export interface ApiOptions {
  /** A short-lived token for pages of another origin; without it the cookie speaks. */
  getToken?: () => Promise<string>;
  /** The session has ended or never was. */
  onUnauthenticated?: () => void;
}

// An answer later than this is worth less than a clean retry: every call may be
// repeated.
const timeoutMs = 15_000;

export function createApi(env: Pick<Env, "post" | "baseURL">, options: ApiOptions = {}): Call {
  return async (method, request) => {
    const headers: Record<string, string> = {
      "Content-Type": "application/json",
      "Connect-Protocol-Version": "1",
    };
    if (options.getToken) headers.Authorization = `Bearer ${await options.getToken()}`;
    const url = `${env.baseURL}/converse.v1.${method}`;
    const response = await env.post(url, headers, JSON.stringify(request), timeoutMs).catch((error: unknown) => {
      throw new ApiError("network", error instanceof Error ? error.message : String(error));
    });
    // A body that breaks off or is no JSON is no answer of ours, whatever the status.
    const body = await response.json().catch(() => undefined);
    if (response.status === 200 && body !== undefined) return body as Methods[typeof method][1];
    if (response.status === 200) throw new ApiError("network", "the answer broke off");
    const error = readError(response.status, body);
    if (error.code === "unauthenticated") options.onUnauthenticated?.();
    throw error;
  };
}
