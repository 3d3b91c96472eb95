package channeltest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"converse/channels"
	"converse/internal/chat"
)

// toy is a correct adapter of a provider that does not exist. Each field breaks
// one rule; the tests expect the runner to see it.
type toy struct {
	hidesSecret       bool
	skipsVerify       bool
	looseSignature    bool
	leaksInRefusal    bool
	leaksInParseError bool
	leaksInEvent      bool
	changesBody       bool
	trustsCutBodies   bool
	readsFuture       bool
	noEvents          bool
	badEvent          channels.Event
	leaksInURL        bool
	leaksInError      bool
	wrapsDoerError    bool
	callsTwice        bool
	callsNever        bool
	leavesOpen        bool
	dropsContext      bool
	otherHeader       bool
	otherBody         bool
	noReceiptID       bool
	panicsOnNumbers   bool
}

func (toy) Kind() channels.Kind { return "toy" }

func (toy) Capabilities(channels.Account) channels.Capabilities {
	return channels.Capabilities{Text: 10}
}

func (a toy) Secrets(account channels.Account) []string {
	if a.hidesSecret {
		return nil
	}
	return []string{account.Secrets["key"]}
}

func (a toy) Verify(account channels.Account, webhook *channels.Webhook) error {
	signature := webhook.Header.Get("X-Toy")
	if a.leaksInRefusal {
		return fmt.Errorf("%w: not %s", channels.ErrForged, account.Secrets["key"])
	}
	want := toySignature(account, webhook)
	if a.skipsVerify || a.looseSignature && strings.TrimSpace(signature) == want {
		return nil
	}
	if values := webhook.Header.Values("X-Toy"); len(values) != 1 || signature != want {
		return channels.ErrForged
	}
	return nil
}

func toySignature(account channels.Account, webhook *channels.Webhook) string {
	return fmt.Sprintf("%x", account.Secrets["key"]+string(webhook.Body))
}

var toySigner = Signer{
	Header: "X-Toy",
	Sign: func(account channels.Account, webhook *channels.Webhook) {
		webhook.Header.Set("X-Toy", toySignature(account, webhook))
	},
}

func (a toy) Parse(account channels.Account, webhook *channels.Webhook) ([]channels.Event, channels.Reply, error) {
	if a.changesBody {
		webhook.Body[0] = ' '
	}
	if a.leaksInParseError {
		return nil, channels.Reply{}, errors.New("key " + account.Secrets["key"])
	}
	var fields map[string]any
	if err := json.Unmarshal(webhook.Body, &fields); err != nil && !a.trustsCutBodies {
		return nil, channels.Reply{}, errors.New("not JSON")
	}
	if a.panicsOnNumbers {
		_ = fields["text"].(string)
	}
	if a.noEvents {
		return nil, channels.Reply{}, nil
	}
	if a.badEvent != nil {
		return []channels.Event{a.badEvent}, channels.Reply{}, nil
	}
	text, _ := fields["text"].(string)
	if a.readsFuture {
		text = fmt.Sprint(len(fields))
	}
	if a.leaksInEvent {
		text = "key " + account.Secrets["key"]
	}
	if text == "" || strings.ContainsRune(text, 0) {
		return []channels.Event{channels.Ignored{Why: "no text"}}, channels.Reply{}, nil
	}
	received := toyReceived(account)
	received.Text = text
	return []channels.Event{received}, channels.Reply{}, nil
}

func toyReceived(account channels.Account) channels.Received {
	return channels.Received{
		ProviderID: "1", Sender: account.Senders[0].ID, Kind: chat.KindText, Text: "hi",
		From: channels.Party{Phone: "+12025550123"},
	}
}

func (a toy) Send(ctx context.Context, doer channels.Doer, account channels.Account, message channels.Outgoing) (channels.Receipt, error) {
	if a.callsNever {
		return channels.Receipt{ProviderID: "1"}, nil
	}
	key, address, body := account.Secrets["key"], "https://toy.example.com/send", `{"text":"`+message.Text+`"}`
	if a.leaksInURL {
		address += "?key=" + strings.ReplaceAll(key, "&", "%26")
	}
	if a.dropsContext {
		ctx = context.Background()
	}
	if a.otherBody {
		body = `{}`
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		return channels.Receipt{}, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Key", key)
	if a.otherHeader {
		request.Header.Set("X-More", "1")
	}
	response, err := doer.Do(request)
	if err != nil && a.wrapsDoerError {
		return channels.Receipt{}, fmt.Errorf("send: %w", err)
	}
	if err != nil {
		return channels.Receipt{}, err
	}
	if !a.leavesOpen {
		defer response.Body.Close()
	}
	if a.callsTwice {
		_, _ = doer.Do(request)
	}
	data, _ := io.ReadAll(response.Body)
	if a.leaksInError {
		return channels.Receipt{}, &channels.Error{Reason: channels.ReasonRejected, Text: key}
	}
	if response.StatusCode != http.StatusOK {
		return channels.Receipt{}, &channels.Error{Reason: channels.ReasonRejected, Text: "no"}
	}
	if a.noReceiptID {
		return channels.Receipt{}, nil
	}
	return channels.Receipt{ProviderID: string(data)}, nil
}
