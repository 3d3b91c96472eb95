// Code generated from hub/code.go. DO NOT EDIT.

export interface CloseCode {
  name: string;
  comeBack: boolean;
  slowly: boolean;
}

export const closeCodes: Readonly<Record<number, CloseCode>> = {
  1001: { name: "GoingAway", comeBack: true, slowly: false },
  1007: { name: "NotUTF8", comeBack: false, slowly: false },
  1008: { name: "Policy", comeBack: false, slowly: false },
  1009: { name: "TooBig", comeBack: false, slowly: false },
  1013: { name: "TryLater", comeBack: true, slowly: true },
  4000: { name: "HelloTimeout", comeBack: true, slowly: true },
  4002: { name: "TicketRefused", comeBack: true, slowly: false },
  4003: { name: "SignedOut", comeBack: false, slowly: false },
  4007: { name: "NoPong", comeBack: true, slowly: false },
  4008: { name: "Slow", comeBack: true, slowly: false },
  4009: { name: "TooManyFrames", comeBack: true, slowly: true },
  4010: { name: "BadFrame", comeBack: false, slowly: false },
  4011: { name: "TooManySessions", comeBack: false, slowly: false },
};
