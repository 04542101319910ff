package deadlock

import (
	"fmt"
	"math"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// taus keeps the steps by τ of the states that a search has expanded, as far
// as they may be of a loop, or lead there: from a state that settles, τ leads
// nowhere but to states that have been expanded, and on to where none is
// possible, whatever comes. So what is kept is near the states that wait, unless
// τ leads on and on. A state that is kept costs 8 bytes and 4 for each
// step, which go to disk with the search; looking for a loop takes some bits for
// every state, and where there is one see loops.
//
// Numbers rise along a step unless it leads to a state that was expanded
// before, or to itself. A loop cannot rise all the way round: its highest
// state, the last to be expanded, has a step that falls. So only after such a
// step is there a new loop to look for.
type taus struct {
	rows     explore.Rows // of states with τ that are not known to settle, rising: the state, and where τ leads
	expanded int          // states
	falling  bool         // a step that does not rise came after the last look
	enough   int          // rows with which those that settle are dropped next
	check    func() error // asked now and then whether to go on; nil: nobody
	failed   error        // what it said
}

// err returns why no loop may have been found, though there is one, or nil.
func (g *taus) err() error {
	if g.failed != nil {
		return g.failed
	}
	return g.rows.Err()
}

// within has it ask for room, too, from now on.
func (g *taus) within(room func(int64) error) {
	check := g.check
	g.check = func() error {
		if check != nil {
			if err := check(); err != nil {
				return err
			}
		}
		return room(0)
	}
}

// stopped reports whether it is over, asking at every some of many.
func (g *taus) stopped(i int) bool {
	if i%lookEvery == 0 && g.check != nil && g.failed == nil {
		g.failed = g.check()
	}
	return g.failed != nil
}

// at returns the k-th state that is kept, and where its steps lead.
func (g *taus) at(k int) (state uint32, steps []uint32) {
	row := g.rows.At(k)
	if len(row) == 0 { // the disk failed
		return 0, nil
	}
	return row[0], row[1:]
}

// note takes in the steps of a state. States come in the order of their
// numbers.
func (g *taus) note(v *explore.Visit) {
	g.expanded = v.State + 1
	var few [64]uint32
	row := append(few[:0], uint32(v.State))
	for i, e := range v.Steps.Events {
		if e == model.Tau {
			row = append(row, v.Targets[i])
			g.falling = g.falling || int(v.Targets[i]) <= v.State
		}
	}
	if len(row) > 1 {
		g.rows.Add(row)
	}
	if g.rows.Len() >= max(g.enough, g.expanded/64) { // settle takes time for both
		g.settle()
		g.enough = 2 * g.rows.Len()
	}
}

// settle drops states that settle. No loop is lost by it, nor a way into one:
// none goes through a state that settles.
func (g *taus) settle() {
	const patience = 8 // times
	on := g.leadOn(true, patience)
	if g.failed != nil {
		return
	}
	g.rows.Filter(func(row []uint32) bool { return on.has(row[0]) })
}

// leadOn returns the states from which τ leads on for ever, or to a state that
// has not been expanded if ahead counts; and perhaps some others, if the states
// are not to be gone through more than patience times.
func (g *taus) leadOn(ahead bool, patience int) stateSet {
	on := make(stateSet, g.expanded/64+1)
	n := g.rows.Len()
	for k := range n {
		state, _ := g.at(k)
		on.add(state)
	}
	counts := func(state uint32) bool {
		if int(state) >= g.expanded {
			return ahead
		}
		return on.has(state)
	}
	more := true
	for times := 0; more && times < patience; times++ {
		more = false
		for i := range n {
			k := i
			if times%2 == 0 { // most steps rise
				k = n - 1 - i
			}
			if g.stopped(i) {
				return on
			}
			if state, steps := g.at(k); on.has(state) && !slices.ContainsFunc(steps, counts) {
				on.remove(state)
				more = true
			}
		}
	}
	return on
}

// hint says what to do about a limit on so much memory, if steps by τ are a
// good part of what has passed it.
func (g *taus) hint(l *explore.Limit, memory int64) string {
	if l == nil || !l.OfMemory() || g.rows.Bytes() < memory/8 {
		return ""
	}
	return fmt.Sprintf("; %d MB of it are steps by τ, which stay there to look for loops: hide less, ask in F, or try --reduce compress", g.rows.Bytes()/1_000_000)
}

// due reports whether this is one of the points at which a loop is looked
// for before the end. They depend on nothing but the number of states.
func (g *taus) due() bool {
	const least = 1024
	return g.expanded >= least && g.expanded&(g.expanded-1) == 0
}

// A lasso is a divergence: the states that τ leads through, from a start into
// a loop.
type lasso struct {
	start int
	stem  []uint32 // after start, up to and with the first state of the loop
	loop  []uint32 // from there round, back to the same state
}

// lasso returns the divergence with the smallest start, or nil if there is
// none among the states expanded so far, or the disk failed.
func (g *taus) lasso() *lasso {
	if !g.falling {
		return nil
	}
	g.falling = false
	g.settle() // most do, and it takes less memory than to look
	on := g.leadOn(false, math.MaxInt)
	if on.none() || g.err() != nil {
		return nil
	}
	t := newLoops(g, on)
	if g.err() != nil {
		return nil
	}
	return t.lasso()
}
