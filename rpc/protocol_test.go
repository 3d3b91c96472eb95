package rpc_test

import (
	"net/http"
	"testing"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/gen/converse/v1/conversev1connect"
)

// overHTTP2 speaks HTTP/2 without TLS and nothing else, as gRPC must.
func overHTTP2(t testing.TB, token string) *http.Client {
	t.Helper()
	protocols := &http.Protocols{}
	protocols.SetUnencryptedHTTP2(true)
	transport := &http.Transport{Protocols: protocols}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: bearer{transport, token}}
}

// bearer signs every request.
type bearer struct {
	http.RoundTripper
	token string
}

func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+b.token)
	return b.RoundTripper.RoundTrip(r)
}

func TestEveryProtocolIsSpokenOnOnePort(t *testing.T) {
	t.Parallel()
	b := setup(t)
	token := b.token(t, b.Sales)
	one := &http.Client{Transport: bearer{b.client.Transport, token}}
	two := overHTTP2(t, token)
	for name, c := range map[string]struct {
		client  *http.Client
		options []connect.ClientOption
	}{
		"connect":              {one, nil},
		"connect json":         {one, []connect.ClientOption{connect.WithProtoJSON()}},
		"connect, gzip":        {one, []connect.ClientOption{connect.WithSendGzip()}},
		"connect over HTTP/2":  {two, nil},
		"grpc":                 {two, []connect.ClientOption{connect.WithGRPC()}},
		"grpc json":            {two, []connect.ClientOption{connect.WithGRPC(), connect.WithProtoJSON()}},
		"grpc-web":             {one, []connect.ClientOption{connect.WithGRPCWeb()}},
		"grpc-web over HTTP/2": {two, []connect.ClientOption{connect.WithGRPCWeb()}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			leads := conversev1connect.NewLeadServiceClient(c.client, b.url, c.options...)
			found, err := leads.SearchLeads(t.Context(), &conversev1.SearchLeadsRequest{Query: "asha"})
			require.NoError(t, err)
			require.Len(t, found.GetLeads(), 1)
			require.Equal(t, "Rao", found.GetLeads()[0].GetLastName())

			_, err = leads.GetLead(t.Context(), &conversev1.GetLeadRequest{LeadId: string(chat.NewID[chat.LeadID]())})
			require.Equal(t, connect.CodeNotFound, connect.CodeOf(err))
			_, err = leads.GetLead(t.Context(), &conversev1.GetLeadRequest{LeadId: "7"})
			require.Equal(t, connect.CodeInvalidArgument, connect.CodeOf(err))
			var failed *connect.Error
			require.ErrorAs(t, err, &failed)
			require.Len(t, failed.Details(), 1)
			detail, err := failed.Details()[0].Value()
			require.NoError(t, err)
			require.Equal(t, "leadId", detail.(*conversev1.ErrorDetail).GetField())
		})
	}
}
