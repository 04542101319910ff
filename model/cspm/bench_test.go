package cspm_test

import (
	"context"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
)

// A process over a set and a bounded queue: 2¹² sets of members, and queues
// of up to two of them.
const membership = `
N = 11
channel join, leave, ask, answer : {0..N}
P(s, q) = (join?x:diff({0..N}, s) -> P(union(s, {x}), q))
       [] (leave?x:s -> P(diff(s, {x}), <y | y <- q, x != y>))
       [] (#q < 2 & ask?x:s -> P(s, q^<x>))
       [] (q != <> & answer!head(q) -> P(s, tail(q)))
`

// membershipStates: for each set of k members, queues of up to two of them:
// the sum of (12 choose k)·(1 + k + k²).
const membershipStates = 4096 * (1 + 6 + 39)

// BenchmarkSequentialProcess explores a sequential process: what it takes is
// evaluation.
func BenchmarkSequentialProcess(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		s, err := cspm.Load("bench.csp", []byte(membership), cspm.Options{})
		if err != nil {
			b.Fatal(err)
		}
		sys, err := s.Process(context.Background(), explore.Limits{}, "P({}, <>)")
		if err != nil {
			b.Fatal(err)
		}
		search, err := explore.Run(context.Background(), sys, explore.Limits{}, func(*explore.Visit) bool { return true })
		if err != nil {
			b.Fatal(err)
		}
		if search.States != membershipStates {
			b.Fatalf("%d states, want %d", search.States, membershipStates)
		}
	}
	b.ReportMetric(float64(membershipStates)*float64(b.N)/b.Elapsed().Seconds(), "states/s")
}
