package explore

import (
	"errors"
	"fmt"
	"math/bits"
	"runtime"
	"slices"
	"testing"

	"github.com/cspcheck/cspcheck/model"
)

// A lopsided is a cube whose states have its lower half of bits twice, and its
// upper half twice: a tree has many of each, and the keys change with both.
// Its search does whatever memos of workers must not be mistaken about:
//
//   - the states of level heavy have hundreds of steps, so that parts end
//     early, and those behind them are for another round;
//   - some states are for the System itself, if it was not asked before: few of
//     the lower half, so that rounds have all kinds of parts, and so many of the
//     upper that one worker goes on for a while;
//   - one fork is slower than the others, which take parts from it.
type lopsided struct {
	bits, heavy int
	known       []bool
	forks       *int
	fork        int // from 1; 0: the System itself
}

func newLopsided(bits, heavy int) lopsided {
	return lopsided{bits, heavy, make([]bool, 1<<bits), new(int), 0}
}

func (c lopsided) Events() *model.Events  { return cubeEvents }
func (c lopsided) Width() int             { return 4 }
func (c lopsided) Bits() []int            { n := (c.bits + 1) / 2; return []int{n, n, n, n} }
func (c lopsided) Initial([]uint64) error { return nil }

func (c lopsided) Fork() System {
	*c.forks++
	c.fork = *c.forks
	return c
}

func (c lopsided) Successors(s []uint64, out *Steps) error {
	half := (c.bits + 1) / 2
	x := s[0] | s[2]<<half
	if s[0] != s[1] || s[2] != s[3] {
		return fmt.Errorf("there is no state %x", s)
	}
	later := uint64(199)
	if x>>(c.bits-1) != 0 {
		later = 5
	}
	if x%later == 3 && !c.known[x] {
		if c.fork > 0 {
			return ErrLater
		}
		c.known[x] = true
	}
	if c.fork == 1 {
		for range 4 {
			runtime.Gosched()
		}
	}
	add := func(y uint64) {
		lo, hi := y&(1<<half-1), y>>half
		out.Add(model.Tick+1, lo, lo, hi, hi)
	}
	for i := range c.bits {
		if x>>i&1 != 0 {
			continue
		}
		add(x | 1<<i)
		for j := range i {
			for k := 0; k < j && bits.OnesCount64(x) == c.heavy; k++ {
				if x>>j&1 == 0 && x>>k&1 == 0 {
					add(x | 1<<i | 1<<j | 1<<k)
				}
			}
		}
	}
	return nil
}

// What a later part leads to, come to before, is not taken for what this one
// leads to: its number is by the first of them.
func TestMemosKnowWhatComesBefore(t *testing.T) {
	m := newMemo()
	m.fit(1 << 20)
	a, b, c := uint64(1)<<60, uint64(2)<<60, uint64(3)<<60
	numbers := []uint32{10, 11}
	m.recall(0, []uint64{a, c}, make([]uint32, 2), make([]uint32, 2), make([]uint32, 2))
	m.learn([]uint64{a, c}, numbers, []uint32{0}) // and c is pending
	wait := func(part, step int) uint32 { return pending + uint32(placeOf(part, step)) }
	for _, turn := range []struct {
		part               int
		hashes             []uint64
		rest, again, found []uint32
	}{
		{5, []uint64{a, b, c, b}, []uint32{1}, []uint32{2, 3}, []uint32{10, 0, wait(0, 1), wait(5, 1)}},
		{2, []uint64{c, b, a}, []uint32{1}, []uint32{0}, []uint32{wait(0, 1), 0, 10}},
		{31, []uint64{b}, nil, []uint32{0}, []uint32{wait(2, 1)}},
	} {
		n := len(turn.hashes)
		found := make([]uint32, n)
		rest, again := m.recall(turn.part, turn.hashes, found, make([]uint32, n), make([]uint32, n))
		for _, k := range rest {
			found[k] = 0
		}
		if !slices.Equal(rest, turn.rest) || !slices.Equal(again, turn.again) || !slices.Equal(found, turn.found) {
			t.Errorf("of part %d %v are new and %v again, found are %x; not %v, %v and %x", turn.part, rest, again, found, turn.rest, turn.again, turn.found)
		}
	}
}

// Of keys with the same hash it knows the one that it has noted.
func TestMemosTellSecondWords(t *testing.T) {
	m := newMemo()
	for _, turn := range []struct {
		second uint64
		known  bool
	}{{5, false}, {5, true}, {0, false}, {7, false}, {7, true}} {
		key := []uint64{stirred(turn.second), turn.second}
		p := &part{keys: key, keyWidth: 2, hashes: []uint64{hash(key)}}
		rest, _ := m.recall(0, p.hashes, make([]uint32, 1), make([]uint32, 1), make([]uint32, 1))
		p.rest = rest
		agrees := m.agrees(p)
		if known := agrees && len(rest) == 0; known != turn.known {
			t.Errorf("that it knows the one with %d behind: %v", turn.second, known)
		}
		if !agrees { // as remember does
			m.clear()
			p.rest, _ = m.recall(0, p.hashes, make([]uint32, 1), make([]uint32, 1), make([]uint32, 1))
			m.agrees(p)
		}
	}
}

