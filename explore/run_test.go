package explore_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/modeltest"
	"pgregory.net/rapid"
)

// cube is the hypercube with a corner at 0, computed as it goes: from each
// state, each of its bits that is 0 can be set. States have width words.
// At fails, if not 0, is a state that has no answer.
type cube struct {
	events *model.Events
	bits   int
	width  int
	fails  uint64
}

var errBroken = errors.New("broken")

func newCube(bits, width int) *cube {
	c := &cube{events: model.NewEvents(), bits: bits, width: width}
	for i := range bits {
		c.events.Event(fmt.Sprint("set.", i))
	}
	return c
}

func (c *cube) Events() *model.Events { return c.events }
func (c *cube) Width() int            { return c.width }
func (c *cube) Initial(s []uint64) error {
	return nil
}

func (c *cube) Successors(s []uint64, out *explore.Steps) error {
	for i := range c.bits {
		w := i % c.width
		if s[w]>>i&1 == 0 {
			n := len(out.States)
			out.Events = append(out.Events, model.Event(2+i))
			out.States = append(out.States, s...)
			out.States[n+w] |= 1 << i
		}
	}
	if c.fails != 0 && s[0] == c.fails {
		return errBroken
	}
	return nil
}

func TestRunCounts(t *testing.T) {
	for _, tt := range []struct {
		bits, width         int
		states, steps, deep int64
	}{
		{0, 1, 1, 0, 0},
		{1, 1, 2, 1, 1},
		{10, 1, 1024, 5120, 10},
		{15, 3, 32768, 15 << 14, 15},
		{12, 100, 4096, 12 << 11, 12}, // fewer states to a chunk
	} {
		s, err := explore.Run(context.Background(), newCube(tt.bits, tt.width), explore.Limits{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if s.States != tt.states || s.Transitions != tt.steps || s.Depth != tt.deep {
			t.Errorf("%d bits in %d words: %d states, %d transitions, depth %d, want %d, %d, %d",
				tt.bits, tt.width, s.States, s.Transitions, s.Depth, tt.states, tt.steps, tt.deep)
		}
		if s.Stopped || s.Len() != int(tt.states) {
			t.Errorf("%d bits: stopped %v, Len %d", tt.bits, s.Stopped, s.Len())
		}
	}
}

// point is a System of width 0: one state.
type point struct{ events *model.Events }

func (p point) Events() *model.Events  { return p.events }
func (p point) Width() int             { return 0 }
func (p point) Initial([]uint64) error { return nil }
func (p point) Successors(_ []uint64, out *explore.Steps) error {
	out.Add(model.Tau)
	return nil
}

func TestRunWithoutWords(t *testing.T) {
	s, err := explore.Run(context.Background(), point{model.NewEvents()}, explore.Limits{}, nil)
	if err != nil || s.States != 1 || s.Transitions != 1 {
		t.Errorf("%d states, %d transitions, %v", s.States, s.Transitions, err)
	}
}

// A seen is what the naive search below knows of a state.
type seen struct {
	depth int
	succ  map[string]bool // "event target"
}

// naive explores a machine by the definition, with maps.
func naive(m *model.Machine) map[model.State]seen {
	out := map[model.State]seen{}
	level := []model.State{m.Initial()}
	for depth := 0; len(level) > 0; depth++ {
		var next []model.State
		for _, s := range level {
			if _, ok := out[s]; ok {
				continue
			}
			out[s] = seen{depth, map[string]bool{}}
			events, targets := m.Transitions(s)
			for i, e := range events {
				out[s].succ[fmt.Sprint(e, " ", targets[i])] = true
				next = append(next, targets[i])
			}
		}
		level = next
	}
	return out
}

// again is a System that names each of its transitions several times in a
// row, and then all of them again.
type again struct {
	explore.System
	times int
}

func (x again) Successors(s []uint64, out *explore.Steps) error {
	var once explore.Steps
	if err := x.System.Successors(s, &once); err != nil {
		return err
	}
	for range x.times {
		for i, e := range once.Events {
			for range x.times {
				out.Add(e, once.States[i])
			}
		}
	}
	return nil
}

func TestRunVisitsWhatIsReachable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := modeltest.Machines(12, 3).Draw(t, "machine")
		want := naive(m)
		sys := explore.Machine(m)
		sys = again{sys, rapid.SampledFrom([]int{1, 2, 7}).Draw(t, "times")}
		var order []model.State
		transitions, deepest := 0, 0
		s, err := explore.Run(context.Background(), sys, explore.Limits{}, func(v *explore.Visit) bool {
			state := model.State(v.Words[0])
			if v.State != len(order) {
				t.Errorf("state %d is visited in place %d", v.State, len(order))
			}
			order = append(order, state)
			w, ok := want[state]
			if !ok {
				t.Fatalf("state %d is not reachable", state)
			}
			if v.Depth != w.depth {
				t.Errorf("depth of state %d: %d, want %d", state, v.Depth, w.depth)
			}
			// Without repetitions, the order is the System's.
			events, targets := m.Transitions(state)
			for i, e := range v.Steps.Events {
				if e != events[i] || v.Steps.States[i] != uint64(targets[i]) {
					t.Errorf("transition %d of state %d is %d to %d, want %d to %d", i, state, e, v.Steps.States[i], events[i], targets[i])
				}
			}
			succ := map[string]bool{}
			for i, e := range v.Steps.Events {
				succ[fmt.Sprint(e, " ", v.Steps.States[i])] = true
			}
			if len(v.Steps.Events) != len(w.succ) || fmt.Sprint(succ) != fmt.Sprint(w.succ) {
				t.Errorf("transitions of state %d: %v, want each of %v once", state, v.Steps, w.succ)
			}
			transitions += len(v.Steps.Events)
			deepest = max(deepest, v.Depth)
			return true
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(order) != len(want) || s.States != int64(len(want)) || s.Len() != len(want) {
			t.Errorf("%d visits, %d states, want %d", len(order), s.States, len(want))
		}
		if int64(transitions) != s.Transitions || int64(deepest) != s.Depth {
			t.Errorf("%d transitions, depth %d, want %d, %d", s.Transitions, s.Depth, transitions, deepest)
		}
	})
}

// A Path is a way through the machine, as long as a shortest one.
func TestPathIsShortest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := modeltest.Machines(12, 3).Draw(t, "machine")
		want := naive(m)
		s, err := explore.Run(context.Background(), explore.Machine(m), explore.Limits{Keep: true}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := range s.Len() {
			path, err := s.Path(i)
			if err != nil {
				t.Fatal(err)
			}
			at := m.Initial()
			for _, p := range path {
				if !want[at].succ[fmt.Sprint(p.Event, " ", p.State[0])] {
					t.Fatalf("path %v: state %d has no such step", path, at)
				}
				at = model.State(p.State[0])
			}
			if uint64(at) != wordsOf(s, i)[0] {
				t.Errorf("path to %d ends in %d", wordsOf(s, i)[0], at)
			}
			if len(path) != want[at].depth {
				t.Errorf("path to %d has %d steps, want %d", at, len(path), want[at].depth)
			}
		}
	})
}

