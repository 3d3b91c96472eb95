package chat_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
)

// finds reports whether every word of a query begins a term of the lead.
func finds(l chat.Lead, query string) bool {
	terms := chat.LeadTerms(l)
	words := chat.SearchWords(query)
	for _, word := range words {
		if !slices.ContainsFunc(terms, func(term string) bool { return strings.HasPrefix(term, word) }) {
			return false
		}
	}
	return len(words) > 0
}

func TestLeadsAreFoundTheWayPeopleType(t *testing.T) {
	t.Parallel()
	lead := chat.Lead{FirstName: "Zoë Anne", LastName: "O'Neill-Rao", Identifiers: []chat.Identifier{
		{Kind: chat.IdentifierPhone, Value: "+919876543210"},
		{Kind: chat.IdentifierEmail, Value: "zoe.rao@example.com"},
		{Kind: chat.IdentifierWhatsApp, Value: "US.13491208655302741918"},
	}}
	for _, query := range []string{
		"z", "zoë", "ZOË", "ann", "neill", "rao", "o", "zoë ra", "rao zoë", "98765", "+91 98765 43210", "09876543210",
		"0091 9876543210", "9876-543", "zoe.rao@", "ZOE.RAO@EXAMPLE.COM", "us.1349",
		"zoe", "Zoe\u0308", "ZOE ANNE", "\x00zoe", "000098765", "98765+", "zoe.rao@example.com\x00",
	} {
		require.True(t, finds(lead, query), query)
	}
	for _, query := range []string{"oë", "zoë smith", "43210", "12", "rao@", "example.com", "@@@", "000", "00", "0", "", " ", "+", "\x00", "@\x00", "\x00@"} {
		require.False(t, finds(lead, query), query)
	}
}

func TestAccentsAreOneLetter(t *testing.T) {
	t.Parallel()
	for _, names := range [][]string{
		{"Müller", "Mu\u0308ller", "muller", "MÜLLER"},
		{"Wójcik", "wojcik"},
		{"Ñandú", "nandu"},
		{"Céline", "CELINE"},
		{"Ångström", "angstrom"},
		{"Đặng", "Đa\u0323\u0306ng", "đang"},
	} {
		for _, stored := range names {
			for _, typed := range names {
				require.True(t, finds(chat.Lead{FirstName: stored}, typed), "%q by %q", stored, typed)
			}
		}
	}
	// Marks that make another letter stay: dropping them would make other words.
	require.False(t, finds(chat.Lead{FirstName: "कि"}, "क"+"\u0940"))
	require.True(t, finds(chat.Lead{FirstName: "किरण"}, "किर"))
	require.True(t, finds(chat.Lead{FirstName: "山田", LastName: "太郎"}, "太"))
}

func TestTheLongestWordDrives(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"ellington", "jo", "de"}, chat.SearchWords("jo de ellington"))
}

func FuzzSearchWords(f *testing.F) {
	for _, seed := range []string{"", "Zoë O'Neill", "+91 98765 43210", "000", "a@b.example", "@\x00", "\xff\xfe@", "कि र", "İ", "\u0300", "½"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		for _, word := range chat.SearchWords(query) {
			require.NotEmpty(t, word)
			require.True(t, utf8.ValidString(word), "%q", word)
			require.NotContains(t, word, "\x00")
			require.Equal(t, strings.ToLower(word), word)
		}
		// Whoever types a name in full finds it, unless it reads as a number or an address.
		lead := chat.Lead{FirstName: query}
		if len(chat.LeadTerms(lead)) > 0 && !strings.Contains(query, "@") && strings.IndexFunc(query, unicode.IsLetter) >= 0 {
			require.True(t, finds(lead, query), "%q: %q by %q", query, chat.LeadTerms(lead), chat.SearchWords(query))
		}
		for _, term := range chat.LeadTerms(lead) {
			require.NotEmpty(t, term)
			require.True(t, utf8.ValidString(term), "%q", term)
		}
	})
}
