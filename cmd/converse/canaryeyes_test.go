package main_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/dynamicpb"

	conversev1 "converse/internal/gen/converse/v1"
)

// formsOf are the ways in which a text could leave: as it is, escaped for wherever it may
// stand, encoded, hashed as a name for a file or a picture, and backwards.
func formsOf(value string) []string {
	out := []string{value, strings.ToLower(value), strings.ToUpper(value), url.QueryEscape(value), url.PathEscape(value), hex.EncodeToString([]byte(value))}
	quoted, _ := json.Marshal(value) //nolint:errchkjson // a text always can be
	var escaped, references, backwards strings.Builder
	runes := []rune(value)
	for i, r := range runes {
		fmt.Fprintf(&escaped, `\u%04x`, r)
		fmt.Fprintf(&references, "&#%d;", r)
		backwards.WriteRune(runes[len(runes)-1-i])
	}
	short, long := md5.Sum([]byte(value)), sha256.Sum256([]byte(value))
	out = append(out, strings.Trim(string(quoted), `"`), escaped.String(), references.String(), backwards.String(),
		hex.EncodeToString(short[:]), hex.EncodeToString(long[:]))
	for skip := range 3 {
		// What base64 makes of it wherever it stands, less what its neighbours change.
		for _, alphabet := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			text := alphabet.EncodeToString([]byte(strings.Repeat("x", skip) + value))
			out = append(out, text[(skip*8+5)/6:len(text)-2])
		}
	}
	return out
}

// spellings are those of an Indian number, as people and programs write it.
func spellings(phone string) []string {
	digits := strings.TrimPrefix(phone, "+")
	national := strings.TrimPrefix(digits, "91")
	a, b := national[:5], national[5:]
	return []string{
		phone, digits, "00" + digits, "0" + national, national, "+91 " + a + " " + b, a + " " + b, "0" + a + " " + b, a + "-" + b, "+91-" + a + "-" + b,
		a + "." + b, "(" + a + ") " + b, "(0" + a + ") " + b, strings.Join(strings.Split(national, ""), " "), national[:3] + " " + national[3:6] + " " + national[6:],
	}
}

// watched is a user whose every byte from the program is kept.
type watched struct {
	*caller
	name  string
	mu    sync.Mutex // guards heard and step
	heard []heard
	step  string
}

// heard is what came back from something.
type heard struct{ where, text string }

// watch signs a user in, and keeps everything from then on.
func (p *program) watch(t *testing.T, email string) *watched {
	t.Helper()
	w := &watched{caller: &caller{client: web(t), url: p.ready.URL}, name: email}
	for _, l := range p.ready.Logins {
		if l.Email == email {
			w.token = w.ok(t, "AuthService/LogIn", map[string]any{"email": l.Email, "password": l.Password})["token"].(string)
		}
	}
	require.NotEmpty(t, w.token, email)
	w.client.Transport = listening{w.client.Transport, w}
	return w
}

func (w *watched) keep(where, text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.heard = append(w.heard, heard{where, text})
}

// listening keeps answers, headers and all.
type listening struct {
	http.RoundTripper
	who *watched
}

func (l listening) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := l.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(body))
	l.who.keep(l.who.step, fmt.Sprint(resp.Status, resp.Header, "\n", string(body)))
	return resp, err
}

// asks makes a call in JSON, whatever comes of it.
func (w *watched) asks(t *testing.T, procedure string, body map[string]any) map[string]any {
	t.Helper()
	w.step = procedure
	_, answer := postJSON(t, w.client, w.url+"/converse.v1."+procedure, w.token, body)
	return answer
}

// asksBoth makes a call in JSON and in protobuf.
func (w *watched) asksBoth(t *testing.T, procedure string, body map[string]any) map[string]any {
	t.Helper()
	answer := w.asks(t, procedure, body)
	service, method, _ := strings.Cut(procedure, "/")
	found, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName("converse.v1." + service))
	require.NoError(t, err)
	request := dynamicpb.NewMessage(found.(protoreflect.ServiceDescriptor).Methods().ByName(protoreflect.Name(method)).Input())
	text, err := json.Marshal(body)
	require.NoError(t, err)
	require.NoError(t, protojson.Unmarshal(text, request), "%s %s", procedure, text)
	raw, err := proto.Marshal(request)
	require.NoError(t, err)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.url+"/converse.v1."+procedure, bytes.NewReader(raw))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/proto")
	req.Header.Set("Authorization", "Bearer "+w.token)
	w.step = procedure + " in protobuf"
	do(t, w.client, req)
	return answer
}

// forgets drops what was heard from a call.
func (w *watched) forgets(where string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.heard = slices.DeleteFunc(w.heard, func(h heard) bool { return h.where == where })
}

// fetches reads a page or a file.
func (w *watched) fetches(t *testing.T, path string) (int, string) {
	t.Helper()
	return w.sends(t, http.MethodGet, path, "")
}

func (w *watched) sends(t *testing.T, method, path, body string) (int, string) {
	t.Helper()
	if strings.HasPrefix(path, "/") {
		path = w.url + path
	}
	req, err := http.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+w.token)
	w.step = method + " " + req.URL.Path
	return do(t, w.client, req)
}

// listens opens a socket in a subprotocol, and keeps every frame as it comes.
func (w *watched) listens(t *testing.T, protocol string) {
	t.Helper()
	ticket := w.asks(t, "AuthService/CreateTicket", map[string]any{})["ticket"].(string)
	conn, _, err := websocket.Dial(t.Context(), strings.Replace(w.url, "http", "ws", 1)+"/ws", &websocket.DialOptions{
		Subprotocols: []string{protocol}, HTTPHeader: http.Header{"Origin": {w.url}},
	})
	require.NoError(t, err)
	conn.SetReadLimit(-1)
	hello := &conversev1.ClientFrame{Frame: &conversev1.ClientFrame_Hello{Hello: &conversev1.Hello{Ticket: ticket}}}
	kind, encode := websocket.MessageText, protojson.Marshal
	if protocol == "converse.v1.proto" {
		kind, encode = websocket.MessageBinary, proto.Marshal
	}
	raw, err := encode(hello)
	require.NoError(t, err)
	require.NoError(t, conn.Write(t.Context(), kind, raw))
	ctx, end := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			_, frame, err := conn.Read(ctx)
			if err != nil {
				return
			}
			w.keep("socket "+protocol, string(frame))
		}
	}()
	t.Cleanup(func() {
		end()
		<-done
		_ = conn.CloseNow()
	})
}

// all is everything that was heard where, in one text.
func (w *watched) all(where string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out strings.Builder
	for _, h := range w.heard {
		if strings.HasPrefix(h.where, where) {
			out.WriteString(h.text)
		}
	}
	return out.String()
}

// findings are the canaries in a text, also once it is unescaped as an address is.
func (c cage) findings(text string) []string {
	var out []string
	plain, err := url.QueryUnescape(text)
	if err != nil {
		plain = strings.NewReplacer("%2B", "+", "%2b", "+", "%20", " ", "%40", "@").Replace(text)
	}
	for _, form := range c.forms {
		if (strings.Contains(text, form) || strings.Contains(plain, form)) && !slices.Contains(out, form) {
			out = append(out, form)
		}
	}
	return out
}
