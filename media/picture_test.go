package media_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/media"
)

// picture is a red one with a blue right half.
func picture(width, height int) image.Image {
	p := image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{color.RGBA{R: 255, A: 255}, color.RGBA{B: 255, A: 255}})
	for y := range height {
		for x := width / 2; x < width; x++ {
			p.SetColorIndex(x, y, 1)
		}
	}
	return p
}

func encoded(t *testing.T, encode func(io.Writer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, encode(&b))
	return b.Bytes()
}

func TestAPreviewIsASmallPicture(t *testing.T) {
	t.Parallel()
	large := picture(2000, 1000)
	for name, file := range map[string][]byte{
		"jpeg": encoded(t, func(w io.Writer) error { return jpeg.Encode(w, large, nil) }),
		"png":  encoded(t, func(w io.Writer) error { return png.Encode(w, large) }),
		"gif":  encoded(t, func(w io.Writer) error { return gif.Encode(w, large, nil) }),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var small bytes.Buffer
			width, height, err := media.Preview(&small, bytes.NewReader(file))
			require.NoError(t, err)
			require.Equal(t, []int{2000, 1000}, []int{width, height})
			got, err := jpeg.Decode(&small)
			require.NoError(t, err)
			require.Equal(t, image.Rect(0, 0, 640, 320), got.Bounds())
			left, _, _, _ := got.At(100, 160).RGBA()
			_, _, right, _ := got.At(540, 160).RGBA()
			require.Greater(t, min(left, right), uint32(0xd000), "red at the left, blue at the right")
		})
	}
}

func TestASmallPictureStaysAsItIs(t *testing.T) {
	t.Parallel()
	var small bytes.Buffer
	_, _, err := media.Preview(&small, bytes.NewReader(encoded(t, func(w io.Writer) error { return png.Encode(w, picture(3, 40)) })))
	require.NoError(t, err)
	got, err := jpeg.Decode(&small)
	require.NoError(t, err)
	require.Equal(t, image.Rect(0, 0, 3, 40), got.Bounds())
}

// bomb is a PNG of a few kilobytes whose picture would fill the memory.
func bomb(width, height uint32) []byte {
	chunk := func(kind string, data []byte) []byte {
		out := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
		out = append(append(out, kind...), data...)
		return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
	}
	header := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	_, _ = z.Write(make([]byte, 4<<20)) // to a buffer
	_ = z.Close()
	out := append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", append(header, 16, 6, 0, 0, 0))...)
	return append(append(out, chunk("IDAT", packed.Bytes())...), chunk("IEND", nil)...)
}

// Not parallel: it reads the process's own memory.
func TestA11ABombIsNotDecoded(t *testing.T) {
	file := bomb(100_000, 100_000)
	require.Less(t, len(file), 10_000)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, _, err := media.Preview(io.Discard, bytes.NewReader(file))
	require.ErrorIs(t, err, media.ErrNoPreview)
	runtime.ReadMemStats(&after)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(4<<20))
	width, height, err := media.PictureSize(bytes.NewReader(file))
	require.NoError(t, err)
	require.Equal(t, []int{100_000, 100_000}, []int{width, height})
}

func TestA11WhatCannotBeReadHasNoPreview(t *testing.T) {
	t.Parallel()
	whole := encoded(t, func(w io.Writer) error { return png.Encode(w, picture(50, 50)) })
	for name, file := range map[string]string{
		"nothing": "", "a drawing": svg, "a page": html, "a pdf": pdf, "half a picture": string(whole[:len(whole)/2]),
		"a picture of no size": string(bomb(0, 10)), "only a beginning": jpegHead, "a gif with a page": "GIF89a/*" + html + "*/",
	} {
		_, _, err := media.Preview(io.Discard, bytes.NewReader([]byte(file)))
		require.ErrorIs(t, err, media.ErrNoPreview, name)
	}
}
