package hostpage

import (
	"embed"
	"encoding/json"
	"html/template"
	"log/slog"
	"net/http"
	"strings"
	"time"
)

//go:embed page
var files embed.FS

// User is somebody who works with the CRM, and has the same address in Converse.
type User struct {
	Name  string
	Email string
}

// Config says whose CRM it is.
type Config struct {
	// Converse is where Converse is, such as "https://converse.example", without a slash
	// at the end.
	Converse string
	// Key is the org's API key. It stays on the server.
	Key string
	// Users may be chosen on the page, in this order.
	Users []User
	Log   *slog.Logger
}

// Page is the CRM under /host/. It is an http.Handler.
type Page struct {
	config Config
	mux    *http.ServeMux
	html   *template.Template
	policy string
	ask    *asker
}

// patience bounds one question to Converse.
const patience = 10 * time.Second

// New returns a CRM.
func New(c Config) *Page {
	p := &Page{
		config: c, mux: http.NewServeMux(), policy: policy(c.Converse),
		html: template.Must(template.ParseFS(files, "page/index.html")),
		ask:  &asker{base: c.Converse, key: c.Key, client: &http.Client{Timeout: patience}},
	}
	p.mux.HandleFunc("GET /host/{$}", p.index)
	p.mux.HandleFunc("GET /host/host.js", p.file("page/host.js", "text/javascript; charset=utf-8"))
	p.mux.HandleFunc("GET /host/host.css", p.file("page/host.css", "text/css; charset=utf-8"))
	p.mux.HandleFunc("GET /host/api/leads", p.leads)
	p.mux.HandleFunc("POST /host/api/token", p.token)
	return p
}

// policy is the content policy of a careful host: its own files, and for the widget
// exactly what Converse asks for.
func policy(converse string) string {
	socket := "ws" + strings.TrimPrefix(converse, "http")
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self' " + converse,
		"connect-src 'self' " + converse + " " + socket,
		"img-src 'self' blob: " + converse,
		"media-src blob: " + converse,
		"style-src 'self'",
		"base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
	}, "; ")
}

// ServeHTTP implements http.Handler.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", p.policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	p.mux.ServeHTTP(w, r)
}

func (p *Page) index(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := p.html.Execute(w, p.config); err != nil {
		p.config.Log.Warn("draw host page", "cause", err)
	}
}

func (p *Page) file(name, contentType string) http.HandlerFunc {
	body, err := files.ReadFile(name)
	if err != nil {
		panic(err) // the file is part of this package
	}
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write(body) // the asker has gone
	}
}

// leads answers the leads of the table. A real CRM has its own; this one asks Converse.
func (p *Page) leads(w http.ResponseWriter, r *http.Request) {
	var found struct {
		Leads []json.RawMessage `json:"leads"`
	}
	err := p.ask.call(r.Context(), "LeadService/SearchLeads", map[string]any{"query": r.URL.Query().Get("q"), "limit": mostRows}, &found)
	p.answer(w, found, err)
}

// mostRows is how many leads the table shows.
const mostRows = 50

// token answers a widget token for the page's user. A real host takes the user from its
// own session, never from the request.
func (p *Page) token(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Email string `json:"email"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 4<<10)).Decode(&asked); err != nil {
		http.Error(w, "this is no JSON", http.StatusBadRequest)
		return
	}
	var given struct {
		Token     string `json:"token"`
		ExpiresAt string `json:"expiresAt"`
	}
	err := p.ask.call(r.Context(), "AuthService/CreateWidgetToken", map[string]any{"userEmail": asked.Email}, &given)
	p.answer(w, given, err)
}

// answer writes what Converse answered, or that it did not.
func (p *Page) answer(w http.ResponseWriter, value any, err error) {
	if err != nil {
		p.config.Log.Warn("ask converse for the host page", "cause", err)
		http.Error(w, "Converse did not answer", http.StatusBadGateway)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(value) //nolint:errchkjson // the asker has gone
}
