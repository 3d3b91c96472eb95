// Code generated from hub/code.go. DO NOT EDIT.

export interface CloseCode {
  name: string;
  comeBack: boolean;
  slowly: boolean;
  afresh: boolean;
}

export const closeCodes: Readonly<Record<number, CloseCode>> = {
  1001: { name: "GoingAway", comeBack: true, slowly: false, afresh: false },
  1007: { name: "NotUTF8", comeBack: false, slowly: false, afresh: false },
  1008: { name: "Policy", comeBack: false, slowly: false, afresh: false },
  1009: { name: "TooBig", comeBack: false, slowly: false, afresh: false },
  1013: { name: "TryLater", comeBack: true, slowly: true, afresh: false },
  4000: { name: "HelloTimeout", comeBack: true, slowly: true, afresh: false },
  4002: { name: "TicketRefused", comeBack: true, slowly: false, afresh: false },
  4003: { name: "SignedOut", comeBack: false, slowly: false, afresh: false },
  4004: { name: "AccessChanged", comeBack: true, slowly: false, afresh: true },
  4007: { name: "NoPong", comeBack: true, slowly: false, afresh: false },
  4008: { name: "Slow", comeBack: true, slowly: false, afresh: false },
  4009: { name: "TooManyFrames", comeBack: true, slowly: true, afresh: false },
  4010: { name: "BadFrame", comeBack: false, slowly: false, afresh: false },
  4011: { name: "TooManySessions", comeBack: false, slowly: false, afresh: false },
};
