package outbox

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"converse/channels"
	"converse/internal/account"
	"converse/internal/attach"
	"converse/internal/chat"
	"converse/internal/compose"
	"converse/internal/crash"
	"converse/internal/metric"
	"converse/internal/store"
)

// livePatience is how long a message that a person waits for is tried before it fails.
const livePatience = 10 * time.Minute

// Draft is a message as a user composed it: text, files with or without one, or a template
// with its variables.
type Draft struct {
	Conversation chat.ConversationID
	// ClientID is the client's key for the message, the same in every repeat.
	ClientID  string
	Text      string
	Template  chat.TemplateID
	Variables map[string]string
	// HeaderText is the value of the variable of a template's header. The file of a header
	// that is one is the only one of Media.
	HeaderText string
	// Location is that of a header that is a place; nil for any other. The message's text
	// begins with it.
	Location *chat.Place
	// Buttons are values by the places of the template's buttons, from 0.
	Buttons map[int]string
	// Media are uploads of the user's that are ready.
	Media []chat.MediaID
	// ViewedSeq is the highest seq on the user's screen; 0 for no check.
	ViewedSeq int
}

// Accounts opens connectors, and keeps their access tokens.
type Accounts interface {
	ByID(ctx context.Context, org chat.OrgID, id chat.ConnectorID) (account.Open, error)
	Opened(org chat.OrgID, id chat.ConnectorID) (account.Open, bool)
	Authorize(ctx context.Context, doer channels.Doer, open account.Open) (account.Open, error)
	DropToken(ctx context.Context, open account.Open) error
}

// Outbox accepts messages and sends them.
type Outbox struct {
	store    *store.Store
	accounts Accounts
	options  Options
	metrics  *metric.Metrics
	wake     chan struct{} // something may be due
	worker
}

// Accept stores a message to be sent and returns it, queued. A repeat of the same
// draft returns the same message. Errors a user can act on are *chat.Error: a field
// that is wrong, a closed window, a stale view, a reused client id.
func (o *Outbox) Accept(ctx context.Context, p chat.Principal, d Draft) (chat.Message, error) {
	if !p.MayChat() {
		return chat.Message{}, &chat.Error{Code: chat.CodeForbidden, Message: "Your role does not send messages in chats."}
	}
	n, err := o.prepare(ctx, p, d)
	if err != nil {
		return chat.Message{}, err
	}
	return o.accept(ctx, p, n)
}

// prepared is a message that has passed every check that needs no conversation.
type prepared struct {
	store.NewMessage
	// templateChannel is the channel of the template, if there is one, and
	// templateConnector the only connector it can leave by; empty for any.
	templateChannel   chat.Channel
	templateConnector chat.ConnectorID
	// headerFile is the kind of file that the template has over its text; empty for none.
	headerFile chat.MessageKind
	// archived: the account of the conversation's number was taken away.
	archived bool
}

// prepare checks what can be checked without the conversation.
func (o *Outbox) prepare(ctx context.Context, p chat.Principal, d Draft) (prepared, error) {
	n := prepared{NewMessage: store.NewMessage{
		Conversation: d.Conversation, ClientID: d.ClientID, ContentHash: d.hash(), ViewedSeq: d.ViewedSeq, Lane: store.LaneLive,
	}}
	text := strings.TrimSpace(d.Text)
	switch {
	case d.Template != "" && text != "":
		return n, chat.Invalidf("text", "send either text or a template, not both")
	case d.Template != "":
		return o.fill(ctx, p, n, d)
	case text == "" && len(d.Media) == 0:
		return n, chat.Invalidf("text", "must not be empty")
	}
	// With files, the kind is that of the first.
	n.Kind, n.Text, n.Uploads = chat.KindText, text, d.Media
	return n, nil
}

func (o *Outbox) fill(ctx context.Context, p chat.Principal, n prepared, d Draft) (prepared, error) {
	tpl, err := o.store.Template(ctx, p.Org, d.Template)
	if err != nil {
		return n, err
	}
	if tpl.Status != chat.TemplateApproved {
		return n, &chat.Error{Code: chat.CodeBlocked, Field: "templateId", Message: "The provider does not let this template be sent: it is " + tpl.Status + ". Choose another one."}
	}
	filled, err := compose.Fill(tpl.Template, d.Variables)
	if err != nil {
		return n, err
	}
	n.Kind, n.Text, n.Template, n.TemplateName = chat.KindTemplate, filled.Text, tpl.ID, tpl.Name
	n.TemplateCategory = tpl.Category
	n.templateChannel, n.templateConnector = tpl.Channel, tpl.Connector
	for _, v := range filled.Values {
		n.Parameters = append(n.Parameters, store.Parameter{Name: v.Name, Value: v.Value})
	}
	return o.fillAround(n, tpl.Template, d)
}

