package channeltest

import (
	"bytes"
	"errors"
	"net/http"
	"reflect"

	"converse/channels"
)

// inResult is the want.json of a webhook.
type inResult struct {
	// Forged is the refusal of Verify or Challenge; nothing else happens then.
	Forged string `json:"forged,omitempty"`
	// Error is Parse's word that the body as a whole cannot be read.
	Error  string     `json:"error,omitempty"`
	Reply  *replyText `json:"reply,omitempty"`
	Events []any      `json:"events,omitempty"`
}

type replyText struct {
	Status      int    `json:"status,omitempty"`
	ContentType string `json:"content_type,omitempty"`
	// Header is shown of a Reply alone.
	Header http.Header `json:"header,omitempty"`
	Body   string      `json:"body,omitempty"`
}

func (r *runner) checkIn(dir string) problems {
	found := onlyFiles(dir, "request.http", "want.json")
	account := r.planted
	c, err := readInCase(dir, account)
	if err != nil {
		found.addf("%v", err)
		return found
	}
	if r.signer != nil && !c.unsigned && c.webhook.Method != http.MethodGet {
		if _, carried := c.webhook.Header[http.CanonicalHeaderKey(r.signer.Header)]; !carried {
			r.signer.Sign(account, c.webhook)
		} else if c, err = readInCase(dir, r.account); err == nil {
			account = r.account
		}
	}
	result, events, parsed := r.play(account, c.webhook, &found)
	found = append(found, r.wanted(dir, result)...)
	if !parsed {
		return found
	}
	found.add("events", checkEvents(r.adapter, account, events))
	if r.signer != nil && !c.unsigned {
		found.add("forged", r.checkForgeries(account, c.webhook))
	}
	found.add("changed", checkMutations(r.adapter, account, c.webhook, events))
	return found
}

// play does what the webhook door does, and checks that nothing is touched.
// parsed is false when it came to no events.
func (r *runner) play(account channels.Account, webhook *channels.Webhook, found *problems) (result inResult, events []channels.Event, parsed bool) {
	before := clone(webhook)
	defer func() {
		if !reflect.DeepEqual(before, webhook) {
			found.addf("the adapter changed the webhook it was given")
		}
	}()
	if challenger, ok := r.adapter.(channels.Challenger); ok && webhook.Method == http.MethodGet {
		reply, err := challenger.Challenge(account, webhook)
		if err != nil {
			return r.refused(account, err, found), nil, false
		}
		return inResult{Reply: showReply(reply)}, nil, false
	}
	if err := r.adapter.Verify(account, webhook); err != nil {
		return r.refused(account, err, found), nil, false
	}
	events, reply, err := r.adapter.Parse(account, webhook)
	if err != nil {
		*found = append(*found, leaks(account, "an error", err.Error())...)
		if len(events) > 0 {
			found.addf("Parse gave events beside an error; they would be lost")
		}
		return inResult{Error: err.Error()}, nil, false
	}
	again, _, err := r.adapter.Parse(account, webhook)
	if err != nil || !reflect.DeepEqual(events, again) {
		found.addf("Parse said something else the second time")
	}
	*found = append(*found, leaks(account, "the reply", string(reply.Body))...)
	return inResult{Reply: showReply(reply), Events: showEvents(events)}, events, true
}

func (r *runner) refused(account channels.Account, err error, found *problems) inResult {
	if !errors.Is(err, channels.ErrForged) {
		found.addf("a refusal that is not ErrForged: %v", err)
	}
	*found = append(*found, leaks(account, "a refusal", err.Error())...)
	return inResult{Forged: err.Error()}
}

func showReply(reply channels.Reply) *replyText {
	if reflect.DeepEqual(reply, channels.Reply{}) {
		return nil
	}
	return &replyText{Status: reply.Status, ContentType: reply.ContentType, Header: reply.Header, Body: string(reply.Body)}
}

// flips is at how many places of a body a bit is changed.
const flips = 64

// checkForgeries takes a webhook that verifies and spoils it in every way known.
func (r *runner) checkForgeries(account channels.Account, good *channels.Webhook) problems {
	var found problems
	expect := func(what string, account channels.Account, webhook *channels.Webhook) {
		if err := r.adapter.Verify(account, webhook); !errors.Is(err, channels.ErrForged) {
			found.addf("%s was taken for genuine: %v", what, err)
		}
	}
	if !r.signer.Word {
		for _, body := range spoiled(good.Body) {
			expect("a changed body", account, withBody(good, body))
		}
	}
	name := http.CanonicalHeaderKey(r.signer.Header)
	signature := good.Header.Get(name)
	for what, values := range map[string][]string{
		"a missing signature":     nil,
		"an empty signature":      {""},
		"a signature sent twice":  {signature, signature},
		"two signatures":          {signature, "x"},
		"a signature with spaces": {" " + signature},
		"a longer signature":      {signature + "0"},
		"a shorter signature":     {signature[:len(signature)-1]},
	} {
		webhook := clone(good)
		webhook.Header[name] = values
		expect(what, account, webhook)
	}

	other := plant(account)
	for name := range other.Secrets {
		other.Secrets[name] = "another account's " + name
	}
	expect("a webhook signed for another account", other, good)
	return found
}

// spoiled are a body with a changed byte here and there, a longer and a shorter one.
func spoiled(good []byte) [][]byte {
	bodies := [][]byte{append(bytes.Clone(good), '\n')}
	if len(good) > 0 {
		bodies = append(bodies, good[:len(good)-1])
	}
	for at := 0; at < len(good); at += max(1, len(good)/flips) {
		body := bytes.Clone(good)
		body[at] ^= 1
		bodies = append(bodies, body)
	}
	return bodies
}
