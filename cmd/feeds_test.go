package cmd

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index"
)

// TestFeedsFeedTheirServer: what is new in a feed answers in the server that
// watches it, and there alone; a feed that is gone is told once.
func TestFeedsFeedTheirServer(t *testing.T) {
	gone := false
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/feed" && gone:
			w.WriteHeader(http.StatusGone)
		case r.URL.Path == "/feed":
			w.Header().Set("Content-Type", "application/rss+xml")
			fmt.Fprintf(w, `<rss version="2.0"><channel><title>Reed Times</title><item><title>Reeds</title><link>http://%s/reeds</link></item></channel></rss>`, r.Host)
		case r.URL.Path == "/reeds":
			w.Header().Set("Content-Type", "text/html")
			io.WriteString(w, `<html><head><title>Reeds</title></head><body><article><h1>Reeds</h1>
<p>The marsh was quiet on Sunday, and the people of the village came to look at what the storm had left of it.</p>
<p>“The reeds will grow again before summer,” said Juno Harlek, a warden, who has looked after the marsh for twenty years.</p>
<p>Nobody else had come so early, and the boats lay where they had lain the evening before, under their covers.</p></article></body></html>`)
		default:
			http.NotFound(w, r)
		}
	}))
	defer site.Close()
	a := &app{IO: IO{Out: t.Output(), Err: t.Output()}, log: slog.New(slog.DiscardHandler)}
	a.settings.Data = t.TempDir()
	lib, err := a.openToWrite(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer lib.close()
	c := newCurator(lib, a.log)
	c.fetcher.Close()
	c.fetcher = corpus.NewFetcher(corpus.FetchOptions{AllowLoopback: true})
	defer c.close()
	if _, err := c.Decide(t.Context(), corpus.Change{Scope: "77", By: "9", Action: corpus.ActAddFeed, URL: site.URL + "/feed"}); err != nil {
		t.Fatal(err)
	}
	told := 0
	w := c.watcher(func(context.Context, corpus.FeedNews) error { told++; return nil })
	feeds, err := c.watched(t.Context())
	if err != nil || len(feeds) != 1 {
		t.Fatalf("%v are watched, %v", feeds, err)
	}
	if state, err := w.Check(t.Context(), feeds[0]); err != nil || state.Articles != 1 {
		t.Fatalf("a visit: %+v, %v", state, err)
	}
	for scope, want := range map[string]int{"77": 1, "78": 0, corpus.SharedScope: 0} {
		r, err := lib.idx.Search(t.Context(), index.Query{Scopes: []string{scope}, Speaker: "Juno Harlek"})
		if err != nil || r.Total != want {
			t.Errorf("in %s, %d quotes are found, want %d (%v)", scope, r.Total, want, err)
		}
	}
	gone = true
	for range 3 {
		if _, err := w.Check(t.Context(), feeds[0]); err != nil {
			t.Fatal(err)
		}
	}
	if told != 1 {
		t.Errorf("that the feed is gone was told %d times", told)
	}
}

// TestFeedsUpdateArticles: what a feed gives anew at an address that is known takes the
// older version's place in answers; that is in the log as the feed's doing, and an undo
// brings the older one back.
func TestFeedsUpdateArticles(t *testing.T) {
	a := &app{IO: IO{Out: t.Output(), Err: t.Output()}, log: slog.New(slog.DiscardHandler)}
	a.settings.Data = t.TempDir()
	lib, err := a.openToWrite(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer lib.close()
	c := newCurator(lib, a.log)
	defer c.close()
	feed := corpus.WatchedFeed{Scope: "77", URL: "https://reed.example/feed"}
	give := func(said string) {
		t.Helper()
		text := "Reeds\n\nThe marsh was quiet on Sunday, and the people of the village came to look at what the storm had left of it.\n\n" +
			"“" + said + ",” said Juno Harlek, a warden, who has looked after the marsh for twenty years.\n"
		in := corpus.Input{Name: "reeds.txt", URL: "https://reed.example/reeds", Data: strings.NewReader(text)}
		for article, err := range corpus.Read(t.Context(), in) {
			if err != nil {
				t.Fatal(err)
			}
			if err := c.fromFeed(t.Context(), feed, []*corpus.Article{article}); err != nil {
				t.Fatal(err)
			}
		}
	}
	said := func(want string) {
		t.Helper()
		r, err := lib.idx.Search(t.Context(), index.Query{Scopes: []string{"77"}, Speaker: "Juno Harlek"})
		if err != nil || r.Total != 1 || !strings.Contains(r.Hits[0].Text, want) {
			t.Errorf("found %+v, %v; want only %q", r.Hits, err, want)
		}
	}
	give("The reeds will grow again before summer")
	said("before summer")
	give("The reeds will grow again before winter")
	said("before winter")
	give("The reeds will grow again before winter") // once more the same
	said("before winter")
	changes, err := lib.store.Changes(t.Context(), "77", 0)
	if err != nil || len(changes) != 1 || changes[0].Action != corpus.ActReplace || changes[0].By != corpus.ByFeed {
		t.Fatalf("the log has %+v, %v; want one replacement by the feed", changes, err)
	}
	if _, err := c.Decide(t.Context(), corpus.Change{Scope: "77", By: "9", Action: corpus.ActUndo, Of: changes[0].Seq}); err != nil {
		t.Fatal(err)
	}
	r, err := lib.idx.Search(t.Context(), index.Query{Scopes: []string{"77"}, Speaker: "Juno Harlek"})
	if err != nil || r.Total != 2 {
		t.Errorf("after the undo %d quotes are found (%v), want both versions'", r.Total, err)
	}
}
