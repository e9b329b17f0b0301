package bleveindex

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/index/amend"
	"github.com/whosaid/whosaid/quote"
)

// Sync applies what people decided since this was last done: removed articles
// are found no more, corrected ones are found as they are now. All of it is
// visible when Sync returns. It costs what the articles concerned cost.
func (x *Index) Sync(ctx context.Context) error {
	if x.people == nil {
		return nil
	}
	s, err := x.acquire()
	if err != nil {
		return err
	}
	todo, err := x.undone(ctx, s)
	x.done(s)
	if err == nil && len(todo) > 0 {
		err = x.write(ctx, func(s *snapshot) error { return x.sync(ctx, s) })
	}
	if err != nil {
		return fmt.Errorf("applying corrections to the index: %w", err)
	}
	if len(todo) > 0 {
		x.tidy(ctx)
	}
	return nil
}

// syncLocked is Sync for who holds the writer's lock.
func (x *Index) syncLocked(ctx context.Context) error {
	if x.people == nil {
		return nil
	}
	s, err := x.acquire()
	if err != nil {
		return err
	}
	defer x.done(s)
	return x.sync(ctx, s)
}

// decided is the number of the last decision in each scope.
func (x *Index) decided(ctx context.Context) (map[string]int, error) {
	numbers := map[string]int{}
	if x.people == nil {
		return numbers, nil
	}
	scopes, err := x.people.ChangedScopes(ctx)
	if err != nil {
		return nil, err
	}
	for _, scope := range scopes {
		state, err := x.people.State(ctx, scope)
		if err != nil {
			return nil, err
		}
		numbers[scope] = state.Seq
	}
	return numbers, nil
}

// undone are the scopes with decisions that the generation lacks.
func (x *Index) undone(ctx context.Context, s *snapshot) (map[string]int, error) {
	numbers, err := x.decided(ctx)
	maps.DeleteFunc(numbers, func(scope string, seq int) bool { return seq <= s.Applied[scope] })
	return numbers, err
}

// fate is what becomes of an article that a decision bears on.
type fate int

const (
	renamed fate = iota // only names of its speakers changed
	reread              // its quotes must be found anew
	removed
)

// fates are those of articles by ID; the severest counts.
type fates map[string]fate

func (f fates) add(id string, to fate) { f[id] = max(f[id], to) }

func (x *Index) sync(ctx context.Context, s *snapshot) error {
	todo, err := x.undone(ctx, s)
	if err != nil || len(todo) == 0 {
		return err
	}
	concerned := fates{}
	for scope := range todo {
		if err := x.concerned(ctx, s, scope, concerned); err != nil {
			return err
		}
	}
	var fresh []string
	for _, id := range slices.Sorted(maps.Keys(concerned)) {
		if concerned[id] != removed {
			fresh = append(fresh, id)
		}
	}
	next := s.next(s.names())
	if len(fresh) > 0 {
		name, err := x.build(ctx, x.engine.Version(), fresh, x.renew(s, concerned), nil)
		if err != nil {
			return err
		}
		next.Parts = append(next.Parts, name)
	}
	for _, p := range s.parts {
		for id := range concerned {
			if n, ok := p.byID()[id]; ok && !p.isDead(n) {
				next.bury(p.name, id, x.publisherIn(ctx, p, n))
			}
		}
	}
	if next.Applied == nil {
		next.Applied = map[string]int{}
	}
	maps.Copy(next.Applied, todo)
	for id := range concerned {
		x.texts.cache.Remove(id)
	}
	return x.publish(ctx, next)
}

// renew loads articles as decisions have them. Where only names changed, the
// quotes are taken over, which is a hundred times as fast as finding them.
func (x *Index) renew(s *snapshot, concerned fates) loader {
	return func(ctx context.Context, id string) (*corpus.Article, []index.Passage, error) {
		p := s.holder(id)
		if concerned[id] != renamed || p == nil || p.Engine != x.engine.Version() {
			return x.extract(ctx, id)
		}
		a, passages, err := x.reload(ctx, p, id)
		if err != nil {
			return a, passages, err
		}
		state, err := x.people.State(ctx, a.Scope)
		if err != nil {
			return nil, nil, err
		}
		nameSpeakers(state, passages)
		return a, passages, nil
	}
}

// holder is the part that has the article, nil for none.
func (s *snapshot) holder(id string) *part {
	for _, p := range s.parts {
		if n, ok := p.byID()[id]; ok && !p.isDead(n) {
			return p
		}
	}
	return nil
}

