package eval_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const described = `datatype D = A | B | E.{0..1}
nametype S = {0..16}
channel c : S.S
channel d : S.D.S
channel e : S.{0..6}.{0..6}
channel g : {0..299}
channel u
three = 3
f(x) = (x + 1) % 17
`

// A comprehension that is described has the elements that sets made of the
// sequences with the same statements have, which are never described, or is as much of
// a mistake.
func TestDescribedComprehensions(tb *testing.T) {
	mistakes := 0
	rapid.Check(tb, func(t *rapid.T) {
		set, elems, seq, mixed := comprehension(t)
		if _, want, fails := strings.Cut(answer(tb, described, seq, false), ": eval: "); fails {
			mistakes++
			// Of several mistakes one form may meet another one first.
			if _, got, fails := strings.Cut(answer(tb, described, set, false), ": eval: "); !fails || !mixed && len(elems) == 1 && got != want {
				t.Errorf("%s fails with %q, not with %q", set, got, want)
			}
			return
		}
		for _, law := range []string{
			"card(X) == card(Y)", "empty(diff(X, Y))", "empty(diff(Y, X))", "X == Y", "(let y = Y within card({ x | x <- X, member(x, y) }) == card(y))", "seq(X) == seq(Y)",
			"union(X, {| c.4, e.0 |}) == union(Y, {| c.4, e.0 |})", "inter(X, {| e, c.3 |}) == inter(Y, {| e, c.3 |})",
			"inter({| c.1, e |}, X) == inter(Y, {| c.1, e |})", "diff(Events, X) == diff(Events, Y)", "Union({X, {| d.3, g |}}) == union({| d.3, g |}, Y)",
			"Union({ diff(X, {| e.i, c.i |}) | i <- {1, 2} }) == Y",
		} {
			expr := strings.NewReplacer("X", set, "Y", seq).Replace(law)
			if got := answer(tb, described, expr, false); got != "true" {
				t.Errorf("%s: %s", expr, got)
			}
		}
	})
	tb.Logf("%d are mistakes", mistakes)
}

// Of variables that an element does not use it matters that they have values.
func TestDescribedElementsNeedAChoice(t *testing.T) {
	for _, tt := range []struct{ set, card string }{
		{"{ g.v | v <- {0..299}, w <- {} }", "0"},
		{"{ g.v, u | v <- {0..299}, w <- {4}, w != 4 }", "0"},
		{"{| c.3, u | v <- {0..299}, w <- {4}, v != 5, w != 4 |}", "0"},
		{"{ u | v <- {4}, w <- {4}, x <- {0..299}, v != w }", "0"},
		{"{ u | v <- {4}, w <- {4, 5}, x <- {0..299}, v != w }", "1"},
		{"{ g.v | v <- {0..299}, w <- {4}, v != w }", "299"},
		{"{ g.v | w <- {4}, v <- {0..299}, w != v }", "299"},
		{"{ g.v | v <- {0..299}, w <- {4, 5}, v != w }", "300"},
		{"{ g.v | v <- {0..299}, w <- {4, 5}, v != w, w != 5 }", "299"},
		{"{ g.v, u, g.3 | v <- {0..299} }", "301"},
		{"{| c.3, c.v.4 | v <- S, w <- S |}", "33"},
		{"{ c.v.w | v <- S, w <- S, v == 3 or w == 4 }", "33"},
		{"{ c.v.w | v <- S, w <- S, not (v == 3 or w == 4) }", "256"},
		{"{ c.v.w | v <- S, w <- S, v < 3 and w >= 4 }", "39"},
		{"{ c.v.w | v <- S, w <- S, 3 < v, 15 >= w, v != w }", "196"},
		{"{ g.v | v <- {0..299}, v < 100 or v > 105 or v == 102 }", "295"},
		{"{ g.v | v <- {0..299}, not member(v, {0, 200, 300}) }", "298"},
		{"{ g.v | v <- {0..299}, v % 2 == 1 }", "150"},
		{"{ g.((v + 7) % 300), u | v <- {0..298} }", "300"},
		{"{ g.(v / 2) | v <- {0..299} }", "150"},
		{"{ g.v | v <- {0..299}, three == 3 }", "300"},
		{"{ g.v | v <- {0..299}, three != 3 }", "0"},
		{"{ v | v <- {0..299}, v != 7 }", "299"},
		{"{ v | v <- {0..299}, v % 3 == 0 or v > 200 }", "166"},
		{"{ g.v | v <- {0..299}, v == 4 or 1 / (v - 4) < 5 }", "300"},
		{"{ g.v | v <- {0..299}, v != 4, 1 / (v - 4) < 5 }", "299"},
		{"{ g.v | v <- {0..299}, w <- {4}, v != w, 1 / (v - 4) < 5 }", "299"},
		{"Union({ {g.v}, {| c.3 |}, {c.w.4 | w <- S} | v <- {0..299} })", "333"},
		{"Union({ {g.v}, {| c.3 |}, {c.w.4 | w <- {}} | v <- {0..299} })", "317"},
	} {
		if got := answer(t, described, "card("+tt.set+")", false); got != tt.card {
			t.Errorf("%s has %s elements, not %s", tt.set, got, tt.card)
		}
	}
}

