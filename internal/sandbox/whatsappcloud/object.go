package whatsappcloud

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// object plays GET /{id}: a media file, a phone number, a business account or an upload.
func (s *Side) object(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.PathValue("id"), "upload:") {
		r.SetPathValue("upload", r.PathValue("id"))
		s.uploaded(w, r)
		return
	}
	if !s.known(r) {
		errToken().answer().Write(w)
		return
	}
	id := r.PathValue("id")
	if account, sender, found := s.stage.AccountOfRef(Provider, id); found && allows(account, r) {
		answer(http.StatusOK, describeNumber(sender)).Write(w)
		return
	}
	if account, found := s.stage.Account(Provider, id); found && allows(account, r) {
		answer(http.StatusOK, map[string]any{"id": id, "name": account.Senders[0].Label, "currency": "USD"}).Write(w)
		return
	}
	if media, found := s.stage.Library().Get(id); found {
		if spoilt, hit := s.stage.Spoil(s, id, false, errObject(r.Method, id).answer()); hit {
			spoilt.Write(w)
			return
		}
		answer(http.StatusOK, s.describe(media)).Write(w)
		return
	}
	errObject(r.Method, id).answer().Write(w)
}

// display writes a number as Meta shows it: 12025550100 as "+1 202-555-0100".
func display(address string) string {
	if len(address) == 12 && strings.HasPrefix(address, "+1") {
		return address[:2] + " " + address[2:5] + "-" + address[5:8] + "-" + address[8:]
	}
	return address
}

// templates plays GET /{account}/message_templates with cursor paging.
func (s *Side) templates(w http.ResponseWriter, r *http.Request) {
	account, ok := s.account(w, r)
	if !ok {
		return
	}
	name, status := r.FormValue("name"), r.FormValue("status")
	list := slices.DeleteFunc(s.templatesOf(account), func(t submitted) bool {
		return name != "" && t.Name != name || status != "" && status != t.status
	})
	first, _ := strconv.Atoi(r.FormValue("after"))
	limit, err := strconv.Atoi(r.FormValue("limit"))
	if err != nil || limit < 1 {
		limit = 25
	}
	first = min(max(0, first), len(list))
	last := min(first+limit, len(list))
	data := []map[string]any{}
	for _, t := range list[first:last] {
		data = append(data, t.describe())
	}
	out := map[string]any{"data": data}
	if len(data) > 0 {
		paging := map[string]any{"cursors": map[string]string{
			"before": strconv.Itoa(first), "after": strconv.Itoa(last),
		}}
		if last < len(list) {
			query := r.URL.Query()
			query.Set("after", strconv.Itoa(last))
			paging["next"] = s.stage.Base() + r.PathValue("prefix") + r.URL.Path + "?" + query.Encode()
		}
		out["paging"] = paging
	}
	answer(http.StatusOK, out).Write(w)
}
