package quote

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestLanguages shows, for each language pack, that direct quotations with the
// language's own marks find their speaker, and that the language is detected.
func TestLanguages(t *testing.T) {
	e := newEngine(t)
	tests := []struct{ name, text, content, speaker string }{
		{
			"German, low and high marks",
			"Der Stadtrat von Möwenburg hat am Montag über die neue Brücke beraten. „Wir werden die Brücke im Frühjahr öffnen“, sagte Bürgermeisterin Renate Holzapfel am Montag vor Journalisten.",
			"„Wir werden die Brücke im Frühjahr öffnen“", "Renate Holzapfel",
		}, {
			"German, inward guillemets",
			"Der Stadtrat von Möwenburg hat am Montag lange über die neue Brücke beraten. Jürgen Wacholder erklärte: »Die Kosten sind zu hoch.«",
			"»Die Kosten sind zu hoch.«", "Jürgen Wacholder",
		}, {
			"German, a name behind the description and its genitive",
			"Der Stadtrat von Möwenburg hat am Montag über die neue Brücke beraten. „Wir werden die Brücke im Frühjahr öffnen“, sagte der Leiter der Werft, Balduin Holzapfel, am Samstag.",
			"„Wir werden die Brücke im Frühjahr öffnen“", "Balduin Holzapfel",
		}, {
			"French, inversion after guillemets",
			"Le conseil municipal de Bellerive s'est réuni lundi soir pour parler du pont. « Nous ouvrirons le pont au printemps », a déclaré Hélène Marchepied, la maire de la ville.",
			"« Nous ouvrirons le pont au printemps »", "Hélène Marchepied",
		}, {
			"Spanish, angled marks",
			"El ayuntamiento de Villaplata se reunió el lunes para hablar del puente nuevo. «Abriremos el puente en primavera», dijo Begoña Robledal.",
			"«Abriremos el puente en primavera»", "Begoña Robledal",
		}, {
			"Spanish, a name behind the description",
			"El ayuntamiento de Villaplata se reunió el lunes para hablar del puente nuevo. «Abriremos el puente en primavera», dijo el concejal de aguas, Leandro Robledal.",
			"«Abriremos el puente en primavera»", "Leandro Robledal",
		}, {
			"Ukrainian, comma and dash",
			"Міська рада Чайкового зібралася в понеділок, щоб обговорити новий міст. «Ми відкриємо міст навесні», — сказала Соломія Вербова.",
			"«Ми відкриємо міст навесні»", "Соломія Вербова",
		}, {
			"Russian, comma and dash",
			"Городской совет Чайкина собрался в понедельник, чтобы обсудить новый мост. «Мы откроем мост весной», — заявил Тимур Орешников.",
			"«Мы откроем мост весной»", "Тимур Орешников",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			quotes := extract(t, e, Document{Text: tt.text})
			if len(quotes) != 1 {
				t.Fatalf("got %d quotes, want 1: %+v", len(quotes), quotes)
			}
			q := quotes[0]
			if q.Text != tt.content {
				t.Errorf("content %q, want %q", q.Text, tt.content)
			}
			if got := speakerName(q); got != tt.speaker {
				t.Errorf("speaker %q, want %q", got, tt.speaker)
			}
		})
	}
	t.Run("a language without a pack has no quotes", func(t *testing.T) {
		text := "A câmara municipal reuniu-se na segunda-feira. «Abriremos a ponte na primavera», disse Filomena Carvalhal aos jornalistas."
		if got := extract(t, e, Document{Text: text, Language: "pt"}); len(got) != 0 {
			t.Errorf("got %+v, want none", got)
		}
	})
}

