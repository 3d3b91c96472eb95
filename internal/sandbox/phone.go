package sandbox

import (
	"net/http"
	"strconv"

	"converse/internal/chat"
	"converse/internal/sandbox/fault"
	"converse/internal/sandbox/post"
	"converse/internal/sandbox/stage"
)

// handsetRoutes is the page on which a person is the lead, and its API.
func (s *Sandbox) handsetRoutes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /handset/api/setup", s.getSetup)
	mux.HandleFunc("GET /handset/api/events", s.getEvents)
	mux.HandleFunc("GET /handset/api/handsets", s.getHandsets)
	mux.HandleFunc("POST /handset/api/handsets", s.postHandset)
	mux.HandleFunc("GET /handset/api/handsets/{id}", s.getHandset)
	mux.HandleFunc("PATCH /handset/api/handsets/{id}", s.patchHandset)
	mux.HandleFunc("POST /handset/api/handsets/{id}/messages", s.postMessage)
	mux.HandleFunc("POST /handset/api/handsets/{id}/open", s.postOpen)
	mux.HandleFunc("POST /handset/api/media", s.postMedia)
	mux.HandleFunc("GET /handset/api/media/{id}", s.getMedia)
	if s.config.Host != nil {
		mux.Handle("/host/", s.config.Host)
	}
	s.pages(mux)
	return mux
}

// senderView is a business number that a phone can write to.
type senderView struct {
	Key      string             `json:"key"`
	Provider string             `json:"provider"`
	Channel  chat.Channel       `json:"channel"`
	Address  string             `json:"address"`
	Label    string             `json:"label,omitempty"`
	Kinds    []chat.MessageKind `json:"kinds"`
	Reads    bool               `json:"reads"`
}

// getSetup answers the business numbers and the kinds of faults.
func (s *Sandbox) getSetup(w http.ResponseWriter, _ *http.Request) {
	senders := []senderView{}
	for _, account := range s.stage.Accounts() {
		side, _ := s.stage.Side(account.Provider)
		for _, sender := range account.Senders {
			traits := stage.TraitsOf(side, sender)
			senders = append(senders, senderView{
				Key: account.Provider + ":" + sender.Address, Provider: account.Provider, Channel: traits.Channel,
				Address: sender.Address, Label: sender.Label, Kinds: traits.Kinds, Reads: traits.Reads(),
			})
		}
	}
	providers := []string{}
	for _, side := range s.stage.Sides() {
		providers = append(providers, side.Traits().Provider)
	}
	write(w, map[string]any{"senders": senders, "providers": providers, "faultKinds": fault.Kinds(), "host": s.config.Host != nil})
}

func (s *Sandbox) postHandset(w http.ResponseWriter, r *http.Request) {
	var lead stage.Lead
	if !read(w, r, &lead) {
		return
	}
	id, err := s.stage.Introduce(lead)
	if err != nil {
		refuse(w, err)
		return
	}
	s.showHandset(w, id, 0)
}

// getHandset answers a phone with the messages that changed after ?since=.
func (s *Sandbox) getHandset(w http.ResponseWriter, r *http.Request) {
	since, err := strconv.ParseInt(r.FormValue("since"), 10, 64)
	if err != nil {
		since = 0
	}
	s.showHandset(w, r.PathValue("id"), since)
}

func (s *Sandbox) showHandset(w http.ResponseWriter, id string, since int64) {
	view, found := s.stage.Handset(id, since)
	if !found {
		writeError(w, http.StatusNotFound, "id", "there is no such handset")
		return
	}
	write(w, view)
}

// patchHandset turns a phone's switches.
func (s *Sandbox) patchHandset(w http.ResponseWriter, r *http.Request) {
	var switches stage.Switches
	if !read(w, r, &switches) {
		return
	}
	if !s.stage.Switch(r.PathValue("id"), switches) {
		writeError(w, http.StatusNotFound, "id", "there is no such handset")
		return
	}
	s.showHandset(w, r.PathValue("id"), 0)
}

// postMessage lets the phone write. It does not wait for the hub.
func (s *Sandbox) postMessage(w http.ResponseWriter, r *http.Request) {
	var body writing
	if !read(w, r, &body) {
		return
	}
	body.From = r.PathValue("id")
	letter, err := s.letter(body)
	if err != nil {
		refuse(w, err)
		return
	}
	id, _, err := s.stage.Write(letter, func(post.Outcome) {})
	if err != nil {
		refuse(w, err)
		return
	}
	write(w, map[string]string{"id": id})
}

// postOpen says which thread of the phone a page has on screen.
func (s *Sandbox) postOpen(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Viewer string `json:"viewer"`
		Thread string `json:"thread"`
	}
	if !read(w, r, &body) {
		return
	}
	s.mu.Lock()
	watcher := s.viewers[body.Viewer]
	s.mu.Unlock()
	if watcher == nil || !watcher.Open(r.PathValue("id"), body.Thread) {
		writeError(w, http.StatusConflict, "viewer", "the page or the handset is no longer known; reload")
		return
	}
	write(w, struct{}{})
}
