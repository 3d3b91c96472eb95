package sandbox

import (
	"encoding/json"
	"net/http"
	"strings"

	"converse/internal/sandbox/fault"
	"converse/internal/sandbox/stage"
)

// call is one call of the control API. The list of them is what GET /control shows.
type call struct {
	Method string `json:"method"`
	Path   string `json:"path"`
	About  string `json:"about"`
	// Fields are those of the body, or of the query of a GET.
	Fields map[string]string `json:"fields,omitempty"`

	handle http.HandlerFunc
}

// ofProvider says which provider a call is about.
const ofProvider = "ctm, ringcentral, twilio, whatsapp_cloud or gupshup; only needed where two accounts share a number"

// controlCalls is the API for tests, and for whoever wants to see what happens.
func (s *Sandbox) controlCalls() []call { return append(s.worldCalls(), s.tellingCalls()...) }

// worldCalls are about what is played.
func (s *Sandbox) worldCalls() []call {
	chosen := map[string]string{
		"provider": "only calls to this provider", "to": "only calls for this lead",
		"since": "only calls after this time, or after this seq", "limit": "only the latest so many", "all": "1: not only send calls",
	}
	return []call{
		{
			"GET", "/control/journal", "Every send call of the hub, with what was answered: status, the provider's code, accepted or not.",
			chosen, s.getJournal,
		},
		{
			"GET", "/control/journal/counts", "The send calls of each message counted. accepted above 1 is a message that the lead got twice.",
			map[string]string{"provider": chosen["provider"], "to": chosen["to"], "since": chosen["since"]},
			s.getCounts,
		},
		{
			"GET", "/control/webhooks", "The latest webhooks posted to the hub, with its answers.",
			map[string]string{"limit": chosen["limit"]},
			s.getWebhooks,
		},
		{"PUT", "/control/faults", "Lets a share of something go wrong. The kinds are listed below.", map[string]string{
			"kind": "what goes wrong", "share": "how often: 1 always, 0 never, which removes the fault", "provider": "only there; empty means everywhere",
			"handset": "only for this lead's phone", "delayMs": "the time that a kind with a time takes", "status": "the HTTP status of server_error, server_error_accepted, file_error and redirect",
			"accepted": "overrides whether the provider really takes the message",
		}, s.putFault},
		{"GET", "/control/faults", "The faults in force.", nil, s.getFaults},
		{"DELETE", "/control/faults", "Removes all faults.", nil, s.deleteFaults},
		{"POST", "/control/expire-window", "Closes WhatsApp's 24-hour window. What is left out stands for all.", map[string]string{
			"provider": "of this provider", "to": "of this number of ours", "from": "toward this lead",
		}, s.postExpireWindow},
		{"POST", "/control/silent", "Stops or resumes the receipts of a lead's phone.", map[string]string{
			"from": "the lead's number or WhatsApp user id", "silent": "true or false",
		}, s.postSilent},
		{"POST", "/control/media", "Keeps a file for a lead to send: the body with its Content-Type, or a form with the field file.", map[string]string{
			"name": "the file's name, in the query",
		}, s.postMedia},
		{"GET", "/control/handsets", "The leads' phones.", map[string]string{
			"search": "part of a name or number", "limit": chosen["limit"],
		}, s.getHandsets},
		{"GET", "/control/accounts", "The accounts that are played, keys included: they open nothing but this sandbox.", nil, s.getAccounts},
		{"POST", "/control/accounts", "Adds an account, or replaces the one with the same provider and id.", map[string]string{ //nolint:gosec // words, not keys
			"provider": "ctm, ringcentral, twilio, whatsapp_cloud or gupshup", "accountId": "CTM's account number, RingCentral's extension id, Twilio's account SID, the WABA's id, or Gupshup's app id", "name": "Gupshup's app name", "webhookUrl": "where the hub takes webhooks",
			"signingSecret": "signs webhooks: CTM's signing secret, Meta's app secret, RingCentral's verification token, Twilio's auth token; Gupshup sends it along in X-Converse-Secret", "verifyToken": "of WhatsApp's handshake",
			"credentials": `{"accessKey","secretKey"} of CTM, {"accessToken"} of WhatsApp; of RingCentral the client id, the client secret and the JWT; of Twilio those of an API key, if there is one; {"accessKey","accessToken"} of Gupshup: API key and app token`, "senders": `[{"address","ref","label","channel"}]: numbers with the provider's ids of them; channel is sms or whatsapp, for Twilio`,
			"templates": `[{"name","language","body","category","footer","buttons","named"}] of WhatsApp`,
		}, s.postAccount},
		{"POST", "/control/challenge", "Plays the handshake that follows the registration of a webhook.", map[string]string{
			"provider": "whatsapp_cloud", "accountId": "which account; needed only when there are several",
		}, s.postChallenge},
		{"POST", "/control/stop-webhooks", "Ends the webhooks that the hub ordered by a call, as RingCentral does when nobody answers for long.", map[string]string{
			"provider": "ringcentral", "accountId": "which account; needed only when there are several", "how": "Suspended, Blacklisted or Gone; of Gupshup Inactive or Gone",
		}, s.postStop},
		{"POST", "/control/reset", "Forgets journal, threads and faults, as if just started. Accounts, files and open windows stay.", nil, s.postReset},
	}
}

