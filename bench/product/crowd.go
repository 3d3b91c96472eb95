package product

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"

	"converse/internal/chat"
)

// Crowd is an org with very many leads, and some of what they are called.
type Crowd struct {
	User  User
	First []string
	Last  []string
	n     int
}

// lead is the nth lead: a few names are very common, most are rare, as everywhere.
func (c *Crowd) lead(n int) chat.Lead {
	random := rand.New(rand.NewPCG(uint64(n), 1))
	return chat.Lead{
		ID: chat.NewID[chat.LeadID](), FirstName: common(random, c.First), LastName: common(random, c.Last),
		Identifiers: []chat.Identifier{
			{ID: chat.NewID[chat.IdentifierID](), Kind: chat.IdentifierPhone, Value: "+" + c.Phone(n)},
			{ID: chat.NewID[chat.IdentifierID](), Kind: chat.IdentifierEmail, Value: fmt.Sprintf("lead%d@example.com", n)},
		},
	}
}

// Phone is the number of the nth lead, digits alone.
func (c *Crowd) Phone(n int) string { return fmt.Sprintf("1%010d", 2_010_000_000+n*7919%7_900_000_000) }

// Leads is how many there are.
func (c *Crowd) Leads() int { return c.n }

// common picks by Zipf's law, roughly: the square of an even number.
func common(random *rand.Rand, names []string) string {
	r := random.Float64()
	return names[int(r*r*r*float64(len(names)))]
}

// syllables make names that look like some: no list of real ones is that long.
var syllables = []string{
	"an", "ber", "chi", "dor", "el", "fa", "gra", "han", "il", "jo", "ka", "lin", "mar", "na", "or", "pe", "qui", "ro", "sa", "ta", "ul", "vi", "wen", "xa", "yo", "za",
}

func name(n int) string {
	out := ""
	for range 2 + n%2 {
		out += syllables[n%len(syllables)]
		n = n/len(syllables) + 7*n%23
	}
	return out
}

func names(n int) []string {
	seen, out := map[string]bool{}, make([]string, 0, n)
	for i := 0; len(out) < n; i++ {
		text := name(i)
		if seen[text] {
			text += syllables[i%len(syllables)]
		}
		if !seen[text] {
			seen[text] = true
			out = append(out, text)
		}
	}
	return out
}

// SeedCrowd makes an org with that many leads, by COPY: through the program it would
// take an hour.
func (p *Product) SeedCrowd(ctx context.Context, leads int) (*Crowd, error) {
	org := chat.NewID[chat.OrgID]()
	if err := p.store.CreateOrg(ctx, chat.Org{ID: org, Name: "Harbour Homes", Country: "US"}); err != nil {
		return nil, err
	}
	user, err := p.seedUser(ctx, org)
	if err != nil {
		return nil, err
	}
	c := &Crowd{User: user, First: names(1_500), Last: names(12_000), n: leads}
	conn, err := pgx.Connect(ctx, p.database)
	if err != nil {
		return nil, fmt.Errorf("connect as the tables' owner: %w", err)
	}
	defer conn.Close(ctx)
	// Every row names what is there: nothing is gained by looking it up again.
	if _, err := conn.Exec(ctx, "set session_replication_role = replica"); err != nil {
		return nil, err
	}
	words := map[string]bool{}
	const batch = 50_000
	for from := 0; from < leads; from += batch {
		rows := crowdRows{org: org, owner: user.ID}
		for n := from; n < min(from+batch, leads); n++ {
			lead := c.lead(n)
			rows.add(lead)
			for _, word := range chat.NameWords(lead) {
				words[word] = true
			}
		}
		if err := rows.copy(ctx, conn); err != nil {
			return nil, err
		}
	}
	var spelled [][]any
	for word := range words {
		for _, spelling := range chat.Spellings(word) {
			spelled = append(spelled, []any{org, spelling, word})
		}
	}
	if _, err := conn.CopyFrom(ctx, pgx.Identifier{"name_spellings"}, []string{"org_id", "spelling", "word"}, pgx.CopyFromRows(spelled)); err != nil {
		return nil, err
	}
	_, err = conn.Exec(ctx, "vacuum (analyze) leads, identifiers, lead_terms, name_spellings")
	return c, err
}

// crowdRows are rows of a part of the leads.
type crowdRows struct {
	org                       chat.OrgID
	owner                     chat.UserID
	leads, identifiers, terms [][]any
}

func (r *crowdRows) add(l chat.Lead) {
	now := time.Now()
	r.leads = append(r.leads, []any{r.org, l.ID, l.FirstName, l.LastName, r.owner, now, now})
	for n, i := range l.Identifiers {
		r.identifiers = append(r.identifiers, []any{r.org, i.ID, l.ID, string(i.Kind), i.Value, n})
	}
	for _, t := range chat.LeadTerms(l) {
		r.terms = append(r.terms, []any{r.org, string(t.Kind), t.Text, l.ID})
	}
}

func (r *crowdRows) copy(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.CopyFrom(ctx, pgx.Identifier{"leads"},
		[]string{"org_id", "id", "first_name", "last_name", "owner_id", "created_at", "modified_at"}, pgx.CopyFromRows(r.leads))
	if err != nil {
		return fmt.Errorf("copy leads: %w", err)
	}
	_, err = conn.CopyFrom(ctx, pgx.Identifier{"identifiers"}, []string{"org_id", "id", "lead_id", "kind", "value", "position"}, pgx.CopyFromRows(r.identifiers))
	if err != nil {
		return fmt.Errorf("copy identifiers: %w", err)
	}
	if _, err = conn.CopyFrom(ctx, pgx.Identifier{"lead_terms"}, []string{"org_id", "kind", "term", "lead_id"}, pgx.CopyFromRows(r.terms)); err != nil {
		return fmt.Errorf("copy terms: %w", err)
	}
	return nil
}

// Search asks for leads as a screen does, and returns how many there are.
func (p *Product) Search(ctx context.Context, token, query string) (int, error) {
	body, err := json.Marshal(map[string]any{"query": query, "limit": 20})
	if err != nil {
		return 0, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+p.Addr+"/converse.v1.LeadService/SearchLeads", bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err
	}
	if response.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("search: %s: %s", response.Status, text)
	}
	var out struct{ Leads []struct{ ID string } }
	if err := json.Unmarshal(text, &out); err != nil {
		return 0, fmt.Errorf("read the leads: %w", err)
	}
	return len(out.Leads), nil
}
