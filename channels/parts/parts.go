package parts

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"

	"converse/channels"
)

// Part is one part of a body: a text, or a file.
type Part struct {
	// Name is the field's name.
	Name string
	// ContentType may be empty for a text.
	ContentType string
	Text        string
	// File is the part's content in place of Text.
	File *channels.OutgoingMedia
}

// NewRequest makes a POST of kind "form-data" or "mixed", whose parts come in the order
// given. Files are opened one after the other while the body is read; ctx bounds that
// too. An error is one of the address.
func NewRequest(ctx context.Context, address, kind string, all []Part) (*http.Request, error) {
	body := &body{ctx: ctx}
	var frame bytes.Buffer
	writer := multipart.NewWriter(&frame)
	length := int64(0)
	flush := func() {
		length += int64(frame.Len())
		body.pieces = append(body.pieces, piece{text: frame.String()})
		frame.Reset()
	}
	for _, part := range all {
		into, err := writer.CreatePart(part.header(kind))
		if err != nil {
			return nil, fmt.Errorf("write a part: %w", err)
		}
		if part.File == nil {
			if _, err := io.WriteString(into, part.Text); err != nil {
				return nil, fmt.Errorf("write a part: %w", err)
			}
			continue
		}
		flush()
		length += part.File.Size
		body.pieces = append(body.pieces, piece{file: part.File})
	}
	if err := writer.Close(); err != nil {
		return nil, fmt.Errorf("end the parts: %w", err)
	}
	flush()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, body)
	if err != nil {
		return nil, channels.Misconfigured("The provider's address cannot be read.")
	}
	request.ContentLength = length
	request.Header.Set("Content-Type", "multipart/"+kind+"; boundary="+writer.Boundary())
	return request, nil
}

// NewFile makes a POST whose body is a file from a byte on, alone. The bytes before are
// read and dropped when the request is sent. An error is one of the address.
func NewFile(ctx context.Context, address string, file channels.OutgoingMedia, from int64) (*http.Request, error) {
	rest := file
	rest.Size -= from
	rest.Open = func(ctx context.Context) (io.ReadCloser, error) {
		whole, err := file.Open(ctx)
		if err != nil {
			return nil, err //nolint:wrapcheck // its words are the file's
		}
		if _, err := io.CopyN(io.Discard, whole, from); err != nil {
			return nil, errors.Join(fmt.Errorf("skip what is there already: %w", err), whole.Close())
		}
		return whole, nil
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, &body{ctx: ctx, pieces: []piece{{file: &rest}}})
	if err != nil {
		return nil, channels.Misconfigured("The provider's address cannot be read.")
	}
	request.ContentLength = rest.Size
	request.Header.Set("Content-Type", file.ContentType)
	return request, nil
}

var escape = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\r", " ", "\n", " ")

func (p Part) header(kind string) textproto.MIMEHeader {
	header := textproto.MIMEHeader{}
	disposition := kind
	if kind == "mixed" {
		disposition = "attachment"
	}
	disposition += `; name="` + escape.Replace(p.Name) + `"`
	if p.File != nil {
		disposition += `; filename="` + escape.Replace(p.File.Name) + `"`
		header.Set("Content-Type", p.File.ContentType)
	} else if p.ContentType != "" {
		header.Set("Content-Type", p.ContentType)
	}
	header.Set("Content-Disposition", disposition)
	return header
}

// piece is a text or a file.
type piece struct {
	text string
	file *channels.OutgoingMedia
}

// body reads its pieces one after the other.
type body struct {
	ctx    context.Context //nolint:containedctx // a request's body lives as long as the request
	pieces []piece
	open   io.ReadCloser
	left   int64 // of the open file
}

func (b *body) Read(into []byte) (int, error) {
	for {
		if b.open == nil {
			if len(b.pieces) == 0 {
				return 0, io.EOF
			}
			if err := b.next(); err != nil {
				return 0, err
			}
		}
		n, err := b.open.Read(into)
		b.left -= int64(n)
		switch {
		case b.left < 0, errors.Is(err, io.EOF) && b.left != 0:
			return 0, errors.New("the file is not as long as it was said to be")
		case errors.Is(err, io.EOF):
			err = b.open.Close()
			b.open = nil
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

// next opens the next piece.
func (b *body) next() error {
	first := b.pieces[0]
	b.pieces = b.pieces[1:]
	if first.file == nil {
		b.open, b.left = io.NopCloser(strings.NewReader(first.text)), int64(len(first.text))
		return nil
	}
	file, err := first.file.Open(b.ctx)
	if err != nil {
		return fmt.Errorf("open the file: %w", err)
	}
	b.open, b.left = file, first.file.Size
	return nil
}

// Close closes the file that is open, if any.
func (b *body) Close() error {
	b.pieces = nil
	if b.open == nil {
		return nil
	}
	open := b.open
	b.open = nil
	return open.Close()
}
