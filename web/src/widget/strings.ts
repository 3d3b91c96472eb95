/** The widget's words on pages of other sites. */
export const w = {
  noToken: "This page has not said who you are",
  noTokenHelp: "Its makers have to set getToken, so that you are signed in to Converse here.",
  notAccepted: "Your sign-in on this page was not accepted",
  notAcceptedHelp: "Sign in to this page again, or ask an administrator whether your account in Converse is active.",
  refused: "Converse may not be used on this page",
  refusedHelp: (origin: string) => `An administrator of Converse can allow ${origin}: Settings, Embedding.`,
  tokenFailed: "This page could not sign you in to Converse",
  tokenFailedHelp: "It is tried again by itself.",
  noLead: "No lead has this number",
  noLeadHelp: "Search for the lead by name, or by another number.",
};