// tellingCalls have a lead or a provider tell the hub of something.
func (s *Sandbox) tellingCalls() []call {
	return []call{
		{"POST", "/control/reply", "A lead writes. Answers how the hub took it.", map[string]string{
			"provider": ofProvider, "to": "our number", "from": "the lead's number or WhatsApp user id", "text": "what is written; a button's title",
			"kind":    "text (the default), image, video, audio, document, sticker, location, contacts, reaction, button, interactive, unsupported, call",
			"mediaId": "a file of POST /control/media; without it a sample is sent", "voice": "true: the audio is a voice note",
			"replyTo": "the provider's id of the message that is answered, reacted to or tapped on", "buttonId": "which of its buttons", "emoji": "of a reaction",
			"latitude": "of a location", "longitude": "of a location", "place": "its name", "contactName": "of a contact", "contactPhone": "of a contact",
			"unsupported": "the type that WhatsApp does not pass on; poll by default", "providerMessageId": "repeats or fixes the message's id",
			"timestamp": "the provider's time", "name": "the profile name", "whatsappId": "a user id to go with the number",
			"hidePhone": "true: WhatsApp does not tell the number", "count": "so many messages", "times": "the same webhook so often at once",
		}, s.postReply},
		{"POST", "/control/receipt", "A provider reports on a message, whatever its phone does.", map[string]string{
			"reference": "the hub's message id or the provider's", "status": "sent, delivered, read or failed", "errorCode": "the provider's code of a failure",
			"times": "the same webhook so often at once", "timestamp": "the provider's time", "provider": ofProvider,
			"from": "our number, and", "to": "the lead's, for a message that was never sent from here",
		}, s.postReceipt},
		{"POST", "/control/elsewhere", "The business writes to a lead from the provider's own app, not from the hub.", map[string]string{
			"provider": ofProvider, "from": "our number", "to": "the lead's number", "text": "what is written",
		}, s.postElsewhere},
		{"POST", "/control/notice", "A provider tells of one of our numbers, or of its account.", map[string]string{
			"provider": "whatsapp_cloud or gupshup", "to": "our number",
			"what": "flagged, unflagged, limit_raised, limit_lowered, name_refused, restricted or disabled",
		}, s.postNotice},
		{"POST", "/control/consent", "A lead says whether we may write to them, not in a message but by the provider's own means. WhatsApp's is about marketing alone.", map[string]string{
			"provider": "whatsapp_cloud, gupshup or ringcentral", "to": "our number", "from": "the lead's number or WhatsApp user id",
			"optedOut": "true to leave, false to come back",
		}, s.postConsent},
		{"POST", "/control/move", "A lead gets another number, and WhatsApp tells us. Their new phone is there to answer from.", map[string]string{
			"provider": "whatsapp_cloud", "to": "our number", "from": "the lead's number or WhatsApp user id", "newNumber": "the number from now on",
		}, s.postMove},
	}
}

func (s *Sandbox) controlRoutes() http.Handler {
	mux := http.NewServeMux()
	calls := s.controlCalls()
	for _, c := range calls {
		mux.HandleFunc(c.Method+" "+c.Path, c.handle)
	}
	index := func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && strings.TrimSuffix(r.URL.Path, "/") == "/control" {
			writeIndex(w, calls)
			return
		}
		writeError(w, http.StatusNotFound, "", "there is no "+r.Method+" "+r.URL.Path+"; GET /control lists what there is")
	}
	mux.HandleFunc("/control", index)
	mux.HandleFunc("/control/", index)
	return mux
}

// writeIndex shows the API to a person.
func writeIndex(w http.ResponseWriter, calls []call) {
	w.Header().Set("Content-Type", "application/json")
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	type kind struct {
		Kind  fault.Kind `json:"kind"`
		About string     `json:"about"`
	}
	index := struct {
		Handsets string `json:"handsets"`
		Calls    []call `json:"calls"`
		Faults   []kind `json:"faults"`
	}{Handsets: "/handset/", Calls: calls}
	for _, k := range fault.Kinds() {
		index.Faults = append(index.Faults, kind{k, k.About()})
	}
	_ = encoder.Encode(index) //nolint:errchkjson // the caller has gone when it fails
}

func (s *Sandbox) getAccounts(w http.ResponseWriter, _ *http.Request) {
	write(w, map[string]any{"accounts": append([]*Account{}, s.stage.Accounts()...)})
}

func (s *Sandbox) postAccount(w http.ResponseWriter, r *http.Request) {
	var account Account
	if !read(w, r, &account) {
		return
	}
	if err := s.AddAccount(account); err != nil {
		refuse(w, err)
		return
	}
	s.getAccounts(w, r)
}

func (s *Sandbox) getHandsets(w http.ResponseWriter, r *http.Request) {
	limit, ok := limitOf(w, r, 1000)
	if ok {
		write(w, map[string]any{"handsets": s.stage.Handsets(r.FormValue("search"), limit)})
	}
}

// postReset forgets everything but accounts, files and service windows.
func (s *Sandbox) postReset(w http.ResponseWriter, _ *http.Request) {
	s.stage.Reset()
	s.remember() // the hub is not reset, and has not forgotten
	write(w, struct{}{})
}

// address reads a number in any form, and leaves anything else as it is.
func address(text string) string {
	if number, ok := stage.E164(text); ok {
		return number
	}
	return text
}
