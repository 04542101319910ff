package process_test

import (
	"context"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
	"github.com/cspcheck/cspcheck/model/cspm/process"
)

// Who waits for whom is the same if not all operands are asked, but those that may
// ever do what is waited for.
func TestWaitsAreThoseOfAllThatAreAsked(t *testing.T) {
	waits := 0
	until(t, &waits, 1000, func(t *rapid.T) {
		pr := drawProgram(t, rapid.SampledFrom([]int{1, 2, 3, 4, 5}).Draw(t, "size"))
		main := rapid.SampledFrom([]string{
			"(MAIN(0) ||| MAIN(1) ||| a -> STOP) [|{a, b, c}|] MAIN(1)", "MAIN(0) [|{a, d.0, d.1}|] (MAIN(1) ||| d?x -> SKIP)", "(MAIN(0) ||| MAIN(0)) ; b -> SKIP",
			"(MAIN(0)[[a <- b]] ||| MAIN(1) ||| b -> a -> STOP) [|Events|] (MAIN(0) [] b -> MAIN(1))",
		}).Draw(t, "process")
		sys, err := system(pr.text(), main, cspm.Terms)
		if err != nil {
			t.Fatalf("%v\n%s", err, pr.text())
		}
		told := func(few int) []explore.Wait {
			before := process.FewOperands(few)
			defer process.FewOperands(before)
			v, err := deadlock.Free(context.Background(), sys, deadlock.Model("F"), explore.Limits{States: 10 * mostStates})
			if err != nil {
				t.Skip(err)
			}
			if v.Counterexample == nil {
				return nil
			}
			return v.Counterexample.Impl.Waits
		}
		want := told(1 << 20)
		if len(want) > 0 {
			waits++
		}
		if got := told(0); !reflect.DeepEqual(got, want) {
			t.Fatalf("waits %v, not %v: %s\n%s", got, want, main, pr.text())
		}
	})
}