// So have sets of what satisfies conditions, whatever it is of.
func TestDescribedParts(tb *testing.T) {
	rapid.Check(tb, func(t *rapid.T) {
		source := rapid.SampledFrom([]string{"{0..299}", "diff({0..299}, {7, 9})", "set(<0..299>)", "union({2..250}, {270..299})", "{2, 3}"}).Draw(t, "source")
		filters := ""
		for range rapid.IntRange(1, 3).Draw(t, "filters") {
			filters += rapid.SampledFrom([]string{", (%s)", ", (%s or %s)", ", (not (%s and %s))", ", (%s) and (%s or v == 3)"}).Draw(t, "form")
			for strings.Contains(filters, "%s") {
				filters = strings.Replace(filters, "%s", condition(t, "v"), 1)
			}
		}
		set, seq := "{ v | v <- "+source+filters+" }", "set(< v | v <- seq("+source+")"+filters+" >)"
		if got, want := answer(tb, described, set, false), answer(tb, described, seq, false); strings.Contains(want, ": eval: ") {
			_, got, _ := strings.Cut(got, ": eval: ")
			if _, want, _ := strings.Cut(want, ": eval: "); got != want {
				t.Errorf("%s: %s, not %s", set, got, want)
			}
		} else if got != want {
			t.Errorf("%s: %s, not %s", set, got, want)
		}
		if got := answer(tb, described, "{ g.v | v <- "+set+" } == { g.v | v <- "+seq+" }", false); got != "true" && !strings.Contains(got, ": eval: ") {
			t.Errorf("%s: %s", set, got)
		}
	})
}

// condition draws one of a variable.
func condition(t *rapid.T, x string) string {
	c := rapid.SampledFrom([]string{"4", "three", "f(7)", "99", "-1"}).Draw(t, "constant")
	op := rapid.SampledFrom([]string{"==", "!=", "<", "<=", ">", ">="}).Draw(t, "op")
	return rapid.SampledFrom([]string{x + " " + op + " " + c, c + " " + op + " " + x, "not " + x + " " + op + " " + c, "member(" + x + ", {2, " + c + ", 5})", "not member(" + x + ", {3..9})",
		"member(" + x + ", S)", x + " % 3 " + op + " " + c + " % 3", "f(" + x + ") " + op + " " + c, "9 / (" + x + " - 4) > 1", "three " + op + " " + c, "not (" + x + " < 3 or " + x + " > 9)",
	}).Draw(t, "condition")
}

// A condition that would split a set into very many parts is listed.
func TestConditionsOfManyParts(t *testing.T) {
	var either []string
	for i := range 17 {
		either = append(either, fmt.Sprintf("v == %d and w == %d", i, (i+3)%17))
	}
	set := "{ c.v.w | v <- S, w <- S, (" + strings.Join(either, ") or (") + ") }"
	if got := answer(t, described, "card("+set+")", false); got != "17" {
		t.Errorf("%s has %s elements", set, got)
	}
}

// A mistake deep in what a set is made of is met a few times, not twice as often by each
// set around it.
func TestMistakesInDescribedSets(t *testing.T) {
	script := described + `deep(n) = if n == 0 then 1 / 0 else card({ g.v | v <- {0..299}, v < deep(n-1) or v == 3 })
part(n) = if n == 0 then 1 / 0 else card({ v | v <- {0..299}, v == 3 or v < part(n-1) })
of(n) = if n == 0 then 1 / 0 else card({ g.(v + of(n-1)) | v <- {0..299} })
`
	for _, f := range []string{"deep", "part", "of"} {
		if got := answer(t, script, f+"(60)", false); !strings.Contains(got, "division by zero") {
			t.Errorf("%s: %s", f, got)
		}
	}
}

