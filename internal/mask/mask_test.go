package mask_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/mask"
)

func hides(masks map[chat.LeadField]chat.Mask) chat.Access {
	return chat.BaseAccess(chat.RoleSalesUser).Restrict(chat.PermissionTemplate{Masks: masks})
}

func TestI8WhatAMaskLeavesOfAValue(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		field       chat.LeadField
		value       string
		ends, whole string
	}{
		{chat.FieldPhone, "+917000012345", "+91••••2345", "••••"},
		{chat.FieldPhone, "+4512345678", "+45••••5678", "••••"},
		{chat.FieldPhone, "+451234567", "••••", "••••"}, // the ends would be nearly all of it
		{chat.FieldPhone, "", "", ""},
		{chat.FieldEmail, "asha.rao@example.com", "a••••@example.com", "••••"},
		{chat.FieldEmail, "é@example.com", "••••", "••••"}, // the first letter would be all of it
		{chat.FieldEmail, "no address", "••••", "••••"},
		{chat.FieldFirstName, "Asha", "••••", "••••"},
		{chat.FieldWhatsApp, "US.13491208655302741918", "••••", "••••"},
		{chat.CustomField("city"), "Pune", "••••", "••••"},
	} {
		require.Equal(t, c.ends, mask.Value(c.value, c.field, chat.MaskEnds), "%s %q", c.field, c.value)
		require.Equal(t, c.whole, mask.Value(c.value, c.field, chat.MaskAll), "%s %q", c.field, c.value)
	}
}

func lead() *conversev1.Lead {
	return &conversev1.Lead{
		Id: "1", FirstName: "Asha", LastName: "Rao", OwnerId: "2", OwnerName: "Mira", Source: "fair", Stage: "new",
		CreatedAt: timestamppb.Now(), ModifiedAt: timestamppb.Now(),
		Identifiers: []*conversev1.Identifier{
			{Id: "3", Kind: "phone", Value: "+917000012345", Label: "office, or 080 2345 6789"},
			{Id: "4", Kind: "email", Value: "asha@example.com", Label: "home"},
			{Id: "5", Kind: "whatsapp", Value: "US.13491208655302741918"},
			{Id: "6", Kind: "whatsapp", Value: "917000012345"},
		},
	}
}

func TestI8ALeadsFieldsAreHiddenOneByOne(t *testing.T) {
	t.Parallel()
	var m mask.Masker
	l := lead()
	m.Mask(l, hides(map[chat.LeadField]chat.Mask{
		chat.FieldPhone: chat.MaskEnds, chat.FieldLastName: chat.MaskAll, chat.FieldOwner: chat.MaskAll, chat.FieldCreatedAt: chat.MaskAll,
	}))
	require.Equal(t, "Asha", l.FirstName)
	require.Equal(t, mask.Hidden, l.LastName)
	require.Empty(t, l.OwnerId)
	require.Equal(t, mask.Hidden, l.OwnerName)
	require.Nil(t, l.CreatedAt)
	require.NotNil(t, l.ModifiedAt)
	require.ElementsMatch(t, []string{"last_name", "owner", "created_at"}, l.MaskedFields)

	require.Equal(t, "+91••••2345", l.Identifiers[0].Value)
	require.True(t, l.Identifiers[0].Masked)
	require.Equal(t, "office, or ••••", l.Identifiers[0].Label)
	require.Equal(t, "asha@example.com", l.Identifiers[1].Value)
	require.False(t, l.Identifiers[1].Masked)
	require.Equal(t, "US.13491208655302741918", l.Identifiers[2].Value)
	require.Equal(t, "917••••2345", l.Identifiers[3].Value, "a WhatsApp id that is a phone number")
}

func TestWhoSeesAllIsShownAll(t *testing.T) {
	t.Parallel()
	var m mask.Masker
	got, want := lead(), lead()
	want.CreatedAt, want.ModifiedAt = got.CreatedAt, got.ModifiedAt
	m.Mask(got, chat.BaseAccess(chat.RoleSalesUser))
	require.True(t, proto.Equal(want, got))
}

