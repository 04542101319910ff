package deadlock_test

import (
	"fmt"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/model/modeltest"
	"pgregory.net/rapid"
)

// The two ways in which modeltest says what a process denotes.

func TestDenotationsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pair := modeltest.Pairs(2, 2).Draw(t, "pair")
		spec, impl := modeltest.NewProcess(pair.Spec), modeltest.NewProcess(pair.Impl)
		n := modeltest.Enough(spec, impl)
		d, e := spec.Denote(n), impl.Denote(n)
		for _, m := range models {
			if a, b := d.RefinedBy(e, modeltest.Model(m)), spec.RefinedBy(impl, modeltest.Model(m)); a != b {
				t.Errorf("refinement in %s: %v and %v", m, a, b)
			}
			if m == deadlock.T {
				continue
			}
			if a, b := d.Deterministic(modeltest.Model(m)), spec.Deterministic(modeltest.Model(m)); a != b {
				t.Errorf("determinism in %s: %v and %v", m, a, b)
			}
		}
	})
}

var models = []deadlock.Model{deadlock.T, deadlock.F, deadlock.FD}

func TestDenotation(t *testing.T) {
	d := modeltest.NewProcess(machine(t, "s τ t, t a t, s b u, u τ u, s ✓ v")).Denote(2)
	if got, want := fmt.Sprint(d.Traces), "map[:true a :true a a :true b :true ✓ :true]"; got != want {
		t.Errorf("traces %s, want %s", got, want)
	}
	if got, want := fmt.Sprint(d.Divergences), "map[b :true]"; got != want {
		t.Errorf("divergences %s, want %s", got, want)
	}
	// τ is event 0, ✓ 1, a 2 and b 3. Only t and v are stable.
	for f, want := range map[modeltest.Failure]bool{
		{Trace: "", Refused: 1<<1 | 1<<3}:          true,
		{Trace: "", Refused: 1 << 2}:               false,
		{Trace: "a ", Refused: 1 << 3}:             true,
		{Trace: "b ", Refused: 0}:                  false,
		{Trace: "✓ ", Refused: 1<<1 | 1<<2 | 1<<3}: true,
		{Trace: "✓ ", Refused: 0}:                  true,
	} {
		if d.Failures[f] != want {
			t.Errorf("failure %v: %v, want %v", f, !want, want)
		}
	}
}