// names are the parts' names, those that can't be used left out.
func (s *snapshot) names() []string {
	names := make([]string, len(s.parts))
	for i, p := range s.parts {
		names[i] = p.name
	}
	return names
}

// publisherIn is that of article n of the part.
func (x *Index) publisherIn(ctx context.Context, p *part, n int32) string {
	if a, err := p.copies.article(int(n), p.articles[n].id); err == nil {
		return a.Publisher
	}
	return x.publisher(ctx, p.articles[n].id)
}

// publisher is that of an article, removed or not, "" when it can't be told.
func (x *Index) publisher(ctx context.Context, id string) string {
	if a, err := x.store.Get(ctx, id); err == nil {
		return a.Publisher
	}
	if x.people == nil {
		return ""
	}
	scopes, err := x.people.ChangedScopes(ctx)
	if err != nil {
		return ""
	}
	for _, scope := range scopes {
		if a, err := x.people.Removed(ctx, scope, id); err == nil {
			return a.Publisher
		}
	}
	return ""
}

// concerned adds the scope's articles that its new decisions bear on.
func (x *Index) concerned(ctx context.Context, s *snapshot, scope string, articles fates) error {
	all, err := x.people.Changes(ctx, scope, 0)
	if err != nil {
		return err
	}
	state, err := x.people.State(ctx, scope)
	if err != nil {
		return err
	}
	names := false // rules for them have changed
	for i, c := range all {
		if c.Seq <= s.Applied[scope] {
			continue
		}
		for _, o := range corpus.Concerned(c, all[:i+1]) {
			switch o.Action {
			case corpus.ActRemove, corpus.ActAdd, corpus.ActReplace, corpus.ActSpeaker, corpus.ActClear, corpus.ActAccept:
				to := reread
				if !state.Answers(o.Article) {
					to = removed
				}
				articles.add(o.Article, to)
				x.concernedVersions(o.Article, all[:i+1], state, articles)
			case corpus.ActMerge, corpus.ActRename, corpus.ActAlias, corpus.ActHide:
				names = true
			}
		}
	}
	if names {
		s.renamed(scope, state.Names, articles)
	}
	for id, to := range articles {
		// Of an article that is in no part and not in the corpus there is nothing to say.
		if to != removed && s.holder(id) == nil {
			if _, err := x.store.Get(ctx, id); err != nil {
				delete(articles, id)
			}
		}
	}
	return nil
}

// concernedVersions adds what an article replaces: that answers again when the
// adding of the article is taken back.
func (x *Index) concernedVersions(article string, changes []corpus.Change, state *corpus.State, articles fates) {
	for _, c := range changes {
		if c.Action == corpus.ActReplace && c.Newer == article {
			to := reread
			if !state.Answers(c.Article) {
				to = removed
			}
			articles.add(c.Article, to)
		}
	}
}

// renamed adds the scope's articles of which the rules for names, as they are
// now, make other speakers than the parts have. Each speaker of a part is looked at once.
func (s *snapshot) renamed(scope string, rules []corpus.NameRule, articles fates) {
	for _, p := range s.parts {
		if !p.holds(scope) {
			continue
		}
		changes := map[[2]int]bool{} // by speaker and who that was found to be
		for n, a := range p.articles {
			if a.scope == scope && !p.isDead(int32(n)) && p.renames(n, rules, changes) {
				articles.add(a.id, renamed)
			}
		}
	}
}

// sameSpeaker reports whether all that is known of the two is the same.
func sameSpeaker(a, b *quote.Speaker) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Name == b.Name && a.Type == b.Type && a.Role == b.Role && slices.Equal(a.Aliases, b.Aliases)
}

// renames reports whether the rules change a speaker of article n. changes are known answers.
func (p *part) renames(n int, rules []corpus.NameRule, changes map[[2]int]bool) bool {
	for row := p.articles[n].first; row < p.end(n); row++ {
		_, speaker, found, ok := p.rowSpeaker(row)
		if !ok || speaker < 0 && found < 0 {
			continue
		}
		changed, known := changes[[2]int{speaker, found}]
		if !known {
			now, was := p.speaker(speaker+1), p.speaker(found+1)
			changed = !sameSpeaker(now, amend.Speaker(rules, cmp.Or(was, now)))
			changes[[2]int{speaker, found}] = changed
		}
		if changed {
			return true
		}
	}
	return false
}
