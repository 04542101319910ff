package process_test

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
)

// choices draws a script with choices over A(n), as W, and that set, which is large mostly.
func choices(t *rapid.T) (text, set string) {
	from := func(name string, all ...string) string { return rapid.SampledFrom(all).Draw(t, name) }
	var b strings.Builder
	fmt.Fprintln(&b, "I = {0..16}\nchannel c : I.I\nchannel d : I\nchannel e")
	for _, name := range []string{"P", "Q"} {
		body := func() string {
			return fmt.Sprintf("([] x : A(%s) @ %s)", from("of", "n", "n", "1-n", "0"), from("body",
				"x -> P(n)", "x -> P(n)", "x -> Q(1-n)", "(x -> Q(n))", "x -> (d.n -> P(1-n))", "x -> STOP", "x -> SKIP", "x -> x -> Q(n)", "x -> (if x == c.1.2 then P(1-n) else Q(n))",
				"x -> R(x)", "x -> X(n)", "x -> ([] y : A(n) @ y -> (if x == y then STOP else P(n)))", "x -> (e -> P(n) [] Q(1-n))", "x -> (if n == 1 and x == c.2.3 then 1/0 == 1 else true) & P(n)"))
		}
		fmt.Fprintf(&b, "%s(n) = %s\n", name, from("as", body(), body(), body()+" [] "+body(), body()+" [] e -> STOP", body()+" |~| Q(1-n)", "e -> "+body(), "(let m = 1-n within "+body()+")", "("+body()+" [> P(n))"))
	}
	fmt.Fprintln(&b, "R(x) = if x == c.0.0 then STOP else x -> R(c.0.0)\nX(n) = [] x : A(n) @ x -> STOP")
	fmt.Fprintf(&b, "W = %s\n", from("in", "P(0)", "P(0)", "Q(1)", "X(0) [] X(1)", "X(0) ||| X(1)", "P(0) [|{|c|}|] Q(1)", "P(0) [|{|c, d|}|] c?j!1 -> d!1 -> STOP", "P(0) [|{|c|}|] c.1?j -> STOP", "c.0.0 -> c.0.1 -> STOP [|Events|] P(0)", "P(0) [] Q(1)", "P(0) \\ {|c.1|}",
		"P(0) /\\ e -> Q(0)", "P(0)[[c.i.j <- c.j.i | i <- I, j <- I]]", "P(0) ; Q(0)", "P(0) [|{|c|}|> Q(1)", "P(0) [{|c|} || {|c.1, d|}] Q(0)", "(|| i : {0..1} @ [{|c.i, d|}] P(i))", "(P(0) [|{|c|}|] c!1!2 -> e -> c!3?j -> STOP) \\ {e}", "(e -> STOP) [|{e}|] P(0)"))
	return b.String(), from("set", "{|c|}", "{|c|}", "{|c, d|}", "diff({|c|}, {|c.1|})", "diff({|c, d|}, {c.n.n, d.n})", "union({|c|}, {d.n})", "Events", "diff(Events, {c.n.2})", "{c.i.j | i <- I, j <- I, i != j}", "{|c.n, d|}")
}

// A choice over a large set does what it does over the same set, listed, in the same order, and
// of both the same is told.
func TestChoicesOfLargeSets(t *testing.T) {
	asked, told := 0, 0
	until(t, &asked, 100, func(t *rapid.T) {
		text, set := choices(t)
		engine := rapid.SampledFrom([]cspm.Engine{cspm.Terms, cspm.Auto}).Draw(t, "engine")
		limits := explore.Limits{States: 100}
		ask := func(set string) (explore.System, lts, error) {
			text := text + "A(n) = " + set + "\n"
			sys, err := system(text, "W", engine)
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			does, err := tabulate(sys, limits)
			return sys, does, err
		}
		withWidest(1<<12, func() {
			sys, got, err := ask(set)
			listed, want, again := ask("set(seq(" + set + "))")
			if fmt.Sprint(err) != fmt.Sprint(again) || fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("%v (%v), not %v (%v)\n%sA(n) = %s", got, err, want, again, text, set)
			}
			if asked++; err != nil {
				return
			}
			free := func(sys explore.System) *explore.Counterexample {
				v, err := deadlock.Free(context.Background(), sys, "F", limits)
				if err != nil {
					t.Fatalf("%v\n%s", err, text)
				}
				return v.Counterexample
			}
			c, d := free(sys), free(listed)
			if !reflect.DeepEqual(c, d) {
				t.Errorf("%+v\nis told, not\n%+v\n%sA(n) = %s", c, d, text, set)
			}
			if c != nil {
				told++
			}
		})
	})
	t.Logf("of %d, %d are told", asked, told)
}

// Choices at one place over different sets are not one process.
func TestChoicesOverOtherSets(t *testing.T) {
	const script = "I = {0..16}\nchannel c : I.I\nchannel d : I\nchannel e\nG(p) = e -> p\nK(n) = G([] x : union({|c|}, {d.n}) @ x -> STOP)\n"
	sys, err := system(script, "K(0) [] K(1)", cspm.Terms)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := tabulate(sys, explore.Limits{}); err != nil || len(got) != 4 {
		t.Errorf("%d states, %v", len(got), err)
	}
}
