package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// grid interleaves two counters to n: the graph that splines hate.
func grid(n int) *Graph {
	g := &Graph{Name: fmt.Sprintf("COUNT(%d) ||| COUNT(%d)", n, n)}
	for x := range n {
		for y := range n {
			g.States = append(g.States, State{Deadlocked: x == n-1 && y == n-1})
			at := x*n + y
			if x+1 < n {
				g.Edges = append(g.Edges, Edge{at, at + n, "left"})
			}
			if y+1 < n {
				g.Edges = append(g.Edges, Edge{at, at + 1, "right"})
			}
		}
	}
	return g
}

func graphs() map[string]*Graph {
	names := hostile().Impl
	nasty := &Graph{Name: names.Components[0].Name}
	for i, c := range names.Components {
		nasty.States = append(nasty.States, State{Name: c.Name})
		nasty.Edges = append(nasty.Edges, Edge{i, (i + 1) % len(names.Components), c.Name})
	}
	return map[string]*Graph{
		"vending": {Name: "VENDING", States: []State{{Name: "VENDING"}, {}, {}, {Deadlocked: true}, {Terminated: true}, {}}, Edges: []Edge{
			{0, 1, "coin"}, {1, 0, "tea"}, {1, 0, "coffee"}, {1, 2, "τ"}, {2, 3, "τ"}, {0, 4, "✓"}, {1, 1, "look"},
			{2, 0, "return.1"}, {2, 0, "return.2"}, {2, 0, "return.5"}, {2, 0, "return.10"}, {2, 0, "return.20"}, {2, 0, "return.50"}, {2, 0, "return.100"},
			{0, 5, "kick"}, {0, 5, "τ"}, {5, 0, "τ"},
		}},
		"path": {Name: "VENDING", Path: []int{0, 3, 4}, States: []State{{}, {}, {Beyond: 2}, {Deadlocked: true}}, Edges: []Edge{
			{0, 1, "coin"}, {1, 0, "tea"}, {1, 2, "τ"}, {1, 2, "shake"}, {2, 3, "τ"}, {1, 2, "kick"},
		}},
		"part":       {Name: "VENDING", Initial: -1, States: []State{{Name: "17", Beyond: 1}, {Name: "18"}}, Edges: []Edge{{0, 1, "coin"}}},
		"stop-graph": {Name: "STOP", States: []State{{Deadlocked: true}}},
		"grid":       grid(10),
		"nasty":      nasty,
	}
}

func TestGraphDOT(t *testing.T) {
	for name, g := range graphs() {
		var b bytes.Buffer
		if err := GraphDOT(&b, g); err != nil {
			t.Fatal(err)
		}
		golden(t, name+".graph.dot", b.Bytes())
	}
}

func TestAut(t *testing.T) {
	for name, g := range graphs() {
		for _, d := range []Dialect{CADP, MCRL2} {
			if g.Initial < 0 {
				continue
			}
			var b bytes.Buffer
			if err := Aut(&b, AutHeader{g.Initial, len(g.Edges), len(g.States)}, slices.Values(g.Edges), d); err != nil {
				t.Fatal(err)
			}
			golden(t, name+"."+string(d)+".aut", b.Bytes())
		}
	}
}

func TestGraphJSONAndGraphML(t *testing.T) {
	for name, g := range graphs() {
		for suffix, write := range map[string]func(io.Writer, *Graph) error{".graph.json": GraphJSON, ".graphml": GraphML} {
			var b bytes.Buffer
			if err := write(&b, g); err != nil {
				t.Fatal(err)
			}
			golden(t, name+suffix, b.Bytes())
		}
	}
}

// NetworkX reads GraphML: the same states and transitions come out of it.
func TestNetworkXReadsGraphML(t *testing.T) {
	python := networkX(t)
	all := graphs()
	names := slices.Sorted(maps.Keys(all))
	var stderr bytes.Buffer
	cmd := exec.Command(python, "testdata/graphml.py")
	for _, name := range names {
		cmd.Args = append(cmd.Args, filepath.Join("testdata", name+".graphml"))
	}
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	var read []struct {
		Nodes   int
		Initial []string
		Edges   [][3]string
		Path    []string
	}
	if err := json.Unmarshal(out, &read); err != nil || len(read) != len(names) {
		t.Fatalf("%v, %d graphs", err, len(read))
	}
	for i, name := range names {
		g, got := all[name], &read[i]
		want := [][3]string{}
		for _, e := range g.Edges {
			want = append(want, [3]string{fmt.Sprint("s", e.From), plain(e.Event), fmt.Sprint("s", e.To)})
		}
		byText := func(a, b [3]string) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) }
		slices.SortFunc(got.Edges, byText)
		slices.SortFunc(want, byText)
		if got.Nodes != len(g.States) || len(got.Path) != len(g.Path) || (len(got.Initial) == 1) != (g.Initial >= 0) {
			t.Errorf("%s: %d nodes, initial %v, %d edges on the path", name, got.Nodes, got.Initial, len(got.Path))
		}
		if d := cmp.Diff(want, got.Edges); d != "" {
			t.Errorf("%s: -want +got\n%s", name, d)
		}
	}
}

