package quote

import (
	"testing"
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
