package corpus

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSourcesOfSitemaps(t *testing.T) {
	urlset := func(entries string) string {
		return `<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">` + entries + `</urlset>`
	}
	srv := site(t, map[string]http.HandlerFunc{"/bare": serve("text/html", "<p>"+tinyArticle)})
	loc := func(path string) string { return "<loc>" + srv.URL + path + "</loc>" }
	news := urlset(`<url>` + loc("/bare") + `<lastmod>2021-03-05</lastmod><news:news><news:publication><news:name>Coast Wire</news:name><news:language>en</news:language></news:publication>
<news:publication_date>2021-03-05T08:00:00Z</news:publication_date><news:title>Ferry to stop</news:title></news:news></url>`)
	mux := srv.Config.Handler.(*http.ServeMux)
	files := map[string]string{
		"/plain.xml":    urlset(`<url>` + loc("/bare") + `</url><url><loc>file:///etc/passwd</loc></url><url>` + loc("/gone") + `</url>`),
		"/news.xml":     news,
		"/packed.gz":    string(gzipOf(t, []byte(news))),
		"/index.xml":    `<sitemapindex><sitemap>` + loc("/packed.gz") + `</sitemap><sitemap>` + loc("/missing.xml") + `</sitemap><sitemap>` + loc("/plain.xml") + `</sitemap></sitemapindex>`,
		"/circle.xml":   `<sitemapindex><sitemap>` + loc("/circle.xml") + `</sitemap><sitemap>` + loc("/circle.xml") + `</sitemap></sitemapindex>`,
		"/broken.xml":   "<urlset><url>" + loc("/bare") + "</url><url><loc",
		"/pictures.xml": `<sitemapindex><sitemap>` + loc("/bare") + `</sitemap></sitemapindex>`,
	}
	for path, body := range files {
		mux.HandleFunc(path, serve("application/xml", body))
	}
	for _, tt := range []struct {
		path string
		want []string
		err  string
	}{
		{"/plain.xml", []string{"||", "ERROR"}, ""},
		{"/news.xml", []string{"Ferry to stop|Coast Wire|2021-03-05"}, ""},
		{"/packed.gz", []string{"Ferry to stop|Coast Wire|2021-03-05"}, ""},
		{"/index.xml", []string{"Ferry to stop|Coast Wire|2021-03-05", "||", "ERROR"}, "missing.xml: the server answered 404"},
		{"/circle.xml", nil, ""},
		{"/broken.xml", []string{"||"}, "read the sitemap after 1 pages"},
		{"/pictures.xml", nil, "this is no sitemap"},
	} {
		sources, err := Sources(t.Context(), []string{srv.URL + tt.path}, SourceOptions{Fetcher: loopbackFetcher(t)})
		if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
			t.Errorf("%s: %v, want %q", tt.path, err, tt.err)
		}
		var got []string
		for _, s := range sources {
			if a, err := only(s.Read(t.Context())); err != nil {
				got = append(got, "ERROR")
			} else {
				got = append(got, a.Title+"|"+a.Publisher+"|"+a.Date)
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.path, diff)
		}
	}
}

// A sitemap names any number of pages; so many are read.
func TestSitemapsAreBounded(t *testing.T) {
	var b strings.Builder
	b.WriteString("<urlset>")
	for i := range maxSitemapPages + 10 {
		fmt.Fprintf(&b, "<url><loc>https://x.example/%d</loc></url>", i)
	}
	sources, err := sitemapSources(t.Context(), &page{url: "https://x.example/sitemap.xml", body: []byte(b.String())}, SourceOptions{})
	if len(sources) != maxSitemapPages || err != nil || !slices.IsSortedFunc(sources[:2], func(a, b Source) int { return strings.Compare(a.Name, b.Name) }) {
		t.Errorf("%d pages, %v", len(sources), err)
	}
}
