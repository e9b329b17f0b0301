package answer

import "strings"

// wordSet is a set of words, written as one string.
func wordSet(s string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		m[w] = true
	}
	return m
}

// stopWords carry no topic. They are compared with word.norm.
var stopWords = wordSet(`a an the this that these those it its it's he him his she her hers they them their theirs
we us our ours you your yours i me my mine himself herself themselves itself myself ourselves yourself
and or but nor so if then than as at by for from in into of off on onto out over to toward towards under up with within
without about after again against before between through during while because until since upon per via
is am are was were be been being isn't aren't wasn't weren't do does did done doing don't doesn't didn't have has had
having haven't hasn't hadn't will would shall should can could may might must won't wouldn't shouldn't can't couldn't
i'm i've i'd i'll you're you've you'd you'll he's he'd he'll she's she'd she'll we're we've we'd we'll they're they've
they'd they'll that's that'd that'll there's here's what's who's where's how's let's
who whom whose which what when where why how there here not no just only also too very really quite still even ever
more most much many some any all each every both few other another such own same one once never always now
s t d ll re ve m get gets got getting going go goes went gonna thing things something anything`)

// askWords only frame a question or report speech: what somebody "said about"
// a subject is not part of the subject.
var askWords = wordSet(`say says said saying tell tells told telling think thinks thought claim claims claimed talk talks
talked speak speaks spoke quote quotes quoted statement statements word words comment comments commented remark remarks
remarked state states stated mention mentions mentioned according people person somebody someone anybody anyone topic
subject regarding concerning opinion opinions view views reckon reckons make made`)

// wordsSaid end a question without being part of its subject: "ferry quotes".
var wordsSaid = wordSet(`say says said saying quote quotes quoted statement statements word words comment comments remark remarks`)

// The words that questions are built of.
var (
	politeness  = wordSet(`please hey hi hello ok okay so and can could would you tell show give me us i want need like to know do find out remember help wonder wondering well um whosaid`)
	whWords     = wordSet(`who whos who's whom whose which what whats what's how hows how's where where's why why's when when's`)
	auxiliaries = wordSet(`did does do has have had is was were are will would can could should might didn't doesn't don't hasn't wasn't isn't won't would've`)
	perfect     = wordSet(`has have had hasn't haven't`)
	fillers     = wordSet(`it that then so actually really ever even just once also already always still again recently publicly`)
	// heads after a name make another speaker of it: "the Okafor campaign".
	heads = wordSet(`campaign camp team administration office spokesman spokeswoman spokesperson spokespeople aide aides adviser
advisers advisor advisors supporters lawyer lawyers attorney staff government ministry police department foundation poll survey
university institute company party officials allies voters family council committee court association federation union`)
	inNames = wordSet(`a an the of for and on in to us at by`)
	// verbs end the name of a speaker that the directory doesn't know.
	verbs = wordSet(`say says said saying tell tells told think thinks thought claim claims claimed want wants wanted ask asks asked argue
argues argued promise promises promised call calls called warn warns warned answer answered declare declared decide decided
suggest suggested expect expected bring brought blame blamed make made find found report reported show showed cite cited hope
hoped add added reply replied respond responded describe described mean meant believe believed feel felt write wrote tweet
tweeted posted announce announced admit admitted deny denied demand demanded insist insisted explain explained predict
predicted propose proposed complain complained accuse accused mention mentioned talk talked speak spoke comment stand stood see saw
plan planned give gave come came know knew make take took put do`)
)
