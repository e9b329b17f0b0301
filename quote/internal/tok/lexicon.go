package tok

import "strings"

// How an abbreviation's full stop is read.
const (
	never  = iota // no abbreviation
	before        // always stands before a name or number: never ends a sentence
	place         // may end a sentence: states, months, companies
	number        // an abbreviation only before a digit
)

// abbreviations are the words whose full stop belongs to them.
var abbreviations = classes(map[int]string{
	before: `Mr Mrs Ms Mx Dr Prof Sen Sens Rep Reps Gov Govs Lt Gen Col Maj Capt Cmdr Cpl Sgt Adm Rev Hon Pres
		Fr Sr. Msgr Supt Det Insp Amb Atty Messrs Mme Mlle M St Ste Ft Mt vs v Hr Hrn Dipl Ing z.B bzw ca
		e.g i.e cf viz approx Sec Ald Comr Pvt Brig Ens пан р. ім вул проф акад гр ул им`,
	place: `Jr Sr Inc Corp Co Ltd LLC Bros Cos Esq etc al Ph.D Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La
		Md Mass Mich Minn Miss Mo Mont Neb Nev Okla Ore Pa Tenn Tex Va Vt Wash Wis Wyo Jan Feb Mar Apr Jun Jul Aug
		Sept Sep Oct Nov Dec Mon Tue Tues Wed Thu Thurs Fri Ave Blvd Rd Dept Univ Assn Assoc Est Mfg usw
		млн млрд тис руб грн`,
	number: `No Nos Nr Art p pp Vol Ch Fig vol`,
})

func classes(lists map[int]string) map[string]int {
	m := make(map[string]int)
	for class, words := range lists {
		for w := range strings.FieldsSeq(words) {
			m[strings.TrimSuffix(w, ".")] = class
		}
	}
	return m
}

func set(words string) map[string]bool {
	m := make(map[string]bool)
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

var (
	clitics = set("s m d re ve ll S M D RE VE LL")
	// elisions are the French words that end in an apostrophe; upper-case ones
	// count only before a lower-case letter, for the sake of names (L'Oréal).
	elisions = set("l d j n s c m t qu")
	// shortened are words that begin with an apostrophe.
	shortened = set("em til tis twas cause bout n nuff")
	domains   = set("com org net gov edu co uk tv ly io de fr ru ua info")
)

// fused are words written as one that count as two, with where the first ends.
var fused = map[string]int{"cannot": 3, "gonna": 3, "gotta": 3, "wanna": 3, "lemme": 3, "gimme": 3}

// starters are words that, capitalised after an abbreviation, begin a sentence.
var starters = set(`The A An In On At But And Or He She It They We I You His Her Its Their Our That This These Those
	There Then When While If As For With By To From After Before Since Not No So Yet What Who Why How Some Many Most
	Mr. Mrs. Ms. Der Die Das Er Sie Es Und Le La Les Il Elle`)
