package process_test

import (
	"runtime"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
)

const philosophers = `N = 5
channel picks, puts : {0..N-1}.{0..N-1}
channel sits, eats : {0..N-1}
PHIL(i) = sits.i -> picks.i.i -> picks.i.((i+1)%N) -> eats.i -> puts.i.((i+1)%N) -> puts.i.i -> PHIL(i)
FORK(i) = picks?j!i -> puts!j!i -> FORK(i)
TABLE = (||| i:{0..N-1} @ PHIL(i)) [| {|picks, puts|} |] (||| i:{0..N-1} @ FORK(i))
`

// The term explorer on a small network: states a second, and bytes a state
// that it keeps.
func BenchmarkTerms(b *testing.B) {
	var states int
	var kept uint64
	for b.Loop() {
		before := held()
		sys, err := system(philosophers, "TABLE", cspm.Terms)
		if err != nil {
			b.Fatal(err)
		}
		got, err := tabulate(sys, explore.Limits{})
		if err != nil {
			b.Fatal(err)
		}
		states = len(got)
		got = nil
		kept = held() - before
		runtime.KeepAlive(sys)
	}
	b.ReportMetric(float64(states*b.N)/b.Elapsed().Seconds(), "states/s")
	b.ReportMetric(float64(kept)/float64(states), "B/state")
}

func held() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