// networkX returns a Python that has NetworkX.
func networkX(t *testing.T) string {
	t.Helper()
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(python, "-c", "import networkx").Run() == nil {
			return python
		}
	}
	if os.Getenv("CI") != "" && os.Getenv("CSPCHECK_WITHOUT") == "" {
		t.Fatal("there is no Python with NetworkX")
	}
	t.Skip("there is no Python with NetworkX (python3-networkx)")
	return ""
}

func TestAutSpelling(t *testing.T) {
	for _, tt := range []struct {
		event string
		d     Dialect
		want  string
	}{
		{"τ", CADP, "i"}, {"τ", MCRL2, "tau"}, {"✓", CADP, "exit"},
		{"i", CADP, "i'"}, {"i", MCRL2, "i"}, {"tau", MCRL2, "tau'"}, {"i'", CADP, "i''"}, {"exit", CADP, "exit'"},
		{"c.1", CADP, "c.1"}, {`say."hi"`, CADP, "say.%22hi%22"}, {"50%", CADP, "50%25"}, {"a\nb", CADP, "a%0Ab"}, {"é", CADP, "%C3%A9"},
	} {
		if got := autLabel(tt.event, tt.d); got != tt.want {
			t.Errorf("%q in %s: %q, want %q", tt.event, tt.d, got, tt.want)
		}
	}
}

func TestAutKeepsEventsApart(t *testing.T) {
	event := rapid.OneOf(rapid.StringMatching(`(i|tau|exit|τ|✓)'{0,2}`), rapid.String(), rapid.StringMatching(`[%2a"]{1,4}`))
	rapid.Check(t, func(t *rapid.T) {
		a, b := event.Draw(t, "a"), event.Draw(t, "b")
		d := rapid.SampledFrom([]Dialect{CADP, MCRL2}).Draw(t, "dialect")
		if a != b && autLabel(a, d) == autLabel(b, d) {
			t.Errorf("%q and %q are both %q", a, b, autLabel(a, d))
		}
	})
}

func TestGraphsThatContradictThemselves(t *testing.T) {
	for _, tt := range []struct {
		name string
		g    Graph
		n    int // edges in the header; -1: no matter
	}{
		{"no states", Graph{}, 0},
		{"no such initial state", Graph{Initial: 1, States: make([]State, 1)}, 0},
		{"an edge to nowhere", Graph{States: make([]State, 1), Edges: []Edge{{0, 1, "a"}}}, 1},
		{"an edge from nowhere", Graph{States: make([]State, 1), Edges: []Edge{{-1, 0, "a"}}}, 1},
		{"a path of what is no edge", Graph{States: make([]State, 1), Path: []int{0}}, -1},
		{"a path that jumps", Graph{States: make([]State, 2), Edges: []Edge{{0, 1, "a"}, {0, 0, "a"}}, Path: []int{0, 1}}, -1},
	} {
		if err := GraphDOT(&bytes.Buffer{}, &tt.g); err == nil {
			t.Errorf("%s: drawn", tt.name)
		}
		if GraphJSON(&bytes.Buffer{}, &tt.g) == nil || GraphML(&bytes.Buffer{}, &tt.g) == nil {
			t.Errorf("%s: written", tt.name)
		}
		if tt.n < 0 {
			continue // it has no path in it
		}
		if err := Aut(&bytes.Buffer{}, AutHeader{tt.g.Initial, tt.n, len(tt.g.States)}, slices.Values(tt.g.Edges), CADP); err == nil {
			t.Errorf("%s: written", tt.name)
		}
	}
	g := grid(2)
	if err := Aut(&bytes.Buffer{}, AutHeader{0, len(g.Edges) + 1, len(g.States)}, slices.Values(g.Edges), CADP); err == nil {
		t.Error("an edge is missing, and nobody noticed")
	}
}

func BenchmarkAut(b *testing.B) {
	g := grid(300)
	for b.Loop() {
		var out countingWriter
		if err := Aut(&out, AutHeader{0, len(g.Edges), len(g.States)}, slices.Values(g.Edges), CADP); err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(out))
	}
}

type countingWriter int

func (c *countingWriter) Write(p []byte) (int, error) {
	*c += countingWriter(len(p))
	return len(p), nil
}
