package linear

import (
	"bufio"
	"bytes"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// indexOf numbers features, ascending, that occurred once or a few times.
func indexOf(keys []Hash) *Index {
	ix := &Index{keys: keys}
	for _, k := range keys {
		ix.count = append(ix.count, 1+k>>4&7)
	}
	return ix
}

// scored is a table with the weights it was made of.
func scored(t *rapid.T) (*Table, []byte, []Hash, []float32, int) {
	classes := rapid.IntRange(1, 20).Draw(t, "classes")
	keys := rapid.SliceOfNDistinct(rapid.Uint32(), 1, 40, rapid.ID[uint32]).Draw(t, "keys")
	for i, k := range keys {
		keys[i] = Mix(1, k, 0)
	}
	slices.Sort(keys)
	weights := rapid.SliceOfN(rapid.Float32Range(-2, 2), len(keys)*classes, len(keys)*classes).Draw(t, "weights")
	table, enc := Quantize(classes, indexOf(keys), weights)
	return table, enc, keys, weights, classes
}

func TestScoresAreThoseOfTheFloatWeights(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, _, keys, weights, classes := scored(t)
		scores := make([]int32, classes)
		table.AddAll(scores, keys)
		for c := range classes {
			want := 0.0
			for k := range keys {
				want += float64(weights[k*classes+c])
			}
			got := float64(table.Scale()) * float64(scores[c])
			// Each weight is rounded to the nearest step; rows of at most one step are dropped.
			if math.Abs(got-want) > 1.6*float64(table.Scale())*float64(len(keys)) {
				t.Fatalf("class %d: %v, want about %v", c, got, want)
			}
		}
	})
}

func TestUnknownFeaturesChangeNothing(t *testing.T) {
	table, _ := Quantize(3, indexOf([]Hash{1, 2}), []float32{1, 2, 3, 4, 5, 6})
	scores := make([]int32, 3)
	table.AddAll(scores, []Hash{3, 77, 1 << 31})
	if scores[0] != 0 || scores[1] != 0 || scores[2] != 0 {
		t.Errorf("unknown features gave %v", scores)
	}
}

func TestEveryFeatureOfALargeTableIsFound(t *testing.T) {
	for _, classes := range []int{4, 7, 17} {
		keys := make([]Hash, 50_000)
		for i := range keys {
			keys[i] = Mix(1, uint32(i), 0)
		}
		slices.Sort(keys)
		keys = slices.Compact(keys)
		weights := make([]float32, len(keys)*classes)
		for i := range keys {
			weights[i*classes+i%classes] = float32(2 + i%100)
		}
		table, _ := Quantize(classes, indexOf(keys), weights)
		for i, k := range keys {
			scores := make([]int32, classes)
			table.AddAll(scores, []Hash{k, k ^ 1<<31})
			want := int32(math.Round(float64(2+i%100) / float64(table.Scale())))
			if _, known := slices.BinarySearch(keys, k^1<<31); !known && scores[i%classes] != want {
				t.Fatalf("%d classes, feature %d: %v, want %d at %d", classes, i, scores, want, i%classes)
			}
		}
	}
}

func TestManyFeaturesDoNotOverflow(t *testing.T) {
	table, _ := Quantize(2, indexOf([]Hash{9}), []float32{1, -1})
	hs := bytes.Repeat([]byte{9}, 1000)
	features := make([]Hash, len(hs))
	for i, h := range hs {
		features[i] = Hash(h)
	}
	scores := make([]int32, 2)
	table.AddAll(scores, features)
	if scores[0] != 127000 || scores[1] != -127000 {
		t.Errorf("got %v", scores)
	}
}

func TestReadGivesBackWhatQuantizeEncoded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, enc, keys, _, classes := scored(t)
		again, err := Read(bufio.NewReader(bytes.NewReader(enc)))
		if err != nil {
			t.Fatal(err)
		}
		a, b := make([]int32, classes), make([]int32, classes)
		for _, k := range keys {
			table.AddAll(a, []Hash{k})
			again.AddAll(b, []Hash{k})
		}
		for c := range a {
			if a[c] != b[c] {
				t.Fatalf("class %d: %d, was %d", c, b[c], a[c])
			}
		}
	})
}

func TestExactKeepsValues(t *testing.T) {
	table, _ := Exact(map[Hash]int8{5: -128, 6: 127, 7: 0})
	for k, want := range map[Hash]int8{5: -128, 6: 127, 7: 0} {
		if got, ok := table.Get(k); !ok || got != want {
			t.Errorf("%d: %d, %v; want %d", k, got, ok, want)
		}
	}
	if _, ok := table.Get(8); ok {
		t.Error("8 was never put in")
	}
}

func TestSureDecisions(t *testing.T) {
	tally := make(Tally)
	for range 99 {
		tally.Add(1, 0) // always the same
		tally.Add(2, 5) // nearly so
		tally.Add(3, 5)
	}
	tally.Add(2, 6)
	tally.Add(3, 6)
	tally.Add(3, 7)
	tally.Add(4, 1) // too rare
	table, _ := tally.Sure(2)
	for key, want := range map[Hash]int{1: 0, 2: 5} {
		if got, sure := table.Decided(key); !sure || got != want {
			t.Errorf("key %d: %d, %v; want %d", key, got, sure, want)
		}
	}
	for _, key := range []Hash{3, 4, 5} {
		if got, sure := table.Decided(key); sure {
			t.Errorf("key %d is decided to be %d", key, got)
		}
	}
}

func FuzzRead(f *testing.F) {
	_, enc := Quantize(3, indexOf([]Hash{1, 2}), []float32{1, 2, 3, 4, 5, 6})
	f.Add(enc)
	f.Add(enc[:5])
	f.Fuzz(func(t *testing.T, b []byte) {
		if table, err := Read(bufio.NewReader(bytes.NewReader(b))); err == nil {
			table.AddAll(make([]int32, table.Classes()), []Hash{1, 2, 3})
		}
	})
}

func TestPerceptronLearnsWhatCanBeSeparated(t *testing.T) {
	counter := NewCounter(1)
	examples := [][]Hash{{1, 10}, {2, 10}, {3, 10}}
	for _, hs := range examples {
		counter.Count(hs)
	}
	p := NewPerceptron(counter.Index(), 3)
	for range 5 {
		for right, hs := range examples {
			p.Step()
			if got := Best(p.Score(hs)); got != right {
				p.Update(hs, right, got)
			}
		}
	}
	table, _ := p.Finish()
	for right, hs := range examples {
		scores := make([]int32, 3)
		table.AddAll(scores, hs)
		for c, s := range scores {
			if c != right && s >= scores[right] {
				t.Errorf("%v: %v", hs, scores)
			}
		}
	}
}

func BenchmarkAddAll(b *testing.B) {
	keys := make([]Hash, 200_000)
	weights := make([]float32, len(keys)*7)
	for i := range keys {
		keys[i] = Mix(1, uint32(i), 0)
		weights[i*7] = 1
	}
	slices.Sort(keys)
	table, _ := Quantize(7, indexOf(keys), weights)
	scores := make([]int32, 7)
	i := 0
	for b.Loop() {
		table.AddAll(scores, keys[i:i+60])
		i = (i + 61) % (len(keys) - 60)
	}
}
