package process_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
	"github.com/cspcheck/cspcheck/model/cspm/process"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// What offers more events than that is narrowed, where it can be, and a
// specification that does is asked, not listed.
func withWidest(n int64, f func()) {
	before := process.Widest(n)
	defer process.Widest(before)
	f()
}

// wideSet draws a set of the events of wideScript.
func wideSet(t *rapid.T, depth int) string {
	if depth > 0 && rapid.Bool().Draw(t, "of sets") {
		op := rapid.SampledFrom([]string{"union", "diff", "inter", "union"}).Draw(t, "op")
		return fmt.Sprintf("%s(%s, %s)", op, wideSet(t, depth-1), wideSet(t, depth-1))
	}
	return rapid.SampledFrom([]string{"Events", "{|a|}", "{|b|}", "{|d|}", "{|a, b|}", "{|a, d, c|}", "{|d.Two|}", "{|a.0|}", "{|a, b.1|}", "{a.0.1, c}", "{c}", "{|b.0, b.1|}", "{}", "{|c|}"}).Draw(t, "set")
}

// wideOffer draws a prefix with many events, and what it goes on with, in which i
// is 0 or 1.
func wideOffer(t *rapid.T) string {
	return rapid.SampledFrom([]string{
		"a?x?y", "a?x!i", "a!i?y", "a?x!(1-i)", "a?x:{1}?y", "a?x?y:{0}", "a?x.y", "a?x", "a.i?y", "a?x!x", "a?x!(1-x)", "b?x!x", "a.i!(1-i)", "b.0!i", "a.1!i", "b.i?y", "a?_?1", "a$x:{0,1}?y", "a$x?y",
		"a?x?y:{x}", "a?x:{i}?y", "a?x:{0,1}!i", "a.i.i", "b?x?y", "b?x!i", "b!i?y", "b?x.1",
		"d?x?y", "d?One.x?y", "d?One.x!(1-x)", "d!Two?y", "d?x!(if x == Two then 1 else 0)", "d?x:{Two, One.1}?y", "d!One?x!i", "d?x!i", "d.One?x",
	}).Draw(t, "offer") + " -> " + rapid.SampledFrom([]string{
		"W1(1-i)", "STOP", "SKIP", "Q(i)", "W2(i)", "(W1(i) [] Q(1-i))", "(c -> W2(1-i))", "(c -> SKIP ||| b!i?z -> SKIP) ; W1(i)", "(let j = 1-i within a?u!j -> W2(j))",
		"((b?u?v -> W1(i)) \\ {c})", "(Q(i) /\\ a!i?z -> STOP)",
	}).Draw(t, "goes on as")
}

// wideProcess draws a process in which RUN and CHAOS, and others that offer many
// events, stand beside others.
func wideProcess(t *rapid.T, depth int) string {
	if depth == 0 {
		name := rapid.SampledFrom([]string{"P", "Q(0)", "R", "W1(0)", "W1(1)", "W2(0)", "RUN", "CHAOS", "CHAOS"}).Draw(t, "leaf")
		if name == "RUN" || name == "CHAOS" {
			return name + "(" + wideSet(t, 1) + ")"
		}
		return name
	}
	side := func() string { return wideProcess(t, rapid.IntRange(0, depth-1).Draw(t, "depth")) }
	switch rapid.IntRange(0, 7).Draw(t, "operator") {
	case 0:
		return fmt.Sprintf("((%s) \\ %s)", side(), wideSet(t, 1))
	case 1:
		return fmt.Sprintf("((%s)[[a <- b]])", side())
	case 2:
		return fmt.Sprintf("((%s) [%s || %s] (%s))", side(), wideSet(t, 1), wideSet(t, 1), side())
	case 4:
		return fmt.Sprintf("PRI(%s, %s, %s)", side(), wideSet(t, 0), wideSet(t, 0))
	case 3:
		return fmt.Sprintf("(|| i : {0..2} @ [<%s, %s, %s>(i)] <%s, %s, %s>(i))", wideSet(t, 1), wideSet(t, 1), wideSet(t, 1), side(), side(), side())
	}
	return fmt.Sprintf("((%s) [| %s |] (%s))", side(), wideSet(t, 1), side())
}

const wideScript = `external prioritise
datatype T = One.{0,1} | Two
channel a, b : {0,1}.{0,1}
channel c
channel d : T.{0,1}
P = a?i?j -> (b.j.i -> P [] c -> SKIP)
Q(i) = a.i.1 -> Q(1-i) |~| c -> Q(i)
R = (a.0.0 -> R) ||| (b?x?y -> STOP)
PRI(p, x, y) = prioritise(p, <x, y>)
at(<x>^s, i) = if i == 0 then x else at(s, i-1)
`

