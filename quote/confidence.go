package quote

import "math"

// confidence is the probability that a quote's content and speaker are both
// right, given the attributor's score, the kind of quote and how the speaker
// was found: a logistic model (Platt, 1999) fitted to the development articles.
// TestConfidence prints its reliability.
func confidence(score float64, kind Kind, e evidence) float64 {
	score = min(max(score, 0.01), 0.99)
	z := calibration.scale*math.Log(score/(1-score)) + calibration.kind[kind] + calibration.evidence[e]
	return 1 / (1 + math.Exp(-z))
}

// calibration holds the model's coefficients.
var calibration = struct {
	scale    float64
	kind     map[Kind]float64
	evidence [evidences]float64
}{
	scale: 0.71,
	kind:  map[Kind]float64{Direct: -0.02, Mixed: -0.22, Indirect: -0.59},
	evidence: [evidences]float64{
		noSource: -1.91, byFullName: 0.98, byShortName: 0.49, byPronoun: 0.98, byOther: -0.03, byRoleNoun: -0.46, described: -0.88,
	},
}

// minSpeaker is the confidence below which a quote keeps its words and loses its
// speaker: of the few quotes below it, about one in ten was right on the
// development articles, and unknown beats wrong.
const minSpeaker = 0.15

// minDescribed is the same for a speaker that the source itself describes ("a
// person close to the talks", "a Courier poll"), which can't be somebody else.
const minDescribed = 0.05
