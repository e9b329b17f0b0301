package corpus

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"code.dny.dev/ssrf"
	"github.com/temoto/robotstxt"
)

// Limits of what is fetched.
const (
	maxPage      = 8 << 20   // bytes of a page or feed, decompressed
	maxRobots    = 500 << 10 // bytes of a robots.txt, as RFC 9309 advises
	maxRedirects = 5
	maxHosts     = 1000 // robots.txt files kept
	fetchTimeout = 30 * time.Second
)

// robotName is what robots.txt files know this program by.
const robotName = "whosaid"

// userAgent is what is sent to servers.
const userAgent = robotName + "/1.0 (+https://github.com/whosaid/whosaid)"

// FetchOptions tell [NewFetcher] what to allow.
type FetchOptions struct {
	// AllowLoopback lets requests reach this machine, on any port. It is for
	// tests: with it on, whoever chooses a URL reaches what listens here.
	AllowLoopback bool
}

// Fetcher fetches pages whose URLs strangers may have chosen. Addresses of private
// and other special networks are refused after name resolution, at every dial,
// so neither a redirect nor a name that resolves differently the second time
// gets there. Sizes, times and redirects are bounded and robots.txt is respected.
//
// A Fetcher is safe for use by several goroutines. Close ends its idle connections.
type Fetcher struct {
	client *http.Client

	mu     sync.Mutex
	robots map[string]*robotstxt.RobotsData // by scheme and host
}

// NewFetcher makes a Fetcher.
func NewFetcher(opt FetchOptions) *Fetcher {
	var allow []ssrf.Option
	if opt.AllowLoopback {
		allow = append(allow, ssrf.WithAnyPort(),
			ssrf.WithAllowedV4Prefixes(netip.MustParsePrefix("127.0.0.0/8")),
			ssrf.WithAllowedV6Prefixes(netip.MustParsePrefix("::1/128")))
	}
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: ssrf.New(allow...).Safe}
	return &Fetcher{
		robots: map[string]*robotstxt.RobotsData{},
		client: &http.Client{
			// Redirects are followed by Get, which checks each.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
			Transport: &http.Transport{
				Proxy:                  nil, // a proxy would dial for us, unchecked
				DialContext:            dialer.DialContext,
				ForceAttemptHTTP2:      true,
				TLSHandshakeTimeout:    10 * time.Second,
				ResponseHeaderTimeout:  15 * time.Second,
				IdleConnTimeout:        10 * time.Second,
				MaxIdleConnsPerHost:    2,
				MaxResponseHeaderBytes: 64 << 10,
			},
		},
	}
}

// Close ends the idle connections.
func (f *Fetcher) Close() { f.client.CloseIdleConnections() }

// page is what was fetched.
type page struct {
	url       string // after redirects
	mediaType string // the Content-Type
	body      []byte
}

// get fetches the page at a URL.
func (f *Fetcher) get(ctx context.Context, rawURL string) (*page, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	p, err := f.follow(ctx, rawURL, maxPage, f.obeyRobots)
	if err != nil {
		return nil, &Error{Name: rawURL, Err: err, Hint: fetchHint(err)}
	}
	return p, nil
}

// follow fetches a URL and follows its redirects; allowed is asked before each request.
func (f *Fetcher) follow(ctx context.Context, rawURL string, limit int64, allowed func(context.Context, *url.URL) error) (*page, error) {
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil, err
	}
	for range maxRedirects + 1 {
		if err := checkURL(u); err != nil {
			return nil, err
		}
		if err := allowed(ctx, u); err != nil {
			return nil, err
		}
		p, next, err := f.request(ctx, u, limit)
		if err != nil || next == nil {
			return p, err
		}
		u = next
	}
	return nil, fmt.Errorf("over %d redirects", maxRedirects)
}

// checkURL refuses what is no plain web address.
func checkURL(u *url.URL) error {
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("%q is no web address: it begins with http:// or https://", u.Redacted())
	case u.Hostname() == "":
		return fmt.Errorf("%q names no host", u.Redacted())
	case u.User != nil:
		return errors.New("an address with a user name or password is not fetched")
	}
	return nil
}

