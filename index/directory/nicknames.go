package directory

import "strings"

// formal is the first name that a nickname stands for in English, or the word
// itself. Nicknames of several names (Ted, Kate, Sam) are left out.
func formal(first string) string {
	if f, ok := formalOf[first]; ok {
		return f
	}
	return first
}

var formalOf = pairs(`abe:abraham andy:andrew art:arthur barb:barbara becky:rebecca bernie:bernard beth:elizabeth betsy:elizabeth
	bill:william billy:william bob:robert bobby:robert cathy:catherine charlie:charles chuck:charles dan:daniel danny:daniel
	dave:david debbie:deborah dick:richard doug:douglas ed:edward eddie:edward fred:frederick gene:eugene greg:gregory
	hank:henry jeff:jeffrey geoff:geoffrey jim:james jimmy:james joe:joseph joey:joseph johnny:john josh:joshua ken:kenneth larry:lawrence
	liz:elizabeth maggie:margaret matt:matthew mike:michael nate:nathan nick:nicholas peggy:margaret pete:peter phil:philip
	ray:raymond rich:richard rick:richard rob:robert ron:ronald stan:stanley steve:steven stephen:steven sue:susan
	tim:timothy tom:thomas tommy:thomas tony:anthony vince:vincent walt:walter will:william zach:zachary`)

func pairs(s string) map[string]string {
	m := map[string]string{}
	for p := range strings.FieldsSeq(s) {
		nick, name, _ := strings.Cut(p, ":")
		m[nick] = name
	}
	return m
}