func TestI8ANameIsPutTogetherFromWhatIsLeftOfItsParts(t *testing.T) {
	t.Parallel()
	phone := &conversev1.Identifier{Kind: "phone", Value: "+917000012345"}
	var m mask.Masker
	for _, c := range []struct {
		first, last, name string
		masks             []chat.LeadField
		want              string
	}{
		{"Asha", "Rao", "Asha Rao", []chat.LeadField{chat.FieldLastName}, "Asha ••••"},
		{"Asha", "Rao", "Asha Rao", []chat.LeadField{chat.FieldFirstName, chat.FieldLastName}, "•••• ••••"},
		{"Asha", "", "Asha", []chat.LeadField{chat.FieldLastName}, "Asha"},
		{"", "", "+917000012345", []chat.LeadField{chat.FieldPhone}, "+91••••2345"},
		// An event that an older program stored has no parts.
		{"", "", "Asha Rao", []chat.LeadField{chat.FieldLastName}, "+917000012345"},
	} {
		masks := map[chat.LeadField]chat.Mask{}
		for _, f := range c.masks {
			masks[f] = chat.MaskEnds
		}
		identifier, ok := proto.Clone(phone).(*conversev1.Identifier)
		require.True(t, ok)
		got := &conversev1.Event{Event: &conversev1.Event_Conversation{Conversation: &conversev1.Conversation{
			LeadFirstName: c.first, LeadLastName: c.last, LeadName: c.name, Identifier: identifier,
		}}}
		m.Mask(got, hides(masks))
		require.Equal(t, c.want, got.GetConversation().LeadName, "%v", c)
	}
}

func TestI8ChatTextKeepsItsWordsAndACardNoNumbers(t *testing.T) {
	t.Parallel()
	phones := hides(map[chat.LeadField]chat.Mask{chat.FieldPhone: chat.MaskEnds})
	strict := phones
	strict.MaskText = true
	mails := hides(map[chat.LeadField]chat.Mask{chat.FieldEmail: chat.MaskEnds})
	for _, c := range []struct {
		kind   chat.MessageKind
		text   string
		access chat.Access
		want   string
	}{
		{chat.KindText, "Call +91 70000 12345", phones, "Call +91 70000 12345"},
		{chat.KindText, "Call +91 70000 12345", strict, "Call ••••"},
		{chat.KindContacts, "Contact: Ravi, +91 70000 12345, ravi@example.com", phones, "Contact: Ravi, ••••, ravi@example.com"},
		{chat.KindContacts, "Contact: Ravi, +91 70000 12345, ravi@example.com", mails, "Contact: Ravi, +91 70000 12345, ••••"},
		{chat.KindNotice, "The number is now +917000012345.", phones, "The number is now ••••."},
	} {
		require.Equal(t, c.want, mask.Text(c.text, string(c.kind), c.access), "%s", c.kind)
	}
}

func TestI8ANumberIsFoundInEveryWayPeopleWriteIt(t *testing.T) {
	t.Parallel()
	strict := chat.Access{MaskText: true}
	for _, number := range []string{
		"+917000012345", "917000012345", "07000012345", "7000012345", "70000 12345", "+91-70000-12345", "+91.70000.12345", "(+91) 70000/12345",
		"(202) 555-0123", "202 - 555 - 0123", "555-0123", "70000\u00a012345", "70000\u200b12345", "70000–12345", "७००००१२३४५", "٧٠٠٠٠١٢٣٤٥",
		"７００００１２３４５", "7️⃣0️⃣0️⃣0️⃣0️⃣1️⃣2️⃣", "⑦⓪⓪⓪⓪①②③④⑤", "7 0 0 0 0 1 2 3 4 5", "70000\n12345", "7_0_0_0_0_1_2_3", "70000,12345",
		//nolint:dupword // digits repeat
		"seven zero zero zero zero one two three four five", "Seven-double-zero-00-one-2345",
	} {
		require.Equal(t, "Call ••••, or write", mask.Text("Call "+number+", or write", "text", strict), "%q", number)
	}
	require.Equal(t, "https://wa.me/•••• and tel:•••• and %2B••••",
		mask.Text("https://wa.me/917000012345 and tel:+917000012345 and %2B917000012345", "text", strict))
	for _, plain := range []string{"Flat 12, 3rd floor at 10:30", "See you in 2027", "", "one or two", "freight: none", "₹ 99,000 for 12"} {
		require.Equal(t, plain, mask.Text(plain, "text", strict))
	}
}

func TestI8WhatAnotherProgramAddedIsDropped(t *testing.T) {
	t.Parallel()
	l := lead()
	l.ProtoReflect().SetUnknown(protowire.AppendString(protowire.AppendTag(nil, 999, protowire.BytesType), "+917000012345"))
	var m mask.Masker
	m.Mask(l, hides(map[chat.LeadField]chat.Mask{chat.FieldStage: chat.MaskAll}))
	require.Empty(t, l.ProtoReflect().GetUnknown())
}

func TestI8ARawBodyIsHiddenWholeFromWhomAnythingIsHidden(t *testing.T) {
	t.Parallel()
	var m mask.Masker
	got := &conversev1.GetCallbackResponse{Body: `{"profile":{"name":"Asha"}}`, Callback: &conversev1.Callback{Why: "no sender +917000012345"}}
	m.Mask(got, hides(map[chat.LeadField]chat.Mask{chat.FieldPhone: chat.MaskEnds}))
	require.Equal(t, mask.Hidden, got.Body)
	require.Equal(t, "no sender ••••", got.Callback.Why)
}
