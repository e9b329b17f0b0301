package quote

import (
	"context"
	"embed"
	"fmt"
	"hash/crc32"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/abadojack/whatlanggo"

	"github.com/whosaid/whosaid/quote/weights"
)

// Engine finds quotes and their speakers. It holds only what New loaded, never
// changes afterwards, and is safe for concurrent use.
type Engine struct {
	packs map[string]*pack // by language code
}

// revision numbers the engine's code: raise it with every change of a
// rule that gives a document other quotes. What is in the data files (weights,
// lexicons, packs) makes itself known.
const revision = 9

// Version changes whenever the same document may give other quotes: a rule's
// change raises its revision, other data its checksum. It loads no model.
var Version = sync.OnceValue(func() string {
	sum := crc32.NewIEEE()
	for _, files := range []embed.FS{langFiles, lexiconFiles} {
		err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := files.ReadFile(path)
			sum.Write([]byte(path))
			sum.Write(data)
			return err
		})
		if err != nil {
			panic("quote: the embedded files can't be read: " + err.Error())
		}
	}
	return fmt.Sprintf("rules-%d-data-%08x-model-%08x", revision, sum.Sum32(), weights.Checksum())
})

// New loads the embedded lexicons and weights.
func New() (*Engine, error) {
	lex, err := loadLexicon()
	if err != nil {
		return nil, fmt.Errorf("quote: %w", err)
	}
	packs, err := loadPacks(lex)
	if err != nil {
		return nil, fmt.Errorf("quote: %w", err)
	}
	models, err := weights.Load()
	if err != nil {
		return nil, fmt.Errorf("quote: %w", err)
	}
	packs[modelLanguage].models = models.Base
	packs[modelLanguage].trained = learned{models}
	return &Engine{packs: packs}, nil
}

// Version names the engine's behaviour: two engines with the same version give
// the same quotes for the same document. Stored beside derived data, it tells
// when that data must be rebuilt.
func (e *Engine) Version() string { return Version() }

// Extract finds the quotes of a document, ascending by the first byte of their
// content. The spans of each list are disjoint, ascending and inside d.Text.
// Errors are the context's, or say that the engine failed on this text: a
// mistake in it, which ends no process.
func (e *Engine) Extract(ctx context.Context, d Document) ([]Quote, error) {
	return e.extract(ctx, &d, false)
}

// ExtractAll is Extract, and after the quotes what may be more: whole sentences
// that somebody may be the source of, and quotes without a speaker with the
// likeliest one. These are Weak, ascending, and mostly wrong as quotes; they are
// for those who search, and find nothing better.
func (e *Engine) ExtractAll(ctx context.Context, d Document) ([]Quote, error) {
	return e.extract(ctx, &d, true)
}

// extract finds the quotes, and the weak ones if they are wanted.
func (e *Engine) extract(ctx context.Context, d *Document, weak bool) (quotes []Quote, err error) {
	defer func() {
		if failure := recover(); failure != nil {
			quotes, err = nil, fmt.Errorf("quote: extract: the engine failed on this text, please report it: %v", failure)
		}
	}()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("quote: extract: %w", err)
	}
	p := e.pack(d)
	if p == nil {
		return nil, nil
	}
	a := analyse(d, p)
	a.keepUnlikely = weak
	found := a.attributions()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("quote: extract: %w", err)
	}
	c := findCast(a, p.lex)
	speakers := resolve(c, found)
	quotes = a.quotes(found, speakers)
	if weak {
		quotes = append(quotes, weakQuotes(c, quotes, speakers)...)
	}
	return quotes, nil
}

// attributions finds the quotes of an analysed document, sorted, without speakers.
func (a *analysis) attributions() []attribution {
	found := rules{}.attribute(a)
	if trained := a.pack.trained; trained != nil {
		byRule := found
		found = a.separate(stray(a, rejoin(a, trained.attribute(a), byRule), byRule))
		a.leadIn(found)
		a.overAsides(found)
		found = supplement(a, found, byRule)
		fillSources(a, found, byRule)
		a.reportedBy(found, byRule)
	}
	found = a.splitAtCues(found)
	a.sourcesOfParticiples(found)
	for i := range found {
		a.trim(&found[i])
	}
	found = merge(found)
	a.findInner(found)
	return found
}

// modelLanguage is the language that the models were trained on.
const modelLanguage = "en"

// detectBytes is how much of a text is read to detect its language.
const detectBytes = 3000

// pack is the language pack for a document, or nil when its language has none.
func (e *Engine) pack(d *Document) *pack {
	if d.Language != "" {
		code, _, _ := strings.Cut(strings.ToLower(d.Language), "-")
		return e.packs[code]
	}
	text := d.Text
	if len(d.Paragraphs) > 0 && d.Paragraphs[0].Start > 0 && d.Paragraphs[0].Start < len(text) {
		text = text[d.Paragraphs[0].Start:]
	}
	text = strings.ToValidUTF8(text[:min(len(text), detectBytes)], "")
	english := e.packs[modelLanguage]
	if english.clearlyEnglish(text) {
		return english
	}
	info := whatlanggo.Detect(text)
	if info.IsReliable() {
		return e.packs[info.Lang.Iso6391()]
	}
	if info.Script != nil && info.Script != unicode.Latin {
		if info.Script == unicode.Cyrillic {
			return e.cyrillic(text, info.Lang.Iso6391())
		}
		return e.packs[info.Lang.Iso6391()]
	}
	// A short text: the detector's guess counts when its small words bear it out.
	if p := e.packs[info.Lang.Iso6391()]; p != nil && p.smallWords(text) > english.smallWords(text) {
		return p
	}
	return english
}

