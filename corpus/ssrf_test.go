package corpus

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// nameServer is a DNS server on loopback that answers each question for a name with the
// next of the name's addresses, and with the last from then on.
type nameServer struct {
	mu    sync.Mutex
	names map[string][]string
	asked map[string]int
}

// resolver starts the server and returns what asks it.
func (s *nameServer) resolver(t *testing.T) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.asked = map[string]int{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		b := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(b)
			if err != nil {
				return
			}
			if reply := s.answer(b[:n]); reply != nil {
				_, _ = conn.WriteTo(reply, from)
			}
		}
	}()
	t.Cleanup(func() { conn.Close(); <-done })
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

func (s *nameServer) answer(query []byte) []byte {
	var m dnsmessage.Message
	if m.Unpack(query) != nil || len(m.Questions) != 1 {
		return nil
	}
	q := m.Questions[0]
	m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
	if addr, ok := s.next(strings.TrimSuffix(q.Name.String(), "."), q.Type); ok {
		h := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class}
		if addr.Is4() {
			m.Answers = []dnsmessage.Resource{{Header: h, Body: &dnsmessage.AResource{A: addr.As4()}}}
		} else {
			m.Answers = []dnsmessage.Resource{{Header: h, Body: &dnsmessage.AAAAResource{AAAA: addr.As16()}}}
		}
	}
	reply, err := m.Pack()
	if err != nil {
		return nil
	}
	return reply
}

// next is the address to give for the name, if it is of the type that is asked for.
func (s *nameServer) next(name string, typ dnsmessage.Type) (netip.Addr, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.names[name]
	if len(all) == 0 {
		return netip.Addr{}, false
	}
	addr := netip.MustParseAddr(all[min(s.asked[name], len(all)-1)])
	if addr.Is4() != (typ == dnsmessage.TypeA) {
		return netip.Addr{}, false
	}
	s.asked[name]++
	return addr, true
}

// No name leads to a special network, whatever kind of address it resolves to.
func TestNamesOfPrivateAddressesAreRefused(t *testing.T) {
	names := map[string][]string{}
	for name, address := range map[string]string{
		"loopback": "127.0.0.1", "private10": "10.0.0.1", "private172": "172.16.0.1", "private192": "192.168.0.1", "link": "169.254.169.254",
		"shared": "100.64.0.1", "zero": "0.0.0.0", "broadcast": "255.255.255.255", "multicast": "224.0.0.1", "loopback6": "::1", "zero6": "::",
		"mapped": "::ffff:10.0.0.1", "nat64": "64:ff9b::a9fe:a9fe", "nat64local": "64:ff9b:1::a00:1", "6to4": "2002:a00:1::1", "teredo": "2001::1",
		"unique": "fd12::1", "link6": "fe80::1", "multicast6": "ff02::1", "compatible": "::10.0.0.1",
	} {
		names[name+".example"] = []string{address}
	}
	dns := &nameServer{names: names}
	f := NewFetcher(FetchOptions{Resolver: dns.resolver(t), Pause: 1, Backoff: 1})
	defer f.Close()
	for name := range names {
		_, err := f.get(t.Context(), "http://"+name+"/")
		if err == nil || !strings.Contains(err.Error(), "prohibited") {
			t.Errorf("%s: %v", name, err)
		}
		dns.mu.Lock()
		if dns.asked[name] == 0 {
			t.Errorf("%s was not looked up: the test tests nothing", name)
		}
		dns.mu.Unlock()
	}
}

// A name that leads to a server first and to a private network then (DNS rebinding) does
// not get a second request there: the address is looked at when it is dialled.
func TestRebindingIsRefused(t *testing.T) {
	var pages atomic.Int32
	srv := site(t, map[string]http.HandlerFunc{"/": func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close") // the next request dials again
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		pages.Add(1)
	}})
	_, port, err := net.SplitHostPort(strings.TrimPrefix(srv.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	for _, second := range []string{"10.0.0.1", "169.254.169.254", "192.168.1.1"} {
		dns := &nameServer{names: map[string][]string{"rebind.example": {"127.0.0.1", second}, "steady.example": {"127.0.0.1"}}}
		f := NewFetcher(FetchOptions{Resolver: dns.resolver(t), AllowLoopback: true, Pause: 1, Backoff: 1})
		before := pages.Load()
		if _, err := f.get(t.Context(), "http://rebind.example:"+port+"/"); err == nil || !strings.Contains(err.Error(), "prohibited") {
			t.Errorf("%s: %v", second, err)
		}
		var e *Error
		if _, err := f.get(t.Context(), "http://rebind.example:"+port+"/again"); !errors.As(err, &e) || e.Hint == "" {
			t.Errorf("%s: %v, without a hint", second, err)
		}
		if n := pages.Load() - before; n != 0 {
			t.Errorf("%s: %d pages", second, n)
		}
		if _, err := f.get(t.Context(), "http://steady.example:"+port+"/"); err != nil {
			t.Errorf("a name that stays where it is: %v", err)
		}
		f.Close()
	}
}

// A redirect to a name that resolves to a private network is refused as the address itself is.
func TestRedirectsToPrivateNames(t *testing.T) {
	srv := site(t, map[string]http.HandlerFunc{"/go": func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://inside.example/admin", http.StatusFound)
	}})
	dns := &nameServer{names: map[string][]string{"inside.example": {"10.9.8.7"}}}
	f := NewFetcher(FetchOptions{Resolver: dns.resolver(t), AllowLoopback: true, Pause: 1, Backoff: 1})
	defer f.Close()
	if _, err := f.get(t.Context(), srv.URL+"/go"); err == nil || !strings.Contains(err.Error(), "prohibited") {
		t.Errorf("%v", err)
	}
}
