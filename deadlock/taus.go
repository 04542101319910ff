package deadlock

import (
	"fmt"
	"math/bits"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/scc"
)

// taus keeps the steps by τ of the states that a search has expanded, as far
// as they may be of a loop, or lead there: from a state that settles, τ leads
// nowhere but to states that have been expanded, and on to where none is
// possible, whatever comes. So what is kept is near the states that wait, unless
// τ leads on and on. A state that is kept costs 8 bytes and 4 for each
// step; looking for a loop takes 9 more for each, 4 more for each step, and
// a bit and a half for every state, for the time that it lasts.
//
// Numbers rise along a step unless it leads to a state that was expanded
// before, or to itself. A loop cannot rise all the way round: its highest
// state, the last to be expanded, has a step that falls. So only after such a
// step is there a new loop to look for.
type taus struct {
	chunks   []*tauChunk // all but the last have tauSources
	expanded int         // states
	falling  bool        // a step that does not rise came after the last look
	enough   int         // sources with which those that settle are dropped next
}

// A tauChunk is some states and their steps: memory for more is got a little
// at a time, and never copied.
type tauChunk struct {
	sources []uint32 // states with τ that are not known to settle, rising
	ends    []uint32 // the steps of sources[k] end before targets[ends[k]]
	targets []uint32
}

const tauSources = 1 << 12 // of a chunk

// len returns how many sources there are.
func (g *taus) len() int {
	if n := len(g.chunks); n > 0 {
		return (n-1)*tauSources + len(g.chunks[n-1].sources)
	}
	return 0
}

// source returns the k-th.
func (g *taus) source(k int) uint32 { return g.chunks[k/tauSources].sources[k%tauSources] }

// steps returns where those of the k-th source lead.
func (g *taus) steps(k int) []uint32 {
	c, from := g.chunks[k/tauSources], uint32(0)
	if k %= tauSources; k > 0 {
		from = c.ends[k-1]
	}
	return c.targets[from:c.ends[k]]
}

// add adds a source.
func (g *taus) add(state uint32, steps []uint32) {
	n := len(g.chunks)
	if n == 0 || len(g.chunks[n-1].sources) == tauSources {
		c := &tauChunk{}
		if n > 0 { // it will be about as large as the one before
			c.sources, c.ends = make([]uint32, 0, tauSources), make([]uint32, 0, tauSources)
			c.targets = make([]uint32, 0, len(g.chunks[n-1].targets)*9/8)
		}
		g.chunks = append(g.chunks, c)
		n++
	}
	c := g.chunks[n-1]
	c.targets = append(c.targets, steps...)
	c.sources, c.ends = append(c.sources, state), append(c.ends, uint32(len(c.targets)))
}

// note takes in the steps of a state. States come in the order of their
// numbers.
func (g *taus) note(v *explore.Visit) {
	g.expanded = v.State + 1
	var few [64]uint32
	steps := few[:0]
	for i, e := range v.Steps.Events {
		if e == model.Tau {
			steps = append(steps, v.Targets[i])
			g.falling = g.falling || int(v.Targets[i]) <= v.State
		}
	}
	if len(steps) > 0 {
		g.add(uint32(v.State), steps)
	}
	if g.len() >= max(g.enough, g.expanded/64) { // settle takes time for both
		g.settle()
		g.enough = 2 * g.len()
	}
}

// settle drops states that settle. No loop is lost by it, nor a way into one:
// none goes through a state that settles.
func (g *taus) settle() {
	const most = 8 // times
	place, settled := g.ranks(), make([]bool, g.len())
	settles := func(state uint32) bool {
		k, ok := place.at(state)
		return int(state) < g.expanded && (!ok || settled[k])
	}
	for more, times := true, 0; more && times < most; times++ {
		more = false
		for k := len(settled) - 1; k >= 0; k-- { // most steps rise
			if !settled[k] && !slices.ContainsFunc(g.steps(k), func(s uint32) bool { return !settles(s) }) {
				settled[k], more = true, true
			}
		}
	}
	kept := taus{}
	for k, is := range settled {
		if !is {
			kept.add(g.source(k), g.steps(k))
		}
		if (k+1)%tauSources == 0 {
			g.chunks[k/tauSources] = nil
		}
	}
	g.chunks = kept.chunks
}