// comprehension draws a set by comprehension, { }, {| |} or a Union, its elements, and the
// union of sets made of sequences that it is. It is mixed if it is no { }.
func comprehension(t *rapid.T) (set string, elems []string, seq string, mixed bool) {
	from := func(name string, all ...string) string { return rapid.SampledFrom(all).Draw(t, name) }
	var vars, sets, seqs []string
	wide := rapid.Bool().Draw(t, "wide") // v0 has many values, and is of g alone
	for i := range rapid.SampledFrom([]int{1, 2, 2, 2, 3}).Draw(t, "variables") {
		v := fmt.Sprint("v", i)
		sources := []string{"{2, 5, 7}", "{4}", "{4}", "{4}", "{}", "{1, 2}"}
		if i < 2 && !wide { // More than two large ones would only take time.
			sources = []string{"{0..16}", "S", "S", "{0..19}", "diff(S, {3})", "{0..6}", "{2, 5, 7}", "{4}", "{}", "set(<0..16>)", "union({0..9}, {12..16})"}
		}
		s := from("source", sources...)
		if wide && i == 0 {
			s = from("wide source", "{0..299}", "{0..299}", "diff({0..299}, {4})")
		}
		vars, sets, seqs = append(vars, v), append(sets, v+" <- "+s), append(seqs, v+" <- seq("+s+")")
		filters := []int{0, 0, 0, 1, 1, 2}
		if wide && i > 0 {
			filters = []int{0, 1, 1, 2}
		}
		for range rapid.SampledFrom(filters).Draw(t, "filters") {
			x := from("x", vars...)
			others := slices.DeleteFunc(slices.Clone(vars), func(v string) bool { return v == x })
			y := from("y", slices.Concat(others, others, others, []string{x, "4", "5", "three", "f(3)", "f(" + x + ")", "99"})...)
			z := from("z", vars...)
			condition := func(x string) string { return condition(t, x) }
			filter := from("filter", x+" != "+y, x+" != "+y, y+" != "+x, "("+x+" != "+y+" and "+y+" != 2)", x+" < "+y,
				condition(x), condition(x), condition(x)+" and "+condition(z), "("+condition(x)+" or "+condition(z)+")", "("+condition(x)+" or "+condition(z)+")",
				"not ("+condition(x)+" and "+condition(z)+")", "("+condition(x)+" or "+x+" != "+y+")")
			sets, seqs = append(sets, filter), append(seqs, "("+filter+")")
		}
	}
	constructors := []string{"A", "E.1"}
	if rapid.IntRange(0, 3).Draw(t, "constructors") == 0 {
		sets, seqs = append(sets, "w <- D"), append(seqs, "w <- seq(D)")
		if rapid.Bool().Draw(t, "but one") {
			sets, seqs = append(sets, "w != B"), append(seqs, "w != B")
		}
		constructors = append(constructors, "w", "w", "w")
	}
	kind := from("kind", "{", "{", "{|", "Union", "Union")
	var parts []string // of the Union
	for range rapid.SampledFrom([]int{1, 1, 2, 2, 3}).Draw(t, "elements") {
		channel := from("channel", "c", "c", "c", "d", "e", "g", "u")
		if wide {
			channel = from("channel", "c", "g", "g", "g", "u")
		}
		left := slices.Clone(vars) // to be fields
		if wide && channel == "g" {
			left = left[:1]
		} else if wide {
			left = left[1:]
		}
		elem := channel
		begins := kind == "{|" || kind == "Union" && rapid.Bool().Draw(t, "begins")
		for i := range map[string]int{"c": 2, "d": 3, "e": 3, "g": 1}[channel] {
			field := from("value", "3", "three", "4", "f(4)", "(three + 1)", "f(16)", "f(7)")
			switch {
			case begins && rapid.IntRange(0, 3).Draw(t, "ends") == 0:
				goto whole
			case channel == "d" && i == 1:
				field = from("constructor", constructors...)
			case !wide && rapid.IntRange(0, 9).Draw(t, "again") == 0:
				field = from("variable", vars...)
			case len(left) > 0 && rapid.IntRange(0, 3).Draw(t, "fixed") > 0:
				k := rapid.IntRange(0, len(left)-1).Draw(t, "which")
				v := left[k]
				field = from("of a variable", v, v, v, v, "f("+v+")", "(("+v+" + three) % 17)", "("+v+" / 2)", "("+v+" * "+v+" % 7)", "("+v+" + 1)")
				left = slices.Delete(left, k, k+1)
			}
			elem += "." + field
		}
	whole:
		elems = append(elems, elem)
		listed := "set(< " + elem + " | " + strings.Join(seqs, ", ") + " >)"
		open, closed := "{ ", " }"
		if begins {
			open, closed = "{| ", " |}"
			listed = open + "x | x <- " + listed + closed
		}
		seq += ", " + listed
		parts = append(parts, open+elem+closed)
	}
	seq = "Union({" + seq[2:] + "})"
	switch kind {
	case "{|":
		return "{| " + strings.Join(elems, ", ") + " | " + strings.Join(sets, ", ") + " |}", elems, seq, true
	case "{":
		return "{ " + strings.Join(elems, ", ") + " | " + strings.Join(sets, ", ") + " }", elems, seq, false
	}
	// The last statements may be of the sets inside.
	outer := rapid.IntRange(1, len(sets)).Draw(t, "outer")
	if outer < len(sets) {
		for i, p := range parts {
			closed := p[strings.LastIndex(p, " "):]
			parts[i] = strings.TrimSuffix(p, closed) + " | " + strings.Join(sets[outer:], ", ") + closed
		}
	}
	return "Union({ " + strings.Join(parts, ", ") + " | " + strings.Join(sets[:outer], ", ") + " })", elems, seq, true
}
