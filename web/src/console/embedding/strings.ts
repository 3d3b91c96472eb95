/** Words of the Embedding page. */
export const e = {
  title: "Embedding",
  intro: "Put the chat on the pages of your own CRM. Your users are signed in there already; your server vouches for them.",
  sites: "Sites",
  sitesHelp: "Only pages of these sites may use Converse for your organisation. A site is its scheme, host and port.",
  none: "No site yet",
  noneHelp: "Add the site of your CRM. Until then the widget works on the pages of Converse alone.",
  site: "Site",
  sitePlaceholder: "https://crm.example.com",
  siteHelp: "https, or http for localhost. Each host by itself.",
  add: "Add site",
  adding: "Adding…",
  remove: "Remove",
  removeOf: (origin: string) => `Remove ${origin}`,
  removeTitle: (origin: string) => `Remove ${origin}?`,
  removeText: "Its pages lose the chat within seconds, also those that are open now. You can add the site again at any time.",
  removed: (origin: string) => `${origin} was removed`,
  undo: "Undo",
  added: (by: string) => (by ? `Added by ${by}` : "Added by the installation"),
  addedOn: "Added",
  seen: "Last used",
  never: "Not yet",
  page: "On your pages",
  pageHelp: "The script, the element, and a function that asks your own server for a token. The element takes lead-id, phone and theme, and tells converse:unread, converse:open and converse:close.",
  server: "On your server",
  serverHelp: "Your server asks for a token of the user who is signed in with you, by an API key that may make widget tokens. The key never goes to the browser. A token works for minutes; the widget asks for the next one by itself.",
  keys: "API keys",
  policy: "Content policy",
  policyHelp: "If your pages send a Content-Security-Policy, it must allow this. The widget needs no inline styles and no eval.",
  check: "Check your policy",
  checkLabel: "Your pages' Content-Security-Policy",
  checkHelp: "Paste it as your pages send it. It stays in this browser.",
  fine: "allows the widget",
  lacks: (sources: string) => `lacks ${sources}`,
  nonce: "trusts by nonce: put it on the widget's script element too",
  allFine: "This policy allows the widget.",
  notFine: "This policy keeps the widget from working.",
};

export const snippets = (home: string) => ({
  page: `<script>
  window.Converse = {
    // Asks your server; called again when the token is about to end.
    getToken: async () => (await fetch("/converse-token", { method: "POST" })).json(),
  };
</script>
<script src="${home}/widget.js" async></script>
<converse-widget></converse-widget>`,
  server: `curl ${home}/converse.v1.AuthService/CreateWidgetToken \\
  -H "Authorization: Bearer $CONVERSE_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"userEmail": "mira@example.com"}'
# {"token": "…", "expiresAt": "…", …}: hand token and expiresAt to your page`,
});
