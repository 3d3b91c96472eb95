// Package wire turns the product's values into their protocol form.
//
// It owns the one spelling of each value on the wire: Connect answers and socket
// events are built by the same functions, so the two cannot drift apart. All
// functions are pure and total; a zero value has a valid form.
//
// It must not know who asks, nor where values are stored: masking and permission
// are decided before a value gets here.
package wire

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
)

// Time is a point in time, or nil for the zero time.
func Time(t time.Time) *timestamppb.Timestamp {
	if t.IsZero() {
		return nil
	}
	return timestamppb.New(t)
}

// User is a user.
func User(u chat.User) *conversev1.User {
	return &conversev1.User{Id: string(u.ID), Name: u.Name, Email: u.Email, Role: string(u.Role)}
}

// Identifier is one way to reach a lead.
func Identifier(i chat.Identifier) *conversev1.Identifier {
	return &conversev1.Identifier{
		Id: string(i.ID), Kind: string(i.Kind), Value: i.Value, Label: i.Label, Invalid: i.Invalid,
		OptedOutAt: Time(i.OptedOutAt), OptOutSource: i.OptOutSource, OptOutReason: i.OptOutReason,
		Stops: List(i.Stops, func(s chat.Stop) string { return string(s) }),
	}
}

// Lead is a lead.
func Lead(l chat.Lead) *conversev1.Lead {
	return &conversev1.Lead{
		Id:          string(l.ID),
		FirstName:   l.FirstName,
		LastName:    l.LastName,
		Identifiers: List(l.Identifiers, Identifier),
		OwnerId:     string(l.Owner),
		OwnerName:   l.OwnerName,
		Source:      l.Source,
		Stage:       l.Stage,
		CreatedAt:   Time(l.CreatedAt),
		ModifiedAt:  Time(l.ModifiedAt),
		Version:     int32(l.Version),
		Custom:      List(l.Custom, CustomValue),
		DeletedAt:   Time(l.DeletedAt),

		MergedIntoId: string(l.MergedInto),
	}
}

// CustomValue is the value of a custom field.
func CustomValue(v chat.CustomValue) *conversev1.CustomValue {
	return &conversev1.CustomValue{Key: v.Key, Value: v.Value}
}

// Sender is a number of a connector.
func Sender(s chat.Sender) *conversev1.Sender {
	return &conversev1.Sender{
		Id:          string(s.ID),
		ConnectorId: string(s.Connector),
		Provider:    s.Provider,
		Channel:     string(s.Channel),
		Address:     s.Address,
		Label:       s.Label,
	}
}

// Conversation is a conversation as everyone sees it, without a read marker.
func Conversation(c chat.Conversation) *conversev1.Conversation {
	out := &conversev1.Conversation{
		Id:              string(c.ID),
		LeadId:          string(c.Lead),
		LeadName:        c.LeadName,
		LeadFirstName:   c.LeadFirstName,
		LeadLastName:    c.LeadLastName,
		OwnerId:         string(c.Owner),
		Channel:         string(c.Channel),
		Identifier:      Identifier(c.Identifier),
		Sender:          Sender(c.Sender),
		LastSeq:         int32(c.LastSeq),
		WindowExpiresAt: Time(c.WindowExpiresAt),
		Version:         int32(c.Version),
		InboundCount:    int32(c.InboundCount),
		SnoozedUntil:    Time(c.SnoozedUntil),
		SnoozedById:     string(c.SnoozedBy),
		BackAt:          Time(c.BackAt),
		ActiveAt:        Time(c.ActiveAt),
	}
	if c.LastMessage != nil {
		out.LastMessage = Message(*c.LastMessage)
	}
	return out
}

// ConversationFor is a conversation with the asking user's read marker and mark.
func ConversationFor(c chat.Conversation) *conversev1.Conversation {
	out := Conversation(c)
	out.ReadSeq = int32(c.ReadSeq)
	out.InboundRead = int32(c.InboundRead)
	out.Unread = int32(c.Unread())
	if c.Mark.Version > 0 {
		out.Mark = Mark(c.Mark)
	}
	return out
}

