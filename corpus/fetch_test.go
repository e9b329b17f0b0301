package corpus

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// site is a web server on loopback; paths that it has no handler for are 404.
func site(t *testing.T, handlers map[string]http.HandlerFunc) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	for path, h := range handlers {
		mux.HandleFunc(path, h)
	}
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	return srv
}

// serve answers with a body of a media type.
func serve(mediaType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", mediaType)
		io.WriteString(w, body)
	}
}

// loopbackFetcher is one that may reach the tests' servers.
func loopbackFetcher(t *testing.T) *Fetcher {
	t.Helper()
	f := NewFetcher(FetchOptions{AllowLoopback: true, Pause: time.Microsecond, Backoff: time.Millisecond})
	t.Cleanup(f.Close)
	return f
}

func testPage(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("testdata/articles/page.html")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// No address of a special network is dialled, however it is written.
func TestPrivateAddressesAreRefused(t *testing.T) {
	var reached atomic.Int32
	srv := site(t, map[string]http.HandlerFunc{"/": func(http.ResponseWriter, *http.Request) { reached.Add(1) }})
	_, port, _ := strings.Cut(strings.TrimPrefix(srv.URL, "http://"), ":")
	f := NewFetcher(FetchOptions{Pause: time.Microsecond, Backoff: time.Millisecond})
	defer f.Close()
	for _, host := range []string{
		"127.0.0.1", "127.1.2.3", "localhost", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
		"224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "2130706433", "0x7f000001", "017700000001", "127.1", "0",
		"[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:169.254.169.254]", "[fe80::1]", "[fc00::1]", "[fd00::1]",
		"[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[ff02::1]", "[2001:db8::1]", "127.0.0.1.", "①②⑦.0.0.1",
	} {
		for _, address := range []string{"http://" + host + "/", "http://" + host + ":" + port + "/", "https://" + host + "/x"} {
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			if p, err := f.get(ctx, address); err == nil {
				t.Errorf("%s was fetched: %q", address, p.body)
			}
			cancel()
		}
	}
	if n := reached.Load(); n != 0 {
		t.Errorf("the server on loopback got %d requests", n)
	}
}

func TestAddressesThatAreNoWebPages(t *testing.T) {
	f := loopbackFetcher(t)
	for address, want := range map[string]string{
		"file:///etc/passwd":       "no web address",
		"gopher://127.0.0.1/":      "no web address",
		"http://":                  "names no host",
		"http:///x":                "names no host",
		"http://u:p@127.0.0.1/":    "user name or password",
		"http://127.0.0.1:99999/":  "invalid port",
		"http://a b/":              "invalid character",
		"http://[::1/":             "missing ']'",
		"http://127.0.0.1:1/":      "refused",
		"http://nowhere.invalid./": "nowhere.invalid",
	} {
		if _, err := f.get(t.Context(), address); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", address, err, want)
		}
	}
}

