package sandbox

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/png"

	"converse/internal/chat"
)

// sample makes a small file of a kind, for a lead who sends one without choosing.
func sample(kind chat.MessageKind) (contentType, name string, data []byte) {
	switch kind {
	case chat.KindImage:
		return "image/png", "sunset.png", sampleImage()
	case chat.KindAudio:
		return "audio/mpeg", "voice.mp3", sampleAudio()
	case chat.KindVideo:
		return "video/mp4", "video.mp4", sampleVideo()
	case chat.KindSticker:
		return "image/webp", "sticker.webp", sampleSticker()
	default:
		return "application/pdf", "quote.pdf", samplePDF()
	}
}

// sampleImage is a sunset over the sea.
func sampleImage() []byte {
	const width, height, horizon = 480, 320, 210
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			shade := color.RGBA{uint8(250 - y/5), uint8(120 + y/4), uint8(70 + y/2), 255}
			dx, dy := x-width/2, y-horizon+30
			switch {
			case y > horizon:
				shade = color.RGBA{20, uint8(70 + (height-y)/3), uint8(110 + (y%9)*3), 255}
			case dx*dx+dy*dy < 55*55:
				shade = color.RGBA{255, 236, 170, 255}
			}
			picture.SetRGBA(x, y, shade)
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		panic(err) // memory takes every byte
	}
	return out.Bytes()
}

// sampleAudio is about a second of silence: MPEG-1 layer III frames of 128 kbit/s
// at 44.1 kHz, each 417 bytes long with nothing in it.
func sampleAudio() []byte {
	frame := make([]byte, 417)
	copy(frame, []byte{0xFF, 0xFB, 0x90, 0x00})
	return bytes.Repeat(frame, 38)
}

// sampleVideo has the head of an MP4 file and nothing to play.
func sampleVideo() []byte {
	return []byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom\x00\x00\x00\x08mdat")
}

// sampleSticker is one transparent pixel of lossless WebP.
func sampleSticker() []byte {
	data, err := base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
	if err != nil {
		panic(err) // a constant
	}
	return data
}

// samplePDF is one page with a line of text.
func samplePDF() []byte {
	content := "BT /F1 24 Tf 72 720 Td (A quote from the sandbox) Tj ET"
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
		fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(content), content),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
	}
	var out bytes.Buffer
	out.WriteString("%PDF-1.4\n")
	offsets := make([]int, 0, len(objects))
	for i, object := range objects {
		offsets = append(offsets, out.Len())
		fmt.Fprintf(&out, "%d 0 obj%s endobj\n", i+1, object)
	}
	table := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, offset := range offsets {
		fmt.Fprintf(&out, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&out, "trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, table)
	return out.Bytes()
}
