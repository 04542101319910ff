package deadlock

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
)

// What goes to disk once the search is over is the same there, and what can be
// come back to is found as in memory.
func TestRelievedIsTheSame(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 2))
	for range 50 {
		x := anyWeb(random)
		plain, err := newGraph(t.Context(), x, explore.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if more, err := plain.Relieve(); more || err != nil {
			t.Fatalf("without a place for files: %v, %v", more, err)
		}
		g, err := newGraph(t.Context(), x, explore.Limits{Spill: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		asked := 0
		err = relieved(g.Search, func() error {
			if asked++; asked == 1 {
				return explore.MemoryLimit(1)
			}
			return nil
		})
		if err != nil || asked != 2 || !g.rows.OnDisk() {
			t.Fatalf("asked %d times, %v; on disk: %v", asked, err, g.rows.OnDisk())
		}
		if err := relieved(g.Search, func() error { return explore.MemoryLimit(1) }); !errors.As(err, new(*explore.Limit)) {
			t.Fatal(err)
		}
		for i := range g.Len() {
			a, err1 := plain.Words(i)
			b, err2 := g.Words(i)
			if err1 != nil || err2 != nil || !slices.Equal(a, b) || !slices.Equal(plain.to(uint32(i)), g.to(uint32(i))) {
				t.Fatalf("state %d is %x, %v, not %x, %v", i, b, err2, a, err1)
			}
		}
		for range 5 {
			s := uint32(random.IntN(g.Len()))
			a, err1 := plain.finals(s)
			b, err2 := g.finals(s)
			if err1 != nil || err2 != nil || !slices.Equal(a, b) {
				t.Fatalf("from state %d: %v, %v, not %v, %v", s, b, err2, a, err1)
			}
		}
		if path, err := g.Path(g.Len() - 1); err != nil || g.Len() > 1 && len(path) == 0 {
			t.Fatalf("a path %v, %v", path, err)
		}
	}
}