// wide returns the script with a process W in it; the operands of replicated
// operators are chosen by their numbers.
func wide(t *rapid.T, process string) string {
	var b strings.Builder
	b.WriteString(wideScript)
	for _, name := range []string{"W1", "W2"} {
		fmt.Fprintf(&b, "%s(i) = %s\n", name, wideOffer(t))
	}
	for strings.Contains(process, ">(i)") {
		to := strings.Index(process, ">(i)")
		from := strings.LastIndex(process[:to], "<")
		for process[from:from+2] == "<-" { // of a renaming
			from = strings.LastIndex(process[:from], "<")
		}
		process = process[:from] + "at(<" + process[from+1:to] + ">, i)" + process[to+4:]
		process = strings.Replace(process, "at(<", "at(\x00", 1)
	}
	fmt.Fprintf(&b, "W = %s\n", strings.ReplaceAll(process, "\x00", "<"))
	return b.String()
}

// What is narrowed does what it did.
func TestNarrowedProcessesDoWhatTheyDid(t *testing.T) {
	narrowed := 0
	until(t, &narrowed, 300, func(t *rapid.T) {
		text := wide(t, wideProcess(t, 2))
		engine := rapid.SampledFrom([]cspm.Engine{cspm.Terms, cspm.Auto}).Draw(t, "engine")
		whole, err := system(text, "W", cspm.Terms)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		limits := explore.Limits{States: 2000}
		want, err := tabulate(whole, limits)
		if err != nil {
			t.Skip(err)
		}
		withWidest(rapid.Int64Range(0, 4).Draw(t, "widest"), func() {
			sys, err := system(text, "W", engine)
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			if !process.IsNarrowed(sys) {
				return
			}
			narrowed++
			got, err := tabulate(sys, limits)
			if err != nil || !bisimilar(got, want) {
				t.Errorf("narrowed it does something else (%v)\n%s", err, text)
			}
		})
	})
}

// A specification that is asked of events, and never listed, says what it says
// when it is listed.
func TestPermissiveSpecifications(t *testing.T) {
	answers := map[string]int{}
	asked := 0
	until(t, &asked, 150, func(t *rapid.T) {
		spec := rapid.SampledFrom([]string{"RUN", "CHAOS"}).Draw(t, "spec") + "(" + wideSet(t, 2) + ")"
		m := rapid.SampledFrom([]string{"T", "F", "FD"}).Draw(t, "model")
		impl := wideProcess(t, 1)
		text := wide(t, impl)
		refines := func() *deadlock.Verdict {
			s, err := cspm.Load("test.csp", []byte(text), cspm.Options{Untyped: true})
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			a, err := s.Refinement(spec, "W", syntax.Model(m))
			if err != nil {
				t.Fatal(err)
			}
			limits := explore.Limits{States: 2000}
			in, err := a.Instance(context.Background(), limits)
			if err != nil {
				t.Fatal(err)
			}
			if _, ok := in.Spec.(*process.Permissive); ok {
				asked++
			}
			v, err := deadlock.Refines(context.Background(), in.Spec, in.Impl, deadlock.Model(m), limits)
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			return v
		}
		want := refines()
		withWidest(-1, func() {
			got := refines()
			x, y := got.Counterexample, want.Counterexample
			if got.Answer != want.Answer || (x == nil) != (y == nil) {
				t.Fatalf("%s [%s= W: %v, and listed %v\n%s", spec, m, got.Answer, want.Answer, text)
			}
			answers[fmt.Sprint(got.Answer)]++
			if x == nil {
				return
			}
			// Of several shortest ones it may be another.
			if x.Kind != y.Kind || len(x.Impl.Steps) != len(y.Impl.Steps) || (x.Spec == nil) != (y.Spec == nil) {
				t.Errorf("%s [%s= W: %s after %v, and listed %s after %v\n%s", spec, m, x.Kind, x.Impl.Trace(), y.Kind, y.Impl.Trace(), text)
			}
			does := x.Impl.Trace()
			if x.Kind == explore.TraceViolation {
				does = does[:len(does)-1]
			}
			if x.Spec != nil && !slices.Equal(x.Spec.Trace(), does) {
				t.Errorf("%s [%s= W: the specification does %v, and not %v\n%s", spec, m, x.Spec.Trace(), does, text)
			}
		})
	})
	if len(answers) < 2 && !testing.Short() {
		t.Errorf("all answers are the same: %v", answers)
	}
}

