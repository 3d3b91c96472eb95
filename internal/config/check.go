package config

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
)

// wrong makes the error of a setting.
func wrong(flag, format string, args ...any) error {
	return &Error{Flag: flag, Reason: fmt.Sprintf(format, args...)}
}

// first returns the first error.
func first(errs ...error) error { return cmp.Or(errs...) }

func within[T cmp.Ordered](flag string, value, low, high T) error {
	if value < low || value > high {
		return wrong(flag, "must be between %v and %v, not %v", low, high, value)
	}
	return nil
}

func checkListen(flag, addr string) error {
	_, port, err := net.SplitHostPort(addr)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return wrong(flag, "must be host:port or :port, with 0 for any free port, not %q", addr)
	}
	return nil
}

// checkApart refuses two listeners on one address.
func checkApart(flag, addr, otherFlag, other string) error {
	if addr == other && !strings.HasSuffix(addr, ":0") {
		return wrong(flag, "must differ from --%s: both are %s", otherFlag, addr)
	}
	return nil
}

// checkPublicURL takes an origin only: paths, queries and credentials would end up
// in links that others are sent.
func checkPublicURL(flag, text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil ||
		u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "" {
		return wrong(flag, "must be http:// or https:// and a host, with nothing behind, such as https://chat.example.com")
	}
	return nil
}

// Texts of wrong addresses are not repeated: they hold passwords.
func checkDatabaseURL(address Address) error {
	text := address.Reveal()
	u, err := url.Parse(text)
	isURL := err == nil && (u.Scheme == "postgres" || u.Scheme == "postgresql")
	if !isURL && !strings.Contains(text, "host=") {
		return wrong("database-url", "must be a PostgreSQL address such as postgres://user:password@host:5432/converse")
	}
	return nil
}

func checkRedisURL(flag string, address Address) error {
	list := address.List()
	schemes := map[string]bool{}
	for _, text := range list {
		u, err := url.Parse(text)
		ok := err == nil && (u.Scheme == "unix" && u.Path != "" && len(list) == 1 ||
			(u.Scheme == "redis" || u.Scheme == "rediss") && u.Hostname() != "")
		if !ok {
			return wrong(flag, "must be redis://host:6379, rediss://host:6379 or unix:///path, or the nodes of a cluster with commas between")
		}
		schemes[u.Scheme] = true
	}
	if len(list) == 0 || len(schemes) > 1 {
		return wrong(flag, "must name the nodes of one cluster, all redis:// or all rediss://")
	}
	return nil
}

func checkAllowPrivate(flag string, list []string) error {
	for _, entry := range list {
		if _, err := netip.ParsePrefix(entry); err == nil {
			continue
		}
		host, port, err := net.SplitHostPort(entry)
		if n, errPort := strconv.ParseUint(port, 10, 16); err != nil || errPort != nil || host == "" || n == 0 {
			return wrong(flag, "must list host:port or networks such as 10.1.0.0/16, not %q", entry)
		}
	}
	return nil
}

func checkProxies(flag string, list []string) error {
	for _, entry := range list {
		if _, err := netip.ParsePrefix(entry); err != nil {
			return wrong(flag, "must list networks such as 10.1.0.0/16 or 192.0.2.7/32, not %q", entry)
		}
	}
	return nil
}

// Proxies are the networks of TrustProxies.
func (s *Serve) Proxies() []netip.Prefix {
	var out []netip.Prefix
	for _, entry := range s.TrustProxies {
		if prefix, err := netip.ParsePrefix(entry); err == nil { // check has refused the others
			out = append(out, prefix)
		}
	}
	return out
}

var nodeNames = regexp.MustCompile(`^[A-Za-z0-9._-]{1,100}$`)

func checkNodeName(flag, name string) error {
	if !nodeNames.MatchString(name) {
		return wrong(flag, "must be 1 to 100 letters, digits, dots, dashes and underscores, not %q", name)
	}
	return nil
}

// checkKeys reads one or two master keys, which are never repeated.
func checkKeys(flag, text string) ([]Secret, error) {
	var keys []Secret
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == '\n' || r == '\r' || r == ' ' }) {
		plain := strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(part, "="))
		raw, err := base64.RawStdEncoding.DecodeString(plain)
		if err != nil || len(raw) != 32 {
			return nil, wrong(flag, "must hold 32 random bytes in base64 (make them with: head -c 32 /dev/urandom | base64)")
		}
		keys = append(keys, Secret(part))
	}
	if len(keys) < 1 || len(keys) > 2 {
		return nil, wrong(flag, "must hold one key, or two while changing them, not %d", len(keys))
	}
	return keys, nil
}

// MasterKeys returns the texts of the master keys, the one to seal with first.
func (n *Needs) MasterKeys() ([]Secret, error) { return masterKeys(n.MasterKey, n.MasterKeyFile) }

// masterKeys reads the keys where they were given: as a setting, or in a file.
func masterKeys(key Secret, file string) ([]Secret, error) {
	if key != "" {
		return checkKeys("master-key", key.Reveal())
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, wrong("master-key-file", "cannot be read: %v", err)
	}
	return checkKeys("master-key-file", string(text))
}
