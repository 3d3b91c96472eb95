package twilio

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"converse/internal/sandbox/stage"
)

// content is a Content template with its place in WhatsApp's review.
type content struct {
	SID       string                     `json:"sid"`
	Account   string                     `json:"account_sid"`
	Name      string                     `json:"friendly_name"`
	Language  string                     `json:"language"`
	Variables map[string]string          `json:"variables"`
	Types     map[string]json.RawMessage `json:"types"`
	Approval  *approval                  `json:"approval_requests,omitempty"`
}

// approval is what was handed in. Each look at it moves the review on: received,
// pending, approved. A name with "reject" in it is rejected.
type approval struct {
	Type     string `json:"type"`
	Name     string `json:"name"`
	Category string `json:"category"`
	Content  string `json:"content_type"`
	Status   string `json:"status"`
	Reason   string `json:"rejection_reason"`
}

func (a *approval) look() {
	switch {
	case a == nil || a.Status == "approved" || a.Status == "rejected":
	case a.Status == "received":
		a.Status = "pending"
	case strings.Contains(a.Name, "reject"):
		a.Status, a.Reason = "rejected", "INVALID_FORMAT"
	default:
		a.Status = "approved"
	}
}

// stamp is 32 hex digits that stand for a text.
func stamp(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}

// ContentSID is the id of a template that an account has from the start, unless the
// template brings one along.
func ContentSID(account, name, language string) string {
	return "HX" + stamp(account+" "+name+" "+language)
}

// all are the account's contents: those from the start, and those made by calls. The
// caller holds the lock.
func (s *Side) all(account *stage.Account) []*content {
	var list []*content
	for _, t := range account.Templates {
		list = append(list, seeded(account, t))
	}
	return append(list, s.contents[account.AccountID]...)
}

// seeded is a template of the account as a content that was approved long ago.
func seeded(account *stage.Account, t stage.Template) *content {
	sid := t.Ref
	if sid == "" {
		sid = ContentSID(account.AccountID, t.Name, t.Language)
	}
	c := &content{
		SID: sid, Account: account.AccountID, Name: t.Name, Language: t.Language,
		Variables: map[string]string{}, Types: map[string]json.RawMessage{},
	}
	for _, name := range t.Names() {
		c.Variables[name] = "example"
	}
	form, name := map[string]any{"body": t.Body}, "twilio/text"
	if len(t.Buttons) > 0 {
		var actions []map[string]string
		for _, title := range t.Buttons {
			actions = append(actions, map[string]string{"type": "QUICK_REPLY", "title": title, "id": title})
		}
		form["actions"], name = actions, "twilio/quick-reply"
	}
	if t.Footer != "" {
		form["footer"], name = t.Footer, "whatsapp/card"
	}
	data, err := json.Marshal(form)
	if err != nil {
		panic(err) // made here of strings
	}
	c.Types[name] = data
	c.Approval = &approval{Type: "whatsapp", Name: t.Name, Category: strings.ToUpper(t.Category), Content: name, Status: "approved"}
	return c
}

// find is one content of the account. The caller holds the lock.
func (s *Side) findContent(account *stage.Account, sid string) *content {
	for _, c := range s.all(account) {
		if c.SID == sid {
			return c
		}
	}
	return nil
}

// listContents plays GET /v1/ContentAndApprovals.
func (s *Side) listContents(account *stage.Account, w http.ResponseWriter, r *http.Request) {
	number, size := paging(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.all(account)
	first := min(number*size, len(list))
	last := min(first+size, len(list))
	for _, c := range list[first:last] {
		c.Approval.look()
	}
	meta := map[string]any{"key": "contents", "page": number, "page_size": size, "next_page_url": nil}
	if last < len(list) {
		query := url.Values{"PageSize": {strconv.Itoa(size)}, "Page": {strconv.Itoa(number + 1)}, "PageToken": {"DN" + list[last-1].SID}}
		meta["next_page_url"] = s.stage.Base() + r.URL.Path + "?" + query.Encode()
	}
	answer(http.StatusOK, map[string]any{"contents": append([]*content{}, list[first:last]...), "meta": meta}).Write(w)
}

// makeContent plays POST /v1/Content.
func (s *Side) makeContent(account *stage.Account, w http.ResponseWriter, r *http.Request) {
	var made content
	err := readJSON(w, r, &made)
	if err != nil || made.Language == "" || len(made.Types) == 0 {
		failure(http.StatusBadRequest, 60200, "Invalid parameter: language and types are required").Write(w)
		return
	}
	made.SID, made.Account, made.Approval = newSID("HX"), account.AccountID, nil
	s.mu.Lock()
	defer s.mu.Unlock()
	s.contents[account.AccountID] = append(s.contents[account.AccountID], &made)
	answer(http.StatusCreated, made).Write(w)
}

func readJSON(w http.ResponseWriter, r *http.Request, into any) error {
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		return err
	}
	return json.Unmarshal(data, into)
}

// content plays GET /v1/Content/{content}.
func (s *Side) content(account *stage.Account, w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.findContent(account, r.PathValue("content"))
	if c == nil {
		notFound(w, r)
		return
	}
	shown := *c
	shown.Approval = nil
	answer(http.StatusOK, shown).Write(w)
}

// dropContent plays DELETE /v1/Content/{content}.
func (s *Side) dropContent(account *stage.Account, w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := len(s.contents[account.AccountID])
	s.contents[account.AccountID] = slices.DeleteFunc(s.contents[account.AccountID], func(c *content) bool { return c.SID == r.PathValue("content") })
	if len(s.contents[account.AccountID]) == before {
		notFound(w, r)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// submit plays POST /v1/Content/{content}/ApprovalRequests/whatsapp.
func (s *Side) submit(account *stage.Account, w http.ResponseWriter, r *http.Request) {
	var asked struct{ Name, Category string }
	err := readJSON(w, r, &asked)
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.findContent(account, r.PathValue("content"))
	taken := slices.ContainsFunc(s.all(account), func(other *content) bool {
		return other.Approval != nil && other.Approval.Name == asked.Name && other.Language == c.language()
	})
	switch {
	case c == nil:
		notFound(w, r)
	case err != nil || strings.Trim(asked.Name, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" || asked.Name == "":
		failure(http.StatusBadRequest, 60200, "Invalid parameter: name must be of lower-case letters, digits and underscores").Write(w)
	case !slices.Contains([]string{"UTILITY", "MARKETING", "AUTHENTICATION"}, asked.Category):
		failure(http.StatusBadRequest, 60200, "Invalid parameter: category").Write(w)
	case c.Approval != nil || taken:
		failure(http.StatusConflict, 60227, "The template was submitted already, or its name is taken").Write(w)
	default:
		kind := ""
		for name := range c.Types {
			kind = name
		}
		c.Approval = &approval{Type: "whatsapp", Name: asked.Name, Category: asked.Category, Content: kind, Status: "received"}
		answer(http.StatusCreated, c.Approval).Write(w)
	}
}

func (c *content) language() string {
	if c == nil {
		return ""
	}
	return c.Language
}

// approvals plays GET /v1/Content/{content}/ApprovalRequests.
func (s *Side) approvals(account *stage.Account, w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.findContent(account, r.PathValue("content"))
	if c == nil {
		notFound(w, r)
		return
	}
	c.Approval.look()
	answer(http.StatusOK, map[string]any{"sid": c.SID, "account_sid": c.Account, "whatsapp": c.Approval}).Write(w)
}