// cyrillic is the pack for a short Cyrillic text, or nil: by the letters that only
// one of the languages has, else the detector's guess.
func (e *Engine) cyrillic(text, guess string) *pack {
	ukrainian, russian := strings.ContainsAny(text, "іїєґІЇЄҐ"), strings.ContainsAny(text, "ыэёЫЭЁ")
	switch {
	case strings.ContainsAny(text, "ўЎјЈ"): // Belarusian, Serbian, Macedonian
	case ukrainian && !russian:
		return e.packs["uk"]
	case russian && !ukrainian:
		return e.packs["ru"]
	}
	return e.packs[guess]
}

// What makes a text English without a detector, which would take a fifth of the engine's time: of its first
// words, at least clearWords, the share that are closed-class words, and how many are clearWord. Other languages have
// words that look like the former, but not like the latter.
const (
	clearWords = 100
	clearShare = 0.25
	clearWord  = "the"
	clearCount = 3
)

// clearlyEnglish reports whether a text is beyond doubt in the language of the pack, which is English.
func (p *pack) clearlyEnglish(text string) bool {
	words, small, clear := 0, 0, 0
	var low [16]byte // longer than any of them
	for w := range strings.FieldsSeq(text) {
		words++
		if len(w) <= len(low) {
			lower := appendLower(low[:0], w)
			if p.classes[string(lower)] != 0 {
				small++
			}
			if string(lower) == clearWord {
				clear++
			}
		}
		if words >= clearWords && clear >= clearCount && float64(small) >= clearShare*float64(words) {
			return true
		}
	}
	return false
}

// appendLower appends an ASCII word in lower case; other bytes stay as they are.
func appendLower(dst []byte, w string) []byte {
	for i := range len(w) {
		c := w[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}

// smallWords counts the words of the text that are closed-class words of the language.
func (p *pack) smallWords(text string) int {
	n := 0
	for w := range strings.FieldsSeq(text) {
		if p.classes[strings.ToLower(w)] != 0 {
			n++
		}
	}
	return n
}

// quotes turns attributions, sorted by content, into quotes.
func (a *analysis) quotes(found []attribution, speakers []resolution) []Quote {
	out := make([]Quote, 0, len(found))
	for i := range found {
		q := a.quote(&found[i], speakers[i])
		if len(found[i].inner) > 0 {
			q.Inner = a.quotes(found[i].inner, speakers[i].inner)
		}
		out = append(out, q)
	}
	return out
}

// quote is the quote of one attribution, without those inside it.
func (a *analysis) quote(at *attribution, r resolution) Quote {
	kind := at.kind
	if kind == "" {
		kind = a.kindOf(at.content)
	}
	sure := confidence(at.score, kind, r.evidence)
	if sure < minSpeaker && (r.evidence != described || sure < minDescribed) {
		r.speaker = nil
	}
	return Quote{
		Content:    at.content,
		Cue:        at.cue,
		Source:     at.source,
		Speaker:    r.speaker,
		Kind:       kind,
		Text:       a.join(at.content),
		Paragraph:  int(a.words[a.wordAt(at.content[0].Start)].para),
		Confidence: sure,
	}
}

// merge drops attributions without content and sorts the others by content.
func merge(found []attribution) []attribution {
	for i := range found {
		slices.SortFunc(found[i].content, func(x, y Span) int { return x.Start - y.Start })
	}
	found = slices.DeleteFunc(found, func(at attribution) bool { return len(at.content) == 0 })
	slices.SortStableFunc(found, func(x, y attribution) int { return x.content[0].Start - y.content[0].Start })
	return found
}

// join is the content in reading order.
func (a *analysis) join(content []Span) string {
	if len(content) == 1 {
		return a.text[content[0].Start:content[0].End]
	}
	var b strings.Builder
	for i, s := range content {
		if i > 0 {
			b.WriteString(" … ")
		}
		b.WriteString(a.text[s.Start:s.End])
	}
	return b.String()
}

// kindOf tells a quote's kind by its marks: direct when no word of it is
// outside them, indirect when none is inside.
func (a *analysis) kindOf(content []Span) Kind {
	in, out := false, false
	for _, s := range content {
		r := a.wordsOf(s)
		for k := r.first; k < r.end; k++ {
			w := &a.words[k]
			switch {
			case w.region >= 0:
				in = true
			case !w.is(punct):
				out = true
			}
		}
	}
	switch {
	case in && out:
		return Mixed
	case in:
		return Direct
	}
	return Indirect
}
