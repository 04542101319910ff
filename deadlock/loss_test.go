package deadlock

import (
	"math/rand/v2"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// A web is a system whose states lead to some others each.
type web [][]int

func (x web) Events() *model.Events    { return model.NewEvents() }
func (x web) Width() int               { return 1 }
func (x web) Initial(s []uint64) error { s[0] = 0; return nil }

func (x web) Successors(s []uint64, out *explore.Steps) error {
	for _, to := range x[s[0]] {
		out.Add(model.Tau, uint64(to))
	}
	return nil
}

// can returns from which states one can be come to that is wanted.
func (x web) can(wanted func(s int) bool) []bool {
	can := make([]bool, len(x))
	for s := range x {
		can[s] = wanted(s)
	}
	for more := true; more; {
		more = false
		for s, to := range x {
			for _, t := range to {
				if can[t] && !can[s] {
					can[s], more = true, true
				}
			}
		}
	}
	return can
}

// anyWeb returns a web of few steps from each state: it takes long ways from some
// to others.
func anyWeb(random *rand.Rand) web {
	x := make(web, 1+random.IntN(400))
	far := []int{3, 10, 400}[random.IntN(3)]
	for s := range x {
		x[s] = append(x[s], min(s+1+random.IntN(2), len(x)-1))
		for range random.IntN(3) {
			x[s] = append(x[s], min(max(s-far+random.IntN(2*far), 0), len(x)-1))
		}
		if random.IntN(20) == 0 {
			x[s] = x[s][:random.IntN(2)]
		}
	}
	return x
}

// A loss is that of the first state from which something cannot come about,
// and of the first thing that cannot, in memory and on disk.
func TestLossMeansThatItCannotComeAbout(t *testing.T) {
	dir, none, many := t.TempDir(), 0, 0
	random := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		x, things := anyWeb(random), 1+random.IntN(20)
		rare := []uint32{2, 20, 100}[random.IntN(3)]
		come := func(s, thing int) bool { return (uint32(s)*2654435761+uint32(thing)*40503)>>4%rare == 0 }
		limits := explore.Limits{}
		if random.IntN(2) == 0 {
			limits.Spill, limits.SpillAfter = dir, 1+random.IntN(100)
		}
		g, err := newGraph(t.Context(), x, limits)
		if err != nil {
			t.Fatal(err)
		}
		at := make([]int, g.Len()) // the state of the web, by number
		for i := range at {
			words, err := g.Words(i)
			if err != nil {
				t.Fatal(err)
			}
			at[i] = int(words[0])
		}
		got, err := g.lost(things, func(s []uint64, tell func(int, bool)) error {
			for i := range things {
				tell(i, come(int(s[0]), i))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		want := loss{task: -1, never: make([]bool, g.Len())}
		for thing := range things {
			can := x.can(func(s int) bool { return come(s, thing) })
			for i, s := range at {
				if can[s] {
					continue
				}
				want.never[i] = true
				if want.task < 0 || uint32(i) < want.state {
					want.task, want.state = thing, uint32(i)
				}
			}
		}
		if got == nil {
			if none++; want.task >= 0 {
				t.Fatalf("%v: nothing is lost, want %d from state %d on", x, want.task, want.state)
			}
			continue
		}
		if got.task != want.task || got.state != want.state {
			t.Fatalf("%v: %d is lost from state %d on, want %d from state %d on", x, got.task, got.state, want.task, want.state)
		}
		for i, never := range got.never {
			if never != want.never[i] {
				t.Fatalf("%v: that something is lost from state %d on is %v", x, i, never)
			}
			if never && i > firstAsked {
				many++
			}
		}
	}
	if none < 10 || many < 1000 {
		t.Errorf("%d times nothing was lost, %d states lose something", none, many)
	}
}

// What goes on for ever is a way to where all that can come next can come back
// from, and round there.
func TestFinalsCanBeComeBackTo(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 2))
	for range 100 {
		x := anyWeb(random)
		x = x[:min(len(x), 100)]
		for s := range x {
			for i := range x[s] {
				x[s][i] = min(x[s][i], len(x)-1)
			}
		}
		g, err := newGraph(t.Context(), x, explore.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		at, number := make([]int, g.Len()), make([]int, len(x))
		for i := range at {
			words, err := g.Words(i)
			if err != nil {
				t.Fatal(err)
			}
			at[i], number[words[0]] = int(words[0]), i
		}
		from := random.IntN(g.Len())
		final, err := g.finals(uint32(from))
		if err != nil {
			t.Fatal(err)
		}
		reached := x.from(at[from])
		for s := range x {
			if !reached[s] {
				continue
			}
			want := true
			back := x.can(func(t int) bool { return t == s })
			for t, next := range x.from(s) {
				want = want && (!next || back[t])
			}
			if final[number[s]] != want {
				t.Fatalf("%v: from %d, that %d is final is %v", x, at[from], s, !want)
			}
		}
	}
}

// from returns the states that one leads to, itself included.
func (x web) from(s int) []bool {
	reached := make([]bool, len(x))
	reached[s] = true
	for queue := []int{s}; len(queue) > 0; queue = queue[1:] {
		for _, t := range x[queue[0]] {
			if !reached[t] {
				reached[t] = true
				queue = append(queue, t)
			}
		}
	}
	return reached
}
