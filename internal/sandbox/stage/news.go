package stage

import (
	"net/http"
	"time"

	"converse/internal/sandbox/post"
)

// News posts a webhook that is about no message, such as the end of a template's review,
// once the span has passed. The body is asked for then, whether or not it can be posted.
func (s *Stage) News(side Side, account *Account, about string, in time.Duration, body func() []byte) {
	traits := side.Traits()
	s.timer.After(in, func() {
		text := body()
		to, found := s.Account(traits.Provider, account.AccountID)
		if !found || to.WebhookURL == "" {
			return
		}
		s.office.Post(post.Letter{
			Provider: traits.Provider, About: about, URL: to.WebhookURL, Retries: traits.Retries,
			Body:   func() []byte { return text },
			Header: func(body []byte, at time.Time) http.Header { return side.Header(to, body, at) },
		})
	})
}
