package sandbox

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// guard lets through what is meant for this machine: the Host must be loopback or
// configured, or a web site could make a browser come here under its own name
// (DNS rebinding), and a change must not be asked for by another site.
func (s *Sandbox) guard(next http.Handler) http.Handler {
	guarded := http.NewCrossOriginProtection().Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.mayReach(r.Host) {
			writeError(w, http.StatusForbidden, "", "the sandbox is not reached by this host name; see Config.Hosts")
			return
		}
		s.stage.LearnBase("http://" + r.Host)
		guarded.ServeHTTP(w, r)
	})
}

func (s *Sandbox) mayReach(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	name = strings.ToLower(strings.Trim(name, "[]"))
	if name == "localhost" || strings.HasSuffix(name, ".localhost") || slices.Contains(s.config.Hosts, name) {
		return true
	}
	address, err := netip.ParseAddr(name)
	return err == nil && address.IsLoopback()
}
