package parts_test

import (
	"bytes"
	"context"
	"io"
	"mime"
	"mime/multipart"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/channels/parts"
)

// file is one whose reader gives a byte at a time, and that counts how often it is open.
func file(content string, size int64, open *int) *channels.OutgoingMedia {
	return &channels.OutgoingMedia{
		ContentType: "image/png", Name: "a \"b\".png", Size: size,
		Open: func(context.Context) (io.ReadCloser, error) {
			*open++
			return closer{iotest.OneByteReader(strings.NewReader(content)), open}, nil
		},
	}
}

type closer struct {
	io.Reader
	open *int
}

func (c closer) Close() error {
	*c.open--
	return nil
}

func TestBodyIsReadByTheStandardLibraryAndAsLongAsAnnounced(t *testing.T) {
	t.Parallel()
	open := 0
	request, err := parts.NewRequest(t.Context(), "https://api.example.com/media", "form-data", []parts.Part{
		{Name: "type", Text: "image/png"}, {Name: "file", File: file("picture", 7, &open)},
	})
	require.NoError(t, err)
	data, err := io.ReadAll(request.Body)
	require.NoError(t, err)
	require.Len(t, data, int(request.ContentLength))
	require.Zero(t, open, "the file is closed when it has been read")
	_, parameters, err := mime.ParseMediaType(request.Header.Get("Content-Type"))
	require.NoError(t, err)
	form, err := multipart.NewReader(bytes.NewReader(data), parameters["boundary"]).ReadForm(1 << 20)
	require.NoError(t, err)
	require.Equal(t, "image/png", form.Value["type"][0])
	require.Equal(t, `a "b".png`, form.File["file"][0].Filename)
	require.Equal(t, int64(7), form.File["file"][0].Size)
}

func TestFileOfAnotherSizeEndsTheBody(t *testing.T) {
	t.Parallel()
	for _, size := range []int64{6, 8} {
		open := 0
		request, err := parts.NewRequest(t.Context(), "https://api.example.com/media", "mixed", []parts.Part{
			{Name: "file", File: file("picture", size, &open)},
		})
		require.NoError(t, err)
		_, err = io.ReadAll(request.Body)
		require.Error(t, err)
		require.NoError(t, request.Body.Close())
		require.Zero(t, open)
	}
}

func TestClosingEarlyClosesTheFile(t *testing.T) {
	t.Parallel()
	open := 0
	request, err := parts.NewRequest(t.Context(), "https://api.example.com/media", "mixed", []parts.Part{
		{Name: "file", File: file("picture", 7, &open)},
	})
	require.NoError(t, err)
	buffer := make([]byte, 1)
	for open == 0 {
		_, err = request.Body.Read(buffer)
		require.NoError(t, err)
	}
	require.NoError(t, request.Body.Close())
	require.Zero(t, open)
}

func TestAFileAloneIsTheRestOfIt(t *testing.T) {
	t.Parallel()
	open := 0
	request, err := parts.NewFile(t.Context(), "https://api.example.com/upload:1", *file("picture", 7, &open), 4)
	require.NoError(t, err)
	require.Equal(t, int64(3), request.ContentLength)
	require.Equal(t, "image/png", request.Header.Get("Content-Type"))
	require.Zero(t, open, "it is opened only when it is sent")
	data, err := io.ReadAll(request.Body)
	require.NoError(t, err)
	require.Equal(t, "ure", string(data))
	require.Zero(t, open)

	short, err := parts.NewFile(t.Context(), "https://api.example.com/upload:1", *file("pic", 7, &open), 4)
	require.NoError(t, err)
	_, err = io.ReadAll(short.Body)
	require.Error(t, err)
	require.Zero(t, open, "one that is shorter than that is closed too")
}
