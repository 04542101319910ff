package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
)

// Each counterexample of the examples is found in the process that its
// assertion names: by its steps, and back to where its loop begins.
func TestRetrace(t *testing.T) {
	files, err := filepath.Glob("../../specs/*.csp")
	if err != nil || len(files) < 10 {
		t.Fatal(err, files)
	}
	limits := explore.Limits{States: 20_000}
	a := newApp(context.Background(), nil, nil, nil)
	found, loops := 0, 0
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		script, err := cspm.Load(file, src, cspm.Options{Open: os.ReadFile})
		if err != nil {
			t.Fatal(err)
		}
		for i := range script.Asserts {
			as := &script.Asserts[i]
			r := a.ask(as, reductions{}, limits, noMeter{})
			ce := r.verdict.Counterexample
			if ce == nil || as.TauPriority != nil {
				continue // under a priority it is another process
			}
			sys, err := script.Process(a.ctx, limits, as.Files().Text(as.Impl.At()))
			if err != nil {
				continue // in a timed section
			}
			path, err := retrace(a.ctx, sys, &ce.Impl, limits)
			if err != nil {
				t.Errorf("%s: %v", place(as), err)
				continue
			}
			found++
			states := walk(t, sys, path)
			for k := range path {
				at := k
				if n := len(ce.Impl.Steps); k >= n {
					at = ce.Impl.Loop + (k-n)%(n-ce.Impl.Loop)
				}
				if got, want := sys.Events().Name(path[k].Event), ce.Impl.Steps[at].Event; got != want {
					t.Errorf("%s: step %d is %s, want %s", place(as), k+1, got, want)
				}
			}
			if ce.Impl.Loop >= 0 {
				loops++
				if last := len(states) - 1; !slices.ContainsFunc(states[ce.Impl.Loop:last], func(s []uint64) bool { return slices.Equal(s, states[last]) }) {
					t.Errorf("%s: the loop is not closed", place(as))
				}
			}
		}
	}
	t.Logf("%d counterexamples, %d of them loop", found, loops)
	if found < 10 || loops < 1 {
		t.Errorf("only %d counterexamples, %d of them loop", found, loops)
	}
}

// walk returns the states of a path, and checks that each follows the one
// before.
func walk(t *testing.T, sys explore.System, path []explore.PathStep) [][]uint64 {
	t.Helper()
	s := make([]uint64, sys.Width())
	if err := sys.Initial(s); err != nil {
		t.Fatal(err)
	}
	states := [][]uint64{s}
	var steps explore.Steps
	for i, p := range path {
		steps.Reset()
		if err := sys.Successors(states[i], &steps); err != nil {
			t.Fatal(err)
		}
		w := sys.Width()
		ok := false
		for k, e := range steps.Events {
			ok = ok || e == p.Event && slices.Equal(steps.States[k*w:(k+1)*w], p.State)
		}
		if !ok {
			t.Fatalf("step %d, %s, is none of the process", i+1, sys.Events().Name(p.Event))
		}
		states = append(states, p.State)
	}
	return states
}

// A trace is split as Eval prints it.
func TestSplitList(t *testing.T) {
	for _, tt := range []struct {
		text string
		want []string
	}{
		{"", nil},
		{"a", []string{"a"}},
		{"a, b.1", []string{"a", "b.1"}},
		{`c.(1, 2), d.<1, 2>.{3, 4}, e."x, \", y", f.','`, []string{"c.(1, 2)", "d.<1, 2>.{3, 4}", `e."x, \", y"`, "f.','"}},
	} {
		if got := splitList(tt.text); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q", tt.text, got)
		}
	}
}

// A path that the process does not have is not found, and it is said how far
// it goes.
func TestRetraceWhatIsNotThere(t *testing.T) {
	script, err := cspm.Load("x.csp", []byte("channel a, b\nP = a -> b -> P\nQ = a -> Q\n"), cspm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	sys, err := script.Process(context.Background(), explore.Limits{}, "P")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		b    explore.Behaviour
		want string
	}{
		{explore.Behaviour{Steps: []explore.Step{{Event: "a"}, {Event: "b"}}, Loop: 0}, ""},
		{explore.Behaviour{Steps: []explore.Step{{Event: "a"}, {Event: "a"}}, Loop: -1}, "it is none of this process: after 1 step there is no a"},
		{explore.Behaviour{Steps: []explore.Step{{Event: "c"}}, Loop: -1}, "it is none of this process: after 0 steps there is no c"},
		{explore.Behaviour{Loop: -1}, ""},
	} {
		got := ""
		if _, err := retrace(context.Background(), sys, &tt.b, explore.Limits{}); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%v: %q, want %q", tt.b.Trace(), got, tt.want)
		}
	}
}
