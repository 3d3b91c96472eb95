package load

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// Caller posts over one connection that stays open. It knows just enough of
// HTTP/1.1 to be cheap. It is for one goroutine at a time.
type Caller struct {
	addr string
	conn net.Conn
	in   *bufio.Reader
	out  bytes.Buffer
}

// NewCaller connects to host:port.
func NewCaller(addr string) (*Caller, error) {
	conn, err := net.DialTimeout("tcp", addr, 10*time.Second)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	return &Caller{addr: addr, conn: conn, in: bufio.NewReader(conn)}, nil
}

// Post sends a body and returns the answer. headers are whole lines, each with its
// line end. An answer that is not 2xx is an error.
func (c *Caller) Post(path, headers string, body []byte) ([]byte, error) {
	c.out.Reset()
	fmt.Fprintf(&c.out, "POST %s HTTP/1.1\r\nHost: %s\r\n%sContent-Length: %d\r\n\r\n", path, c.addr, headers, len(body))
	c.out.Write(body)
	if _, err := c.conn.Write(c.out.Bytes()); err != nil {
		return nil, fmt.Errorf("post: %w", err)
	}
	status, answer, err := c.answer()
	if err == nil && (len(status) < 12 || status[9] != '2') {
		err = fmt.Errorf("%s: %s", strings.TrimSpace(status), answer)
	}
	if err != nil {
		return nil, fmt.Errorf("post to %s: %w", path, err)
	}
	return answer, nil
}

func (c *Caller) answer() (status string, body []byte, err error) {
	if err := c.conn.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
		return "", nil, err
	}
	if status, err = c.in.ReadString('\n'); err != nil {
		return "", nil, err
	}
	length := 0
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return "", nil, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		switch {
		case len(name) == 14 && bytes.EqualFold(name, []byte("Content-Length")):
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return "", nil, err
			}
		case len(name) == 17 && bytes.EqualFold(name, []byte("Transfer-Encoding")):
			return "", nil, errors.New("the answer comes in chunks")
		}
	}
	if length == 0 {
		return status, nil, nil
	}
	body = make([]byte, length)
	_, err = io.ReadFull(c.in, body)
	return status, body, err
}

// Close drops the connection.
func (c *Caller) Close() { _ = c.conn.Close() } // nobody waits for it
