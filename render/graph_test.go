package render

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

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

func TestLargeGraphsAreNotLaidOut(t *testing.T) {
	if err := grid(22).Drawable(); err != nil {
		t.Errorf("484 states: %v", err)
	}
	err := grid(23).Drawable()
	if err == nil || !strings.Contains(err.Error(), "529 states") || !strings.Contains(err.Error(), "aut") {
		t.Errorf("529 states: %v", err)
	}
}

func TestAut(t *testing.T) {
	for name, g := range graphs() {
		for _, d := range []Dialect{CADP, MCRL2} {
			var b bytes.Buffer
			if err := Aut(&b, AutHeader{g.Initial, len(g.Edges), len(g.States)}, slices.Values(g.Edges), d); err != nil {
				t.Fatal(err)
			}
			golden(t, name+"."+string(d)+".aut", b.Bytes())
		}
	}
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
		n    int // edges in the header
	}{
		{"no states", Graph{}, 0},
		{"no such initial state", Graph{Initial: 1, States: make([]State, 1)}, 0},
		{"an edge to nowhere", Graph{States: make([]State, 1), Edges: []Edge{{0, 1, "a"}}}, 1},
		{"an edge from nowhere", Graph{States: make([]State, 1), Edges: []Edge{{-1, 0, "a"}}}, 1},
	} {
		if err := GraphDOT(&bytes.Buffer{}, &tt.g); err == nil {
			t.Errorf("%s: drawn", tt.name)
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
