package twilio

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"converse/internal/sandbox/stage"
)

// mediaSID is a file's id as Twilio would write it, with the library's own inside.
func mediaSID(file stage.Media) string { return fmt.Sprintf("ME%032s", file.ID) }

// known is a message of the account.
func (s *Side) known(account *stage.Account, sid string) (*stage.Message, bool) {
	m, found := s.stage.Message(sid)
	return m, found && m.Provider == Provider && m.AccountID == account.AccountID
}

// listMedia plays GET /Accounts/{account}/Messages/{message}/Media.json.
func (s *Side) listMedia(account *stage.Account, w http.ResponseWriter, r *http.Request) {
	a, found := s.known(account, r.PathValue("message"))
	if !found {
		notFound(w, r)
		return
	}
	list := []any{}
	if a.More != nil {
		for _, file := range a.More.Media {
			sid, at := mediaSID(file), file.At.UTC().Format(time.RFC1123Z)
			list = append(list, map[string]any{
				"sid": sid, "account_sid": account.AccountID, "parent_sid": a.ID, "content_type": file.ContentType,
				"date_created": at, "date_updated": at, "uri": strings.TrimSuffix(r.URL.Path, ".json") + "/" + sid + ".json",
			})
		}
	}
	answer(http.StatusOK, map[string]any{"media_list": list, "uri": r.URL.Path, "next_page_uri": nil}).Write(w)
}

// media plays GET /Accounts/{account}/Messages/{message}/Media/{id}: it leads to storage,
// where the address is the key.
func (s *Side) media(account *stage.Account, w http.ResponseWriter, r *http.Request) {
	a, found := s.known(account, r.PathValue("message"))
	if found && a.More != nil {
		for _, file := range a.More.Media {
			if mediaSID(file) != r.PathValue("id") {
				continue
			}
			if spoilt, hit := s.stage.Spoil(s, file.ID, false, missing(r)); hit {
				spoilt.Write(w)
				return
			}
			stage.Answer{
				Status: http.StatusTemporaryRedirect, ContentType: "text/plain",
				Header: http.Header{"Location": {s.stage.Base() + "/twilio-storage/" + file.ID + "/" + file.Key}},
			}.Write(w)
			return
		}
	}
	notFound(w, r)
}

// storage gives a file to whoever knows its address. It does not look at credentials: a
// client that keeps them within a host cannot know that storage is elsewhere in earnest.
func (s *Side) storage(w http.ResponseWriter, r *http.Request) {
	media, data, found := s.stage.Library().Open(r.PathValue("id"))
	denied := stage.Answer{
		Status: http.StatusForbidden, ContentType: "application/xml", Body: []byte("<Error><Code>AccessDenied</Code></Error>"),
	}
	if !found || media.Key != r.PathValue("key") {
		denied.Write(w)
		return
	}
	if spoilt, hit := s.stage.Spoil(s, media.ID, true, denied); hit {
		spoilt.Write(w)
		return
	}
	stage.Answer{
		Status: http.StatusOK, ContentType: media.ContentType, Body: data,
		Header: http.Header{"X-Content-Type-Options": {"nosniff"}, "Content-Security-Policy": {"sandbox"}},
	}.Write(w)
}
