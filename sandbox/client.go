package sandbox

import (
	"fmt"
	"net/http"
	"slices"
)

// discordHosts are the hosts that a Discord client sends requests to.
var discordHosts = []string{"discord.com", "cdn.discordapp.com", "media.discordapp.net"}

// redirect is a transport that sends what is meant for Discord to the stand-in.
type redirect struct {
	addr string
	next *http.Transport
}

func newClient(addr string) *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = nil // loopback is never behind one
	transport.MaxIdleConnsPerHost = 32
	return &http.Client{Transport: redirect{addr, transport}}
}

// RoundTrip sends the request to the stand-in, or refuses it: a sandbox bot
// must not reach the real Discord.
func (t redirect) RoundTrip(r *http.Request) (*http.Response, error) {
	if !slices.Contains(discordHosts, r.URL.Host) && r.URL.Host != t.addr {
		return nil, fmt.Errorf("sandbox: refused to send a request to %q: this client is for Discord only", r.URL.Host)
	}
	local := r.Clone(r.Context())
	local.URL.Scheme, local.URL.Host, local.Host = "http", t.addr, t.addr
	return t.next.RoundTrip(local)
}

// CloseIdleConnections lets the client's CloseIdleConnections reach the transport.
func (t redirect) CloseIdleConnections() { t.next.CloseIdleConnections() }