// A page may redirect to anywhere, and a name may resolve to anything: what
// counts is the address that is dialled.
func TestRedirectsAreCheckedAtEveryHop(t *testing.T) {
	srv := site(t, map[string]http.HandlerFunc{
		"/private": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://10.0.0.1/", http.StatusFound)
		},
		"/file": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		},
		"/meta": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://[::ffff:a9fe:a9fe]/", http.StatusFound)
		},
		"/loop":    func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) },
		"/nowhere": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusFound) },
		"/once": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/page", http.StatusMovedPermanently)
		},
		"/page": serve("text/html", testPage(t)),
	})
	f := loopbackFetcher(t)
	for path, want := range map[string]string{
		"/private": "prohibited IP address",
		"/file":    "no web address",
		"/meta":    "prohibited IP address",
		"/loop":    "over 5 redirects",
		"/nowhere": "302",
	} {
		if _, err := f.get(t.Context(), srv.URL+path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
	p, err := f.get(t.Context(), srv.URL+"/once")
	if err != nil || p.url != srv.URL+"/page" {
		t.Errorf("/once: %+v, %v", p, err)
	}
}

// A name that resolves to a public address first and to a private one then gains
// nothing: there is one resolution a dial, and the dialled address is what is checked.
func TestRebindingIsRefusedAtTheDial(t *testing.T) {
	f := NewFetcher(FetchOptions{})
	defer f.Close()
	transport := f.client.Transport.(*http.Transport)
	for _, address := range []string{"127.0.0.1:80", "[::1]:443", "localhost:80", "[::ffff:127.0.0.1]:80", "10.1.2.3:443"} {
		if c, err := transport.DialContext(t.Context(), "tcp", address); err == nil {
			c.Close()
			t.Errorf("%s was dialled", address)
		} else if !strings.Contains(err.Error(), "prohibited") {
			t.Errorf("%s: %v", address, err)
		}
	}
	if transport.Proxy != nil {
		t.Error("a proxy would dial unchecked")
	}
}

func TestPagesAreBounded(t *testing.T) {
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	zeros := make([]byte, 1<<20)
	for range 2 * maxPage >> 20 {
		z.Write(zeros)
	}
	z.Close()
	srv := site(t, map[string]http.HandlerFunc{
		"/bomb": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(bomb.Bytes())
		},
		"/endless": func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(zeros); err != nil {
					return
				}
			}
		},
		"/header": func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X", strings.Repeat("x", 1<<20)) },
		"/slow":   func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	})
	f := loopbackFetcher(t)
	for path, want := range map[string]string{"/bomb": "has over", "/endless": "has over", "/header": "server response headers exceeded"} {
		if _, err := f.get(t.Context(), srv.URL+path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := f.get(ctx, srv.URL+"/slow"); err == nil || !strings.Contains(err.Error(), "try again later") {
		t.Errorf("/slow: %v", err)
	}
}

func TestRobots(t *testing.T) {
	tests := []struct {
		name   string
		robots http.HandlerFunc
		want   string // "" when the page may be read
	}{
		{"there is none", http.NotFound, ""},
		{"all may", serve("text/plain", "User-agent: *\nDisallow:\n"), ""},
		{"nobody may", serve("text/plain", "User-agent: *\nDisallow: /\n"), "robots.txt"},
		{"we may not", serve("text/plain", "User-agent: whosaid\nDisallow: /news\n\nUser-agent: *\nAllow: /\n"), "robots.txt"},
		{"others may not", serve("text/plain", "User-agent: otherbot\nDisallow: /\n"), ""},
		{"the server fails", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, "robots.txt"},
		{"it redirects to a private network", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://192.168.0.1/robots.txt", http.StatusFound)
		}, "prohibited"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var asked atomic.Int32
			srv := site(t, map[string]http.HandlerFunc{
				"/robots.txt": func(w http.ResponseWriter, r *http.Request) { asked.Add(1); tt.robots(w, r) },
				"/news":       serve("text/html", testPage(t)),
			})
			f := loopbackFetcher(t)
			for range 2 {
				_, err := f.get(t.Context(), srv.URL+"/news")
				if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
					t.Errorf("get: %v, want %q", err, tt.want)
				}
			}
			if n := asked.Load(); n != 1 && tt.want != "prohibited" {
				t.Errorf("robots.txt was asked for %d times", n)
			}
		})
	}
}

func TestSourcesOfAPage(t *testing.T) {
	var agent string
	srv := site(t, map[string]http.HandlerFunc{"/ferry": func(w http.ResponseWriter, r *http.Request) {
		agent = r.UserAgent()
		serve("text/html; charset=utf-8", testPage(t))(w, r)
	}})
	sources, err := Sources(t.Context(), []string{srv.URL + "/ferry"}, SourceOptions{Scope: "42", Fetcher: loopbackFetcher(t)})
	if err != nil || len(sources) != 1 {
		t.Fatalf("%d sources, %v", len(sources), err)
	}
	a := readOnly(t, sources[0])
	if a.Title != "Night ferry stays after all" || a.URL != srv.URL+"/ferry" || a.File != "" || a.Scope != "42" {
		t.Errorf("title %q, URL %q, file %q, scope %q", a.Title, a.URL, a.File, a.Scope)
	}
	if !strings.HasPrefix(agent, "whosaid/") {
		t.Errorf("User-Agent %q", agent)
	}
}

func readOnly(t *testing.T, s Source) *Article {
	t.Helper()
	a, err := only(s.Read(t.Context()))
	if err != nil {
		t.Fatalf("%s: %v", s.Name, err)
	}
	return a
}