// TestClearlyEnglish shows which texts need no detector: English ones, and none
// of a language whose small words look alike.
func TestClearlyEnglish(t *testing.T) {
	english := newEngine(t).packs[modelLanguage]
	for _, tt := range []struct {
		name, text string
		want       bool
	}{
		{"English", "The harbour board said on Monday that it would not close the old pier before the winter. ", true},
		{"English in capitals", "THE HARBOUR BOARD SAID ON MONDAY THAT IT WOULD NOT CLOSE THE OLD PIER BEFORE THE WINTER. ", true},
		{"Dutch", "De havenmeester is in de stad en was er over de week heen met zijn vrouw, die we in het hotel op de kade zagen. ", false},
		{"Afrikaans", "Die hawe is nie oop nie en my vrou was in die stad, want so is die lewe in die winter hier by ons. ", false},
		{"Norwegian", "Havnesjefen sa at det for tiden er for mange i by, men at han var her i dag og at alle var glade. ", false},
		{"Italian", "Il sindaco ha detto in piazza che a me non importa, e che in no caso si torna a casa prima di sera. ", false},
		{"names only", "Merle Quist, Ottokar Brandnetel, Wendeline Pfau, Balthasar Ruhm, Sidonie Kranich. ", false},
	} {
		if got := english.clearlyEnglish(strings.Repeat(tt.text, 10)); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// TestLanguageForms shows more forms of each language. A short text may not tell
// its language, so the document says it.
func TestLanguageForms(t *testing.T) {
	e := newEngine(t)
	tests := []struct {
		language, text string
		want           []said
	}{
		{
			"de",
			"Der Stadtrat hat am Montag beraten. Renate Holzapfel sagte: „Wir öffnen die Brücke im Frühjahr.“",
			[]said{{Direct, "Renate Holzapfel", "„Wir öffnen die Brücke im Frühjahr.“"}},
		},
		{
			"de",
			"„Die Brücke“, sagte Renate Holzapfel, „ist eine Gefahr für alle.“ Der Stadtrat hat am Montag beraten.",
			[]said{{Direct, "Renate Holzapfel", "„Die Brücke“ … „ist eine Gefahr für alle.“"}},
		},
		{
			"de",
			"Renate Holzapfel ist Bürgermeisterin von Möwenburg. „Die Brücke ist eine Gefahr für alle“, erklärte sie.",
			[]said{{Direct, "Renate Holzapfel", "„Die Brücke ist eine Gefahr für alle“"}},
		},
		{
			"de",
			"„Ist die Brücke sicher?“, fragte Jürgen Wacholder. Der Stadtrat hat am Montag lange darüber beraten.",
			[]said{{Direct, "Jürgen Wacholder", "„Ist die Brücke sicher?“"}},
		},
		{
			"de",
			"Nach Angaben von Renate Holzapfel wird die Brücke im Frühjahr geöffnet. „Wir sind bereit“, betonte Holzapfel.",
			[]said{{Direct, "Renate Holzapfel", "„Wir sind bereit“"}},
		},
		{
			"de",
			"„Die Brücke ist eine Gefahr für alle“, so der Ingenieur Jürgen Wacholder am Montag in Möwenburg.",
			[]said{{Direct, "Jürgen Wacholder", "„Die Brücke ist eine Gefahr für alle“"}},
		},
		{
			"de",
			"„Wir öffnen die Brücke“, kündigte Renate Holzapfel an. „Sie ist sicher und schön.“ Der Rat stimmte zu.",
			[]said{{Direct, "Renate Holzapfel", "„Wir öffnen die Brücke“ … „Sie ist sicher und schön.“"}},
		},
		{
			"fr",
			"« Nous ouvrirons le pont, a dit Hélène Marchepied, au printemps prochain. » Le conseil de la ville s'est réuni lundi.",
			[]said{{Direct, "Hélène Marchepied", "« Nous ouvrirons le pont … au printemps prochain. »"}},
		},
		{
			"fr",
			"Hélène Marchepied a déclaré : « Nous ouvrirons le pont au printemps. » Le conseil s'est réuni lundi.",
			[]said{{Direct, "Hélène Marchepied", "« Nous ouvrirons le pont au printemps. »"}},
		},
		{
			"fr",
			"Hélène Marchepied est maire de Bellerive. « Le pont est prêt », a-t-elle ajouté devant les journalistes.",
			[]said{{Direct, "Hélène Marchepied", "« Le pont est prêt »"}},
		},
		{
			"fr",
			"Le conseil de la ville s'est réuni lundi soir.\n— Le pont est prêt, dit Hélène Marchepied.\n— Je ne le crois pas, répondit Bertrand Chantoiseau.",
			[]said{{Direct, "Hélène Marchepied", "Le pont est prêt"}, {Direct, "Bertrand Chantoiseau", "Je ne le crois pas"}},
		},
		{
			"fr",
			"Selon Hélène Marchepied, le pont sera ouvert au printemps. « Il est prêt », assure-t-elle.",
			[]said{{Indirect, "Hélène Marchepied", "le pont sera ouvert au printemps"}, {Direct, "Hélène Marchepied", "« Il est prêt »"}},
		},
		{
			"fr",
			"“Le pont est prêt”, affirme Bertrand Chantoiseau, ingénieur de la ville, dans un communiqué publié lundi.",
			[]said{{Direct, "Bertrand Chantoiseau", "“Le pont est prêt”"}},
		},
		{
			"fr",
			"« Le pont est-il prêt ? » demande Bertrand Chantoiseau. Le conseil de la ville s'est réuni lundi soir.",
			[]said{{Direct, "Bertrand Chantoiseau", "« Le pont est-il prêt ? »"}},
		},
		{
			"es",
			"—El puente está listo —dijo Begoña Robledal—. Lo abriremos en primavera.\n—No lo creo —respondió Leandro Quejigo.",
			[]said{{Direct, "Begoña Robledal", "El puente está listo … Lo abriremos en primavera."}, {Direct, "Leandro Quejigo", "No lo creo"}},
		},
		{
			"es",
			"Begoña Robledal declaró: «Abriremos el puente en primavera». El ayuntamiento se reunió el lunes.",
			[]said{{Direct, "Begoña Robledal", "«Abriremos el puente en primavera»"}},
		},
		{
			"es",
			"Begoña Robledal es la alcaldesa de Villaplata. “El puente está listo”, afirmó ella ante los periodistas.",
			[]said{{Direct, "Begoña Robledal", "“El puente está listo”"}},
		},
		{
			"es",
			"«¿Está listo el puente?», preguntó Leandro Quejigo. El ayuntamiento se reunió el lunes por la tarde.",
			[]said{{Direct, "Leandro Quejigo", "«¿Está listo el puente?»"}},
		},
		{
			"es",
			"“El puente”, dijo Begoña Robledal, “es un peligro para todos los vecinos”. El ayuntamiento se reunió el lunes.",
			[]said{{Direct, "Begoña Robledal", "“El puente” … “es un peligro para todos los vecinos”"}},
		},
		{
			"es",
			"Según Begoña Robledal, el puente abrirá en primavera. \"Está listo\", aseguró Robledal.",
			[]said{{Indirect, "Begoña Robledal", "el puente abrirá en primavera"}, {Direct, "Begoña Robledal", "\"Está listo\""}},
		},
		{
			"es",
			"\"El puente está listo\", explicó el ingeniero Leandro Quejigo a los periodistas en la plaza.",
			[]said{{Direct, "Leandro Quejigo", "\"El puente está listo\""}},
		},
		{
			"ru",
			"— Мы откроем мост весной, — сказал Тимур Орешников.\n— Я в это не верю, — ответила Алла Рябинина.",
			[]said{{Direct, "Тимур Орешников", "Мы откроем мост весной"}, {Direct, "Алла Рябинина", "Я в это не верю"}},
		},
		{
			"ru",
			"Тимур Орешников заявил: «Мы откроем мост весной». Городской совет собрался в понедельник.",
			[]said{{Direct, "Тимур Орешников", "«Мы откроем мост весной»"}},
		},
		{
			"ru",
			"«Мост, — сказал Тимур Орешников, — опасен для всех жителей». Городской совет собрался в понедельник.",
			[]said{{Direct, "Тимур Орешников", "«Мост … опасен для всех жителей»"}},
		},
		{
			"ru",
			"Тимур Орешников руководит городом. «Мы откроем мост весной», — добавил он.",
			[]said{{Direct, "Тимур Орешников", "«Мы откроем мост весной»"}},
		},
		{
			"ru",
			"По словам Тимура Орешникова, мост откроют весной. «Он готов», — подчеркнул Орешников.",
			[]said{{Direct, "Орешников", "«Он готов»"}},
		},
		{
			"ru",
			"«Готов ли мост?» — спросила Алла Рябинина. Городской совет собрался в понедельник.",
			[]said{{Direct, "Алла Рябинина", "«Готов ли мост?»"}},
		},
		{
			"ru",
			"„Мост готов“, — сообщил мэр города Тимур Орешников журналистам. Совет собрался в понедельник.",
			[]said{{Direct, "Тимур Орешников", "„Мост готов“"}},
		},
		{
			"uk",
			"— Ми відкриємо міст навесні, — сказала Соломія Вербова.\n— Я в це не вірю, — відповів Остап Калинюк.",
			[]said{{Direct, "Соломія Вербова", "Ми відкриємо міст навесні"}, {Direct, "Остап Калинюк", "Я в це не вірю"}},
		},
		{
			"uk",
			"Соломія Вербова заявила: «Ми відкриємо міст навесні». Міська рада зібралася в понеділок.",
			[]said{{Direct, "Соломія Вербова", "«Ми відкриємо міст навесні»"}},
		},
		{
			"uk",
			"«Міст, — сказала Соломія Вербова, — небезпечний для всіх мешканців». Міська рада зібралася в понеділок.",
			[]said{{Direct, "Соломія Вербова", "«Міст … небезпечний для всіх мешканців»"}},
		},
		{
			"uk",
			"Соломія Вербова очолює місто. «Ми відкриємо міст навесні», — додала вона.",
			[]said{{Direct, "Соломія Вербова", "«Ми відкриємо міст навесні»"}},
		},
		{
			"uk",
			"За словами Соломії Вербової, міст відкриють навесні. «Він готовий», — наголосила Вербова.",
			[]said{{Direct, "Вербова", "«Він готовий»"}},
		},
		{
			"uk",
			"«Чи готовий міст?» — запитав Остап Калинюк. Міська рада зібралася в понеділок.",
			[]said{{Direct, "Остап Калинюк", "«Чи готовий міст?»"}},
		},
		{
			"uk",
			"“Міст готовий”, — повідомив інженер Остап Калинюк журналістам у понеділок.",
			[]said{{Direct, "Остап Калинюк", "“Міст готовий”"}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.language+" "+tt.text, func(t *testing.T) {
			got := saidOf(extract(t, e, Document{Text: tt.text, Language: tt.language}))
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("quotes (-want +got):\n%s", d)
			}
		})
	}
}
