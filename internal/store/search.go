package store

import (
	"context"
	"errors"
	"slices"

	"converse/internal/chat"
	"converse/internal/store/db"
)

const (
	// endOfPrefix sorts after every text that begins with the same words: the highest
	// code point, compared bytewise.
	endOfPrefix = "\U0010FFFF"
	// endOfWord sorts after a word and before every longer one: no term holds a sign
	// that is not printed.
	endOfWord = "\x01"
	// mostWords is how many words of a query count.
	mostWords = 5
	// largestSet is how many terms of a word are read: two such sets are met in less
	// than 50 ms. Of one word alone firstTerms are enough to fill a list.
	largestSet, firstTerms = 8_000, 1_000
	// fewHits are so few that the words may have been mistyped.
	fewHits = 5
)

// SearchLeads finds leads that the principal may see and that have, for each word, a
// term with one of its beginnings. At most five words are used; with none it returns
// the leads changed last. Leads that have a word exactly come first, then those whose
// names are close to the words of a query that finds little.
//
// Of two words that each find more than 8,000 terms, and are seldom found together,
// leads may be missing: the work is bounded.
func (s *Store) SearchLeads(ctx context.Context, p chat.Principal, words []chat.SearchWord, most int) ([]chat.Lead, error) {
	var out []chat.Lead
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		rows, err := t.searchLeads(ctx, p, words[:min(len(words), mostWords)], most)
		if err != nil {
			return err
		}
		out, err = t.withIdentifiers(ctx, rows)
		return err
	})
	return out, err
}

func (t *tx) searchLeads(ctx context.Context, p chat.Principal, words []chat.SearchWord, most int) ([]db.GetLeadRow, error) {
	see := p.Reach(p.Rights().View)
	if len(words) == 0 {
		rows, err := t.RecentLeads(ctx, db.RecentLeadsParams{
			OrgID: t.org, Most: int32(most), SeeAll: see.All, SeeOwners: texts(see.Owners), SeeUnassigned: see.Unassigned,
		})
		return convert(rows, func(r db.RecentLeadsRow) db.GetLeadRow { return db.GetLeadRow(r) }), err
	}
	if err := t.ReadByIndex(ctx); err != nil {
		return nil, err
	}
	sets := make([]termSet, len(words))
	for i, word := range words {
		for _, b := range word.Beginnings {
			sets[i].add(b, endOfPrefix)
		}
	}
	rows, err := t.searchSets(ctx, see, sets, most)
	if err != nil || len(rows) >= min(fewHits, most) {
		return rows, err
	}
	if sets, err = t.mistyped(ctx, words, sets); err != nil || sets == nil {
		return rows, err
	}
	more, err := t.searchSets(ctx, see, sets, most)
	for _, row := range more {
		if len(rows) < most && !slices.ContainsFunc(rows, func(r db.GetLeadRow) bool { return r.ID == row.ID }) {
			rows = append(rows, row)
		}
	}
	return rows, err
}

// termSet are the terms that one word finds, as ranges.
type termSet struct{ kinds, froms, uptos []string }

func (s *termSet) add(beginning chat.Term, end string) {
	s.kinds = append(s.kinds, string(beginning.Kind))
	s.froms = append(s.froms, beginning.Text)
	s.uptos = append(s.uptos, beginning.Text+end)
}

