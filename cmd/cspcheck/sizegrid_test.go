package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/deadlock"
)

// The least combinations and what parameters do, by their definitions.
func TestGridFindings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var params []param
		for i := range rapid.IntRange(1, 3).Draw(t, "parameters") {
			values := rapid.SliceOfNDistinct(rapid.IntRange(-3, 9), 1, 4, rapid.ID[int]).Draw(t, "values")
			slices.Sort(values)
			params = append(params, param{fmt.Sprint("P", i), values})
		}
		g := newGrid(params)
		for c := range g.cells {
			g.cells[c].answer = rapid.SampledFrom([]deadlock.Answer{deadlock.Holds, deadlock.Fails, deadlock.Fails, deadlock.Unknown}).Draw(t, g.name(c))
		}
		larger := make([]bool, len(params))
		for p := range larger {
			larger[p] = rapid.Bool().Draw(t, "larger")
		}
		before := func(a, b int) bool { // a is less than b in some, and more in none
			for p := range params {
				if x, y := g.value(a, p), g.value(b, p); x != y && (x > y) != larger[p] {
					return false
				}
			}
			return a != b
		}
		var want []string
		for c := range g.cells {
			minimal, certain := g.cells[c].holds(), true
			for d := range g.cells {
				if before(d, c) {
					minimal = minimal && !g.cells[d].holds()
					certain = certain && g.cells[d].known()
				}
			}
			if minimal {
				want = append(want, fmt.Sprint(g.name(c), certain))
			}
		}
		var got []string
		for _, l := range g.least(larger) {
			got = append(got, fmt.Sprint(g.name(l.cell), l.certain))
			for _, b := range l.before {
				if !before(b, l.cell) {
					t.Errorf("%s is said to be before %s", g.name(b), g.name(l.cell))
				}
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("least are %v, want %v", got, want)
		}
		for p := range params {
			up, down := false, false // somewhere, more helps, or hurts
			for a := range g.cells {
				for b := range g.cells {
					same := g.value(a, p) < g.value(b, p) && g.cells[a].known() && g.cells[b].known()
					for q := range params {
						same = same && (q == p || g.value(a, q) == g.value(b, q))
					}
					up = up || same && !g.cells[a].holds() && g.cells[b].holds()
					down = down || same && g.cells[a].holds() && !g.cells[b].holds()
				}
			}
			want := map[[2]bool]effect{{false, false}: noEffect, {true, false}: helps, {false, true}: hurts, {true, true}: mixed}[[2]bool{up, down}]
			if got := g.monotony(p).effect; got != want {
				t.Errorf("%s: %s, want %s", params[p].name, got, want)
			}
		}
	})
}

func TestParseParams(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"N=1..3", "N = 1..3"},
		{" N = 1, 2 ,4..5", "N = 1, 2, 4, 5"},
		{"N=-2..0", "N = -2..0"},
		{"N=7", "N = 7"},
		{"N=9223372036854775807", "N = 9223372036854775807"},
		{"N=9223372036854775806..9223372036854775807", "N = 9223372036854775806..9223372036854775807"},
		{"N=-9223372036854775808..9223372036854775807", "error: --param N=-9223372036854775808..9223372036854775807: there are more than 10000 values"},
		{"N=3..1", "error: --param N=3..1: the range runs backwards: write 1..3"},
		{"N=1..10001", "error: --param N=1..10001: there are more than 10000 values"},
		{"N=1,1..2", "error: --param N=1,1..2: 1 is there twice"},
		{"N=", `error: --param N=: "" is no whole number: write 1..8 or 1,2,4`},
		{"N=1..", `error: --param N=1..: "" is no whole number: write 1..8 or 1,2,4`},
		{"N=a..b", `error: --param N=a..b: "a" is no whole number: write 1..8 or 1,2,4`},
		{"N", "error: --param N: write NAME=1..8 or NAME=1,2,4"},
		{"=1", "error: --param =1: write NAME=1..8 or NAME=1,2,4"},
		{"N=1..200;M=1..200", "error: --param M=1..200: with it there are more than 10000 combinations"},
		{"N=1;N=2", "error: --param N=2: N is there twice"},
		{"K=1", "error: --param K=1: --set sets K, too"},
	} {
		params, err := parseParams(strings.Split(tt.text, ";"), []string{"K=3"})
		got := ""
		switch {
		case err != nil:
			got = "error: " + err.Error()
		default:
			got = params[0].String()
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.text, got, tt.want)
		}
	}
}