func TestSourcesOfFeeds(t *testing.T) {
	const rss = `<?xml version="1.0"?><rss version="2.0"><channel><title>Coast Wire</title><language>en-gb</language>
<item><title>Night ferry</title><link>/ferry</link><pubDate>Mon, 08 Mar 2021 22:15:00 +0100</pubDate></item>
<item><title>Mill closes</title><link>/gone</link><author>ida@x.example (Ida Brock)</author><pubDate>Tue, 09 Mar 2021 08:00:00 GMT</pubDate>
<description>&lt;p&gt;“It was time,” said its owner.&lt;/p&gt;</description></item>
<item><title>Nothing</title><link>/gone2</link></item></channel></rss>`
	const atomFeed = `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Coast Wire</title>
<entry><title>Night ferry</title><link href="/ferry"/><updated>2021-03-08T22:15:00Z</updated></entry></feed>`
	const jsonFeed = `{"version":"https://jsonfeed.org/version/1.1","title":"Coast Wire","items":[
{"id":"1","url":"/gone","title":"Mill closes","content_html":"<p>“It was time,” said its owner.</p>","date_published":"2021-03-09T08:00:00Z"}]}`
	srv := site(t, map[string]http.HandlerFunc{
		"/rss": serve("application/rss+xml", rss), "/atom": serve("text/xml", atomFeed), "/json": serve("application/feed+json", jsonFeed),
		"/broken": serve("application/rss+xml", `<?xml version="1.0"?><rss version="2.0"><channel><item>`),
		"/ferry":  serve("text/html", testPage(t)),
	})
	opt := SourceOptions{Fetcher: loopbackFetcher(t)}
	for path, want := range map[string][]string{
		"/rss":  {"Night ferry stays after all|The Harbour Post|2021-03-08", "Mill closes|Coast Wire|2021-03-09", "ERROR"},
		"/atom": {"Night ferry stays after all|The Harbour Post|2021-03-08"},
		"/json": {"Mill closes|Coast Wire|2021-03-09"},
	} {
		sources, err := Sources(t.Context(), []string{srv.URL + path}, opt)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		var got []string
		for _, s := range sources {
			if a, err := only(s.Read(t.Context())); err != nil {
				got = append(got, "ERROR")
			} else {
				got = append(got, a.Title+"|"+a.Publisher+"|"+a.Date)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s:\n%s", path, diff)
		}
	}
	if _, err := Sources(t.Context(), []string{srv.URL + "/broken"}, opt); err == nil || !strings.Contains(err.Error(), "feed") {
		t.Errorf("/broken: %v", err)
	}
}

func TestSourcesOfPaths(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	write := func(path string) string {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("“It was time,” said its owner."), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	b, a, deep := write(filepath.Join(dir, "b.txt")), write(filepath.Join(dir, "a.txt")), write(filepath.Join(dir, "sub", "c.txt"))
	write(filepath.Join(dir, ".hidden"))
	write(filepath.Join(dir, ".git", "x.txt"))
	secret := write(filepath.Join(outside, "secret.txt"))
	for link, to := range map[string]string{"link.txt": secret, "linked": outside, "dangling": "nowhere"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Skipf("no symbolic links here: %v", err)
		}
	}
	tests := []struct {
		name string
		args []string
		want []string
		err  string
	}{
		{"a folder", []string{dir}, []string{a, b, deep}, ""},
		{"files, in the order given", []string{b, a}, []string{b, a}, ""},
		{"a link that is named", []string{filepath.Join(dir, "link.txt")}, []string{filepath.Join(dir, "link.txt")}, ""},
		{"a link to a folder that is named", []string{filepath.Join(dir, "linked")}, []string{filepath.Join(dir, "linked", "secret.txt")}, ""},
		{"what is not there, and the rest", []string{filepath.Join(dir, "nothing"), a}, []string{a}, "nothing: no such file or directory (check the path"},
		{"nothing", nil, nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sources, err := Sources(t.Context(), tt.args, SourceOptions{})
			if fmt.Sprint(err) != "<nil>" && tt.err == "" || tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
				t.Errorf("error %v, want %q", err, tt.err)
			}
			var got []string
			for _, s := range sources {
				got = append(got, s.Name)
				if a := readOnly(t, s); a.File != filepath.Base(s.Name) {
					t.Errorf("%s: file %q", s.Name, a.File)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