// ranks finds states among some that rise: a bit for each, and how many there
// are before each word of bits.
type ranks struct {
	bits   []uint64
	before []uint32
}

// ranks returns those of the sources.
func (g *taus) ranks() ranks {
	n := g.expanded/64 + 1
	p := ranks{make([]uint64, n), make([]uint32, n)}
	for _, c := range g.chunks {
		for _, s := range c.sources {
			p.bits[s/64] |= 1 << (s % 64)
		}
	}
	sum := 0
	for w, b := range p.bits {
		p.before[w] = uint32(sum)
		sum += bits.OnesCount64(b)
	}
	return p
}

// at returns the place of a state, if it has one.
func (p ranks) at(state uint32) (k int, ok bool) {
	w := int(state / 64)
	if w >= len(p.bits) || p.bits[w]>>(state%64)&1 == 0 {
		return 0, false
	}
	return int(p.before[w]) + bits.OnesCount64(p.bits[w]&(1<<(state%64)-1)), true
}

// bytes returns about the memory that they take.
func (g *taus) bytes() int64 {
	total := int64(0)
	for _, c := range g.chunks {
		total += 4 * int64(cap(c.sources)+cap(c.ends)+cap(c.targets))
	}
	return total
}

// hint says what to do about a limit on so much memory, if steps by τ are a
// good part of what has passed it.
func (g *taus) hint(l *explore.Limit, memory int64) string {
	if l == nil || !l.OfMemory() || g.bytes() < memory/8 {
		return ""
	}
	return fmt.Sprintf("; %d MB of it are steps by τ, which stay there to look for loops: hide less, ask in F, or try --reduce compress", g.bytes()/1_000_000)
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
// none among the states expanded so far.
func (g *taus) lasso() *lasso {
	if !g.falling {
		return nil
	}
	g.falling = false
	g.settle() // most do, and it takes less memory than to look
	t := loops{taus: g, place: g.ranks(), looping: make([]bool, g.len())}
	found := false
	search := scc.Search[uint32]{After: t.after, Found: func(component []uint32) { found = t.close(component) || found }}
	search.Grow(g.len())
	for k := range g.len() {
		if err := search.From(uint32(k)); err != nil {
			panic("deadlock: stopped by nothing: " + err.Error())
		}
		if found {
			return t.lasso(k)
		}
	}
	return nil
}

// Loops are those of the strongly connected components of the τ-steps. The
// nodes are places in sources.
type loops struct {
	*taus
	place   ranks    // in sources
	looping []bool   // source k is on a loop
	places  []uint32 // of the targets of those that have been met
}

// after returns where the steps of source k lead, as far as there is more τ.
func (t *loops) after(k uint32) []uint32 {
	from := len(t.places)
	for _, state := range t.steps(int(k)) {
		if to, ok := t.place.at(state); ok {
			t.places = append(t.places, uint32(to))
			t.looping[k] = t.looping[k] || to == int(k)
		}
	}
	return t.places[from:]
}

// close notes who is on a loop, of a component that has been found, and
// reports whether it has one.
func (t *loops) close(component []uint32) bool {
	for _, k := range component {
		t.looping[k] = t.looping[k] || len(component) > 1
	}
	return t.looping[component[0]]
}

// lasso returns the lasso from source k.
func (t *loops) lasso(k int) *lasso {
	l := &lasso{start: int(t.source(k))}
	if !t.looping[k] {
		l.stem = t.walk(k, func(k int) bool { return t.looping[k] })
		k, _ = t.place.at(l.stem[len(l.stem)-1])
	}
	l.loop = t.walk(k, func(to int) bool { return to == k })
	return l
}

// walk returns the states of a shortest way of at least one step by τ from
// source k to one that is wanted. There must be one.
func (t *loops) walk(k int, wanted func(int) bool) []uint32 {
	from := map[int]int{}
	for queue := []int{k}; len(queue) > 0; queue = queue[1:] {
		for _, state := range t.steps(queue[0]) {
			next, ok := t.place.at(state)
			if !ok {
				continue
			}
			if wanted(next) {
				way := []uint32{state}
				for at := queue[0]; at != k; at = from[at] {
					way = append(way, t.source(at))
				}
				slices.Reverse(way)
				return way
			}
			if _, seen := from[next]; !seen {
				from[next] = queue[0]
				queue = append(queue, next)
			}
		}
	}
	panic("deadlock: no way by τ into a loop that was found")
}
