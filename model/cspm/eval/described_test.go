package eval_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A comprehension that is described has the elements that a set made of the
// sequence with the same statements has, which is never described, or
// the same mistake.
func TestDescribedComprehensions(tb *testing.T) {
	const script = `datatype D = A | B | E.{0..1}
nametype S = {0..16}
channel c : S.S
channel d : S.D.S
channel e : S.{0..6}.{0..6}
three = 3
f(x) = (x + 1) % 17
`
	rapid.Check(tb, func(t *rapid.T) {
		sources := []string{"{0..16}", "S", "diff(S, {3})", "{2, 5, 7}", "{4}", "{}", "set(<0..16>)", "union({0..9}, {12..16})"}
		channel := rapid.SampledFrom([]string{"c", "c", "d", "e", "e"}).Draw(t, "channel")
		width := map[string]int{"c": 2, "d": 3, "e": 3}[channel]
		elem, vars := channel, []string{}
		var sets, seqs []string
		for i := range width {
			if channel == "d" && i == 1 {
				if rapid.Bool().Draw(t, "constant") {
					elem += "." + rapid.SampledFrom([]string{"A", "E.1"}).Draw(t, "constructor")
					continue
				}
				sets, seqs = append(sets, "v1 <- D"), append(seqs, "v1 <- seq(D)")
				elem += ".v1"
				continue
			}
			v := fmt.Sprint("v", i)
			if rapid.IntRange(0, 3).Draw(t, "fixed") == 0 {
				elem += "." + rapid.SampledFrom([]string{"3", "three", "f(7)", "(three + 1)"}).Draw(t, "value")
				continue
			}
			if len(vars) > 0 && rapid.IntRange(0, 9).Draw(t, "again") == 0 {
				v = vars[0]
			} else {
				vars = append(vars, v)
				s := rapid.SampledFrom(sources).Draw(t, "source")
				sets, seqs = append(sets, v+" <- "+s), append(seqs, v+" <- seq("+s+")")
			}
			elem += "." + v
		}
		if len(vars) > 0 {
			for range rapid.IntRange(0, 2).Draw(t, "filters") {
				x := rapid.SampledFrom(vars).Draw(t, "x")
				y := rapid.SampledFrom(append(vars, "5", "three", "f(3)", "f("+x+")", "99")).Draw(t, "y")
				filter := rapid.SampledFrom([]string{x + " != " + y, y + " != " + x, "(" + x + " != " + y + " and " + y + " != 2)", x + " < " + y}).Draw(t, "filter")
				sets, seqs = append(sets, filter), append(seqs, filter)
			}
		}
		if len(sets) == 0 {
			return
		}
		fields := strings.Split(elem, ".")
		for range rapid.SampledFrom([]int{0, 0, 1, 1, 2}).Draw(t, "others") { // more elements
			first, second := fields[len(fields)-1], fields[1]
			if channel != "c" || rapid.IntRange(0, 3).Draw(t, "any") == 0 {
				field := rapid.SampledFrom(append(vars, "3"))
				first, second = field.Draw(t, "first"), field.Draw(t, "second")
			}
			elem += ", c." + first + "." + second
		}
		set := "{ " + elem + " | " + strings.Join(sets, ", ") + " }"
		seq := "set(< " + elem + " | " + strings.Join(seqs, ", ") + " >)"
		if _, want, fails := strings.Cut(answer(tb, script, seq, false), ": eval: "); fails {
			if _, got, _ := strings.Cut(answer(tb, script, set, false), ": eval: "); got != want {
				t.Errorf("%s fails with %q, not with %q", set, got, want)
			}
			return
		}
		for _, law := range []string{
			"card(X) == card(Y)", "empty(diff(X, Y))", "empty(diff(Y, X))", "X == Y", "card({ x | x <- X, member(x, Y) }) == card(Y)", "seq(X) == seq(Y)",
			"union(X, {| c.4, e.0 |}) == union(Y, {| c.4, e.0 |})", "inter(X, {| e, c.3 |}) == inter(Y, {| e, c.3 |})",
			"inter({| c.1, e |}, X) == inter(Y, {| c.1, e |})", "diff(Events, X) == diff(Events, Y)", "Union({X, {| d.3 |}}) == union({| d.3 |}, Y)",
			"Union({ diff(X, {| e.i, c.i |}) | i <- {1, 2} }) == Y",
		} {
			expr := strings.NewReplacer("X", set, "Y", seq).Replace(law)
			if got := answer(tb, script, expr, false); got != "true" {
				t.Errorf("%s: %s", expr, got)
			}
		}
	})
}