// The targets a visitor is given are the states of the steps, also those
// that are found later in the same block.
func TestTargets(t *testing.T) {
	type arc struct {
		to    uint32
		words [3]uint64
	}
	var arcs []arc
	s, err := explore.Run(context.Background(), newCube(11, 3), explore.Limits{Keep: true}, func(v *explore.Visit) bool {
		for i, to := range v.Targets {
			arcs = append(arcs, arc{to, [3]uint64(v.Steps.States[3*i : 3*i+3])})
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(arcs) != 11<<10 {
		t.Errorf("%d transitions, want %d", len(arcs), 11<<10)
	}
	for _, a := range arcs {
		if !slices.Equal(wordsOf(s, int(a.to)), a.words[:]) {
			t.Fatalf("state %d is %v, not %v", a.to, wordsOf(s, int(a.to)), a.words)
		}
	}
}

// A visitor that stops leaves the counts at what was seen by then, whatever
// was expanded ahead.
func TestVisitorStops(t *testing.T) {
	var states, transitions int64
	s, err := explore.Run(context.Background(), newCube(10, 1), explore.Limits{}, func(v *explore.Visit) bool {
		transitions += int64(len(v.Targets))
		for _, to := range v.Targets {
			states = max(states, int64(to)+1)
		}
		return v.State < 7
	})
	if err != nil || !s.Stopped {
		t.Errorf("stopped %v, %v", s.Stopped, err)
	}
	if s.States != states || int64(s.Len()) != states || s.Transitions != transitions || transitions != 10+7*9 {
		t.Errorf("%d states, %d transitions, want %d, %d", s.States, s.Transitions, states, transitions)
	}
	// States 0 to 7 were expanded; the neighbours of 0 are 1 to 10.
	if s.Depth != 2 {
		t.Errorf("depth %d, want 2", s.Depth)
	}
}

func TestErrorOfTheSystem(t *testing.T) {
	c := newCube(10, 1)
	c.fails = 1 << 5
	visits := 0
	s, err := explore.Run(context.Background(), c, explore.Limits{}, func(v *explore.Visit) bool {
		visits++
		return true
	})
	if err != errBroken {
		t.Errorf("error %v, want %v", err, errBroken)
	}
	// 0, 1, 2, 4, 8 and 16 come before 32.
	if visits != 6 || s.Transitions != 10+5*9 {
		t.Errorf("%d visits, %d transitions, want 6, 55", visits, s.Transitions)
	}
	// A visitor that stops before doesn't hear of it.
	s, err = explore.Run(context.Background(), c, explore.Limits{}, func(v *explore.Visit) bool { return v.State < 3 })
	if err != nil || !s.Stopped {
		t.Errorf("stopped %v, %v", s.Stopped, err)
	}
}

// A System that changes its mind is found out by Path.
type fickle struct {
	*cube
	calls int
}

func (f *fickle) Successors(s []uint64, out *explore.Steps) error {
	f.calls++
	if f.calls > 4 {
		return nil
	}
	return f.cube.Successors(s, out)
}

func TestPathOfAFickleSystem(t *testing.T) {
	s, err := explore.Run(context.Background(), &fickle{cube: newCube(2, 1)}, explore.Limits{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Path(3); err == nil || !strings.Contains(err.Error(), "must always be the same") {
		t.Errorf("error %v", err)
	}
}

// Time and memory of a search don't grow by allocations for each state: a
// search of four times the states allocates more chunks, and twice or four
// times a table.
func TestRunDoesNotAllocatePerState(t *testing.T) {
	spelt := func(m *model.Machine) *model.Process { return model.Leaf(m) }
	demand := func(m *model.Machine) *model.Process {
		return model.LeafOnDemand("M", shifted{m}, m.Events(), slices.Collect(m.Alphabet().All()))
	}
	for _, tt := range []struct {
		name         string
		of           func(bits int) explore.System
		small, large int // bits
	}{
		{"cube", func(bits int) explore.System { return newCube(bits, 1) }, 14, 18},
		{"network of one word", func(bits int) explore.System { return switches(bits, 0, spelt) }, 10, 14},
		{"of two words", func(bits int) explore.System { return switches(bits, 70, spelt) }, 10, 14},
		{"on demand", func(bits int) explore.System { return switches(bits, 0, demand) }, 10, 14},
		{"under levels", func(bits int) explore.System { return prioritised(bits, model.Levels{}) }, 10, 14},
		{"under an order", func(bits int) explore.System { return prioritised(bits, struct{ model.Priority }{model.Levels{}}) }, 10, 14},
	} {
		allocs := func(bits int) float64 {
			sys := tt.of(bits)
			return testing.AllocsPerRun(1, func() {
				s, err := explore.Run(context.Background(), sys, explore.Limits{}, func(*explore.Visit) bool { return true })
				if err != nil || s.States != 1<<bits {
					t.Fatal(s.States, err)
				}
			})
		}
		const perChunk = 2.0 / 4096
		small, large := allocs(tt.small), allocs(tt.large)
		if more := large - small; more > float64(int(1)<<tt.large-int(1)<<tt.small)*perChunk*float64(tt.of(tt.large).Width())+50 {
			t.Errorf("%s: %v allocations for 2^%d states, %v for 2^%d", tt.name, small, tt.small, large, tt.large)
		}
	}
}

// switches is a network of pairs of machines of two states, which meet on an
// event that leads both to any of them: 2^bits states.
func switches(bits, skips int, leaf func(*model.Machine) *model.Process) explore.System {
	events, p := switchboard(bits, skips, leaf)
	return explore.Network(must(model.NewNetwork("SWITCHES", events, p)))
}

// prioritised is switches under a priority.
func prioritised(bits int, by model.Priority) explore.System {
	events, p := switchboard(bits, 0, model.Leaf)
	return explore.Network(must(model.NewNetwork("SWITCHES", events, model.Prioritise(p, by))))
}

func switchboard(bits, skips int, leaf func(*model.Machine) *model.Process) (*model.Events, *model.Process) {
	events := model.NewEvents()
	ps := padding(events, skips)
	for i := range bits / 2 {
		b := model.NewMachine("SWITCH", events)
		b.Initial("off")
		e := fmt.Sprint("meet.", i)
		for _, from := range []string{"off", "on"} {
			b.On(from, e, "off")
			b.On(from, e, "on")
		}
		m := must(b.Build())
		ps = append(ps, model.Par(m.Alphabet(), leaf(m), leaf(m)))
	}
	return events, model.Interleave(ps...)
}

// wordsOf returns the words of a state of a search that has them in memory.
func wordsOf(s *explore.Search, i int) []uint64 {
	words, err := s.Words(i)
	if err != nil {
		panic(err)
	}
	return words
}
