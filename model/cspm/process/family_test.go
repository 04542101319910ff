package process_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
	"github.com/cspcheck/cspcheck/model/cspm/process"
)

// A renaming by a family of ties, which are not listed, is that by the same
// ties listed; and so is the inverse.
func TestFamiliesOfTiesAreTheTies(tb *testing.T) {
	tb.Parallel()
	const script = `datatype D = A | B
channel c, d : {0..19}.{0..19}
channel e : {0..19}.D.{0..19}
channel g : {0..19}
channel h
f(x) = (x + 1) %% 20
P = [] x : { c.i.j, d.i.j, e.i.A.j, e.i.B.j, g.i, h | i <- %s, j <- {0, 3, 5, 7} } @ x -> STOP
FAMILY = P[[ %s | %s ]]
LISTED = P[[ %s | %s, i + j == j + i ]]
`
	families := 0
	until(tb, &families, 300, func(t *rapid.T) {
		side := func(name string) string {
			one := rapid.SampledFrom([]string{"c.i.j", "c.j.i", "d.i.j", "d.j.i", "e.i.A.j", "e.j.B.i", "(e.i.A).j", "e.i.k.j", "g.i", "g.j", "h", "c.7.j", "d.i.3"}).Draw(t, name)
			return one
		}
		source := func(name string) string {
			return rapid.SampledFrom([]string{"{0..19}", "{0..17}", "diff({0..19}, {3})", "{2..19}"}).Draw(t, name)
		}
		from, to := side("from"), side("to")
		statements := []string{"i <- " + source("i"), "j <- " + source("j")}
		if rapid.Bool().Draw(t, "turned") {
			slices.Reverse(statements)
		}
		if strings.Contains(from+to, "k") {
			if from != to {
				t.Skip("k is on one side")
			}
			to = "e.j.k.i"
			statements = append(statements, "k <- D")
		}
		for range rapid.IntRange(0, 2).Draw(t, "filters") {
			statements = append(statements, rapid.SampledFrom([]string{"i != j", "i != 5", "f(4) != j", "j != f(f(5))", "i < 12", "f(j) % 3 > 0", "(i == 3 or j > 4)"}).Draw(t, "filter"))
		}
		ties, list := from+" <- "+to, strings.Join(statements, ", ")
		for range rapid.IntRange(0, 2).Draw(t, "more") {
			ties += ", " + strings.ReplaceAll(side("from")+" <- "+side("to"), "k", "B")
		}
		text := fmt.Sprintf(script, source("P"), ties, list, ties, list)
		renamed := func(name string) (explore.System, []string) {
			sys, err := system(text, name, cspm.Terms)
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			s, out := make([]uint64, sys.Width()), explore.Steps{}
			if err := sys.Initial(s); err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			if err := sys.Successors(s, &out); err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			var names []string
			for _, e := range out.Events {
				names = append(names, sys.Events().Name(e))
			}
			return sys, names
		}
		sys, got := renamed("FAMILY")
		if process.RenamesByFamily(sys) {
			families++
		}
		other, want := renamed("LISTED")
		if process.RenamesByFamily(other) {
			t.Fatalf("the ties are not listed\n%s", text)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%v, not %v\n%s", got, want, text)
		}
		if x, y := process.SourcesOf(sys), process.SourcesOf(other); !slices.Equal(x, y) {
			t.Errorf("what becomes events: %v, not %v\n%s", x, y, text)
		}
	})
}
