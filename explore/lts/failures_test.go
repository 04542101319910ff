package lts_test

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/explore/lts"
	"github.com/cspcheck/cspcheck/model"
)

var keeps = []struct {
	name string
	keep lts.Keep
	in   []deadlock.Model
}{
	{"traces", lts.Traces, []deadlock.Model{deadlock.T}},
	{"failures", lts.Failures, []deadlock.Model{deadlock.T, deadlock.F}},
	{"everything", lts.Everything, []deadlock.Model{deadlock.T, deadlock.F, deadlock.FD}},
}

// What Compress makes is equal to the machine in what is kept, and where less
// is kept, it is sometimes smaller.
func TestCompress(t *testing.T) {
	var sizes [3]int
	for i, k := range keeps {
		t.Run(k.name, func(t *testing.T) {
			sizes[i] = 0
			forMachines(t, 12, func(t *rapid.T, m *model.Machine) {
				got := must(lts.Compress(m, k.keep, goOn))
				for _, in := range k.in {
					for _, p := range [][2]*model.Machine{{m, got}, {got, m}} {
						v, err := deadlock.Refines(context.Background(), explore.Machine(p[0]), explore.Machine(p[1]), in, explore.Limits{})
						if err != nil || v.Answer != deadlock.Holds {
							t.Fatalf("in %s, %v %v:\n%sof\n%s", in, v.Answer, err, got, m)
						}
					}
				}
				if reachable := must(lts.Explicate(m, goOn)).Len(); got.Len() > reachable {
					t.Fatalf("larger:\n%sof\n%s", got, m)
				}
				sizes[i] += got.Len()
			})
		})
	}
}

// A normal form of fewer transitions, but of more states, is not taken.
func TestCompressAddsNoStates(t *testing.T) {
	m := machineOf("0 τ 1\n0 ✓ 3\n0 b 2\n1 b 1\n2 b 0\n2 b 4\n4 τ 0\n4 a 1\n4 b 1")
	for _, k := range keeps {
		if got := must(lts.Compress(m, k.keep, goOn)); got.Len() > m.Len() {
			t.Errorf("%s:\n%sof\n%s", k.name, got, m)
		}
	}
}

// Divergence is forgotten only where that is asked for, and instability never.
func TestCompressForgets(t *testing.T) {
	for _, tt := range []struct {
		what, machine string
		want          [3]string // by what is kept
	}{
		{"a loop beside a stable state", "0 τ 0\n0 τ 1\n1 a 1", [3]string{
			"> 0: a -> 0\n", "> 0: a -> 0\n", "> 0: τ -> 0, τ -> 1, a -> 1\n  1: a -> 1\n"}},
		{"a loop and nothing stable", "0 τ 0\n0 a 1", [3]string{
			"> 0: a -> 1\n  1:\n", "> 0: τ -> 0, a -> 1\n  1:\n", "> 0: τ -> 0, a -> 1\n  1:\n"}},
		{"a loop at the end", "0 a 1\n1 τ 1", [3]string{
			"> 0: a -> 1\n  1:\n", "> 0: a -> 1\n  1: τ -> 1\n", "> 0: a -> 1\n  1: τ -> 1\n"}},
		{"a choice by τ", "0 τ 1\n0 τ 2\n1 a 1\n2 b 2", [3]string{
			"> 0: a -> 1, b -> 2\n  1: a -> 1\n  2: b -> 2\n",
			"> 0: τ -> 1, τ -> 2, a -> 1, b -> 2\n  1: a -> 1\n  2: b -> 2\n",
			"> 0: τ -> 1, τ -> 2, a -> 1, b -> 2\n  1: a -> 1\n  2: b -> 2\n"}},
	} {
		for i, k := range keeps {
			if got := must(lts.Compress(machineOf(tt.machine), k.keep, goOn)).String(); got != tt.want[i] {
				t.Errorf("%s, %s:\n%swant\n%s", tt.what, k.name, got, tt.want[i])
			}
		}
	}
}
