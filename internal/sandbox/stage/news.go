package stage

import (
	"net/http"
	"time"

	"converse/internal/sandbox/post"
)

// News posts a webhook that is about no message, such as the end of a template's review,
// once the span has passed. The body is asked for then, whether or not it can be posted.
func (s *Stage) News(side Side, account *Account, about string, in time.Duration, body func() []byte) {
	s.timer.After(in, func() {
		if letter, ok := s.Bulletin(side, account, about, body()); ok {
			s.office.Post(letter)
		}
	})
}

// Bulletin makes a webhook that is about no message; false when it is to go nowhere.
func (s *Stage) Bulletin(side Side, account *Account, about string, body []byte) (post.Letter, bool) {
	traits := side.Traits()
	to, found := s.Account(traits.Provider, account.AccountID)
	if !found || to.WebhookURL == "" {
		return post.Letter{}, false
	}
	return post.Letter{
		Provider: traits.Provider, About: about, URL: to.WebhookURL, Retries: traits.Retries,
		Body:   func() []byte { return body },
		Header: func(body []byte, at time.Time) http.Header { return side.Header(to, body, at) },
	}, true
}
