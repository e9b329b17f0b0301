package quote

// attribution is one quote before its speaker is resolved.
type attribution struct {
	content []Span // ascending and disjoint
	cue     []Span
	source  []Span
	// score is the attributor's own belief in content and source, in [0,1].
	score float64
	// firm marks what the layout decides (a label, a signature, a quote over
	// several paragraphs): it outranks what another attributor found inside.
	firm bool
	// kind is set where the marks around the content don't tell it: a dialogue
	// set with dashes is direct speech.
	kind Kind
	// inner are the attributions within its content, sorted by content.
	inner []attribution
}

// attributor finds the attributions of an analysed document. The rules are
// one; a trained model is another. Their results may overlap: the engine
// merges them, the earlier attributor's first.
type attributor interface {
	attribute(a *analysis) []attribution
}
