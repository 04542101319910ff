package bare_test

import (
	"testing"

	"github.com/cspcheck/cspcheck/explore/bare"
)

// Keys are different, and each is there once, however often it comes.
func TestFill(t *testing.T) {
	const n = 100_000
	calls := 0
	table := bare.Fill(n, func() { calls++ }, func() { calls-- })
	if table.Len() != n || calls != 0 {
		t.Errorf("%d keys, want %d; %d calls of before without after", table.Len(), n, calls)
	}
	if load := float64(n) / float64(table.Slots()); load < 0.375 || load > 0.75 {
		t.Errorf("the table is %.2f full", load)
	}
	again := make([]uint64, n)
	(&bare.Keys{}).Fill(again)
	table.Insert(again)
	if table.Len() != n {
		t.Errorf("%d keys after they came again, want %d", table.Len(), n)
	}
}
