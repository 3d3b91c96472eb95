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
	words := chat.SearchWords(query, nil)
	for _, word := range words {
		if !slices.ContainsFunc(word.Beginnings, func(b chat.Term) bool { return begins(terms, b) }) {
			return false
		}
	}
	return len(words) > 0
}

func begins(terms []chat.Term, b chat.Term) bool {
	return slices.ContainsFunc(terms, func(t chat.Term) bool { return t.Kind == b.Kind && strings.HasPrefix(t.Text, b.Text) })
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
		"43210", "3210", "6543 210", "zoe 3210",
	} {
		require.True(t, finds(lead, query), query)
	}
	for _, query := range []string{"oë", "zoë smith", "210", "54321", "12", "rao@", "example.com", "@@@", "000", "00", "0", "", " ", "+", "\x00", "@\x00", "\x00@"} {
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
	var got []string
	for _, word := range chat.SearchWords("jo de ellington", nil) {
		got = append(got, word.Name)
	}
	require.Equal(t, []string{"ellington", "jo", "de"}, got)
}

func TestI8MaskedFieldsFindNothing(t *testing.T) {
	t.Parallel()
	lead := chat.Lead{FirstName: "Zoë", LastName: "Rao", Identifiers: []chat.Identifier{
		{Kind: chat.IdentifierPhone, Value: "+919876543210"}, {Kind: chat.IdentifierEmail, Value: "z@example.com"},
	}}
	for query, hidden := range map[string]chat.LeadField{
		"zoe": chat.FieldFirstName, "rao": chat.FieldLastName, "3210": chat.FieldPhone, "919876": chat.FieldPhone, "z@ex": chat.FieldEmail,
	} {
		terms := chat.LeadTerms(lead)
		for _, word := range chat.SearchWords(query, map[chat.LeadField]chat.Mask{hidden: chat.MaskEnds}) {
			require.False(t, slices.ContainsFunc(word.Beginnings, func(b chat.Term) bool { return b.Kind.Field() == hidden }), query)
			if query != "zoe" {
				require.False(t, slices.ContainsFunc(word.Beginnings, func(b chat.Term) bool { return begins(terms, b) }), query)
			}
		}
		require.True(t, finds(lead, query), query)
	}
}

func TestMistypedNamesAreOneMistakeAway(t *testing.T) {
	t.Parallel()
	for _, near := range [][2]string{
		{"asha", "ahsa"},
		{"asha", "ashha"},
		{"asha", "aha"},
		{"asha", "asta"},
		{"petrov", "petorv"},
		{"山田太郎", "山田太朗"},
		{"किरण", "किरन"},
		{"zimmermann", "zimermann"},
		{"zimmermann", "simmermann"},
	} {
		require.True(t, chat.Mistyped(near[0], near[1]), "%q", near)
		require.True(t, chat.Mistyped(near[1], near[0]), "%q", near)
		shared := false
		for _, s := range chat.Spellings(near[0]) {
			shared = shared || slices.Contains(chat.Spellings(near[1]), s) || len([]rune(near[1])) < 4
		}
		require.True(t, shared, "%q share no spelling", near)
	}
	for _, far := range [][2]string{{"asha", "rosa"}, {"jo", "ja"}, {"ana", "anb"}, {"petrov", "petra"}, {"", "a"}} {
		require.False(t, chat.Mistyped(far[0], far[1]), "%q", far)
	}
}

func FuzzSearchWords(f *testing.F) {
	for _, seed := range []string{"", "Zoë O'Neill", "+91 98765 43210", "000", "a@b.example", "@\x00", "\xff\xfe@", "कि र", "İ", "\u0300", "½"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		for _, word := range chat.SearchWords(query, nil) {
			require.NotEmpty(t, word.Beginnings)
			for _, b := range word.Beginnings {
				require.NotEmpty(t, b.Text)
				require.True(t, utf8.ValidString(b.Text), "%q", b.Text)
				require.NotContains(t, b.Text, "\x00")
				require.Equal(t, strings.ToLower(b.Text), b.Text)
			}
		}
		// Whoever types a name in full finds it, unless it reads as a number or an address.
		lead := chat.Lead{FirstName: query}
		if len(chat.LeadTerms(lead)) > 0 && !strings.Contains(query, "@") && strings.IndexFunc(query, unicode.IsLetter) >= 0 {
			require.True(t, finds(lead, query), "%q: %q by %q", query, chat.LeadTerms(lead), chat.SearchWords(query, nil))
		}
		for _, term := range chat.LeadTerms(lead) {
			require.NotEmpty(t, term.Text)
			require.True(t, utf8.ValidString(term.Text), "%q", term.Text)
		}
	})
}
