import type { ErrorDetailJson } from "../gen/converse/v1/types_pb.js";

/** Codes of Connect, "network" when no answer came at all, and "token" when a host page gave none. */
export type ErrorCode =
  | "network"
  | "token"
  | "canceled"
  | "unknown"
  | "invalid_argument"
  | "deadline_exceeded"
  | "not_found"
  | "already_exists"
  | "permission_denied"
  | "resource_exhausted"
  | "failed_precondition"
  | "aborted"
  | "out_of_range"
  | "unimplemented"
  | "internal"
  | "unavailable"
  | "data_loss"
  | "unauthenticated";

const detailType = "converse.v1.ErrorDetail";

/** An answer that says no, or no answer. Its message is for people. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  /** A stable word to branch on: window_closed, stale_view …; empty for none. */
  readonly reason: string;
  /** The request field at fault, in its JSON spelling. */
  readonly field: string;
  /** With stale_view: how many messages the user has not seen. */
  readonly newer: number;
  /** With identifier_taken: the lead that has it, where the user may see that. */
  readonly leadId: string;
  /** What the user quotes to the operator. */
  readonly reference: string;
  /** When trying again may help, where that is known; 0 elsewhere. */
  readonly retryAt: number;

  constructor(code: ErrorCode, message: string, detail: ErrorDetailJson = {}) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.reason = detail.reason ?? "";
    this.field = detail.field ?? "";
    this.newer = detail.newer ?? 0;
    this.leadId = detail.leadId ?? "";
    this.reference = detail.reference ?? "";
    this.retryAt = detail.retryAt ? Date.parse(detail.retryAt) : 0;
  }

  /** Whether the same call may succeed later without anyone changing it. */
  get temporary(): boolean {
    return temporary.has(this.code);
  }
}

const temporary: ReadonlySet<ErrorCode> = new Set([
  "network",
  "token",
  "canceled",
  "unknown",
  "deadline_exceeded",
  "resource_exhausted",
  "internal",
  "unavailable",
]);

/** What Connect uses when the answer has no body it wrote, by HTTP status. */
const statusCodes: Readonly<Record<number, ErrorCode>> = {
  400: "internal",
  401: "unauthenticated",
  403: "permission_denied",
  404: "unimplemented",
  429: "unavailable",
  502: "unavailable",
  503: "unavailable",
  504: "unavailable",
};

/** Reads the body of a Connect error. */
export function readError(status: number, body: unknown): ApiError {
  const error = isRecord(body) ? body : {};
  const code = typeof error.code === "string" ? (error.code as ErrorCode) : (statusCodes[status] ?? "unknown");
  const message = typeof error.message === "string" ? error.message : "";
  const details = Array.isArray(error.details) ? error.details.filter(isRecord) : [];
  const detail = details.find((d) => d.type === detailType)?.debug;
  return new ApiError(code, message, isRecord(detail) ? (detail as ErrorDetailJson) : {});
}

/** Any thrown value as an ApiError. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError("unknown", error instanceof Error ? error.message : String(error));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
