package whatsappcloud

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"converse/internal/sandbox/stage"
)

// object plays GET /{id}: a media file, a phone number or a business account.
func (s *Side) object(w http.ResponseWriter, r *http.Request) {
	if !s.known(r) {
		errToken().answer().Write(w)
		return
	}
	id := r.PathValue("id")
	if account, sender, found := s.stage.AccountOfRef(Provider, id); found && allows(account, r) {
		answer(http.StatusOK, map[string]any{
			"id": id, "display_phone_number": display(sender.Address), "verified_name": sender.Label,
			"quality_rating": "GREEN", "code_verification_status": "VERIFIED",
		}).Write(w)
		return
	}
	if account, found := s.stage.Account(Provider, id); found && allows(account, r) {
		answer(http.StatusOK, map[string]any{"id": id, "name": account.Senders[0].Label, "currency": "USD"}).Write(w)
		return
	}
	if media, found := s.stage.Library().Get(id); found {
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
	id := r.PathValue("account")
	account, found := s.stage.Account(Provider, id)
	switch {
	case !s.known(r):
		errToken().answer().Write(w)
		return
	case !found || !allows(account, r):
		errObject(r.Method, id).answer().Write(w)
		return
	}
	name, status := r.FormValue("name"), r.FormValue("status")
	list := slices.DeleteFunc(slices.Clone(account.Templates), func(t stage.Template) bool {
		return name != "" && t.Name != name || status != "" && status != "APPROVED"
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
		data = append(data, describeTemplate(account, t))
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

func describeTemplate(account *stage.Account, t stage.Template) map[string]any {
	format, body := "POSITIONAL", map[string]any{"type": "BODY", "text": t.Body}
	if names := t.Names(); t.Named {
		format = "NAMED"
		examples := []map[string]string{}
		for _, name := range names {
			examples = append(examples, map[string]string{"param_name": name, "example": "example"})
		}
		body["example"] = map[string]any{"body_text_named_params": examples}
	} else if len(names) > 0 {
		body["example"] = map[string]any{"body_text": [][]string{slices.Repeat([]string{"example"}, len(names))}}
	}
	components := []map[string]any{body}
	if t.Footer != "" {
		components = append(components, map[string]any{"type": "FOOTER", "text": t.Footer})
	}
	if len(t.Buttons) > 0 {
		buttons := []map[string]string{}
		for _, title := range t.Buttons {
			buttons = append(buttons, map[string]string{"type": "QUICK_REPLY", "text": title})
		}
		components = append(components, map[string]any{"type": "BUTTONS", "buttons": buttons})
	}
	category := t.Category
	if category == "" {
		category = "UTILITY"
	}
	return map[string]any{
		"name": t.Name, "language": t.Language, "status": "APPROVED", "category": strings.ToUpper(category),
		"parameter_format": format, "components": components,
		"id": strconv.FormatUint(1e15+hash(account.AccountID+" "+t.Name+" "+t.Language)%9e15, 10),
	}
}
