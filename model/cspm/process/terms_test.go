package process_test

import (
	"context"
	"fmt"
	"io"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
	"github.com/cspcheck/cspcheck/model/cspm/process"
	"github.com/cspcheck/cspcheck/render"
)

// system returns the states of a process of a script.
func system(script, process string, engine cspm.Engine) (explore.System, error) {
	s, err := cspm.Load("test.csp", []byte(script), cspm.Options{Engine: engine, Untyped: true})
	if err != nil {
		return nil, err
	}
	return s.Process(context.Background(), explore.Limits{}, process)
}

// tabulate explores sys.
func tabulate(sys explore.System, limits explore.Limits) (lts, error) {
	var out lts
	_, err := explore.Run(context.Background(), sys, limits, func(v *explore.Visit) bool {
		var arrows []arrow
		for i, e := range v.Steps.Events {
			arrows = append(arrows, arrow{sys.Events().Name(e), int(v.Targets[i])})
		}
		out = append(out, arrows)
		return true
	})
	return out, err
}

const mostStates = 400

// check is rapid.Check, but thousands of times unless tests are to be short:
// a rule for a joint event of two operators is a rare thing to meet.
func check(t *testing.T, prop func(*rapid.T)) {
	rounds := 30
	if testing.Short() {
		rounds = 3
	}
	for range rounds {
		if rapid.Check(t, prop); t.Failed() {
			return
		}
	}
}

// until checks until *count is n, or a twentieth if tests are to be short,
// however many cases rapid checks at a time.
func until(t *testing.T, count *int, n int, prop func(*rapid.T)) {
	if testing.Short() {
		n /= 20
	}
	for *count < n && !t.Failed() {
		rapid.Check(t, prop)
	}
}

// The states of a random term, as the term explorer finds them, are strongly
// bisimilar to what the firing rules say.
func TestTermsDoWhatTheRulesSay(t *testing.T) {
	t.Parallel()
	mix := map[string]int{}
	var cases, states, large, more int
	check(t, func(t *rapid.T) {
		pr := drawProgram(t, rapid.SampledFrom([]int{1, 2, 3, 4, 5}).Draw(t, "size"))
		d, p := pr.closed()
		want, ok := d.explore(p, mostStates)
		sys, err := system(pr.text(), both, cspm.Terms)
		if err != nil {
			t.Fatalf("%v\n%s", err, pr.text())
		}
		if !ok {
			large++
			return
		}
		got, err := tabulate(sys, explore.Limits{States: 10 * mostStates})
		if err != nil {
			t.Fatalf("%v\n%s", err, pr.text())
		}
		if !bisimilar(want, got) {
			t.Fatalf("%s\nby the rules:\n%s\nby the explorer:\n%s", pr.text(), want, got)
		}
		cases++
		states += len(got)
		if len(got) > len(want) {
			more++
		}
		for op, n := range pr.tags {
			mix[op] += n
		}
	})
	var words []string
	for op, n := range mix {
		words = append(words, fmt.Sprintf("%s %d", op, n))
	}
	slices.Sort(words)
	t.Logf("%d terms, %d states on average, %d too large, %d with more states than by the rules: %v", cases, states/max(cases, 1), large, more, words)
}

