package sandbox

import "net/http"

// postElsewhere has the business write from the provider's own app.
func (s *Sandbox) postElsewhere(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Provider string `json:"provider"`
		From     string `json:"from"`
		To       string `json:"to"`
		Text     string `json:"text"`
	}
	if !read(w, r, &body) {
		return
	}
	id, err := s.stage.SendElsewhere(body.Provider, address(body.From), address(body.To), body.Text)
	if err != nil {
		refuse(w, err)
		return
	}
	write(w, map[string]string{"id": id})
}

// postStop ends the webhooks that the hub ordered.
func (s *Sandbox) postStop(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Provider  string `json:"provider"`
		AccountID string `json:"accountId"`
		How       string `json:"how"`
	}
	if !read(w, r, &body) {
		return
	}
	if err := s.stage.StopOrders(body.Provider, body.AccountID, body.How); err != nil {
		refuse(w, err)
		return
	}
	write(w, struct{}{})
}
