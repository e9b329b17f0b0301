package card

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// months are columns with the given values, from January 2023 on.
func months(values ...int) []Column {
	var out []Column
	for i, v := range values {
		out = append(out, Column{time.Date(2023, time.Month(1+i), 1, 0, 0, 0, 0, time.UTC).Format("2006-01"), v})
	}
	return out
}

func charts() map[string]Chart {
	years := []Column{}
	for i := range 36 {
		years = append(years, Column{fmt.Sprint(1990 + i), (i*i*7 + 13*i) % 240})
	}
	speakers := []Row{{"Mira Halden", "harbour master of Tarn", 41}, {"Piet Ostrander", "", 17}, {"Tarn Harbour Board", "", 8}, {"Ines Okafor", "mayor", 1}}
	return map[string]Chart{
		"chart":      {Title: "Mira Halden", Subtitle: "128 quotes · 3 January 2023 – 9 December 2023", Columns: months(4, 9, 31, 12, 0, 2, 7, 22, 18, 11, 9, 3)},
		"chart_dark": {Title: "Mira Halden", Subtitle: "128 quotes · 3 January 2023 – 9 December 2023", Columns: months(4, 9, 31, 12, 0, 2, 7, 22, 18, 11, 9, 3), Dark: true},
		"chart_roles": {Title: "Mira Halden", Subtitle: "128 quotes", Columns: months(4, 9, 31, 12, 0, 2, 7, 22, 18, 11, 9, 3), Dark: true, Spans: []Span{
			{"deputy harbour master", 0, 3}, {"harbour master of Tarn", 5, 11}, {"начальниця порту, who is also a member of the council of the Northern Isles", 10, 10}}},
		"chart_years":    {Title: "lighthouse", Subtitle: "3,210 quotes · 1990 – 2025", Columns: years, Rows: speakers, Dark: true},
		"chart_few":      {Title: "“fares”", Subtitle: "2 quotes", Columns: []Column{{"2024-05-03", 1}, {"2024-05-04", 1}}, Rows: speakers[:1]},
		"chart_arabic":   {Title: "ميرا هالدن", Subtitle: "12 quotes", Columns: months(1, 2, 3), Rows: []Row{{"ميرا هالدن", "مديرة ميناء تارن", 9}, {"Марта Єременко", "начальниця порту", 3}}},
		"chart_rows":     {Title: "ferries", Subtitle: "no day is known", Rows: speakers},
		"chart_hostile":  {Title: strings.Repeat("W\u202e\u0300", 5000), Subtitle: strings.Repeat("漢", 900), Spans: []Span{{strings.Repeat("ا", 900), -5, math.MaxInt}, {"", 9, 1}}, Columns: []Column{{strings.Repeat("9", 500), math.MaxInt}, {"", math.MinInt}, {"\U00012000", 3}}, Rows: []Row{{strings.Repeat("Donaudampfschiff", 90), strings.Repeat("ا", 900), math.MaxInt}, {"\U00012000", "", 0}}},
		"chart_too_many": {Title: "many", Columns: months(make([]int, 500)...), Rows: make([]Row, 300)},
	}
}

// TestCharts draws every chart and looks at it as far as a program can: its ink stays
// inside the frame, and there is some.
func TestCharts(t *testing.T) {
	p := painter(t)
	for name, c := range charts() {
		t.Run(name, func(t *testing.T) {
			b, err := p.Chart(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			if *pictures != "" {
				if err := os.WriteFile(filepath.Join(*pictures, name+".png"), b, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			img, err := png.Decode(bytes.NewReader(b))
			if err != nil {
				t.Fatal(err)
			}
			if size := img.Bounds().Size(); size.X != cardWidth || size.Y > 1400 || len(b) > 1<<20 {
				t.Errorf("its size is %v, in %d bytes", size, len(b))
			}
			r0, g0, b0, _ := coloursOf(c.Dark).ground.RGBA()
			inner, inside := image.Rect(20, 10, cardWidth-20, img.Bounds().Max.Y-10), 0
			for y := range img.Bounds().Max.Y {
				for x := range cardWidth {
					if r, g, b, _ := img.At(x, y).RGBA(); r == r0 && g == g0 && b == b0 {
						continue
					}
					if !image.Pt(x, y).In(inner) {
						t.Fatalf("there is ink at %d, %d, outside %v", x, y, inner)
					}
					inside++
				}
			}
			if inside < 2000 {
				t.Errorf("%d pixels are ink", inside)
			}
		})
	}
	for name, c := range map[string]Chart{"nothing": {}, "all zero": {Title: "a", Columns: months(0, 0)}, "below zero": {Columns: months(-1)}} {
		if _, err := p.Chart(t.Context(), c); !errors.Is(err, ErrNoData) {
			t.Errorf("%s: error %v, want ErrNoData", name, err)
		}
	}
}

// TestColumnsAreTrue: a column is as high as its value, by the lines of the axis.
func TestColumnsAreTrue(t *testing.T) {
	b, err := painter(t).Chart(t.Context(), Chart{Columns: months(10, 5, 0)})
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	accent := coloursOf(false).accent
	r0, g0, b0, _ := accent.RGBA()
	for i, want := range []int{plotHeight, plotHeight / 2, 0} {
		x, got := chartMargin+axisWidth+plotWidth/3*i+plotWidth/6, 0
		for y := range img.Bounds().Max.Y {
			if r, g, b, _ := img.At(x, y).RGBA(); r == r0 && g == g0 && b == b0 {
				got++
			}
		}
		if got != want {
			t.Errorf("column %d is %d pixels high, want %d", i, got, want)
		}
	}
}

func TestNiceStep(t *testing.T) {
	for top, want := range map[int]int{1: 1, 5: 1, 6: 2, 10: 2, 11: 5, 25: 5, 26: 10, 240: 50, 1_000_000: 200_000, maxValue: 2e11} {
		if got := niceStep(top); got != want {
			t.Errorf("niceStep(%d) = %d, want %d", top, got, want)
		}
	}
}

func BenchmarkChart(b *testing.B) {
	p, c := painter(b), charts()["chart_years"]
	for b.Loop() {
		if _, err := p.Chart(b.Context(), c); err != nil {
			b.Fatal(err)
		}
	}
}
