package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sort"
	"time"

	"converse/internal/chat"
)

var (
	firstNames = []string{
		"Asha", "Ben", "Chiara", "Diego", "Elif", "Farah", "Grace", "Hiro", "Imani", "Jack", "Katya", "Liam", "Mei", "Nadia", "Oscar", "Priya",
		"Quinn", "Rosa", "Sven", "Tariq", "Uma", "Viktor", "Wren", "Ximena", "Yara", "Zoë", "Aiko", "Bruno", "Céline", "Dmitri", "Esther",
		"Femi", "Gita", "Henrik", "Isla", "Javier", "Kofi", "Leila", "Marco", "Noor", "Olga", "Pedro", "Rania", "Samuel", "Thandi", "Ursula",
	}
	lastNames = []string{
		"Rao", "Andersson", "Bianchi", "Castillo", "Demir", "El-Sayed", "Fischer", "Garcia", "Hashimoto", "Ivanova", "Jensen", "Kapoor",
		"Laurent", "Mbeki", "Nguyen", "O'Neill", "Petrov", "Quispe", "Rossi", "Silva", "Tanaka", "Ueda", "Varga", "Wójcik", "Xu", "Yilmaz",
		"Zimmermann", "Adeyemi", "Brown", "Chen", "Dubois", "Eriksen", "Flores", "Gupta", "Hughes", "Ito", "Johansson", "Kim", "López", "Müller",
	}
	stages  = []string{"New", "Contacted", "Viewing booked", "Negotiating", "Won", "Lost"}
	sources = []string{"Website", "Referral", "Property portal", "Walk-in", "Campaign"}
	// areaCodes are real; 555-0100 to 555-0199 is set aside for fiction in each
	// (North American Numbering Plan).
	areaCodes = []string{
		"202", "212", "213", "215", "216", "303", "305", "312", "313", "314", "404", "407", "408", "412", "415", "503", "504", "505", "512",
		"513", "602", "603", "605", "612", "614", "615", "617", "619", "702", "703", "704", "713", "714", "716", "718", "801", "802", "803",
		"804", "808", "813", "814", "816", "901", "902", "904", "907", "912", "913", "914", "916", "917", "918", "919",
	}
)

// fictional is the nth made-up number. The first 100 of each area code are set
// aside for fiction; the demo's own numbers, the very first, are left out.
func fictional(n int) string {
	n += 110
	block := len(areaCodes) * 100
	return fmt.Sprintf("+1%s555%02d%02d", areaCodes[n/100%len(areaCodes)], 1+n/block, n%100)
}

const leadBatch = 500

func (m *Maker) leads(ctx context.Context, o Options) error {
	first, err := m.firstMissing(ctx, o.Leads)
	if err != nil {
		return err
	}
	for from := first; from < o.Leads; from += leadBatch {
		var batch []chat.Lead
		for n := from; n < min(from+leadBatch, o.Leads); n++ {
			batch = append(batch, lead(n, o.Today))
		}
		if err := m.Store.CreateLeads(ctx, orgID(), batch); err != nil {
			return err
		}
	}
	return nil
}

// firstMissing is the number of the first lead that is not there yet, or most. They
// are made in order, so none after it is.
func (m *Maker) firstMissing(ctx context.Context, most int) (int, error) {
	var failed error
	first := sort.Search(most, func(n int) bool {
		_, err := m.Store.Lead(ctx, Administrator(), leadID(n))
		if err != nil && chat.CodeOf(err) != chat.CodeNotFound {
			failed = err
		}
		return err != nil
	})
	return first, failed
}

func leadID(n int) chat.LeadID { return idOf[chat.LeadID]("lead", n) }

// Leads are the first leads of the demo.
func Leads(most int, today time.Time) []chat.Lead {
	out := make([]chat.Lead, most)
	for n := range out {
		out[n] = lead(n, today)
	}
	return out
}

// lead is the nth lead, the same in every run.
func lead(n int, today time.Time) chat.Lead {
	random := rand.New(rand.NewPCG(uint64(n), 2026))
	first, last := firstNames[n%len(firstNames)], lastNames[(n*7+n/len(firstNames))%len(lastNames)]
	out := chat.Lead{
		ID: leadID(n), FirstName: first, LastName: last, Stage: stages[random.IntN(len(stages))], Source: sources[random.IntN(len(sources))],
		Owner: people()[ownerOf(n)].id(), CreatedAt: today.Add(-time.Duration(n*37%(90*24)) * time.Hour),
	}
	out.Custom = custom(random, today)
	add := func(kind chat.IdentifierKind, value, label string) {
		out.Identifiers = append(out.Identifiers, chat.Identifier{
			ID: idOf[chat.IdentifierID]("identifier", n, len(out.Identifiers)), Kind: kind, Value: value, Label: label,
		})
	}
	if n%97 == 13 {
		// Somebody who hides the number: WhatsApp gives a business-scoped id alone.
		add(chat.IdentifierWhatsApp, fmt.Sprintf("US.13491208655%09d", n), "WhatsApp")
		return out
	}
	add(chat.IdentifierPhone, fictional(2*n), "mobile")
	switch n % 100 {
	case 57:
		out.Identifiers[0].Value, out.Identifiers[0].Invalid = careless(out.Identifiers[0].Value), true
	case 83:
		out.Identifiers[0].OptedOutAt, out.Identifiers[0].OptOutSource = out.CreatedAt.Add(time.Hour), "reply"
		out.Identifiers[0].OptOutReason = "Answered STOP"
	}
	if n%6 == 0 {
		add(chat.IdentifierPhone, fictional(2*n+1), "office")
	}
	add(chat.IdentifierEmail, fmt.Sprintf("%s.%s.%d@example.com", plain(first), plain(last), n), "")
	return out
}

// ownerOf spreads leads over the sales users, most to the first.
func ownerOf(n int) int {
	if n%3 == 2 {
		return 1
	}
	return 0
}

// plain keeps the letters that an e-mail address is written with.
func plain(name string) string {
	var out []rune
	for _, r := range lower(name) {
		if r >= 'a' && r <= 'z' {
			out = append(out, r)
		}
	}
	return string(out)
}
