package cspm_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
)

// Processes of which a path was once told with a way out left away. Each step
// of each path of up to three steps tells all other transitions.
func TestEveryOtherTransitionIsTold(t *testing.T) {
	for _, process := range []string{
		// Two τ of one state, behind operators of which none lets a visible
		// event pass.
		`((STOP /+ {} +\ ((STOP [> STOP) [ {} || {} ] DIV)) \ {})`,
	} {
		s, err := cspm.Load("t.csp", []byte(declarations), cspm.Options{Engine: cspm.Terms})
		if err != nil {
			t.Fatal(err)
		}
		sys, err := s.Process(context.Background(), explore.Limits{}, process)
		if err != nil {
			t.Fatal(err)
		}
		steps := func(state []uint64) (all []explore.PathStep) {
			var next explore.Steps
			if err := sys.Successors(state, &next); err != nil {
				t.Fatal(err)
			}
			seen := map[string]bool{}
			for i, e := range next.Events {
				to := []uint64{next.States[i]}
				if id := fmt.Sprint(e, to); !seen[id] {
					seen[id] = true
					all = append(all, explore.PathStep{Event: e, State: to})
				}
			}
			return all
		}
		initial := []uint64{0}
		if err := sys.Initial(initial); err != nil {
			t.Fatal(err)
		}
		var follow func(path []explore.PathStep, others []int, state []uint64)
		follow = func(path []explore.PathStep, others []int, state []uint64) {
			b, err := explore.Explain(sys, path)
			if err != nil {
				t.Fatalf("%s after %d steps: %v", process, len(path), err)
			}
			for i, want := range others {
				if got := len(b.Steps[i].Others); got != want {
					t.Errorf("%s: step %d of %v tells %d other transitions, want %d", process, i, path, got, want)
				}
			}
			if len(path) == 3 {
				return
			}
			all := steps(state)
			for _, step := range all {
				follow(append(path[:len(path):len(path)], step), append(others[:len(others):len(others)], len(all)-1), step.State)
			}
		}
		follow(nil, nil, initial)
	}
}
