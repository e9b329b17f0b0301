package quote

import "strings"

// region is a stretch of text in quotation marks: words [first, end), marks
// included. An unbalanced region lacks one of its marks.
type region struct {
	first, end int
	opened     bool // has an opening mark
	closed     bool // has a closing mark; a continued quote has none
	nested     bool // lies within another region
	kind       markKind
	// continues is set when the previous paragraph left its quote open and this
	// region, which begins the next paragraph, goes on with it.
	continues bool
}

// markKind groups the marks that may close one another.
type markKind uint8

const (
	noMark markKind = iota
	straight
	curly  // “ ” and „ “
	angled // « » and » «
	single // ‘ ’ and ' '
	singleAngled
)

// maxMarkDepth bounds how many marks can be open at once, and so the time that
// a text of nothing but marks takes.
const maxMarkDepth = 6

// kindOfMark tells which kind of quotation mark s is, if any, and whether its
// form alone says that it opens (+1) or closes (-1).
func kindOfMark(s string) (markKind, int) {
	switch s {
	case "\"", "''":
		return straight, 0
	case "``":
		return straight, +1
	case "“":
		return curly, +1
	case "”":
		return curly, -1
	case "„":
		return curly, +1
	case "«", "»":
		return angled, 0
	case "‘", "‚":
		return single, +1
	case "’", "'":
		return single, 0
	case "‹", "›":
		return singleAngled, 0
	}
	return noMark, 0
}

// openMark is a mark waiting for its partner.
type openMark struct {
	kind markKind
	low  bool // „ or ‚: closed by the high mark that opens elsewhere
	at   int
}

// marker pairs the marks of one paragraph after another.
type marker struct {
	a     *analysis
	open  []openMark
	found []region
	// pending is the kind of mark that the previous paragraph left open, or noMark.
	pending markKind
}

// pairMarks finds the document's quoted regions, in order of their first word,
// and tells every word which outermost region it lies in.
//
// Marks are paired within a paragraph. A quote left open at a paragraph's end
// goes on in the next one when that begins with an opening mark, as is the
// custom for quotes over several paragraphs.
func (a *analysis) pairMarks() {
	m := marker{a: a}
	for _, r := range a.paraWords {
		before := len(m.found)
		m.pending = m.paragraph(r)
		sortRegions(m.found[before:])
	}
	a.regions = m.found
	for i := range a.regions {
		r := &a.regions[i]
		if int(a.words[r.first].region) >= 0 {
			r.nested = true
			continue
		}
		for k := r.first; k < r.end; k++ {
			a.words[k].region = int32(i)
		}
	}
}

// sortRegions orders regions by first word, the longer first; they come almost
// sorted, in order of their ends.
func sortRegions(rs []region) {
	for i := 1; i < len(rs); i++ {
		for k := i; k > 0 && rs[k].first < rs[k-1].first; k-- {
			rs[k], rs[k-1] = rs[k-1], rs[k]
		}
	}
}

// paragraph pairs the marks of words r and returns the kind of quote left open.
func (m *marker) paragraph(r wordRange) markKind {
	a := m.a
	m.open = m.open[:0]
	nth, before := 0, len(m.found)
	odd := m.countStraight(r)%2 == 1
	for i := r.first; i < r.end; i++ {
		kind, dir := kindOfMark(a.raw(i))
		if kind == noMark || m.isUnit(i, kind) {
			continue
		}
		nth++
		low := strings.HasPrefix(a.raw(i), "„") || strings.HasPrefix(a.raw(i), "‚")
		if m.closes(i, r, kind, dir, odd) {
			m.close(i, kind, r, nth == 1)
			continue
		}
		if kind == single && !m.singleOpens(i) {
			continue
		}
		if len(m.open) < maxMarkDepth {
			m.open = append(m.open, openMark{kind, low, i})
		}
	}
	for i := before; i < len(m.found); i++ {
		if x := &m.found[i]; x.first == r.first && x.opened {
			x.continues = x.kind == m.pending
		}
	}
	return m.leftOpen(r)
}

// countStraight counts the straight double marks of a paragraph: with an even
// number they can be paired in turn, whatever the spaces around them.
func (m *marker) countStraight(r wordRange) int {
	n := 0
	for i := r.first; i < r.end; i++ {
		if k, _ := kindOfMark(m.a.raw(i)); k == straight && !m.isUnit(i, k) {
			n++
		}
	}
	return n
}

// isUnit reports whether the mark stands for feet, inches, minutes or seconds:
// set against a number with no quote open that it could close.
func (m *marker) isUnit(i int, kind markKind) bool {
	if kind != straight && kind != single || i == 0 || m.a.words[i].is(spaceBefore) {
		return false
	}
	if !m.a.words[i-1].is(digit) {
		return false
	}
	for _, o := range m.open {
		if o.kind == kind {
			return false
		}
	}
	return true
}

// closes decides whether the mark at i closes one that is open.
func (m *marker) closes(i int, r wordRange, kind markKind, dir int, odd bool) bool {
	w := &m.a.words[i]
	at := m.find(kind)
	opens := m.gapBefore(i, r) && !w.is(spaceAfter)
	switch kind {
	case curly:
		if dir > 0 { // “ closes what „ opened
			if at >= 0 && m.a.raw(i) == "“" && !w.is(spaceBefore) && w.is(spaceAfter) && !m.gapBefore(i, r) {
				return true // “like this“, a slip of the keyboard
			}
			return at >= 0 && m.open[at].low && m.a.raw(i) == "“"
		}
		return at >= 0 || !opens
	case straight:
		if dir > 0 {
			return false
		}
		if at < 0 && m.find(curly) >= 0 && !opens {
			return true // “ closed by a straight mark
		}
		if !odd {
			return at >= 0
		}
		return at >= 0 && !opens || at < 0 && !opens && !w.is(spaceBefore)
	case single:
		return at >= 0 && !w.is(spaceBefore) && m.singleCloses(i, r)
	}
	// « » and » « alike: the other one of the pair closes, whatever the spaces.
	return at >= 0 && m.a.raw(m.open[at].at) != m.a.raw(i)
}

