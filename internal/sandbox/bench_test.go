package sandbox_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"converse/internal/sandbox"
)

// BenchmarkSend measures send calls over real HTTP with their receipts posted to
// a hub that answers at once, to another lead each, client and hub included.
func BenchmarkSend(b *testing.B) {
	hub := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
	}))
	defer hub.Close()
	box := sandbox.New(sandbox.Config{Log: slog.New(slog.DiscardHandler), Accounts: []sandbox.Account{{
		Provider: "ctm", AccountID: ctmAccount, WebhookURL: hub.URL, SigningSecret: ctmSecret,
		Credentials: sandbox.Credentials{AccessKey: "key", SecretKey: "secret"},
		Senders:     []sandbox.Sender{{Address: ctmNumber, Ref: ctmRef}},
	}}})
	defer box.Close()
	server := httptest.NewServer(box.Handler())
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	defer client.CloseIdleConnections()

	var sent atomic.Int64
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			request, _ := http.NewRequest(http.MethodPost, server.URL+"/api/v1/accounts/"+ctmAccount+"/sms.json",
				strings.NewReader(fmt.Sprintf("from=%s&to=%%2B1202555%07d&msg=Hello", ctmRef, sent.Add(1))))
			request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			request.SetBasicAuth("key", "secret")
			response, err := client.Do(request)
			if err != nil || response.StatusCode != http.StatusOK {
				b.Error("refused", err)
				return
			}
			_, _ = io.Copy(io.Discard, response.Body)
			_ = response.Body.Close()
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "sends/s")
}
