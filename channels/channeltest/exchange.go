package channeltest

import (
	"bufio"
	"fmt"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"

	"converse/channels"
)

// exchange is one expected request and its canned answer.
type exchange struct {
	method string
	url    string
	header http.Header
	body   string
	answer canned
}

// canned is what the other side does.
type canned struct {
	// fail: the call ends in an error of the Doer, with no answer.
	fail bool
	// cut: the body breaks off after what is given of it.
	cut    bool
	status int
	header http.Header
	body   string
}

// readExchanges reads exchange.http:
//
//	# Comment lines first.
//	>>> POST https://api.example.com/messages
//	Authorization: Bearer {{token}}
//	Content-Type: application/json
//
//	{"to": "+12025550123"}
//	<<< 200
//	Content-Type: application/json
//
//	{"id": "1"}
//
// An answer line is "<<< STATUS", "<<< STATUS cut" or "<<< fail". A body runs from
// the empty line to the next marker or the end; its last line break is not part of
// it. A file without ">>>" says that no call may be made. Placeholders are those
// of fill, anywhere.
func readExchanges(dir string, account channels.Account) ([]exchange, error) {
	data, err := caseFile(dir, "exchange.http")
	if err != nil {
		return nil, fmt.Errorf("read the exchange: %w", err)
	}
	text, err := fill(string(data), account)
	if err != nil {
		return nil, err
	}
	var exchanges []exchange
	for _, block := range blocks(text) {
		kind, rest, _ := strings.Cut(block.marker, " ")
		header, body, err := readPart(block.text)
		if err != nil {
			return nil, err
		}
		if kind == ">>>" {
			method, url, found := strings.Cut(rest, " ")
			if !found {
				return nil, fmt.Errorf("read the exchange: %q is not a method and an address", rest)
			}
			exchanges = append(exchanges, exchange{method: method, url: url, header: header, body: body})
			continue
		}
		if len(exchanges) == 0 {
			return nil, fmt.Errorf("read the exchange: an answer before any request")
		}
		answer, err := readAnswer(rest)
		if err != nil {
			return nil, err
		}
		answer.header, answer.body = header, body
		exchanges[len(exchanges)-1].answer = answer
	}
	for _, e := range exchanges {
		if !e.answer.fail && e.answer.status == 0 {
			return nil, fmt.Errorf("read the exchange: %s %s has no answer", e.method, e.url)
		}
	}
	return exchanges, nil
}

func readAnswer(line string) (canned, error) {
	if line == "fail" {
		return canned{fail: true}, nil
	}
	number, rest, _ := strings.Cut(line, " ")
	status, err := strconv.Atoi(number)
	if err != nil || rest != "" && rest != "cut" {
		return canned{}, fmt.Errorf("read the exchange: %q is not an answer", line)
	}
	return canned{status: status, cut: rest == "cut"}, nil
}

type block struct{ marker, text string }

func blocks(text string) []block {
	var found []block
	for line := range strings.SplitAfterSeq(text, "\n") {
		switch {
		case strings.HasPrefix(line, ">>> ") || strings.HasPrefix(line, "<<< "):
			found = append(found, block{marker: strings.TrimSpace(line)})
		case len(found) > 0:
			found[len(found)-1].text += line
		}
	}
	return found
}

func readPart(text string) (http.Header, string, error) {
	head, body, _ := strings.Cut("\n"+text, "\n\n")
	header, err := textproto.NewReader(bufio.NewReader(strings.NewReader(strings.TrimPrefix(head, "\n") + "\n\n"))).ReadMIMEHeader()
	if err != nil {
		return nil, "", fmt.Errorf("read the headers of the exchange: %w", err)
	}
	return http.Header(header), strings.TrimSuffix(body, "\n"), nil
}
