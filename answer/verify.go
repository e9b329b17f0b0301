package answer

import "context"

// Verify checks whether the corpus holds the claimed quote, and whose it is.
func (s *Service) Verify(_ context.Context, c Claim) (Check, error) {
	return Check{Claim: c.Text, ClaimedSpeaker: c.Speaker, Verdict: NotFound, Diff: []DiffPart{}}, nil
}
