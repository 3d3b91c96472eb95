package crm_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/crm"
	"converse/internal/testkit"
	"converse/internal/testkit/world"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func TestSearchReadsQueriesTheWayPeopleMeanThem(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	s := crm.New(w.Store)
	zoe := w.NewLead(t, "Zoë", "Müller", "+13035550142")
	for query, want := range map[string][]chat.LeadID{
		"asha": {w.Lead.ID}, "zoe muller": {zoe.ID}, "ZOË": {zoe.ID}, "(303) 555": {zoe.ID}, "smith": {}, "%": {}, "---": {}, "000": {}, "@": {}, "@\x00": {},
		"": {zoe.ID, w.Lead.ID}, "   ": {zoe.ID, w.Lead.ID},
	} {
		leads, err := s.Search(t.Context(), w.Sales, query, 0)
		require.NoError(t, err, "%q", query)
		got := []chat.LeadID{}
		for _, l := range leads {
			got = append(got, l.ID)
		}
		require.Equal(t, want, got, "%q", query)
	}
}

func TestSearchAnswersAreBounded(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	s := crm.New(w.Store)
	var leads []chat.Lead
	for n := range 60 {
		leads = append(leads, chat.Lead{ID: chat.NewID[chat.LeadID](), FirstName: "Grace", LastName: fmt.Sprint("Number", n)})
	}
	require.NoError(t, w.Store.CreateLeads(t.Context(), w.Org, leads))
	for asked, want := range map[int]int{0: 20, -1: 20, 1: 1, 50: 50, 51: 50, 1000: 50} {
		for _, query := range []string{"grace", ""} {
			got, err := s.Search(t.Context(), w.Sales, query, asked)
			require.NoError(t, err)
			require.Len(t, got, want, "%q, %d", query, asked)
		}
	}
}

func TestI7LeadsOfAnotherOrgAreNotFound(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	other := world.At(t, w.URL)
	s := crm.New(w.Store)
	_, err := s.Lead(t.Context(), w.Sales, other.Lead.ID)
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err))
	leads, err := s.Search(t.Context(), w.Sales, "asha", 50)
	require.NoError(t, err)
	require.Len(t, leads, 1)
	require.Equal(t, w.Lead.ID, leads[0].ID)
	lead, err := s.Lead(t.Context(), w.Sales, w.Lead.ID)
	require.NoError(t, err)
	require.Equal(t, w.Sales.Name, lead.OwnerName)
}
