package cspm_test

import (
	"context"
	"fmt"
	"runtime"
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

// Each element is put in or left out in turn: N·2ᴺ⁻¹ states, as where it is its
// turn, it does not matter whether it was in.
const toggles = `
channel in, out : {0..N-1}
next(i) = (i + 1) % N
SET(i, s) = in.i -> SET(next(i), union(s, {i})) [] out.i -> SET(next(i), diff(s, {i}))
P = SET(0, {})
`

// A queue of up to N bits: 2ᴺ⁺¹ - 1 states.
const queues = `
channel put, get : {0..1}
QUEUE(s) = #s < N & put?x -> QUEUE(s^<x>) [] s != <> & get!head(s) -> QUEUE(tail(s))
P = QUEUE(<>)
`

// Each of N keys is given a bit in turn: N·2ᴺ⁻¹ states.
const stores = `
channel write : {0..N-1}.{0..1}
next(i) = (i + 1) % N
STORE(i, m) = write.i?x -> STORE(next(i), mapUpdate(m, i, x))
P = STORE(0, mapFromList(<(i, 0) | i <- <0..N-1>>))
`

// BenchmarkSequentialProcess explores sequential processes: what it takes is
// evaluation. It measures states a second, and bytes a state that are held at
// the end.
func BenchmarkSequentialProcess(b *testing.B) {
	for _, bb := range []struct {
		name, script, process string
		n, states             int
	}{
		{"membership", membership, "P({}, <>)", 11, membershipStates},
		{"sets", toggles, "P", 14, 14 << 13},
		{"sets", toggles, "P", 17, 17 << 16},
		{"sequences", queues, "P", 16, 1<<17 - 1},
		{"sequences", queues, "P", 19, 1<<20 - 1},
		{"maps", stores, "P", 14, 14 << 13},
		{"maps", stores, "P", 17, 17 << 16},
	} {
		b.Run(fmt.Sprintf("%s/%d", bb.name, bb.states), func(b *testing.B) {
			b.ReportAllocs()
			src := bb.script
			if bb.name != "membership" {
				src = fmt.Sprintf("N = %d\n", bb.n) + src
			}
			var kept uint64
			for b.Loop() {
				before := heldBytes()
				s, err := cspm.Load("bench.csp", []byte(src), cspm.Options{})
				if err != nil {
					b.Fatal(err)
				}
				sys, err := s.Process(context.Background(), explore.Limits{}, bb.process)
				if err != nil {
					b.Fatal(err)
				}
				search, err := explore.Run(context.Background(), sys, explore.Limits{}, func(*explore.Visit) bool { return true })
				if err != nil {
					b.Fatal(err)
				}
				if search.States != int64(bb.states) {
					b.Fatalf("%d states, want %d", search.States, bb.states)
				}
				b.StopTimer()
				kept = heldBytes() - before
				runtime.KeepAlive(s)
				runtime.KeepAlive(sys)
				runtime.KeepAlive(search)
				b.StartTimer()
			}
			b.ReportMetric(float64(bb.states)*float64(b.N)/b.Elapsed().Seconds(), "states/s")
			b.ReportMetric(float64(kept)/float64(bb.states), "B/state")
		})
	}
}

func heldBytes() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
