package scc_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/model/scc"
)

func draw(t *rapid.T) [][]int {
	n := rapid.IntRange(1, 12).Draw(t, "nodes")
	to := rapid.SliceOfN(rapid.SliceOfN(rapid.IntRange(0, n-1), 0, 4), n, n)
	return to.Draw(t, "graph")
}

// reach tells which nodes lead to which.
func reach(graph [][]int) [][]bool {
	r := make([][]bool, len(graph))
	for x := range graph {
		r[x] = make([]bool, len(graph))
		r[x][x] = true
		for queue := []int{x}; len(queue) > 0; queue = queue[1:] {
			for _, y := range graph[queue[0]] {
				if !r[x][y] {
					r[x][y] = true
					queue = append(queue, y)
				}
			}
		}
	}
	return r
}

// Components are what leads to each other, and come after what they lead to. A
// node is left after those that it leads to at once, unless these lead back.
func TestComponents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		graph := draw(t)
		leads := reach(graph)
		number := scc.Numbers(len(graph), func(x int) []int { return graph[x] })
		left := make([]int, 0, len(graph))
		s := scc.Search[int]{
			After: func(x int) []int { return graph[x] }, Found: func([]int) {},
			Left: func(x int) { left = append(left, x) },
		}
		if err := s.All(len(graph)); err != nil || len(left) != len(graph) {
			t.Fatalf("%v, and %d nodes left", err, len(left))
		}
		for x := range graph {
			for y := range graph {
				if together := leads[x][y] && leads[y][x]; together != (number[x] == number[y]) {
					t.Fatalf("%d and %d are in %d and %d", x, y, number[x], number[y])
				} else if leads[x][y] && !together && number[y] > number[x] {
					t.Fatalf("%d leads to %d: %d to %d", x, y, number[x], number[y])
				}
			}
			for _, y := range graph[x] {
				if !leads[y][x] && slices.Index(left, y) > slices.Index(left, x) {
					t.Fatalf("%d leads to %d, and they are left as %v", x, y, left)
				}
			}
		}
	})
}

// A search can go over a part again, by other edges.
func TestForget(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		graph := draw(t)
		var all [][]int
		s := scc.Search[int]{After: func(x int) []int { return graph[x] }, Found: func(c []int) { all = append(all, slices.Clone(c)) }}
		must(t, s.All(len(graph)))
		first := all
		all = nil
		for x := range graph {
			s.Forget(x)
		}
		must(t, s.All(len(graph)))
		if fmt.Sprint(all) != fmt.Sprint(first) {
			t.Fatalf("%v, and at first %v", all, first)
		}
	})
}

func must(t *rapid.T, err error) {
	if err != nil {
		t.Fatal(err)
	}
}

func TestCheckStops(t *testing.T) {
	stop := errors.New("stop")
	for _, n := range []int{1, 5} {
		asked := 0
		s := scc.Search[int32]{
			After: func(x int32) []int32 { return []int32{x + 1} }, Found: func([]int32) {},
			Check: func() error {
				if asked++; asked == n {
					return stop
				}
				return nil
			},
		}
		s.Grow(10 * scc.Every)
		if err := s.From(0); err != stop || asked != n {
			t.Errorf("%v after it was asked %d times, want %d", err, asked, n)
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	for _, n := range []int{1e4, 1e5, 1e6} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			r := rand.New(rand.NewPCG(1, 2))
			to := make([]uint32, 3*n)
			for i := range to {
				to[i] = uint32(r.IntN(n))
			}
			for b.Loop() {
				components := 0
				s := scc.Search[uint32]{After: func(x uint32) []uint32 { return to[3*x : 3*x+3] }, Found: func([]uint32) { components++ }}
				if err := s.All(n); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(components), "components")
			}
		})
	}
}

// Going through nodes in order finds the same components as going along edges,
// of all nodes or of some.
func TestSweep(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		graph := draw(t)
		var s scc.Sweep
		var got [][]uint32
		s.Each = func(x uint32, tell func(uint32) bool) {
			for _, y := range graph[x] {
				if !tell(uint32(y)) {
					return
				}
			}
		}
		s.Found = func(c []uint32) { got = append(got, c) }
		s.Grow(len(graph))
		for range 2 {
			var some []uint32
			for x := range graph {
				if rapid.IntRange(0, 4).Draw(t, "is looked at") > 0 {
					some = append(some, uint32(x))
				}
			}
			part := make([][]int, len(graph))
			for _, x := range some {
				for _, y := range graph[x] {
					if slices.Contains(some, uint32(y)) {
						part[x] = append(part[x], y)
					}
				}
			}
			leads := reach(part)
			got = nil
			must(t, s.Of(some))
			slices.SortFunc(got, slices.Compare)
			var want [][]uint32
			for _, x := range some {
				var c []uint32
				for _, y := range some {
					if leads[x][y] && leads[y][x] {
						c = append(c, y)
					}
				}
				if c[0] == x {
					want = append(want, c)
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("%v of %v, not %v", got, some, want)
			}
		}
	})
}