// Several workers find what one finds also where memos have to forget: parts
// that are expanded are for another round after all, keys are widened in the
// middle of a round and between two, and forks wait for the System.
func TestMemosForgetInTime(t *testing.T) {
	size := 17
	if testing.Short() {
		size = 12
	}
	want := seen(newLopsided(size, 3), Limits{Store: StorePacked}, -1)
	for _, store := range []Store{StoreInline, StorePacked, StoreTree, StoreHashed} {
		for _, workers := range []int{2, 3} {
			late := Limits{Workers: workers, Store: store, narrow: true}
			early := late // rounds begin before the heavy states, and have parts that are not next
			early.Eager, early.parts = true, 64
			for _, limits := range []Limits{late, early} {
				if got := seen(newLopsided(size, 3), limits, -1); got != want {
					t.Errorf("%d workers and store %s (eager: %t) find\n%.1000s\none finds\n%.1000s", workers, store, limits.Eager, got, want)
				}
			}
		}
	}
}

// A diagonal is a grid that is searched from one corner, of which a tree knows
// few halves for long. From time to time all states are for the System itself:
// then one worker goes on for a while, and widens keys between two rounds.
type diagonal struct {
	side int
	fork bool
}

func (c diagonal) Events() *model.Events  { return cubeEvents }
func (c diagonal) Width() int             { return 4 }
func (c diagonal) Bits() []int            { n := bits.Len(uint(c.side)); return []int{n, n, n, n} }
func (c diagonal) Initial([]uint64) error { return nil }
func (c diagonal) Fork() System           { return diagonal{c.side, true} }

func (c diagonal) Successors(s []uint64, out *Steps) error {
	x, y := s[0], s[2]
	if x != s[1] || y != s[3] {
		return fmt.Errorf("there is no state %x", s)
	}
	if c.fork && (x+y)/8%2 == 1 {
		return ErrLater
	}
	add := func(x, y uint64) {
		if max(x, y) < uint64(c.side) {
			out.Add(model.Tick+1, x, x, y, y)
		}
	}
	for i := range uint64(3) { // the second and third were met long ago
		add(x/(i+1), (y+1)/(i+1))
		add((x+1)/(i+1), y/(i+1))
		add(0, (x+y)/(i+2))
	}
	return nil
}

// So they do where it is one of them who widens keys.
func TestMemosForgetBetweenRounds(t *testing.T) {
	size := 330
	if testing.Short() {
		size = 120
	}
	want := seen(diagonal{size, false}, Limits{Store: StorePacked}, -1)
	for _, workers := range []int{2, 3} {
		if got := seen(diagonal{size, false}, Limits{Workers: workers, Store: StoreTree, narrow: true}, -1); got != want {
			t.Errorf("%d workers find\n%.1000s\none finds\n%.1000s", workers, got, want)
		}
	}
}

// twins is a System whose states all have the same hash: of two words, the first
// of which is what makes nothing of the second; or of three, the second of
// which makes nothing of the first.
type twins struct{ states, words int }

func (c twins) Events() *model.Events    { return cubeEvents }
func (c twins) Width() int               { return c.words }
func (c twins) Initial(s []uint64) error { copy(s, c.state(0)); return nil }
func (c twins) Fork() System             { return c }

// state returns the words of one.
func (c twins) state(i uint64) []uint64 {
	if c.words == 2 {
		return []uint64{stirred(i), i}
	}
	return []uint64{i, k2, 0}
}

func (c twins) Successors(s []uint64, out *Steps) error {
	i := s[0]
	if c.words == 2 {
		i = s[1]
	}
	if !slices.Equal(s, c.state(i)) || i >= uint64(c.states) {
		return errors.New("there is no such state")
	}
	for _, to := range []uint64{3*i + 1, i / 2, i + 7, 5 * i, i, 0} {
		out.Add(model.Tick+1, c.state(to%uint64(c.states))...)
	}
	return nil
}

// States with the same hash of 64 bits are not taken for each other, by the set
// and by memos.
func TestMemosCompareKeys(t *testing.T) {
	for words, stores := range map[int][]Store{2: {StorePacked, StoreInline}, 3: {StorePacked}} {
		sys := twins{1500, words}
		if hash(sys.state(1)) != hash(sys.state(2)) {
			t.Fatal("the hashes of states differ")
		}
		want := seen(sys, Limits{Store: StoreTree}, -1)
		for _, store := range stores {
			for _, workers := range []int{1, 2, 3} {
				if got := seen(sys, Limits{Store: store, Workers: workers}, -1); got != want {
					t.Errorf("%s of %d words, %d workers find\n%.1000s\nin a tree it is\n%.1000s", store, words, workers, got, want)
				}
			}
		}
	}
}
