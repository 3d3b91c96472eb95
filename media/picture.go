package media

import (
	"errors"
	"fmt"
	"image"
	_ "image/gif" // registers what pictures are read of
	"image/jpeg"
	_ "image/png" // the same
	"io"
	"slices"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // the same
)

// PreviewType is the content type of every small picture.
const PreviewType = "image/jpeg"

const (
	// previewSide is the longest side of a small picture, in pixels.
	previewSide = 640
	// previewQuality is the JPEG quality, of 100.
	previewQuality = 80
	// maxPreviewed is the largest picture that is decoded: at most eight bytes a pixel are
	// held, and one picture at a time.
	maxPreviewed = 16_000_000
	// maxHeader is how far into a file its size is looked for: cameras put much before it.
	maxHeader = 1 << 20
)

// ErrNoPreview says that no small picture can be made of a file.
var ErrNoPreview = errors.New("no small picture can be made of this file")

// decoded are the types of pictures that are read. A drawing never is.
var decoded = []string{"image/jpeg", "image/png", "image/gif", "image/webp"}

// HasSize reports whether PictureSize reads a type.
func HasSize(contentType string) bool { return slices.Contains(decoded, plain(contentType)) }

// PictureSize reads how large a picture is, from its beginning alone: nothing of it is
// decoded, and no more than a megabyte read.
func PictureSize(r io.Reader) (width, height int, err error) {
	config, _, err := image.DecodeConfig(io.LimitReader(r, maxHeader))
	if err != nil {
		return 0, 0, fmt.Errorf("read the size of a picture: %w", err)
	}
	return config.Width, config.Height, nil
}

// Preview writes a small picture of a JPEG, PNG, GIF (its first frame) or WebP, and returns
// how large the picture itself is. It is ErrNoPreview for what cannot be read, and for what
// would take too much memory to: that is found out before it is decoded.
func Preview(w io.Writer, r io.ReadSeeker) (width, height int, err error) {
	if width, height, err = PictureSize(r); err != nil {
		return 0, 0, errors.Join(ErrNoPreview, err)
	}
	if width <= 0 || height <= 0 || int64(width)*int64(height) > maxPreviewed {
		return 0, 0, fmt.Errorf("%w: %d times %d pixels", ErrNoPreview, width, height)
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return 0, 0, fmt.Errorf("read a picture: %w", err)
	}
	picture, _, err := image.Decode(r)
	if err != nil {
		return 0, 0, errors.Join(ErrNoPreview, err)
	}
	small := image.NewRGBA(fit(width, height))
	draw.Draw(small, small.Bounds(), image.White, image.Point{}, draw.Src) // JPEG has no transparency
	draw.ApproxBiLinear.Scale(small, small.Bounds(), picture, picture.Bounds(), draw.Over, nil)
	if err := jpeg.Encode(w, small, &jpeg.Options{Quality: previewQuality}); err != nil {
		return 0, 0, fmt.Errorf("write a small picture: %w", err)
	}
	return width, height, nil
}

// fit is a rectangle of the same shape whose longest side is that of a small picture; a
// smaller one stays as it is.
func fit(width, height int) image.Rectangle {
	longest := max(width, height)
	if longest <= previewSide {
		return image.Rect(0, 0, width, height)
	}
	return image.Rect(0, 0, max(1, width*previewSide/longest), max(1, height*previewSide/longest))
}
