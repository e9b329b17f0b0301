package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver

	"github.com/whosaid/whosaid/index"
)

// fts5 is SQLite's full-text search over the same passages: the words of a
// passage and those around a quote, stemmed, no text stored.
type fts5 struct {
	db   *sql.DB
	took time.Duration
	size int64
}

func openFTS5(ctx context.Context, path string, c *made) (*fts5, error) {
	_, missing := os.Stat(path)
	db, err := sql.Open("sqlite", path+"?_pragma=journal_mode(off)&_pragma=synchronous(off)")
	if err != nil {
		return nil, err
	}
	f := &fts5{db: db}
	if missing != nil {
		start := time.Now()
		if err := f.build(ctx, c); err != nil {
			return nil, err
		}
		f.took = time.Since(start)
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	f.size = info.Size()
	return f, nil
}

func (f *fts5) build(ctx context.Context, c *made) error {
	for _, q := range []string{
		`CREATE VIRTUAL TABLE passages USING fts5(text, context, content='', detail=full, tokenize='porter unicode61')`,
		`CREATE VIRTUAL TABLE names USING fts5(name, quotes UNINDEXED, prefix='1 2 3')`,
	} {
		if _, err := f.db.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	tx, err := f.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // after a commit it does nothing
	insert, err := tx.PrepareContext(ctx, `INSERT INTO passages(rowid, text, context) VALUES (?, ?, ?)`)
	if err != nil {
		return err
	}
	row, said := 0, map[string]int{}
	for _, a := range c.articles {
		for _, p := range index.Passages(a, c.quotes[a.Text]) {
			row++
			around := strings.Replace(p.Context, p.Text, "", 1)
			if _, err := insert.ExecContext(ctx, row, p.Text, around); err != nil {
				return err
			}
			if p.Speaker != nil {
				said[p.Speaker.Name]++
			}
		}
	}
	for name, n := range said {
		if _, err := tx.ExecContext(ctx, `INSERT INTO names(name, quotes) VALUES (?, ?)`, name, n); err != nil {
			return err
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	for _, table := range []string{"passages", "names"} {
		if _, err := f.db.ExecContext(ctx, fmt.Sprintf(`INSERT INTO %s(%s) VALUES ('optimize')`, table, table)); err != nil {
			return err
		}
	}
	return nil
}

func (f *fts5) name() string                  { return "FTS5" }
func (f *fts5) built() (time.Duration, int64) { return f.took, f.size }

func (f *fts5) do(ctx context.Context, t task) (bool, error) {
	switch t.kind {
	case taskComplete, taskTypo:
		return f.complete(ctx, t)
	}
	rows, err := f.db.QueryContext(ctx, `SELECT rowid FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT 100`, anyOf(t.words))
	if err != nil {
		return false, err
	}
	defer rows.Close()
	for rows.Next() {
	}
	return false, rows.Err()
}

func (f *fts5) complete(ctx context.Context, t task) (right bool, err error) {
	words := strings.Fields(t.text)
	last := len(words) - 1
	match := strings.Join(append(words[:last:last], words[last]+"*"), " ")
	rows, err := f.db.QueryContext(ctx, `SELECT name FROM names WHERE names MATCH ? ORDER BY quotes DESC LIMIT 25`, match)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return false, err
		}
		right = right || name == t.speaker
	}
	return right, rows.Err()
}
