package cspm_test

import (
	"context"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// A script that has forgotten is as it was when it was loaded.
func TestForget(t *testing.T) {
	const text = `channel a : {0..9}
N = 2
transparent sbisim
P(n) = a.n -> P((n + 1) % N)
assert P(0) :[deadlock free]
assert sbisim(P(0) ||| P(1)) :[deadlock free]
--! assert P(0) ||| P(1) :[never stuck]
`
	told := 0
	s, err := cspm.Load("s.csp", []byte(text), cspm.Options{
		Set:        [][2]string{{"N", "5"}},
		Compressed: func(cspm.Compression, syntax.Position) { told++ },
	})
	if err != nil {
		t.Fatal(err)
	}
	states := func(i int) int64 {
		in, err := s.Asserts[i].Instance(context.Background(), explore.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		search, err := explore.Run(context.Background(), in.Impl, explore.Limits{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return search.States
	}
	for range 2 {
		told = 0
		for i, want := range []int64{5, 15, 25} {
			if got := states(i); got != want {
				t.Errorf("assertion %d: %d states, want %d", i, got, want)
			}
		}
		if told != 1 {
			t.Errorf("%d compressions were told", told)
		}
		if !s.Asserts[2].Forget() {
			t.Error("nothing was of other assertions")
		}
	}
	states(0)
	if s.Asserts[0].Forget() {
		t.Error("something was of other assertions")
	}
}
