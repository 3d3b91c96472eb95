package chat_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
)

func TestEachFieldIsMergedByItsRule(t *testing.T) {
	t.Parallel()
	id := func(v string) chat.Identifier { return chat.Identifier{ID: chat.IdentifierID(v), Value: v} }
	parent := chat.Lead{
		ID: "p", FirstName: "Asha", Source: "web", Identifiers: []chat.Identifier{id("1")},
		Custom: []chat.CustomValue{{Key: "city", Value: "Pune"}, {Key: "note", Value: "calls late"}},
	}
	child := chat.Lead{
		ID: "c", FirstName: "A.", LastName: "Rao", Source: "fair", Stage: "won", Owner: "u", OwnerName: "Mira", Identifiers: []chat.Identifier{id("2")},
		Custom: []chat.CustomValue{{Key: "city", Value: "Thane"}, {Key: "note", Value: "has a dog"}, {Key: "size", Value: "3"}},
	}
	m := chat.Merge{Parent: "p", Child: "c", Rules: map[chat.LeadField]chat.MergeRule{
		chat.FieldSource: chat.MergeAppend, chat.CustomField("city"): chat.MergeOverwrite, chat.CustomField("note"): chat.MergeAppend,
	}}
	got, err := m.Of(parent, child, []string{"note"})
	require.NoError(t, err)
	require.Equal(t, chat.Lead{
		ID: "p", FirstName: "Asha", LastName: "Rao", Source: "web fair", Stage: "won", Owner: "u", OwnerName: "Mira",
		Identifiers: []chat.Identifier{id("1"), id("2")},
		Custom:      []chat.CustomValue{{Key: "city", Value: "Thane"}, {Key: "note", Value: "calls late has a dog"}, {Key: "size", Value: "3"}},
	}, got)

	m.Rules = map[chat.LeadField]chat.MergeRule{chat.MergedIdentifiers: chat.MergeOverwrite, chat.FieldLastName: chat.MergeOverwrite}
	got, err = m.Of(child, parent, nil)
	require.NoError(t, err)
	require.Equal(t, "Rao", got.LastName, "nothing is overwritten with nothing")
	require.Equal(t, []chat.Identifier{id("1"), id("2")}, got.Identifiers, "none is lost, the child's come first")

	m.Rules = map[chat.LeadField]chat.MergeRule{chat.CustomField("size"): chat.MergeAppend}
	_, err = m.Of(parent, child, []string{"note"})
	require.Equal(t, chat.CodeInvalid, chat.CodeOf(err), "a number has no end to append to")
}