// A random path through a random term is told without error: its events are
// those of the path, somebody takes part in each visible one, and what is told
// can be shown.
func TestEveryPathCanBeTold(t *testing.T) {
	t.Parallel()
	check(t, func(t *rapid.T) {
		pr := drawProgram(t, rapid.SampledFrom([]int{1, 2, 3, 4, 5}).Draw(t, "size"))
		sys, err := system(pr.text(), both, cspm.Terms)
		if err != nil {
			t.Fatalf("%v\n%s", err, pr.text())
		}
		path, states := wander(t, sys)
		b, err := explore.Explain(sys, path)
		if err != nil {
			t.Fatalf("%v\n%s", err, pr.text())
		}
		if len(b.Steps) != len(path) || len(b.Ends) != len(b.Components) {
			t.Fatalf("%d steps for %d, %d ends of %d components\n%s", len(b.Steps), len(path), len(b.Ends), len(b.Components), pr.text())
		}
		for i, p := range path {
			s, want := b.Steps[i], sys.Events().Name(p.Event)
			if s.Event != want || want != tau && len(s.Parts) == 0 {
				t.Fatalf("step %d of %s is told as %v\n%s", i, want, s, pr.text())
			}
			if n := distinct(t, sys, states[i]); len(s.Others) != n-1 {
				t.Fatalf("step %d has %d others of %d transitions\n%s", i, len(s.Others), n, pr.text())
			}
			for _, o := range s.Others {
				if o.To >= 0 && !leads(t, sys, states[i], o.Event, states[o.To]) {
					t.Fatalf("step %d: %v leads elsewhere\n%s", i, o, pr.text())
				}
			}
		}
		if n := distinct(t, sys, states[len(path)]); len(b.Final) != n || n > 0 && len(b.Waits) > 0 {
			t.Fatalf("%d transitions at the end of %d, %d waits\n%s", len(b.Final), n, len(b.Waits), pr.text())
		}
		ce := &explore.Counterexample{Kind: explore.Deadlock, Impl: *b}
		if err := render.Text(io.Discard, ce, render.TextOptions{Width: 80}); err != nil {
			t.Fatalf("%v\n%s", err, pr.text())
		}
	})
}

// Where a state of a random term leads by an event, asked of those alone that take
// part, is where all its transitions say.
func TestAfterAnEventIsWhereTransitionsLead(t *testing.T) {
	t.Parallel()
	wide := 0
	check(t, func(t *rapid.T) {
		pr := drawProgram(t, rapid.SampledFrom([]int{2, 3, 4, 5}).Draw(t, "size"))
		sys, err := system(pr.text(), both, cspm.Terms)
		if err != nil {
			t.Fatalf("%v\n%s", err, pr.text())
		}
		_, states := wander(t, sys)
		for _, s := range states {
			steps := successors(t, sys, s)
			for i, e := range steps.Events {
				if slices.Index(steps.Events, e) < i {
					continue
				}
				var want []uint64
				for k := range steps.Events {
					if steps.Events[k] == e {
						want = append(want, steps.States[k])
					}
				}
				if got := process.After(sys, s, e); !slices.Equal(got, want) {
					t.Fatalf("by %s it comes to %v, not %v\n%s", sys.Events().Name(e), got, want, pr.text())
				}
				if len(want) > 1 {
					wide++
				}
			}
		}
	})
	t.Logf("%d times to several", wide)
}

// wander draws a path, and returns the states on it, the first included.
func wander(t *rapid.T, sys explore.System) (path []explore.PathStep, states []uint64) {
	s := []uint64{0}
	if err := sys.Initial(s); err != nil {
		t.Fatal(err)
	}
	states = append(states, s[0])
	for range rapid.IntRange(0, 12).Draw(t, "length") {
		steps := successors(t, sys, states[len(states)-1])
		if len(steps.Events) == 0 {
			break
		}
		k := rapid.IntRange(0, len(steps.Events)-1).Draw(t, "step")
		path = append(path, explore.PathStep{Event: steps.Events[k], State: []uint64{steps.States[k]}})
		states = append(states, steps.States[k])
	}
	return path, states
}

func successors(t *rapid.T, sys explore.System, s uint64) *explore.Steps {
	var steps explore.Steps
	if err := sys.Successors([]uint64{s}, &steps); err != nil {
		t.Fatal(err)
	}
	return &steps
}

// distinct returns how many different transitions a state has.
func distinct(t *rapid.T, sys explore.System, s uint64) int {
	seen := map[string]bool{}
	steps := successors(t, sys, s)
	for k, e := range steps.Events {
		seen[fmt.Sprint(e, steps.States[k])] = true
	}
	return len(seen)
}

func leads(t *rapid.T, sys explore.System, s uint64, event string, to uint64) bool {
	steps := successors(t, sys, s)
	for k, e := range steps.Events {
		if sys.Events().Name(e) == event && steps.States[k] == to {
			return true
		}
	}
	return false
}

func (l lts) String() string {
	var s string
	for i, arrows := range l {
		s += fmt.Sprint(i, ":")
		for _, a := range arrows {
			s += fmt.Sprintf(" %s>%d", a.event, a.to)
		}
		s += "\n"
	}
	return s
}