// searchSets finds leads that have a term of each set.
func (t *tx) searchSets(ctx context.Context, see chat.Reach, sets []termSet, most int) ([]db.GetLeadRow, error) {
	sizes, err := t.sizes(ctx, sets)
	if err != nil {
		return nil, err
	}
	q := db.SearchLeadsParams{
		OrgID: t.org, Most: int32(most), Bound: largestSet, SeeAll: see.All, SeeOwners: texts(see.Owners), SeeUnassigned: see.Unassigned,
	}
	if !see.All {
		owned, err := t.CountOwned(ctx, db.CountOwnedParams{OrgID: t.org, Owners: q.SeeOwners, Unassigned: see.Unassigned, Bound: largestSet})
		if err != nil {
			return nil, err
		}
		if owned < largestSet {
			q.SetOwners, q.SetUnassigned = q.SeeOwners, see.Unassigned
			q.Sets++
		}
	}
	smallest := 0
	for n := range sets {
		if sizes[n] < sizes[smallest] {
			smallest = n
		}
	}
	for n, set := range sets {
		if sizes[n] >= largestSet && (n != smallest || q.Sets > 0) {
			q.MoreWords = append(q.MoreWords, n)
			for range set.kinds {
				q.MoreNs = append(q.MoreNs, n)
			}
			q.MoreKinds, q.MoreFroms, q.MoreUptos = append(q.MoreKinds, set.kinds...), append(q.MoreFroms, set.froms...), append(q.MoreUptos, set.uptos...)
			continue
		}
		q.Sets++
		for range set.kinds {
			q.Words = append(q.Words, n)
		}
		q.Kinds, q.Froms, q.Uptos = append(q.Kinds, set.kinds...), append(q.Froms, set.froms...), append(q.Uptos, set.uptos...)
	}
	if len(sets) == 1 && see.All {
		q.Bound = firstTerms
	}
	rows, err := t.Queries.SearchLeads(ctx, q)
	return convert(rows, func(r db.SearchLeadsRow) db.GetLeadRow { return db.GetLeadRow(r) }), err
}

// sizes are how many terms each set has, up to a bound.
func (t *tx) sizes(ctx context.Context, sets []termSet) ([]int, error) {
	out := make([]int, len(sets))
	if len(sets) == 1 {
		return out, nil // there is nothing to choose between
	}
	q := db.CountTermsParams{OrgID: t.org, Bound: largestSet}
	for n, set := range sets {
		for range set.kinds {
			q.Words = append(q.Words, n)
		}
		q.Kinds, q.Froms, q.Uptos = append(q.Kinds, set.kinds...), append(q.Froms, set.froms...), append(q.Uptos, set.uptos...)
	}
	rows, err := t.CountTerms(ctx, q)
	for _, r := range rows {
		out[r.Word] = r.Found
	}
	return out, err
}

// mistyped adds to each set the names that somebody may have meant; nil when there are
// none.
func (t *tx) mistyped(ctx context.Context, words []chat.SearchWord, sets []termSet) ([]termSet, error) {
	var spellings []string
	for _, word := range words {
		if word.Name != "" {
			spellings = append(spellings, chat.Spellings(word.Name)...)
		}
	}
	near, err := t.WordsSpelled(ctx, db.WordsSpelledParams{OrgID: t.org, Spellings: spellings})
	if err != nil {
		return nil, err
	}
	found := false
	for n, word := range words {
		for _, meant := range near {
			if meant == word.Name || !chat.Mistyped(word.Name, meant) {
				continue
			}
			for _, b := range word.Beginnings {
				if b.Kind == chat.TermFirstName || b.Kind == chat.TermLastName {
					sets[n].add(chat.Term{Kind: b.Kind, Text: meant}, endOfWord)
					found = true
				}
			}
		}
	}
	if !found {
		return nil, nil
	}
	return sets, nil
}

// queueTerms stores what new leads are found by together with the commit.
func (t *tx) queueTerms(ctx context.Context, leads ...chat.Lead) error {
	p := db.InsertTermsParams{OrgID: t.org}
	spelled := db.InsertSpellingsParams{OrgID: t.org}
	known := map[string]bool{}
	for _, lead := range leads {
		for _, term := range chat.LeadTerms(lead) {
			p.LeadIds, p.Kinds, p.Terms = append(p.LeadIds, string(lead.ID)), append(p.Kinds, string(term.Kind)), append(p.Terms, term.Text)
		}
		for _, word := range chat.NameWords(lead) {
			if known[word] {
				continue
			}
			known[word] = true
			for _, spelling := range chat.Spellings(word) {
				spelled.Spellings, spelled.Words = append(spelled.Spellings, spelling), append(spelled.Words, word)
			}
		}
	}
	var err error
	if len(p.Terms) > 0 {
		err = t.later.InsertTerms(ctx, p)
	}
	if len(spelled.Words) > 0 {
		err = errors.Join(err, t.later.InsertSpellings(ctx, spelled))
	}
	return err
}
