package auth

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/boombuler/barcode/qr"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
)

// Codes are RFC 6238's in the form that every authenticator program knows: SHA-1, six
// digits, a new one every 30 seconds.
const (
	codePeriod = 30 // seconds
	codeDigits = otp.DigitsSix
	// codeDrift is how many steps a phone's clock may be ahead or behind.
	codeDrift = 1
	// totpSecretSize is RFC 4226's recommendation, in bytes.
	totpSecretSize = 20
)

// codeIssuer is what authenticator programs show beside the user's name.
const codeIssuer = "Converse"

// newTOTPSecret makes a secret, in the text that people type.
func newTOTPSecret() string {
	raw := make([]byte, totpSecretSize)
	_, _ = rand.Read(raw) // never fails: crypto/rand
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw)
}

// stepOf returns the time step at which a code belongs to a secret, if it is near now.
func stepOf(secret, code string, now time.Time) (step int64, ok bool, err error) {
	code = strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1 // as programs group it
		}
		return r
	}, code)
	at := now.Unix() / codePeriod
	for near := at - codeDrift; near <= at+codeDrift; near++ {
		want, err := hotp.GenerateCodeCustom(secret, uint64(near), hotp.ValidateOpts{Digits: codeDigits, Algorithm: otp.AlgorithmSHA1})
		if err != nil {
			return 0, false, fmt.Errorf("work out a code: %w", err)
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			step, ok = near, true
		}
	}
	return step, ok, nil
}

// otpauth is the address that a QR code holds.
func otpauth(secret, account string) string {
	values := url.Values{"secret": {secret}, "issuer": {codeIssuer}, "algorithm": {"SHA1"}, "digits": {"6"}, "period": {"30"}}
	return "otpauth://totp/" + url.PathEscape(codeIssuer+":"+account) + "?" + strings.ReplaceAll(values.Encode(), "+", "%20")
}

// quietZone is the margin around a QR code that readers need, in its squares.
const quietZone = 4

// picture draws a text as a QR code, in SVG, black on white in any theme.
func picture(text string) (string, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return "", fmt.Errorf("draw a QR code: %w", err)
	}
	var path strings.Builder
	size := code.Bounds()
	for y := size.Min.Y; y < size.Max.Y; y++ {
		for x := size.Min.X; x < size.Max.X; x++ {
			if r, _, _, _ := code.At(x, y).RGBA(); r == 0 {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x+quietZone, y+quietZone)
			}
		}
	}
	side := size.Dx() + 2*quietZone
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[1]d" shape-rendering="crispEdges">`+
		`<rect width="%[1]d" height="%[1]d" fill="#fff"/><path d="%[2]s" fill="#000"/></svg>`, side, path.String()), nil
}

// Recovery codes are for when the phone is gone: 80 random bits each, so that their
// hashes need no salt.
const (
	recoveryCodes  = 10
	recoverySize   = 16
	recoveryGroups = 4
)

// newRecoveryCodes makes codes for people to write down: ABCD-EFGH-IJKL-MNOP.
func newRecoveryCodes() []string {
	out := make([]string, recoveryCodes)
	for i := range out {
		text := rand.Text()[:recoverySize]
		var groups []string
		for at := 0; at < recoverySize; at += recoveryGroups {
			groups = append(groups, text[at:at+recoveryGroups])
		}
		out[i] = strings.Join(groups, "-")
	}
	return out
}

// plainRecoveryCode is a recovery code however it was typed.
func plainRecoveryCode(code string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '2' && r <= '7' {
			return r
		}
		return -1
	}, strings.ToUpper(code))
}