// accept stores a prepared message under its conversation's lock.
func (o *Outbox) accept(ctx context.Context, p chat.Principal, n prepared) (chat.Message, error) {
	// PostgreSQL keeps microseconds: the first answer is to be the one that repeats get.
	n.ID, n.At, n.Patience = chat.NewID[chat.MessageID](), o.options.Now().Truncate(time.Microsecond), livePatience
	var channel chat.Channel
	message, err := o.acceptOpened(ctx, p, n, func(c chat.Conversation, files []chat.Media, open account.Open) error {
		channel = c.Channel
		n.archived = open.State == store.ConnectorArchived
		can := open.Adapter.Capabilities(open.Account).On(c.Channel)
		if err := o.check(n, c, files, can); err != nil {
			return err
		}
		if failed := checkOwner(c, open, can); failed != nil {
			return &chat.Error{Code: chat.CodeBlocked, Message: failed.Text + " " + failed.Next}
		}
		return nil
	})
	if err != nil {
		return chat.Message{}, err
	}
	crash.At(crash.MessageAccepted)
	if message.ID == n.ID {
		o.metrics.Message(message.Direction, channel, message.Status)
	}
	o.Wake()
	return message, nil
}

// unopened says which account must be opened first.
type unopened struct{ id chat.ConnectorID }

func (u *unopened) Error() string { return "connector " + string(u.id) + " has not been opened" }

// acceptOpened stores a message whose check needs the account it leaves by. Which one
// that is only the locked conversation says, and opening it takes a second connection:
// were that taken within the transaction, as many senders as there are connections would
// wait for each other. So the transaction is given up, and begun anew with the account.
func (o *Outbox) acceptOpened(ctx context.Context, p chat.Principal, n prepared, check func(chat.Conversation, []chat.Media, account.Open) error) (chat.Message, error) {
	opened := map[chat.ConnectorID]account.Open{}
	for {
		message, err := o.store.AcceptMessage(ctx, p, n.NewMessage, func(c chat.Conversation, files []chat.Media) error {
			id := c.Sender.Connector
			open, ok := o.accounts.Opened(p.Org, id)
			if !ok {
				open, ok = opened[id]
			}
			if !ok {
				return &unopened{id}
			}
			return check(c, files, open)
		})
		missing, ok := errors.AsType[*unopened](err)
		if !ok {
			return message, err
		}
		if opened[missing.id], err = o.accounts.ByID(ctx, p.Org, missing.id); err != nil {
			return message, err
		}
	}
}

// check applies the rules that depend on the conversation (I9 is checked again when
// the message leaves).
func (o *Outbox) check(n prepared, c chat.Conversation, files []chat.Media, can channels.Capabilities) error {
	switch {
	case n.archived:
		return errGone
	case c.Identifier.Invalid:
		return &chat.Error{
			Code: chat.CodeBlocked, Reason: chat.ReasonInvalidNumber,
			Message: "Not sent: this cannot be a phone number. Correct it on the lead's page, then send again.",
		}
	case c.Identifier.LeavesAlone(c.Channel, n.TemplateCategory):
		return &chat.Error{Code: chat.CodeBlocked, Reason: chat.ReasonOptedOut, Message: "Not sent: this lead opted out of such messages."}
	}
	if n.Kind == chat.KindTemplate {
		if n.templateChannel != "" && n.templateChannel != c.Channel {
			return chat.Invalidf("templateId", "this template is for %s", n.templateChannel)
		}
		if n.headerFile != "" && (len(files) != 1 || files[0].Kind != n.headerFile) {
			return chat.Invalidf("mediaIds", "must be one %s: it stands over the template's text", n.headerFile)
		}
		if n.templateConnector != "" && n.templateConnector != c.Sender.Connector {
			return chat.Invalidf("templateId", "this template belongs to another account than the number of this conversation")
		}
		return nil
	}
	if err := attach.Check(n.Text, files, can); err != nil {
		return err
	}
	if can.Window && !c.WindowOpen(n.At) {
		return &chat.Error{
			Code: chat.CodeBlocked, Reason: chat.ReasonWindowClosed,
			Message: "WhatsApp's 24-hour window is closed. Send a template to start the conversation again.",
		}
	}
	return nil
}

// SendAgain accepts a new message with the content of one that failed or is unsure.
// The old one stays as it is.
func (o *Outbox) SendAgain(ctx context.Context, p chat.Principal, id chat.MessageID, clientID string) (chat.Message, error) {
	if !p.MayChat() {
		return chat.Message{}, &chat.Error{Code: chat.CodeForbidden, Message: "Your role does not send messages in chats."}
	}
	content, err := o.store.ContentOf(ctx, p, id)
	if err != nil {
		return chat.Message{}, err
	}
	sum := sha256.Sum256([]byte("again " + string(id)))
	content.ClientID, content.ContentHash, content.Lane = clientID, sum[:], store.LaneLive
	return o.accept(ctx, p, prepared{NewMessage: content})
}

// hash tells a repeat of a draft from another draft under the same key. What the
// user had on screen is not part of it: a held message is sent again with a newer view.
func (d Draft) hash() []byte {
	names := make([]string, 0, len(d.Variables))
	for name := range d.Variables {
		names = append(names, name)
	}
	slices.Sort(names)
	parts := []string{string(d.Conversation), d.Text, string(d.Template), fmt.Sprint(d.Media)}
	if d.HeaderText != "" || len(d.Buttons) > 0 {
		parts = append(parts, d.HeaderText, fmt.Sprint(d.Buttons)) // maps print in the order of their keys
	}
	if d.Location != nil {
		parts = append(parts, "headerLocation", fmt.Sprint(*d.Location))
	}
	for _, name := range names {
		parts = append(parts, name, d.Variables[name])
	}
	encoded, _ := json.Marshal(parts) //nolint:errchkjson // strings always encode
	sum := sha256.Sum256(encoded)
	return sum[:]
}
