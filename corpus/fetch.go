package corpus

import (
	"cmp"
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
)

// Limits of what is fetched.
const (
	maxPage      = 8 << 20   // bytes of a page or feed, decompressed
	maxRobots    = 500 << 10 // bytes of a robots.txt, as RFC 9309 advises
	maxRedirects = 5
	maxHosts     = 1000             // sites remembered
	fetchTimeout = 30 * time.Second // of one request, its answer included
)

// robotName is what robots.txt files know this program by.
const robotName = "whosaid"

// userAgent is what is sent to servers.
const userAgent = robotName + "/1.0 (+https://github.com/whosaid/whosaid)"

// FetchOptions tell [NewFetcher] what to allow. The zero value has all the safeguards on.
type FetchOptions struct {
	// AllowLoopback lets requests reach this machine, on any port. It is for
	// tests: with it on, whoever chooses a URL reaches what listens here.
	AllowLoopback bool
	// Resolver looks names up; nil means the system's way.
	Resolver *net.Resolver
	// Pause is the least time between two requests to a site; 0 means a second.
	// A site's robots.txt may ask for more.
	Pause time.Duration
	// Backoff is the wait before the first of maxRetries retries, and doubles with each; 0 means a second.
	Backoff time.Duration
}

// Fetcher fetches pages whose URLs strangers may have chosen. Addresses of private
// and other special networks are refused after name resolution, at every dial,
// so neither a redirect nor a name that resolves differently the second time
// gets there. Sizes, times and redirects are bounded, robots.txt is respected, a site
// gets its requests one by one with a pause between, and those that fail for the moment are made
// again.
//
// A Fetcher is safe for use by several goroutines. Close ends its idle connections.
type Fetcher struct {
	client *http.Client
	pace   *pace
	opt    FetchOptions

	mu     sync.Mutex
	robots map[string]robotsFile // by scheme and host
}

// NewFetcher makes a Fetcher.
func NewFetcher(opt FetchOptions) *Fetcher {
	var allow []ssrf.Option
	if opt.AllowLoopback {
		allow = append(allow, ssrf.WithAnyPort(),
			ssrf.WithAllowedV4Prefixes(netip.MustParsePrefix("127.0.0.0/8")),
			ssrf.WithAllowedV6Prefixes(netip.MustParsePrefix("::1/128")))
	}
	opt.Pause, opt.Backoff = cmp.Or(opt.Pause, time.Second), cmp.Or(opt.Backoff, time.Second)
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: ssrf.New(allow...).Safe, Resolver: opt.Resolver}
	return &Fetcher{
		robots: map[string]robotsFile{},
		pace:   newPace(opt.Pause),
		opt:    opt,
		client: &http.Client{
			// Redirects are followed by follow, which checks each.
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
	url        string // after redirects
	mediaType  string // the Content-Type
	body       []byte
	validators validators
	unchanged  bool // there is no body: the page is as the validators say
}

// validators tell the version of a page (RFC 9110, section 8.8); either may be "".
type validators struct{ etag, modified string }

// get fetches the page at a URL.
func (f *Fetcher) get(ctx context.Context, rawURL string) (*page, error) {
	return f.getIf(ctx, rawURL, validators{})
}

// getIf fetches the page at a URL unless it is the version that is known already.
func (f *Fetcher) getIf(ctx context.Context, rawURL string, known validators) (*page, error) {
	for try := 0; ; try++ {
		p, err := f.follow(ctx, rawURL, request{limit: maxPage, allowed: f.obeyRobots, known: known})
		if err == nil {
			return p, nil
		}
		wait, again := f.retryAfter(err, try)
		if !again || ctx.Err() != nil || sleep(ctx, wait) != nil {
			return nil, &Error{Name: rawURL, Err: err, Hint: fetchHint(err)}
		}
	}
}

// request is what is asked of each address on the way to a page.
type request struct {
	limit   int64 // bytes of the page
	allowed func(context.Context, *url.URL) error
	known   validators
}

// follow fetches a URL and follows its redirects.
func (f *Fetcher) follow(ctx context.Context, rawURL string, r request) (*page, error) {
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil, err
	}
	for range maxRedirects + 1 {
		if err := checkURL(u); err != nil {
			return nil, err
		}
		if err := r.allowed(ctx, u); err != nil {
			return nil, err
		}
		p, next, err := f.ask(ctx, u, r)
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
	after  string // Retry-After
}

func (e *statusError) Error() string { return "the server answered " + e.status }

// ask makes one request when it is the site's turn; next is where a redirect leads to.
func (f *Fetcher) ask(ctx context.Context, u *url.URL, r request) (p *page, next *url.URL, err error) {
	if err := f.pace.wait(ctx, u.Host); err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	req, err := newRequest(ctx, u, r.known)
	if err != nil {
		return nil, nil, err
	}
	resp, err := f.client.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	failed := &statusError{resp.StatusCode, resp.Status, resp.Header.Get("Retry-After")}
	p = &page{url: u.String(), mediaType: resp.Header.Get("Content-Type"),
		validators: validators{resp.Header.Get("ETag"), resp.Header.Get("Last-Modified")}}
	switch {
	case resp.StatusCode == http.StatusNotModified && r.known != (validators{}):
		p.unchanged, p.validators = true, r.known
		return p, nil, nil
	case resp.StatusCode >= 300 && resp.StatusCode < 400:
		next, err := resp.Location()
		if err != nil {
			return nil, nil, failed
		}
		return nil, next, nil
	case resp.StatusCode != http.StatusOK:
		return nil, nil, failed
	}
	// The limit is on what the transport has decompressed.
	p.body, err = io.ReadAll(io.LimitReader(resp.Body, r.limit+1))
	if err != nil {
		return nil, nil, err
	}
	if int64(len(p.body)) > r.limit {
		return nil, nil, fmt.Errorf("the page has over %d bytes", r.limit)
	}
	return p, nil, nil
}

func newRequest(ctx context.Context, u *url.URL, known validators) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", userAgent)
	req.Header.Set("Accept", "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, application/feed+json, text/plain;q=0.9, */*;q=0.5")
	if known.etag != "" {
		req.Header.Set("If-None-Match", known.etag)
	}
	if known.modified != "" {
		req.Header.Set("If-Modified-Since", known.modified)
	}
	return req, nil
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
	case errors.As(err, &status) && (status.code == http.StatusTooManyRequests || status.code == http.StatusRequestTimeout):
		return "try again later"
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