// statusError is an answer that is not a page.
type statusError struct {
	code   int
	status string
}

func (e *statusError) Error() string { return "the server answered " + e.status }

// request makes one request; next is where a redirect leads to.
func (f *Fetcher) request(ctx context.Context, u *url.URL, limit int64) (p *page, next *url.URL, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, nil, err
	}
	req.Header.Set("User-Agent", userAgent)
	req.Header.Set("Accept", "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, application/feed+json, text/plain;q=0.9, */*;q=0.5")
	resp, err := f.client.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		next, err := resp.Location()
		if err != nil {
			return nil, nil, &statusError{resp.StatusCode, resp.Status}
		}
		return nil, next, nil
	}
	if resp.StatusCode != http.StatusOK {
		return nil, nil, &statusError{resp.StatusCode, resp.Status}
	}
	// The limit is on what the transport has decompressed.
	body, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err != nil {
		return nil, nil, err
	}
	if int64(len(body)) > limit {
		return nil, nil, fmt.Errorf("the page has over %d bytes", limit)
	}
	return &page{url: u.String(), mediaType: resp.Header.Get("Content-Type"), body: body}, nil, nil
}

// errRobots says that the site wants no robot at an address.
var errRobots = errors.New("the site's robots.txt asks programs not to read this address")

// obeyRobots asks the site's robots.txt whether the address may be read.
func (f *Fetcher) obeyRobots(ctx context.Context, u *url.URL) error {
	site := u.Scheme + "://" + u.Host
	f.mu.Lock()
	rules := f.robots[site]
	f.mu.Unlock()
	if rules == nil {
		var err error
		if rules, err = f.fetchRobots(ctx, site); err != nil {
			return err
		}
		f.mu.Lock()
		if len(f.robots) >= maxHosts {
			clear(f.robots)
		}
		f.robots[site] = rules
		f.mu.Unlock()
	}
	if !rules.TestAgent(u.RequestURI(), robotName) {
		return errRobots
	}
	return nil
}

// fetchRobots reads a site's robots.txt. As RFC 9309 has it, all is allowed
// where there is none, and nothing where the server fails.
func (f *Fetcher) fetchRobots(ctx context.Context, site string) (*robotstxt.RobotsData, error) {
	always := func(context.Context, *url.URL) error { return nil }
	p, err := f.follow(ctx, site+"/robots.txt", maxRobots, always)
	var status *statusError
	switch {
	case errors.As(err, &status):
		return robotstxt.FromStatusAndBytes(status.code, nil)
	case err != nil:
		return nil, err
	}
	rules, err := robotstxt.FromBytes(p.body)
	if err != nil {
		// A file that can't be understood forbids nothing.
		return robotstxt.FromStatusAndBytes(http.StatusNotFound, nil)
	}
	return rules, nil
}

// fetchHint says what the user can do about a failed fetch.
func fetchHint(err error) string {
	var status *statusError
	var dns *net.DNSError
	switch {
	case errors.Is(err, ssrf.ErrProhibitedIP), errors.Is(err, ssrf.ErrProhibitedNetwork), errors.Is(err, ssrf.ErrInvalidHostPort):
		return "addresses of private networks are never fetched; save the page and import the file"
	case errors.Is(err, ssrf.ErrProhibitedPort):
		return "only ports 80 and 443 are fetched from; save the page and import the file"
	case errors.Is(err, errRobots):
		return "save the page in a browser and import the file"
	case errors.As(err, &status) && (status.code == http.StatusNotFound || status.code == http.StatusGone):
		return "check the address"
	case errors.As(err, &status) && status.code >= 400 && status.code < 500:
		return "the site may want a login; save the page in a browser and import the file"
	case errors.As(err, &status), errors.Is(err, context.DeadlineExceeded):
		return "try again later"
	case errors.As(err, &dns):
		return "check the spelling of the address, and the network"
	}
	return ""
}

// isURL reports whether an argument is a web address and not a path.
func isURL(arg string) bool {
	scheme, _, ok := strings.Cut(arg, "://")
	return ok && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https"))
}
