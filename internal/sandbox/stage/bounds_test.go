package stage_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"converse/internal/chat"
	"converse/internal/sandbox/ctm"
	"converse/internal/sandbox/fault"
	"converse/internal/sandbox/stage"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

// setup is a stage with one account that posts no webhooks.
func setup(t *testing.T, config stage.Config) (*stage.Stage, func(to, text string) int) {
	t.Helper()
	config.Delays = stage.Delays{Sent: -1, Delivered: -1}
	s := stage.New(config)
	t.Cleanup(s.Close)
	side := ctm.New(s, 1)
	s.Play(side)
	require.NoError(t, s.SetAccounts([]stage.Account{{
		Provider: ctm.Provider, AccountID: "1", Senders: []stage.Sender{{Address: "+12025550100", Ref: "TPN1"}},
	}}))
	account, _ := s.Account(ctm.Provider, "1")
	answer := func(status int) stage.Answer {
		return stage.Answer{Status: status, ContentType: "text/plain", Body: []byte("ok")}
	}
	send := func(to, text string) int {
		w := httptest.NewRecorder()
		s.Perform(w, httptest.NewRequest(http.MethodPost, "/x", nil), side, stage.Attempt{
			Account: account, Sender: account.Senders[0], To: to, Path: "/x", Kind: chat.KindText, Text: text,
			Taken:   func(string, stage.Party, fault.Kind) stage.Answer { return answer(http.StatusOK) },
			Refused: func(_ fault.Kind, status int) stage.Answer { return answer(status) },
		})
		return w.Code
	}
	return s, send
}

func TestJournalKeepsTheLatest(t *testing.T) {
	t.Parallel()
	s, send := setup(t, stage.Config{JournalSize: 3})
	for i := range 5 {
		send("+12025550123", fmt.Sprint(i))
	}
	calls := s.Calls(stage.Query{})
	require.Len(t, calls, 3)
	require.Equal(t, []int{3, 4, 5}, []int{calls[0].Seq, calls[1].Seq, calls[2].Seq})
	require.Equal(t, "4", calls[2].Text)
}

func TestMessagesMakeRoom(t *testing.T) {
	t.Parallel()
	s, send := setup(t, stage.Config{MessageSize: 2})
	for range 3 {
		send("+12025550123", "x")
	}
	calls := s.Calls(stage.Query{})
	_, first := s.Message(calls[0].ID)
	_, last := s.Message(calls[2].ID)
	require.False(t, first)
	require.True(t, last)
	require.Len(t, s.History(ctm.Provider, "1"), 2)
}

func TestThreadKeepsTheLatest(t *testing.T) {
	t.Parallel()
	s, send := setup(t, stage.Config{})
	for i := range 700 {
		send("+12025550123", fmt.Sprint(i))
	}
	view, found := s.Handset("+12025550123", 0)
	require.True(t, found)
	require.Len(t, view.Threads[0].Messages, 500)
	require.Equal(t, "200", view.Threads[0].Messages[0].Text)
	require.Equal(t, view.Threads[0].Messages[0].ID, view.Threads[0].Oldest)
}

func TestPhonesNobodyUsesGoFirst(t *testing.T) {
	t.Parallel()
	s, send := setup(t, stage.Config{HandsetSize: 10, Leads: []stage.Lead{{Phone: "+12025550123", Name: "Ada"}}})
	for i := range 50 {
		send(fmt.Sprintf("+1202555%04d", 1000+i), "x")
	}
	require.Len(t, s.Handsets("", 100), 10)
	require.Len(t, s.Handsets("ada", 100), 1, "set up by hand")
	_, found := s.Handset("+12025551049", 0)
	require.True(t, found, "the latest")
	_, found = s.Handset("+12025551000", 0)
	require.False(t, found)
}

func TestTooManyOutstandingReceiptsThrottle(t *testing.T) {
	t.Parallel()
	s, send := setup(t, stage.Config{OpenSize: 1})
	s.Close() // nothing is reported any more, so that receipts pile up
	require.Equal(t, http.StatusOK, send("+12025550123", "1"))
	require.Equal(t, http.StatusOK, send("+12025550123", "2"))
	require.Equal(t, http.StatusTooManyRequests, send("+12025550123", "3"))
}

func TestLibraryMakesRoom(t *testing.T) {
	t.Parallel()
	s, _ := setup(t, stage.Config{MediaSize: 10})
	first := s.Library().Add("image/png", "a.png", make([]byte, 6))
	second := s.Library().Add("image/png", "b.png", make([]byte, 6))
	_, found := s.Library().Get(first.ID)
	require.False(t, found)
	_, data, found := s.Library().Open(second.ID)
	require.True(t, found)
	require.Len(t, data, 6)
	require.True(t, s.Library().Remove(second.ID))
	require.False(t, s.Library().Remove(second.ID))
}

func TestWatcherThatDoesNotReadIsToldThatAllChanged(t *testing.T) {
	t.Parallel()
	s, send := setup(t, stage.Config{})
	w := s.Watch()
	defer w.Close()
	for i := range 300 {
		send(fmt.Sprintf("+1202555%04d", 1000+i), "x")
	}
	<-w.Wake()
	_, all := w.Take()
	require.True(t, all)
	ids, all := w.Take()
	require.False(t, all)
	require.Empty(t, ids)
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"+1 (202) 555-0123": "+12025550123", "12025550123": "+12025550123", "+12025550123": "+12025550123",
		"": "", "+": "", "hello": "", "+0123456789": "", "12345": "", "+1234567890123456": "", "1+2025550123": "",
	} {
		got, ok := stage.E164(text)
		require.Equal(t, want, got, text)
		require.Equal(t, want != "", ok, text)
	}
	for text, want := range map[string]bool{
		"US.13491208655302741918": true, "US.ENT.1": true, "us.1": false, "USA.1": false, "US.": false, "+12025550123": false,
	} {
		require.Equal(t, want, stage.IsUserID(text), text)
	}
}

func TestTemplateVariables(t *testing.T) {
	t.Parallel()
	template := stage.Template{Body: "Hi {{1}} and {{ 2 }}, again {{1}} {{"}
	require.Equal(t, []string{"1", "2"}, template.Names())
	require.Equal(t, "a {{2}} b", stage.Template{Body: "a {{1}} b"}.Fill(map[string]string{"1": "{{2}}", "2": "x"}))
}
