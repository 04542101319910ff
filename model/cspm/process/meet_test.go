package process_test

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
	"github.com/cspcheck/cspcheck/model/cspm/process"
)

// nodes draws a network of components that have inputs from whoever, as W.
func nodes(t *rapid.T) string {
	from := func(name string, all ...string) string { return rapid.SampledFrom(all).Draw(t, name) }
	var b strings.Builder
	n := rapid.SampledFrom([]int{1, 2, 2, 3, 3, 4, 9, 10}).Draw(t, "components")
	// Small sets are listed, large ones are described.
	f, g := n, 2
	if rapid.Bool().Draw(t, "large") {
		f, g = 18, 16
	}
	fmt.Fprintf(&b, "external prioritise, chase\nN = %d\nI = {0..%d}\nG = {0..%d}\nchannel c : I.I\nchannel d : I.I.G\nchannel e : I\n", n, f-1, g-1)
	offer := func() string {
		return from("offer", "c!i!((i+1)%N)", "c!i!((i+1)%N)", "c!((i+1)%N)!i", "c!i?j", "c?j!i", "c?j!i", "c?j!i", "c?j?k", "c?j:{0,1}!i", "c?j!j", "c?j!((j+1)%N)", "c?j?k:diff(I,{j})",
			"c?j:diff(I,{i})!i", "c.i?j", "c.j!i", "d!i!((i+1)%N)!m", "d!i!((i+1)%N)?x", "d?j!i?x", "d?j!i?x", "d?j!i!m", "d?j.k!m", "d?j!i!x", "e!i", "e?j", "e?j:diff(I,{i})", "c$k:{0,1}?j", "c!i!0", "e!(if m == 1 then 99 else i)", "d?k!i!(if k == 1 then 16 else m)", "c?k!(i+17*m)")
	}
	next := func() string {
		return from("goes on as", "STOP", "STOP", "SKIP", "X(i,m)", "Y(i,m)", "Y(i,1-m)", "Z(i,m)", "Z(i,m)", "e!i -> Z(i,m)", "((e!i -> SKIP) ; Z(i,m))", "(e?j -> SKIP ||| d?j!i?x -> c!i?j -> STOP)", "(((e!i -> c?j!i -> STOP) \\ {|e|}) [] Z(i,m))", "(Z(i,m) [> Y(i,1-m))", "((c?j!i -> d!i?j!m -> STOP)[[c.i.j <- c.j.i | j <- I]])",
			"((c?j!i -> d?k!i?x -> STOP) [|{|c.i|}|> Y(i,1-m))", "(c?j!i -> STOP [+{|c|}+] c?j?k -> e!i -> STOP)", "(Y(i,m) [+{}+] Z(i,m))", "((c?j!i -> e!i -> STOP) /+{|c|}+\\ c?j!i -> STOP)",
			"prioritise((c?j!i -> e!i -> STOP) [] (d?j!i?x -> STOP), <{|d|}, {|c|}>)")
	}
	prefix := func() string {
		o := offer()
		if rapid.IntRange(0, 5).Draw(t, "chosen") == 0 {
			o = from("chosen from", "[] y : {|d.i|} @ y", "[] y : {|d.i|} @ y", "[] y : {|c|} @ y", "[] y : {d.j.i.x | j <- I, x <- G} @ y", "[] y : {d.j.i.x | j <- I, x <- G, j != i} @ y", "[] y : union({|d.i|}, {c.0.i}) @ y", "[] y : {c.j.k | j <- I, k <- I, j != k} @ y")
		}
		// Where nothing binds them, j and x are of the process.
		return fmt.Sprintf("%s -> %s", o, next())
	}
	for _, name := range []string{"X", "Y", "Z"} {
		fmt.Fprintf(&b, "%s(i, m) = let j = (i+2)%%N\n            x = m within (%s)", name, prefix())
		for range rapid.IntRange(0, 2).Draw(t, "more") {
			fmt.Fprintf(&b, " %s (%s)", from("choice", "[]", "[]", "[]", "|~|"), prefix())
		}
		fmt.Fprintln(&b)
	}
	set := func() string {
		return from("alphabet", "union({|c.i, d.i, e|}, union({c.j.i | j <- I}, {|d.j.i | j <- I|}))", "union({|c.i, d.i, e|}, union({c.j.i | j <- I}, {|d.j.i | j <- I|}))", "union({|c.i|}, {c.j.i | j <- I})",
			"{|c.i, d.i|}", "{|c, d|}", "{|d|}", "diff({|c, d, e.i|}, {|c.i.i|})", "{c.i.j, c.j.i | j <- I, j != i}", "union({c.j.i, e.j | j <- I, i != j}, {|d|})", "Events", "diff({|c, d|}, {|c.i|})", "diff({|c, d|}, {c.j.i, c.i.i | j <- I})", "union({|c.i|}, {d.j.i.x | j <- I, x <- {0..1}})", "union({|c.i, d.i|}, diff({c.j.k | j <- I, k <- {0..i}}, {c.1.j | j <- I}))", "{c.i.((i+1)%N), c.((i-1)%N).i}", "{|c.0, d.1|}",
			"{d.i.j.x, d.j.i.x, c.i.j, e.i | j <- I, x <- G, j != i}", "{d.j.i.x, d.i.j.x | j <- I, x <- G, j != (i+1)%N}", "union({c.i.j, c.j.i | j <- I}, {d.j.k.m | j <- I, k <- {1..i+1}, m <- G, j != i, m != 1})", "Union({ {d.j.i.x, d.i.j.x} | j <- I, x <- G, j != i, x != 0 })")
	}
	fmt.Fprintf(&b, "A(i) = if i < %d then %s else %s\n", rapid.IntRange(0, n).Draw(t, "those"), set(), set())
	node := func() string {
		return from("node", "X(i,0)", "Y(i,0)", "Z(i,0)", "X(i,1)", "(X(i,0) ||| Y(i,0))", "CHAOS({|c.i|})", "(Z(i,0) /\\ e!i -> STOP)", "(Y(i,0) \\ {|e|})", "(Y(i,0) \\ {|e|})", "((X(i,0) \\ {|d.0|}) \\ {c.0.i})", "(Z(i,0) [|{|d.0|}|] (c?j!i -> d.0?x?y -> Y(i,1))) \\ {|d.0|}", "CHAOS({c.j.i, d.j.i.0 | j <- I})", "(RUN({|c.i, d|}) [|{|d|}|] Y(i,0))", "(Y(i,0)[[c.i.j <- c.j.i | j <- I]])",
			"prioritise(Y(i,0), <{|d|}, {|c|}>)", "chase(Z(i,0) \\ {|e|})", "(X(i,0) [|{|d|}|> Y(i,0))", "(X(i,0) /+{|e|}+\\ Y(i,1))", "(X(i,0) [+{|c|}+] Y(i,0))", "(X(i,0) [> Y(i,1))", "(X(i,0) ; Y(i,0))",
			"(Z(i,0) [c.i.0 <-> c.i.0] Y(i,0))", "(|| k : {0..1} @ [{|c.i, d|}] Y(i,k))", "([|{|c|}|] k : {0} @ X(i,k))", "(|| k : {0} @ [{|c|}] X(i,k))", "(X(i,0) [{|c|} || {|c.i, d|}] RUN({|c, d|}))", "RUN({|c|})", "CHAOS(Events)")
	}
	fmt.Fprintf(&b, "NODE(i) = if i < %d then %s else %s\n", rapid.IntRange(0, n).Draw(t, "so many"), node(), node())
	fmt.Fprintf(&b, "V = %s NODE(i)\n", from("operator", "|| i : {0..N-1} @ [A(i)]", "|| i : {0..N-1} @ [A(i)]", "|| i : {0..N-1} @ [A(i)]", "[| {|c|} |] i : {0..N-1} @", "[| diff(Events, {|c.0|}) |] i : {0..N-1} @", "[| {|c, d|} |] i : {0} @", "|| i : {0} @ [A(i)]"))
	fmt.Fprintf(&b, "W = %s\n", from("in", "V", "V", "V", "V", "V \\ {|d|}", "V ||| c?j?k -> STOP", "(c?j!0 -> V) [|{|c|}|] V", "V ; V", "prioritise(V, <{|d|}, {|c|}>)", "V /\\ e!0 -> V",
		"V [|{|c.0|}|> c?j!0 -> V", "V[[c.i.j <- c.j.i | i <- {0..1}, j <- I]]", "[|{|c, d|}|] k : {0} @ V", "RUN({|c, d|}) [|{|c|}|] V", "V [{|c, d|} || Events] (c?j!0 -> e!0 -> V)"))
	return b.String()
}

