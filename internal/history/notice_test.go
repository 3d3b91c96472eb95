package history_test

import (
	"encoding/json"
	"errors"
	"net"

	"converse/internal/chat"
)

// notice is what a webhook says, read by this test on its own.
type notice struct {
	// ProviderID is the provider's id of the message.
	ProviderID string
	// Reference is our message id, where the provider gives it back.
	Reference string
	// Status is what a receipt reports; empty for a lead's message.
	Status chat.Status
	// Text is the message's.
	Text string
}

// read reads a webhook. What it cannot read it leaves out: the checker then misses it.
func read(provider string, body []byte) []notice {
	if provider == "ctm" {
		return readCTM(body)
	}
	return readWhatsApp(body)
}

func readCTM(body []byte) []notice {
	var said struct {
		ID        string `json:"message_id"`
		Direction string `json:"direction"`
		Text      string `json:"message_body"`
		Status    string `json:"status"`
		Code      string `json:"sms_error_code"`
	}
	if json.Unmarshal(body, &said) != nil || said.ID == "" {
		return nil
	}
	out := notice{ProviderID: said.ID, Text: said.Text}
	if said.Direction == "msg_outbound" {
		out.Status = chat.Status(said.Status)
		if said.Code != "" {
			out.Status = chat.StatusFailed
		}
	}
	return []notice{out}
}

func readWhatsApp(body []byte) []notice {
	var said struct {
		Entry []struct {
			Changes []struct {
				Value struct {
					Messages []struct {
						ID   string `json:"id"`
						Text struct {
							Body string `json:"body"`
						} `json:"text"`
					} `json:"messages"`
					Statuses []struct {
						ID     string `json:"id"`
						Status string `json:"status"`
						Opaque string `json:"biz_opaque_callback_data"`
					} `json:"statuses"`
				} `json:"value"`
			} `json:"changes"`
		} `json:"entry"`
	}
	if json.Unmarshal(body, &said) != nil {
		return nil
	}
	var out []notice
	for _, entry := range said.Entry {
		for _, change := range entry.Changes {
			for _, m := range change.Value.Messages {
				out = append(out, notice{ProviderID: m.ID, Text: m.Text.Body})
			}
			for _, s := range change.Value.Statuses {
				out = append(out, notice{ProviderID: s.ID, Reference: s.Opaque, Status: chat.Status(s.Status)})
			}
		}
	}
	return out
}

// unreached reports whether a call failed before a byte of it could be heard.
func unreached(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}
