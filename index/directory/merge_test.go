package directory

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/quote"
)

// Which names are one speaker's: a line of the result is a speaker, the forms
// joined with " = ".
func TestMerging(t *testing.T) {
	tests := []struct {
		law   string
		names []string
		want  []string
	}{
		{"a middle initial is optional", []string{"Emil J. Tarkov", "Emil Tarkov"}, []string{"Emil J. Tarkov = Emil Tarkov"}},
		{"so is a middle name", []string{"Orla Brigid Finnegan", "Orla Finnegan"}, []string{"Orla Brigid Finnegan = Orla Finnegan"}},
		{"a middle name has its initial", []string{"Orla Brigid Finnegan", "Orla B. Finnegan"}, []string{"Orla B. Finnegan = Orla Brigid Finnegan"}},
		{"other initials, other persons", []string{"Georg A. Wint", "Georg B. Wint"}, []string{"Georg A. Wint", "Georg B. Wint"}},
		{"and a bare one is neither", []string{"Georg A. Wint", "Georg B. Wint", "Georg Wint"}, []string{"Georg A. Wint", "Georg B. Wint", "Georg Wint"}},
		{"titles are no names", []string{"Mayor Ines Okafor", "Dr. Ines Okafor", "Ines Okafor"}, []string{"Dr. Ines Okafor = Ines Okafor = Mayor Ines Okafor"}},
		{"case and accents don't count", []string{"ZOË MARRÉ", "Zoe Marre"}, []string{"ZOË MARRÉ = Zoe Marre"}},
		{"a surname alone is the only one who has it", []string{"Emil J. Tarkov", "Tarkov", "Mr. Tarkov"}, []string{"Emil J. Tarkov = Mr. Tarkov = Tarkov"}},
		{"or, of two, nobody", []string{"Hollis Varn", "Wilhelmina Varn", "Varn", "Ms. Varn"}, []string{"Hollis Varn", "Ms. Varn = Varn", "Wilhelmina Varn"}},
		{"a surname nobody else has", []string{"Prum", "Mr. Prum"}, []string{"Mr. Prum = Prum"}},
		{"another first name, another person", []string{"Lena Okafor", "Ines Okafor"}, []string{"Ines Okafor", "Lena Okafor"}},
		{"Jr. is another person", []string{"Emil Tarkov", "Emil Tarkov Jr."}, []string{"Emil Tarkov", "Emil Tarkov Jr."}},
		{"and so is Sr.", []string{"Emil Tarkov Sr.", "Emil Tarkov, Jr."}, []string{"Emil Tarkov Sr.", "Emil Tarkov, Jr."}},
		{"commas before a suffix don't count", []string{"Emil Tarkov Jr.", "Emil Tarkov, Jr."}, []string{"Emil Tarkov Jr. = Emil Tarkov, Jr."}},
		{"a nickname is its name", []string{"William Sorrowby", "Bill Sorrowby", "Billy Sorrowby"}, []string{"Bill Sorrowby = Billy Sorrowby = William Sorrowby"}},
		{"two nicknames too", []string{"Peggy Halloran", "Maggie Halloran"}, []string{"Maggie Halloran = Peggy Halloran"}},
		{"but not of several names", []string{"Ted Halloran", "Edward Halloran"}, []string{"Edward Halloran", "Ted Halloran"}},
		{"an initial for a first name", []string{"Joost Velde", "J. Velde"}, []string{"J. Velde = Joost Velde"}},
		{"an initial and a middle name", []string{"John Edric Hoover", "J. Edric Hoover"}, []string{"J. Edric Hoover = John Edric Hoover"}},
		{"an initial that may be two", []string{"Joost Velde", "Jana Velde", "J. Velde"}, []string{"J. Velde", "Jana Velde", "Joost Velde"}},
		{"another initial", []string{"Joost Velde", "K. Velde"}, []string{"Joost Velde", "K. Velde"}},
		{"an initial does not cross a suffix", []string{"Joost Velde Jr.", "J. Velde"}, []string{"J. Velde", "Joost Velde Jr."}},
		{"particles are part of the surname", []string{"Joost van der Velde", "Joost Velde"}, []string{"Joost Velde = Joost van der Velde"}},
		{"signs are no words", []string{"習近平", "習遠平"}, []string{"習近平", "習遠平"}},
	}
	for _, tt := range tests {
		t.Run(tt.law, func(t *testing.T) {
			var counts []Count
			for _, n := range tt.names {
				counts = append(counts, said("s", n, "", 1))
			}
			var got []string
			for _, e := range New(counts, nil).Speakers([]string{"s"}, "", 10) {
				forms := append([]string{e.Name}, e.Aliases...)
				slices.Sort(forms)
				got = append(got, strings.Join(forms, " = "))
			}
			slices.Sort(got)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestRoles(t *testing.T) {
	on := func(name, role, day string) Count {
		c := said("s", name, role, 1)
		c.First, c.Last = day, day
		return c
	}
	d := New([]Count{
		on("Emil Tarkov", "mayor", "2031-05-02"), on("Emil J. Tarkov", "candidate", "2030-01-09"),
		on("Emil Tarkov", "mayor", "2031-02-01"), on("Tarkov", "", ""), on("Tarkov", "mayor", "2032-07-07"),
	}, nil)
	want := []index.SpeakerEntry{{
		Name: "Emil Tarkov", Type: quote.TypePerson, Role: "mayor", Quotes: 5, Aliases: []string{"Tarkov", "Emil J. Tarkov"},
		First: "2030-01-09", Last: "2032-07-07",
		Roles: []index.Role{
			{Name: "candidate", Quotes: 1, First: "2030-01-09", Last: "2030-01-09"},
			{Name: "mayor", Quotes: 3, First: "2031-02-01", Last: "2032-07-07"},
		},
	}}
	if diff := cmp.Diff(want, d.Speakers([]string{"s"}, "tark", 5)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestKeys(t *testing.T) {
	d := New([]Count{
		said("s", "Emil J. Tarkov", "", 3), said("s", "Tarkov", "", 1),
		said("s", "Bill Sorrowby", "", 1), said("s", "William Sorrowby", "", 1), said("s", "Greta Sorrowby", "", 1),
		said("s", "Sorrowby", "", 1), said("s", "Lena Okafor", "", 1),
	}, nil)
	tests := []struct {
		name string
		want []string
	}{
		{"Emil Tarkov", []string{"emil tarkov", "tarkov"}},
		{"Tarkov", []string{"tarkov"}},
		{"William Sorrowby", []string{"william sorrowby", "bill sorrowby"}},
		{"Greta Sorrowby", []string{"greta sorrowby"}},
		{"Lena Okafor", []string{"lena okafor"}},
		{"Harbour Watch", []string{"harbour watch"}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, d.Keys([]string{"s", "t"}, tt.name)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestNearly(t *testing.T) {
	d := New([]Count{said("s", "Orla Finnegan", "", 2), said("s", "Joost van der Velde", "", 3), said("s", "Жанна Волкова", "", 1), said("s", "Finnick Bowe", "", 9)}, nil)
	tests := []struct {
		typed string
		want  []string
	}{
		{"finn", []string{"Finnick Bowe", "Orla Finnegan"}},
		{"finnegen", []string{"Orla Finnegan"}},
		{"finegan", []string{"Orla Finnegan"}},
		{"finnnegan", []string{"Orla Finnegan"}},
		{"fnine", []string{"Orla Finnegan"}},
		{"ifnneg", []string{"Orla Finnegan"}},
		{"orla fimn", []string{"Orla Finnegan"}},
		{"vlede", []string{"Joost van der Velde"}},
		{"волкива", []string{"Жанна Волкова"}},
		{"gin", nil},
		{"binnegan", nil},
		{"finnagon", nil},
	}
	for _, tt := range tests {
		var got []string
		for _, e := range d.Speakers([]string{"s"}, tt.typed, 5) {
			got = append(got, e.Name)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.typed, diff)
		}
	}
}

// A directory that grew and shrank by parts is the one built at once.
func TestWith(t *testing.T) {
	count := rapid.Custom(func(t *rapid.T) Count {
		name := strings.TrimSpace(rapid.SampledFrom([]string{"", "Mr. ", "Emil ", "Emil J. ", "E. ", "Bill ", "William ", "Olga "}).Draw(t, "first") +
			rapid.SampledFrom([]string{"Tarkov", "Prum", "Prum Jr.", "Wint"}).Draw(t, "last"))
		c := said(rapid.SampledFrom([]string{"s", "t"}).Draw(t, "scope"), name, rapid.SampledFrom([]string{"", "mayor"}).Draw(t, "role"), rapid.IntRange(1, 5).Draw(t, "quotes"))
		return c
	})
	rapid.Check(t, func(t *rapid.T) {
		kept, gone := rapid.SliceOf(count).Draw(t, "kept"), rapid.SliceOf(count).Draw(t, "gone")
		papers := map[string]map[string]int{"s": {"The Harbour Post": 2}}
		want := New(kept, papers)
		got := New(gone, map[string]map[string]int{"s": {"Valley Courier": 1}})
		for _, c := range kept {
			got = got.With([]Count{c}, nil)
		}
		for i := range gone {
			gone[i].Quotes = -gone[i].Quotes
		}
		got = got.With(gone, map[string]map[string]int{"s": {"Valley Courier": -1, "The Harbour Post": 2}})
		for _, scopes := range [][]string{{"s"}, {"t"}, {"s", "t"}} {
			for _, prefix := range []string{"", "e", "emil", "prum", "tar", "tarkvo"} {
				byName := cmp.Transformer("sorted", func(list []index.SpeakerEntry) []string {
					var out []string
					for _, e := range list {
						out = append(out, fmt.Sprint(e))
					}
					slices.Sort(out)
					return out
				})
				if diff := cmp.Diff(want.Speakers(scopes, prefix, 1000), got.Speakers(scopes, prefix, 1000), byName); diff != "" {
					t.Fatalf("%q in %v (-at once +by parts):\n%s", prefix, scopes, diff)
				}
			}
			if w, g := want.Count(scopes), got.Count(scopes); w != g {
				t.Fatalf("%d speakers at once, %d by parts", w, g)
			}
			if diff := cmp.Diff(want.Publishers(scopes, "", 5), got.Publishers(scopes, "", 5)); diff != "" {
				t.Fatalf("publishers (-at once +by parts):\n%s", diff)
			}
		}
	})
}

// manySpeakers are n speakers of three forms each.
func manySpeakers(n int) (counts []Count) {
	syllables := strings.Fields("ba ke lo mi nu ra se ti vo da fe go hu ja li mo ne po ri sa te vu wa ze bran crel dros fint glam harn")
	word := func(i int) string {
		var w string
		for range 3 {
			w += syllables[i%len(syllables)]
			i /= len(syllables)
		}
		return strings.ToUpper(w[:1]) + w[1:]
	}
	for i := range n {
		first, last := word(i*7919), word(i*104729+1)
		counts = append(counts, said("s", first+" "+last, "keeper", 1+n/(i+1), last, "Ms. "+last),
			said("s", first+" K. "+last, "", 1), said("s", last, "", 1))
	}
	return counts
}

func BenchmarkDirectory(b *testing.B) {
	counts := manySpeakers(100000)
	d := New(counts, nil)
	b.Run("new", func(b *testing.B) {
		for b.Loop() {
			New(counts, nil)
		}
	})
	b.Run("one article more", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			d.With(counts[3*i%len(counts):][:3], map[string]map[string]int{"s": {"The Harbour Post": 1}})
		}
	})
	for _, typed := range []string{"", "b", "ba", "vodafe", "vodafw", "crelbrnafint", "zezezo brancreldross"} {
		b.Run("complete="+typed, func(b *testing.B) {
			for b.Loop() {
				d.Speakers([]string{"s"}, typed, 25)
			}
		})
	}
}