// What components that have inputs from whoever can do together is what they did.
func TestNarrowedNetworksDoWhatTheyDid(t *testing.T) {
	narrowed, mistakes := 0, 0
	until(t, &narrowed, 300, func(t *rapid.T) {
		text, engine := nodes(t), rapid.SampledFrom([]cspm.Engine{cspm.Terms, cspm.Auto}).Draw(t, "engine")
		limits := explore.Limits{States: 500}
		whole, err := system(text, "W", engine)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		want, err := tabulate(whole, limits)
		if err != nil && strings.HasPrefix(err.Error(), "more than") { // which it may be no longer
			t.Skip(err)
		}
		withWidest(rapid.Int64Range(0, 4).Draw(t, "widest"), func() {
			sys, again := system(text, "W", engine)
			if again != nil {
				t.Fatalf("%v\n%s", again, text)
			}
			if !process.IsNarrowed(sys) {
				return
			}
			narrowed++
			got, again := tabulate(sys, explore.Limits{States: 10 * limits.States})
			if err != nil || again != nil {
				if fmt.Sprint(err) != fmt.Sprint(again) {
					t.Errorf("narrowed: %v, before: %v\n%s", again, err, text)
				}
				mistakes++
				return
			}
			if !bisimilar(got, want) {
				t.Errorf("narrowed it does something else: %v, not %v\n%s", got, want, text)
			}
		})
	})
	t.Logf("of %d narrowed, %d meet a mistake", narrowed, mistakes)
}

