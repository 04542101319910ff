package explore_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/modeltest"
	"pgregory.net/rapid"
)

// afterTrace returns the states that a machine can be in after a trace, by
// the definition.
func afterTrace(m *model.Machine, trace []model.Event) map[model.State]bool {
	closure := func(set map[model.State]bool) map[model.State]bool {
		for again := true; again; {
			again = false
			for s := range set {
				events, targets := m.Transitions(s)
				for i, e := range events {
					if e == model.Tau && !set[targets[i]] {
						set[targets[i]], again = true, true
					}
				}
			}
		}
		return set
	}
	set := closure(map[model.State]bool{m.Initial(): true})
	for _, want := range trace {
		next := map[model.State]bool{}
		for s := range set {
			events, targets := m.Transitions(s)
			for i, e := range events {
				if e == want {
					next[targets[i]] = true
				}
			}
		}
		set = closure(next)
	}
	return set
}

func TestAlong(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := modeltest.Machines(8, 2).Draw(t, "machine")
		trace := rapid.SliceOfN(rapid.SampledFrom([]model.Event{model.Tick, 2, 3}), 0, 4).Draw(t, "trace")
		got := make([]map[model.State]bool, len(trace)+1)
		for i := range got {
			got[i] = map[model.State]bool{}
		}
		sys := explore.Along(explore.Machine(m), trace)
		if rapid.Bool().Draw(t, "by names") {
			var names []string
			for _, e := range trace {
				names = append(names, map[model.Event]string{model.Tick: "✓", 2: "a", 3: "b"}[e])
			}
			sys = explore.AlongNames(explore.Machine(m), names)
		}
		s, err := explore.Run(context.Background(), sys, explore.Limits{Keep: true}, func(v *explore.Visit) bool {
			got[v.Words[1]][model.State(v.Words[0])] = true
			return true
		})
		if err != nil {
			t.Fatal(err)
		}
		for i := range got {
			if want := afterTrace(m, trace[:i]); fmt.Sprint(got[i]) != fmt.Sprint(want) {
				t.Errorf("after %v: %v, want %v", trace[:i], got[i], want)
			}
		}
		for i := range s.Len() {
			path, err := s.Path(i)
			if err != nil {
				t.Fatal(err)
			}
			var visible []model.Event
			for _, p := range path {
				if p.Event != model.Tau {
					visible = append(visible, p.Event)
				}
			}
			if !slices.Equal(visible, trace[:wordsOf(s, i)[1]]) {
				t.Errorf("path %v to %v does not follow %v", path, wordsOf(s, i), trace)
			}
		}
	})
}