// An event that never happens, as nobody else does it, still makes others give way.
func TestPrioritiesAreOfWhatCannotHappen(t *testing.T) {
	withWidest(1, func() {
		const script = "external prioritise\nchannel a : {0..3}\nchannel b, c\nP = prioritise(a?x -> STOP [] c -> STOP, <{|a|}, {c}>)\n" +
			"W = (P ||| (a?y -> STOP)) [|{|a, c|}|] (c -> b -> STOP)\n"
		sys, err := system(script, "W", cspm.Auto)
		if err != nil {
			t.Fatal(err)
		}
		got, err := tabulate(sys, explore.Limits{})
		if err != nil || len(got) != 1 || !process.IsNarrowed(sys) {
			t.Errorf("%d states, narrowed %v, %v: c gives way to a", len(got), process.IsNarrowed(sys), err)
		}
	})
}

// So it is with programs of all operators.
func TestNarrowedProgramsDoWhatTheyDid(t *testing.T) {
	narrowed := 0
	until(t, &narrowed, 1000, func(t *rapid.T) {
		pr := drawProgram(t, rapid.SampledFrom([]int{1, 2, 3, 4, 5}).Draw(t, "size"))
		main := rapid.SampledFrom([]string{
			"MAIN(0) [|{|a, d, e|}|] MAIN(1)", "MAIN(0) [|{|d|}|] (d?x -> e!x -> SKIP ||| MAIN(1))", "(MAIN(0) ||| e?x -> MAIN(1)) [|{|e, b|}|] (b -> e!1 -> STOP)",
			"MAIN(0) [{|d, e|} || Events] (MAIN(1) [] d?x -> e?y:{x} -> SKIP)", "(d?x -> e!x -> MAIN(0)) [|{|d, e|}|] (MAIN(1) [> d!1 -> e?z -> MAIN(1))",
		}).Draw(t, "process")
		engine := rapid.SampledFrom([]cspm.Engine{cspm.Terms, cspm.Auto}).Draw(t, "engine")
		whole, err := system(pr.text(), main, engine)
		if err != nil {
			t.Fatalf("%v\n%s", err, pr.text())
		}
		limits := explore.Limits{States: mostStates}
		want, err := tabulate(whole, limits)
		if err != nil {
			t.Skip(err)
		}
		withWidest(rapid.Int64Range(0, 2).Draw(t, "widest"), func() {
			sys, err := system(pr.text(), main, engine)
			if err != nil {
				t.Fatalf("%v\n%s", err, pr.text())
			}
			if !process.IsNarrowed(sys) {
				return
			}
			narrowed++
			// What begins again is not narrowed inside as it was at first: it may be there twice.
			got, err := tabulate(sys, explore.Limits{States: 10 * mostStates})
			if err != nil || !bisimilar(got, want) {
				t.Errorf("narrowed it does something else (%v): %s\n%s", err, main, pr.text())
			}
		})
	})
}

// Fields that are given first, outputs that depend on inputs or fill no field or
// several, and mistakes.
func TestNarrowedInputsByRow(t *testing.T) {
	const script = "datatype T = One.{0..3} | Two\nchannel c : {0..3}.{0..3}\nchannel d : {0..3}.T.{0..3}\nchannel e : {0..3}.{0..3}.{0..3}.{0..3}\n"
	for _, tt := range []struct{ few, many string }{
		{"c.0.2 -> STOP [] c.1.1 -> STOP [] c.1.3 -> STOP", "c.1!2 -> STOP [] c?x?y:{3} -> STOP"},
		{"c.0.2 -> STOP [] c.1.1 -> STOP [] c.1.3 -> STOP", "c!1!2 -> STOP [] c?x?y:{3} -> STOP"},
		{"d.0.One.1.1 -> STOP", "d?x!(if x == 0 then One else One)?y -> STOP"},
		{"e.1.1.1.0 -> STOP", "e?x!(x.x)?y -> STOP"},
		{"c.1.2 -> STOP", "c?x?y -> c!x!4 -> STOP"},
		{"c.1.2 -> STOP", "c?x?y:{0, 1} -> STOP"},
		{"c.1.2 -> STOP [] c.0.3 -> STOP", "c?x:{0..1}?y:diff({0..3}, {2}) -> STOP"},
		{"c.1.2 -> STOP [] c.0.3 -> STOP", "c?x?y:{2..4} -> STOP"},
		{"c.1.2 -> STOP", "c!4?x -> STOP [] c?x?y -> STOP"},
	} {
		text := script + "W = (" + tt.few + ") [|Events|] (" + tt.many + ")\n"
		does := func() string {
			sys, err := system(text, "W", cspm.Terms)
			if err != nil {
				return err.Error()
			}
			got, err := tabulate(sys, explore.Limits{})
			return fmt.Sprint(got, err)
		}
		want := does()
		withWidest(3, func() {
			if got := does(); got != want {
				t.Errorf("%s beside %s: %s, not %s", tt.few, tt.many, got, want)
			}
		})
	}
}