var places = regexp.MustCompile(`test\.csp:\d+:\d+`)

// Of a component that waits for what never comes it is told what that is, as it was
// before it was left out.
func TestWhatNeverComesIsTold(t *testing.T) {
	told := 0
	until(t, &told, 100, func(t *rapid.T) {
		text := nodes(t)
		deadlocked := func() (*explore.Behaviour, bool) {
			sys, err := system(text, "W", cspm.Terms)
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			v, err := deadlock.Free(context.Background(), sys, "F", explore.Limits{States: 500})
			if err != nil || v.Counterexample == nil {
				t.Skip(err)
			}
			return &v.Counterexample.Impl, process.IsNarrowed(sys)
		}
		want, _ := deadlocked()
		withWidest(rapid.Int64Range(0, 4).Draw(t, "widest"), func() {
			got, narrowed := deadlocked()
			if !narrowed || !slices.Equal(got.Trace(), want.Trace()) {
				return
			}
			const all = 1 << 16 // that are told of all components together
			if slices.ContainsFunc(want.Ends, func(e explore.End) bool { return len(e.Offers) > all/len(want.Ends) }) {
				return // of these only some
			}
			told++
			waits := func(b *explore.Behaviour) (out []string) {
				for _, w := range b.Waits {
					out = append(out, fmt.Sprint(w.Component, w.Label))
				}
				return out
			}
			// What stands twice in the script may be one state, come to in two ways.
			ends := func(b *explore.Behaviour) string {
				return places.ReplaceAllStringFunc(fmt.Sprint(b.Ends), func(at string) string {
					var line, column int
					if _, err := fmt.Sscanf(at, "test.csp:%d:%d", &line, &column); err != nil {
						t.Fatal(err)
					}
					before, _, _ := strings.Cut(strings.Split(text, "\n")[line-1][column-1:], ">")
					return before
				})
			}
			if ends(got) != ends(want) || !slices.Equal(waits(got), waits(want)) {
				t.Errorf("at the end %v, waiting %v; not %v, %v\n%s", got.Ends, waits(got), want.Ends, waits(want), text)
			}
		})
	})
}

// What one operand of an interface parallel does needs nobody else, and what loses
// nothing is as it was.
func TestNothingIsNarrowedThatLosesNothing(t *testing.T) {
	const script = "channel d : {0..9}\nchannel a\nP = d?x -> P\n"
	for _, w := range []string{"[|{|d|}|] i : {0} @ P", "P [|{|d|}|] d?x -> P", "P [{|d|}||{|d|}] P", "|| i : {0} @ [{|d|}] P", "(a -> P) [|{d.1}|] RUN({|d|})", "RUN({|d|}) [|{|d|}|] CHAOS({|d|})"} {
		whole, err := system(script, w, cspm.Terms)
		if err != nil {
			t.Fatal(err)
		}
		want, err := tabulate(whole, explore.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		withWidest(3, func() {
			sys, err := system(script, w, cspm.Terms)
			if err != nil {
				t.Fatal(err)
			}
			got, err := tabulate(sys, explore.Limits{})
			if err != nil || process.IsNarrowed(sys) || fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s, narrowed: %v, does %v (%v), not %v", w, process.IsNarrowed(sys), got, err, want)
			}
		})
	}
}

// What partners never let it come to may have no end.
func TestMeetingsEnd(t *testing.T) {
	const script = "I = {0..9}\nchannel d : I.I\nFOREVER(n) = FOREVER(n+1)\nGROWS(s) = d?j!1 -> GROWS(s^<j>)\n" +
		"P(n) = d?j!1 -> if n == 1 then FOREVER(0) else P(n+1)\nQ(n) = d?j!1 -> if n == 1 then GROWS(<>) else Q(n+1)\n" +
		"W(R) = || i : {0..1} @ [if i == 0 then {|d|} else {d.j.1 | j <- I}] if i == 0 then d!0?k -> STOP else R\n"
	for _, w := range []string{"W(P(0))", "W(Q(0))"} {
		withWidest(3, func() {
			sys, err := system(script, w, cspm.Terms)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := tabulate(sys, explore.Limits{States: 10}); err != nil || len(got) != 3 {
				t.Errorf("%s: %v, %v", w, got, err)
			}
		})
	}
}