// find returns the index of the innermost open mark of a kind, or -1.
func (m *marker) find(kind markKind) int {
	for k := len(m.open) - 1; k >= 0; k-- {
		if m.open[k].kind == kind {
			return k
		}
	}
	return -1
}

// gapBefore reports whether the word at i follows a space, an opening bracket,
// a dash or another opening mark.
func (m *marker) gapBefore(i int, r wordRange) bool {
	if i == r.first || m.a.words[i].is(spaceBefore) {
		return true
	}
	switch m.a.raw(i - 1) {
	case "(", "[", "{", "—", "–", "-", "--", "“", "\"", "''", "``", "‘", "«", "„", "/":
		return true
	}
	return false
}

// singleOpens reports whether a single mark can open a quote: before a word,
// after a gap. All others are apostrophes.
func (m *marker) singleOpens(i int) bool {
	w := &m.a.words[i]
	return !w.is(spaceAfter) && m.gapBefore(i, wordRange{0, len(m.a.words)}) && i+1 < len(m.a.words) && !m.a.words[i+1].is(punct)
}

// maxSingleLook bounds how many words a possessive s' looks ahead for a
// better closing mark.
const maxSingleLook = 60

// singleCloses tells a closing single mark from the apostrophe of a plural
// possessive ("the voters' choice"): after an s and before a word, it closes
// only when no better mark follows.
func (m *marker) singleCloses(i int, r wordRange) bool {
	a := m.a
	if !a.words[i].is(spaceAfter) && i+1 < r.end && !a.words[i+1].is(punct) {
		return false
	}
	if i == r.first || !strings.HasSuffix(a.norm(i-1), "s") || i+1 == r.end || a.words[i+1].is(punct) {
		return true
	}
	for k := i + 1; k < r.end && k < i+maxSingleLook; k++ {
		kind, _ := kindOfMark(a.raw(k))
		if kind != single || a.words[k].is(spaceBefore) || !a.words[k].is(spaceAfter) && k+1 < r.end && !a.words[k+1].is(punct) {
			continue
		}
		if a.words[k-1].is(punct) || k+1 < r.end && a.words[k+1].is(punct) || !strings.HasSuffix(a.norm(k-1), "s") {
			return false
		}
	}
	return true
}

// close ends the innermost open region of the kind at word i. A closing mark
// with no partner closes a quote from the paragraph's start when it is the
// paragraph's first mark.
func (m *marker) close(i int, kind markKind, r wordRange, firstMark bool) {
	at := m.find(kind)
	if at < 0 && kind == straight {
		at = m.find(curly)
	}
	if at < 0 {
		if firstMark && kind != single && i > r.first+2 {
			m.found = append(m.found, region{first: r.first, end: i + 1, closed: true})
		}
		return
	}
	if o := m.open[at]; i > o.at+1 {
		m.found = append(m.found, region{first: o.at, end: i + 1, opened: true, closed: true, kind: m.open[at].kind})
	}
	m.open = m.open[:at]
}

// nextOpens reports whether the paragraph that begins at word i opens with a
// mark of the kind.
func (m *marker) nextOpens(i int, kind markKind) bool {
	if i >= len(m.a.words) {
		return false
	}
	k, dir := kindOfMark(m.a.raw(i))
	return k == kind && dir >= 0 && !m.a.words[i].is(spaceAfter)
}

// leftOpen turns the outermost double mark left open at the paragraph's end
// into a region when it began the paragraph or an introduced quote, or when the
// next paragraph opens with one too, and returns its kind, or noMark.
func (m *marker) leftOpen(r wordRange) markKind {
	for _, o := range m.open {
		if o.kind == single || o.kind == singleAngled {
			continue
		}
		introduced := o.at > r.first && (strings.Contains(":,", m.a.raw(o.at-1)) || m.nextOpens(r.end, o.kind))
		if o.at != r.first && !introduced || r.end-o.at < 3 {
			return noMark
		}
		if end := m.cueBehind(o.at, r); end > 0 && !m.nextOpens(r.end, o.kind) {
			m.found = append(m.found, region{first: o.at, end: end, opened: true, kind: o.kind})
			return noMark
		}
		// Regions inside become nested; the open one goes before them.
		m.found = append(m.found, region{first: o.at, end: r.end, opened: true, kind: o.kind, continues: o.kind == m.pending && o.at == r.first})
		return o.kind
	}
	return noMark
}

// maxForgotten bounds the words of a name and a verb behind a quotation whose
// closing mark somebody forgot.
const maxForgotten = 6

// cueBehind is where a quotation that opens at word at and is never closed ends
// when its paragraph ends in a name and a word of saying: “It is over, Ada Finch
// said. It is 0 where none follows.
func (m *marker) cueBehind(at int, r wordRange) int {
	a := m.a
	for k := max(at+3, r.end-maxForgotten-1); k < r.end-2; k++ {
		if a.norm(k) != "," || !a.words[k+1].is(capital) {
			continue
		}
		cue := k + 2
		for cue < r.end && a.words[cue].is(capital) {
			cue++
		}
		if cue < r.end && a.pack.cues[a.norm(cue)]&speech != 0 && (cue+1 == r.end || cue+2 == r.end && a.norm(cue+1) == ".") {
			return k + 1
		}
	}
	return 0
}
