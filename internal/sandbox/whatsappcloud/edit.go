package whatsappcloud

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"converse/internal/sandbox/stage"
)

// How often a template that is approved can be edited (Meta, "Template management, Edit
// templates"); one that was rejected or paused, any number of times.
const (
	editPause   = 24 * time.Hour
	editSpan    = 30 * 24 * time.Hour
	editsInSpan = 10
)

// change plays POST /{id}: a part of an upload, or the edit of a template.
func (s *Side) change(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.PathValue("id"), "upload:") {
		r.SetPathValue("upload", r.PathValue("id"))
		s.takeFile(w, r)
		return
	}
	s.edit(w, r)
}

// edit changes a template's category and parts, all of which come anew. It is reviewed
// again.
func (s *Side) edit(w http.ResponseWriter, r *http.Request) {
	accounts := s.stage.Accounts()
	at := slices.IndexFunc(accounts, func(a *stage.Account) bool { return a.Provider == Provider && allows(a, r) })
	if at < 0 {
		errToken().answer().Write(w)
		return
	}
	account := accounts[at]
	all := s.templatesOf(account)
	found := slices.IndexFunc(all, func(t submitted) bool { return t.id == r.PathValue("id") })
	if found < 0 {
		errObject(r.Method, r.PathValue("id")).answer().Write(w)
		return
	}
	req, problem := readTemplate(w, r)
	var made *submitted
	if problem == nil {
		made, problem = all[found].edited(req, time.Now())
	}
	if problem == nil {
		problem = s.proof(account, made)
	}
	if problem != nil {
		problem.answer().Write(w)
		return
	}
	s.mu.Lock()
	s.handedIn[account.AccountID] = append(
		slices.DeleteFunc(s.handedIn[account.AccountID], func(t *submitted) bool { return t.id == made.id }), made)
	s.mu.Unlock()
	answer(http.StatusOK, map[string]bool{"success": true}).Write(w)
	s.stage.News(s, account, "template review", reviewTime, func() []byte { return s.review(account, made) })
}

// edited is the template after an edit, if Meta allows it.
func (t submitted) edited(req templateRequest, now time.Time) (*submitted, *graphError) {
	approved := t.status == "APPROVED"
	lately := slices.DeleteFunc(slices.Clone(t.edits), func(at time.Time) bool { return now.Sub(at) > editSpan })
	switch {
	case req.Name != "" || req.Language != "":
		return nil, errParameter("Only the category and the components of a template can be edited.")
	case req.Category == "" && req.Components == nil:
		return nil, errParameter("One of the parameters category and components is required.")
	case !approved && t.status != "REJECTED" && t.status != "PAUSED":
		return nil, errEdit("A template can be edited when it is approved, rejected or paused.")
	case approved && req.Category != "" && !strings.EqualFold(req.Category, t.Category):
		return nil, errEdit("The category of an approved template cannot be edited.")
	case approved && len(lately) > 0 && now.Sub(lately[len(lately)-1]) < editPause:
		return nil, errEdit("An approved template can be edited once in 24 hours.")
	case approved && len(lately) >= editsInSpan:
		return nil, errEdit("An approved template can be edited 10 times in 30 days.")
	}
	whole := templateRequest{
		Name: t.Name, Language: t.Language, Category: cmp.Or(req.Category, strings.ToUpper(t.Category)), Format: t.format, Components: req.Components,
	}
	if whole.Components == nil {
		whole.Components = t.components
	}
	made, problem := whole.make()
	if problem != nil {
		return nil, problem
	}
	made.id, made.edits = t.id, lately
	if approved {
		made.edits = append(made.edits, now)
	}
	return made, nil
}

// errEdit refuses an edit. Meta documents no finer code for it.
func errEdit(words string) *graphError { return errTemplate(0, words) }