// Mark is a user's mark on a conversation.
func Mark(m chat.Mark) *conversev1.Mark {
	return &conversev1.Mark{
		ConversationId: string(m.Conversation), Unread: m.Unread, Why: string(m.Why), MentionSeq: int32(m.MentionSeq), ById: string(m.By),
		Version: int32(m.Version), NamedSeq: int32(m.NamedSeq),
	}
}

// Message is a message.
func Message(m chat.Message) *conversev1.Message {
	return &conversev1.Message{
		Id:             string(m.ID),
		ConversationId: string(m.Conversation),
		Seq:            int32(m.Seq),
		Direction:      string(m.Direction),
		Kind:           string(m.Kind),
		Text:           m.Text,
		Status:         string(m.Status),
		ClientId:       m.ClientID,
		AuthorId:       string(m.Author),
		AuthorName:     m.AuthorName,
		TemplateName:   m.TemplateName,
		Failure:        Failure(m.Failure),
		RetryOf:        string(m.RetryOf),
		Media:          List(m.Media, Media),
		CreatedAt:      Time(m.CreatedAt),
		ProviderAt:     Time(m.ProviderAt),
		MentionIds:     List(m.Mentions, func(id chat.UserID) string { return string(id) }),
		Revision:       int32(m.Revision),
		EditedAt:       Time(m.EditedAt),
		DeletedAt:      Time(m.DeletedAt),
		AsksStop:       m.AsksStop,
	}
}

// Failure is why a message failed, or nil.
func Failure(f *chat.Failure) *conversev1.Failure {
	if f == nil {
		return nil
	}
	return &conversev1.Failure{Code: f.Code, Text: f.Text, Next: f.Next}
}

// Media is a file of a message.
func Media(m chat.Media) *conversev1.Media {
	return &conversev1.Media{
		Id: string(m.ID), State: string(m.State), ContentType: m.ContentType, Name: m.Name, Size: float64(m.Size), Kind: string(m.Kind),
		HasPreview: m.Preview, Width: int32(m.Width), Height: int32(m.Height), Reason: m.Why, Version: int32(m.Version),
	}
}

// List is the protocol form of each value, in order.
func List[In, Out any](in []In, form func(In) Out) []Out {
	if len(in) == 0 {
		return nil
	}
	out := make([]Out, len(in))
	for i, v := range in {
		out[i] = form(v)
	}
	return out
}

// AuditEntry is an entry of the audit.
func AuditEntry(e chat.AuditEntry) *conversev1.AuditEntry {
	return &conversev1.AuditEntry{
		Seq: float64(e.Seq), At: Time(e.At), ActorId: string(e.Actor), ActorName: e.ActorName, Via: string(e.Via), Action: e.Action,
		Object: e.Object, Fields: e.Fields, Detail: e.Detail, Address: e.Address,
	}
}

// Field is a field of leads. masked says that it is hidden from the asking user.
func Field(f chat.Field, masked bool) *conversev1.LeadField {
	return &conversev1.LeadField{
		Id: string(f.ID), Name: string(f.Name), Key: f.Name.Key(), Label: f.Label, Type: string(f.Type), Choices: f.Choices,
		Required: f.Required, Archived: f.Archived, Masked: masked,
	}
}

// LeadList is a list of leads.
func LeadList(l chat.LeadList) *conversev1.LeadList {
	return &conversev1.LeadList{
		Id: string(l.ID), Name: l.Name, Kind: string(l.Kind), Count: int32(l.Count), Filter: &conversev1.LeadFilter{
			Conditions: List(l.Filter.Conditions, func(c chat.Condition) *conversev1.Condition {
				return &conversev1.Condition{Field: string(c.Field), Op: string(c.Op), Values: c.Values}
			}),
		},
	}
}

// Activity is one thing in the history of a lead.
func Activity(a chat.Activity) *conversev1.Activity {
	return &conversev1.Activity{
		Id: string(a.ID), Kind: string(a.Kind), At: Time(a.At), ActorId: string(a.Actor), ActorName: a.ActorName,
		ConversationId: string(a.Conversation), MessageId: string(a.Message), Fields: a.Fields, Detail: a.Detail, Text: a.Text,
		MergeId: string(a.Merge), MergeStays: a.MergeStays,
	}
}
