package origin

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/idna"

	"converse/internal/chat"
)

// longest is how many bytes an origin may have: more than any host name and a port.
const longest = 270

// Parse reads an origin as people write it and returns it as browsers do: lower case,
// without a slash at the end and without the scheme's own port. It takes https, and
// http for this machine alone: what comes over the net in clear text can be changed on
// its way. An error says what is wrong with the field "origin".
func Parse(text string) (string, error) {
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil || u.Host == "" || u.Opaque != "" {
		return "", chat.Invalidf("origin", "must be an address such as https://crm.example.com.")
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Path != "" && u.Path != "/" {
		return "", chat.Invalidf("origin", "must end after the host: every page of a site has the same origin.")
	}
	host, err := hostOf(u)
	if err != nil {
		return "", err
	}
	switch {
	case u.Scheme == "https":
	case u.Scheme == "http" && local(host):
	default:
		return "", chat.Invalidf("origin", "must begin with https://. Only localhost may do without.")
	}
	out := u.Scheme + "://" + host
	if port := u.Port(); port != "" && port != map[string]string{"https": "443", "http": "80"}[u.Scheme] {
		out += ":" + port
	}
	if len(out) > longest {
		return "", chat.Invalidf("origin", "is too long.")
	}
	return out, nil
}

// hostOf is a host as browsers write it.
func hostOf(u *url.URL) (string, error) {
	name := u.Hostname()
	if ip := net.ParseIP(name); ip != nil {
		if strings.Contains(name, ":") {
			return "[" + ip.String() + "]", nil
		}
		return ip.String(), nil
	}
	if strings.Contains(name, "*") {
		return "", chat.Invalidf("origin", "must name one host: add each host by itself.")
	}
	ascii, err := idna.Lookup.ToASCII(name)
	if err != nil || ascii == "" || strings.HasSuffix(ascii, ".") {
		return "", chat.Invalidf("origin", "does not name a host.")
	}
	return ascii, nil
}

// local reports whether a host is this machine.
func local(host string) bool {
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}

// Foreign returns the origin of a request, and whether it is of a page that is not ours:
// own are the origins of our pages. Programs send no Origin, and are not foreign.
func Foreign(h http.Header, own []string) (origin string, foreign bool) {
	origin = h.Get("Origin")
	// A browser that says so has compared the two itself, as it sees them through a proxy.
	if origin == "" || slices.Contains(own, origin) || h.Get("Sec-Fetch-Site") == "same-origin" {
		return origin, false
	}
	return origin, true
}
